"""Bots by name, for callers of /v1, who know models by a word and not by an id."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from parley.accounts.access import Member
from parley.bots.audience import usable_by
from parley.bots.models import BotVersion
from parley.bots.personas import Persona, persona_for


@dataclass(frozen=True, slots=True)
class BotName:
    """`name` is unique among the bots of a workspace: of two that are called alike, both carry the end of their id.

    `model`: what the vendor calls the model that this bot stands for; empty for bots that people made.
    """

    name: str
    bot_id: UUID
    created_at: datetime
    model: str = ""


def list_bot_names(member: Member) -> list[BotName]:
    """The bots that this person may talk to and whose model is there. One query."""
    versions = BotVersion.objects.filter(
        Q(bot__default_for=None) | Q(bot__default_for__enabled=True),
        bot__in=usable_by(member).filter(archived_at=None, is_preview=False),
        number=F("bot__version_number"),
        model_card__enabled=True,
        model_card__endpoint__enabled=True,
    ).order_by("bot_id")
    rows = list(versions.values_list("name", "bot_id", "bot__created_at", "bot__default_for__name"))
    times_used = Counter(name for name, *_ in rows)
    return [
        BotName(name if times_used[name] == 1 else f"{name}@{bot_id.hex[-6:]}", bot_id, created_at, model or "")
        for name, bot_id, created_at, model in rows
    ]


def find_bot_named(member: Member, name: str) -> Persona | None:
    """The bot that `list_bot_names` calls so, or that has this id; else the one that stands for the model that its vendor
    calls so. One query."""
    bots = list_bot_names(member)
    exact = next((bot for bot in bots if name in (bot.name, str(bot.bot_id))), None)
    found = exact or next((bot for bot in bots if bot.model and name == bot.model), None)
    return persona_for(found.bot_id) if found else None
