"""How the browser's application keeps up, in Debian's Chromium, in front of a real Parley and the mock vendor.

`measure` opens the app, a conversation of 2,000 messages, and reads a reply of 5,000 tokens at 100 a second; `slow=4` slows
the processor down as a phone would. The figures are the rows `app` and `phone` of `python -m bench`. Needs a built front end.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from playwright.sync_api import CDPSession, Locator, Page, ViewportSize, sync_playwright

from bench.processes import Running, python
from bench.stage import Parley

TOKENS, RATE, MESSAGES = 5000, 100, 2000
WORDS, MARKDOWN, SHORT = f"mock-{TOKENS}x{RATE}", f"mock-{TOKENS}x{RATE}-markdown", "mock-40x0"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
FRAME_MS = 1000 / 60
REPLY_MS = 300_000
PHONE_FROM = 4.0

# Both run before any script of the app, on each page: the first moment at which something can be typed; and what the
# main thread did at one stretch for longer than the 50 ms after which a person feels it.
WATCH = """
window.longest = 0;
new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ type: "longtask" });
const look = () => {
    if (document.querySelector("main textarea")) window.usableAt = performance.now();
    else requestAnimationFrame(look);
};
look();
"""
# A frame that comes a whole frame late is one that was dropped.
FRAMES = """
window.frames_ = { last: performance.now(), came: 0, dropped: 0, isOver: false };
const next = (now) => {
    const frames = window.frames_;
    frames.came += 1;
    frames.dropped += Math.max(0, Math.round((now - frames.last) / (1000 / 60)) - 1);
    frames.last = now;
    if (!frames.isOver) requestAnimationFrame(next);
};
requestAnimationFrame(next);
"""
OPEN = """(path) => new Promise((resolve) => {
    const began = performance.now();
    document.querySelector(`nav a[href="${path}"]`).click();
    const look = () => {
        const answers = document.querySelectorAll("[data-answer-text]");
        const last = answers[answers.length - 1];
        if (last && last.textContent.includes("last words")) {
            // What is drawn with this frame is seen with the next one.
            requestAnimationFrame(() => resolve(performance.now() - began));
        } else requestAnimationFrame(look);
    };
    look();
})"""


@dataclass(frozen=True, slots=True)
class Reply:
    """The main thread's work over a whole reply, and the frames that did not come in time."""

    per_token_ms: float
    longest_ms: float
    dropped_percent: float


@dataclass(frozen=True, slots=True)
class Scroll:
    """A minute's reading, upwards through old messages."""

    frames_per_s: float
    longest_ms: float


class App:
    """The app in a browser, as its owner."""

    def __init__(self, page: Page, cdp: CDPSession, folder: Path, *, slow: float) -> None:
        self.page = page
        self._cdp = cdp
        self._folder = folder
        self._slow = slow
        self._is_phone = slow >= PHONE_FROM
        self._slow_down(slow)

    def open_ms(self) -> float:
        """From the address to a field that can be written in; the browser has been here before."""
        self.page.goto("/")
        self.page.locator("main textarea").first.wait_for()
        return float(self.page.evaluate("window.usableAt"))

    def long_conversation(self) -> str:
        """The path of a conversation of 2,000 messages, which is made."""
        self.ask(SHORT, "A long talk")
        self.page.wait_for_selector("article[data-status=completed]", timeout=60_000)
        path = self.page.url[self.page.url.index("/c/") :]
        lengthen(self._folder, path.removeprefix("/c/"))
        return path

    def open_conversation_ms(self, path: str) -> float:
        """From the click in the list to the last words on the screen; nothing of it is known to the page before."""
        self.page.goto("/")
        menu = self.page.get_by_role("button", name="Open sidebar")
        self.page.locator("main textarea").first.wait_for()
        if menu.is_visible():
            self._press(menu)
        self.page.locator(f'nav a[href="{path}"]').wait_for()
        self.page.wait_for_timeout(1000)
        return float(self.page.evaluate(OPEN, path))

    def scroll(self) -> Scroll:
        """Upwards at 3,000 px/s, as a thumb does it."""
        self.page.evaluate("window.longest = 0")
        self.page.evaluate(FRAMES)
        began_ms = float(self.page.evaluate("performance.now()"))
        gesture = {"x": 200, "y": 300, "yDistance": 12_000, "speed": 3000, "gestureSourceType": "touch"}
        self._cdp.send("Input.synthesizeScrollGesture", gesture)
        frames = self.page.evaluate("(window.frames_.isOver = true, window.frames_)")
        took_s = (frames["last"] - began_ms) / 1000
        return Scroll(frames["came"] / took_s, float(self.page.evaluate("window.longest")))

    def reply(self, model: str, *, with_frames: bool = False) -> Reply:
        """Counting frames makes the browser draw each of them, so that it is no part of the work per token."""
        self.ask(model, "Tell me everything")
        self.page.evaluate("window.longest = 0")
        if with_frames:
            self.page.evaluate(FRAMES)
        before_s = self._task_s()
        self.page.wait_for_selector("article[data-status=completed]", timeout=REPLY_MS)
        worked_s = self._task_s() - before_s
        frames = self.page.evaluate("window.frames_") if with_frames else {"came": 1, "dropped": 0}
        dropped = 100 * frames["dropped"] / (frames["came"] + frames["dropped"])
        return Reply(1000 * worked_s / TOKENS, float(self.page.evaluate("window.longest")), dropped)

    def ask(self, model: str, text: str) -> None:
        """The first message of a conversation; its answer has begun. Typing is no part of what is measured."""
        self._slow_down(1)
        self.page.goto("/")
        self._press(self.page.get_by_role("button", name="Bot or model"))
        self._press(self.page.get_by_role("menuitem", name=re.compile(rf"{model}(?![\w-])")))
        self.page.get_by_role("textbox", name="Message", exact=True).fill(text)
        self._press(self.page.get_by_role("button", name="Send message"))
        self.page.wait_for_selector("article[data-status]")
        self._slow_down(self._slow)

    def _press(self, what: Locator) -> None:
        """With a finger on a phone: a mouse that rests on the page is looked for below it with each frame."""
        if self._is_phone:
            what.tap()
        else:
            what.click()

    def _slow_down(self, times: float) -> None:
        self._cdp.send("Emulation.setCPUThrottlingRate", {"rate": times})

    def _task_s(self) -> float:
        metrics = self._cdp.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


@contextmanager
def parley_with_vendor(folder: Path) -> Iterator[tuple[Parley, Running]]:
    """A fresh Parley that asks a mock vendor of its own."""
    vendor = Running("vendor", python("-m", "bench.vendor", "--models", f"{WORDS},{MARKDOWN},{SHORT}"), "listening on")
    try:
        parley = Parley(folder, vendor.port, people=1)
        parley.set_up()
        running = parley.start()
        try:
            yield parley, running
        finally:
            parley.end()
    finally:
        vendor.end()


@contextmanager
def app_of(parley: Parley, *, slow: float) -> Iterator[App]:
    """The app, signed in, in a browser whose processor is so many times slower; from 4 on it is a phone."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        is_phone = slow >= PHONE_FROM
        context = chromium.new_context(
            base_url=f"http://127.0.0.1:{parley.port}",
            viewport=PHONE if is_phone else DESK,
            has_touch=is_phone,
            is_mobile=is_phone,
        )
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto("/sign-in/" + parley.sign_in_link().rpartition("/")[2])
        page.get_by_role("textbox", name="Message", exact=True).wait_for()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        cdp = context.new_cdp_session(page)
        cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # its own work, however busy the machine is
        yield App(page, cdp, parley.folder, slow=slow)
        chromium.close()


def lengthen(folder: Path, conversation: str) -> None:
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
