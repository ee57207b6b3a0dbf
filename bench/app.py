"""`python -m bench.app`: how the browser's application keeps up, in Debian's Chromium. Needs a built front end.

Two figures: the main thread's work while a reply of 5,000 tokens comes in at 100 a second, and how long a conversation of
2,000 messages takes to open. `--slow 4` slows the processor down as a phone would.
"""

import argparse
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from uuid import UUID

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.processes import Running, python
from bench.stage import OWNER, Parley

TOKENS, RATE, MESSAGES = 5000, 100, 2000
LONG, SHORT = f"mock-{TOKENS}x{RATE}", "mock-40x0"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WATCH = """() => { window.longest = 0; new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ type: "longtask" }) }"""
OPEN = """(path) => new Promise((resolve) => {
    const began = performance.now();
    document.querySelector(`nav a[href="${path}"]`).click();
    const look = () => {
        const answers = document.querySelectorAll("[data-answer-text]");
        const last = answers[answers.length - 1];
        if (last && last.textContent.includes("last words")) resolve(performance.now() - began);
        else requestAnimationFrame(look);
    };
    look();
})"""


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(prog="bench.app")
    parser.add_argument("--slow", type=float, default=1.0, help="how many times slower the processor is to be")
    slow = parser.parse_args().slow
    vendor = Running("vendor", python("-m", "bench.vendor", "--models", f"{LONG},{SHORT}"), "listening on")
    with tempfile.TemporaryDirectory() as folder:
        parley = Parley(Path(folder) / "data", vendor.port)
        parley._run([parley.command, "user", "create", OWNER, "--admin", "--data", str(parley.folder)])
        running = parley.start()
        try:
            _measure(parley, running.port, slow)
        finally:
            running.end()
            vendor.end()


def _measure(parley: Parley, port: int, slow: float) -> None:
    link = parley._run([parley.command, "user", "link", OWNER, "--data", str(parley.folder)]).strip()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = chromium.new_page(base_url=f"http://127.0.0.1:{port}")
        page.goto("/sign-in/" + link.rpartition("/")[2])
        page.get_by_role("textbox", name="Message", exact=True).wait_for()
        cdp = page.context.new_cdp_session(page)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": slow})
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # its own work, however busy the machine is
        _open(page, parley.folder)
        _stream(page, cdp)
        chromium.close()


def _stream(page: Page, cdp: CDPSession) -> None:
    _ask(page, LONG, "Tell me everything")
    page.evaluate(WATCH)
    before, began = _task_s(cdp), time.monotonic()
    page.wait_for_selector("article[data-status=completed]", timeout=300_000)
    worked_s = _task_s(cdp) - before
    print(f"a reply of {TOKENS} tokens at {RATE}/s, in {time.monotonic() - began:.0f} s:", file=sys.stdout)
    print(f"  main thread per token   {1000 * worked_s / TOKENS:.2f} ms   (at most 1)")
    print(f"  longest task            {page.evaluate('window.longest'):.0f} ms   (at most 50; 0: none over 50)")


def _open(page: Page, folder: Path) -> None:
    _ask(page, SHORT, "A long talk")
    page.wait_for_selector("article[data-status=completed]", timeout=60_000)
    path = page.url[page.url.index("/c/") :]
    _lengthen(folder, path.removeprefix("/c/"))
    page.goto("/")
    page.locator(f'nav a[href="{path}"]').wait_for()
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    took_ms = page.evaluate(OPEN, path)
    print(f"a conversation of {MESSAGES} messages opens in {took_ms:.0f} ms   (at most 500)")
    page.evaluate(WATCH)
    for _ in range(40):
        page.mouse.move(700, 400)
        page.mouse.wheel(0, -600)
        page.wait_for_timeout(50)
    page.wait_for_timeout(500)
    print(f"  longest task of scrolling {page.evaluate('window.longest'):.0f} ms   (at most 50; 0: none over 50)")


def _ask(page: Page, model: str, text: str) -> None:
    page.goto("/")
    page.get_by_role("button", name="Bot or model").click()
    page.get_by_role("menuitem", name=model, exact=True).click()
    page.get_by_role("textbox", name="Message", exact=True).fill(text)
    page.keyboard.press("Enter")
    page.wait_for_selector("article[data-status]")


def _task_s(cdp: CDPSession) -> float:
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def _lengthen(folder: Path, conversation: str) -> None:
    """More messages under the last one, straight into the database: it is the browser that is measured."""
    with closing(sqlite3.connect(folder / "parley.sqlite3")) as database:
        owned = "SELECT * FROM conversations_message WHERE conversation_id = ? ORDER BY id"
        database.row_factory = sqlite3.Row
        question, answer = database.execute(owned, [UUID(conversation).hex]).fetchall()
        names = question.keys()
        insert = f"INSERT INTO conversations_message ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        parent = answer["id"]
        for number in range(MESSAGES - 2):
            model = question if number % 2 == 0 else answer
            id_ = UUID(int=UUID(answer["id"]).int + number + 1).hex
            words = "last words" if number == MESSAGES - 3 else f"**Words** number {number}. " * 8
            changed = {"id": id_, "parent_id": parent, "parts": f'[{{"type":"text","text":"{words}"}}]'}
            database.execute(insert, [changed.get(name, model[name]) for name in names])
            parent = id_
        database.execute(
            "UPDATE conversations_conversation SET leaf_id = ? WHERE id = ?", [parent, question["conversation_id"]]
        )
        database.commit()


if __name__ == "__main__":
    main()
