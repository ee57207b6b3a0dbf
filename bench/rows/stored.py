"""Whether what was shown is what is stored."""

from collections import defaultdict

from bench.load.reply import Reply
from bench.stage import Parley

CHECKED = 300


def unlike_stored(parley: Parley, replies: list[Reply]) -> int:
    """How many of the newest replies read otherwise in the database than on the screen of who asked."""
    unlike = 0
    shown: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for reply in replies[-CHECKED:]:
        if reply.is_flawless:
            shown[reply.asked_by, reply.conversation][reply.answer] = "".join(reply.text)
    for (key, conversation), answers in shown.items():
        rest = parley.rest(key)
        messages = rest.get(f"/api/v1/conversations/{conversation}")["messages"]
        rest.close()
        stored = {message["id"]: text_of(message["parts"]) for message in messages}
        unlike += sum(stored.get(answer) != text for answer, text in answers.items())
    return unlike


def text_of(parts: list[dict[str, str]]) -> str:
    """All text of a message."""
    return "".join(part["text"] for part in parts if part["type"] == "text")
