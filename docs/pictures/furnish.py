"""Fills a fresh Parley, by REST, with what a small workspace has after a day."""

import time
import uuid

from docs.pictures.stand_in import MODELS
from tests.live import Live

BOTS = (
    ("Tutor", "blue", "Explains science with few words and one formula.", ["Why are there tides?"]),
    ("Reviewer", "violet", "Reads code and says what to change, and why.", ["How do I write a running mean?"]),
    ("Letters", "orange", "Drafts letters in a friendly, plain tone.", ["A letter to a customer who waits"]),
)
TALKS = (
    ("Letters", "A letter to a customer", "Write a letter to a customer who waits for parts.", ["work"]),
    ("Reviewer", "Running mean in Python", "How do I write a running mean?", ["code"]),
    ("Tutor", "Why there are tides", "Why are there tides, and why two a day?", ["physics"]),
)


def furnish(live: Live, vendor: str) -> tuple[str, str]:
    """Models, bots, a rule, conversations. Returns the ids of the newest conversation and of its bot."""
    live.call("PATCH", "/api/v1/me", live.key, {"name": "Ada"})
    live.call(
        "POST", "/api/v1/endpoints", live.key, {"name": "Riverside", "base_url": vendor, "api_key": "sk-stand-in"}
    )
    for name, (_pace_s, label) in MODELS.items():
        live.bot_of(name, live.key)
        live.change_model(name, live.key, label=label, input_price=0.4, output_price=1.6, context_window=128_000)
    cards = {card["name"]: card["id"] for card in live.call("GET", "/api/v1/models", live.key)["items"]}
    quick, large = cards["brook-8b"], cards["river-70b"]
    steps = [
        {"models": [{"model": large}], "when": {"kinds": ["code", "maths"]}},
        {"models": [{"model": quick}, {"model": large}], "by": "cost"},
    ]
    live.call("POST", "/api/v1/rules", live.key, {"name": "Right size", "live": True, "steps": steps})
    bots = {name: a_bot(live, large, name, *rest) for name, *rest in BOTS}
    for bot, title, question, tags in TALKS:
        newest = talk(live, bots[bot], title, question, tags)
    live.call("POST", "/api/v1/folders", live.key, {"name": "Workshop"})
    live.call("POST", "/api/v1/invitations", live.key, {"note": "Grace from the lab"})
    live.run("usage")
    return newest, bots["Tutor"]


def a_bot(live: Live, model: str, name: str, colour: str, description: str, starters: list[str]) -> str:
    body = {"name": name, "colour": colour, "description": description, "starters": starters, "model": model}
    body |= {"system_prompt": description, "greeting": "Hello! What shall we look at?"}
    return str(live.call("POST", "/api/v1/bots", live.key, body)["id"])


def talk(live: Live, bot: str, title: str, question: str, tags: list[str]) -> str:
    """A conversation whose answer has ended."""
    made = str(live.call("POST", "/api/v1/conversations", live.key, {"bot": bot, "title": title})["id"])
    body = {"key": str(uuid.uuid4()), "parts": [{"type": "text", "text": question}]}
    asked = live.call("POST", f"/api/v1/conversations/{made}/messages", live.key, body)["generation"]
    while live.call("GET", f"/api/v1/generations/{asked}", live.key)["status"] in ("queued", "running"):
        time.sleep(0.1)
    live.call("PATCH", f"/api/v1/conversations/{made}", live.key, {"tags": tags})
    return made
