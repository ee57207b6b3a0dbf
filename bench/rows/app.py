"""The browser's application, in Chromium: on a desk, and on a phone, whose processor is four times slower."""

from bench.app import MARKDOWN, MESSAGES, TOKENS, WORDS, App, app_of, parley_with_vendor
from bench.figure import Figure
from bench.stage import Stage

PHONE = 4.0
OPENED = 7


def app(stage: Stage) -> list[Figure]:
    """On a desk."""
    return _figures(stage, "app", slow=1.0)


def phone(stage: Stage) -> list[Figure]:
    """On a phone: a small screen, touch, and a quarter of the speed."""
    return _figures(stage, "phone", slow=PHONE)


def _figures(stage: Stage, name: str, *, slow: float) -> list[Figure]:
    with parley_with_vendor(stage.folder / name) as (parley, _), app_of(parley, slow=slow) as shown:
        return [*_openings(shown, name), *_replies(shown, name, quick=stage.quick)]


def _openings(shown: App, name: str) -> list[Figure]:
    path = shown.long_conversation()
    usable = tuple(shown.open_ms() for _ in range(OPENED))
    opened = tuple(shown.open_conversation_ms(path) for _ in range(OPENED))
    scrolls = [shown.scroll() for _ in range(3)]
    rates = tuple(scroll.frames_per_s for scroll in scrolls)
    longest = max(scroll.longest_ms for scroll in scrolls)
    talk = f"a conversation of {MESSAGES:,} messages"
    return [
        Figure(f"{name}_open", f"{name}: from the address to a field to write in, warm", "ms", usable, 1000),
        Figure(f"{name}_long_open", f"{name}: {talk} opens", "ms", opened, 500),
        Figure(f"{name}_scroll", f"{name}: {talk} scrolls", "frames/s", rates, 59, more_is_better=True),
        Figure(f"{name}_scroll_task", f"{name}: longest task meanwhile", "ms", (longest,), 50),
    ]


def _replies(shown: App, name: str, *, quick: bool) -> list[Figure]:
    whole = f"{name}: a reply of {TOKENS:,} tokens at 100/s"
    replies = [shown.reply(WORDS), shown.reply(MARKDOWN)]
    work = tuple(reply.per_token_ms for reply in replies)
    longest = max(reply.longest_ms for reply in replies)
    # On a phone a token may cost more, as long as nobody feels it: of it frames are asked, which a desk never drops.
    is_desk = name == "app"
    figures = [
        Figure(f"{name}_token", f"{whole}: main thread per token", "ms", work, 1 if is_desk else None),
        Figure(f"{name}_token_task", f"{whole}: longest task", "ms", (longest,), 50),
    ]
    if not quick:
        frames = shown.reply(MARKDOWN, with_frames=True).dropped_percent
        figures.append(Figure(f"{name}_frames", f"{whole}: frames dropped", "%", (frames,), 5))
    return figures
