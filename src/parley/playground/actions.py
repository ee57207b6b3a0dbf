"""Writes of this room: start a run; keep, change and delete presets."""

import random
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.db.models import F

from parley.accounts.access import Member
from parley.accounts.models import Role
from parley.bots.drafts import MAX_NAME, Draft, check_draft
from parley.bots.trials import playground_bot, versions_on_trial
from parley.conversations.models import Message
from parley.core.errors import Conflict, Invalid, NotAllowed
from parley.engine.start import ask_many
from parley.playground.access import preset_for, preset_to_change, run_for
from parley.playground.models import Comparison, Preset
from parley.playground.queries import answers_of
from parley.playground.setups import Setup
from parley.providers.access import model_card_for
from parley.training.actions import Compared, Verdict, rate_comparison
from parley.training.answered import card_that_answered

MOST_PRESETS = 200


class PresetChanges(TypedDict, total=False):
    name: str
    shared: bool
    setup: Setup


def start_run(member: Member, setup: Setup, *, key: UUID, blind: bool = False, trace: str = "") -> UUID:
    """Let each model of the setup answer its prompt. Returns the conversation; the same key starts nothing twice.

    `blind`: two models, in an order that nobody is told until they have voted. Raises what `engine.start.ask_many` raises, and
    `NotFound` for a model that is not theirs to use.
    """
    if blind:
        setup = _shuffled(setup, key)
    versions = versions_on_trial(member, drafts_of(member, setup))
    said = setup.prompt()
    with transaction.atomic():
        run_id = ask_many(member, said, versions, key=key, bot_id=playground_bot(member), trace=trace)
        if blind:
            Comparison.objects.get_or_create(conversation_id=run_id)
    return run_id


def vote(member: Member, run_id: UUID, verdict: Verdict) -> None:
    """Say which of two answers is better; who wrote them is told from then on. Raises `NotFound`, `Invalid`, `Conflict`."""
    conversation = run_for(member, run_id)
    open_ = Comparison.objects.filter(conversation=conversation)
    if not open_.exists():
        raise Invalid("This run is no blind comparison, so there is nothing to vote on.")
    answers = answers_of(conversation)
    if any(answer.status == Message.Status.WRITING for answer in answers):
        raise Conflict("An answer is still being written. Vote when both have ended.")
    a, b = (Compared(answer.id, card_that_answered(answer)) for answer in answers)
    with transaction.atomic():
        if open_.filter(verdict="").update(verdict=verdict) != 1:
            raise Conflict("You have voted on this comparison already.")
        rate_comparison(member, verdict, a, b)


def _shuffled(setup: Setup, key: UUID) -> Setup:
    """By the key, so that the same request, sent again, is the same."""
    if len(setup.models) != 2:
        raise Invalid(f"A blind comparison is between two models; these are {len(setup.models)}.")
    if any(message.only is not None for message in setup.messages):
        raise Invalid("In a blind comparison both models are told the same. Take out what only one of them is told.")
    columns = setup.columns()
    random.Random(key.int).shuffle(columns)  # noqa: S311 - a lot, no secret
    return setup.with_columns(columns)


def drafts_of(member: Member, setup: Setup) -> list[Draft]:
    """A bot for each model: named after it, with the setup's prompt and parameters. Raises `NotFound`."""
    names = {id_: str(model_card_for(member, id_))[:MAX_NAME] for id_ in set(setup.models)}
    return [
        Draft(name=names[id_], model_card_id=id_, system_prompt=setup.system, parameters=parameters)
        for id_, parameters in setup.columns()
    ]


def keep_preset(member: Member, *, name: str, setup: Setup, shared: bool = False) -> Preset:
    """Raises `Invalid`, and `NotAllowed` for a guest who would share it."""
    _check(member, setup, shared=shared)
    if Preset.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id).count() >= MOST_PRESETS:
        raise Invalid(f"You have {MOST_PRESETS} presets already. Delete one that you do not need.")
    made = Preset.objects.create(
        workspace_id=member.workspace_id,
        owner_id=member.user_id,
        name=_clean_name(name),
        shared=shared,
        setup=setup.stored(),
    )
    return preset_for(member, made.id)


def change_preset(member: Member, preset_id: UUID, *, version: int, **changes: Unpack[PresetChanges]) -> Preset:
    """Change what is given. Raises `Conflict` when it changed since `version` was read, and as `keep_preset`."""
    preset = preset_to_change(member, preset_id)
    fields: dict[str, object] = {}
    if "name" in changes:
        fields["name"] = _clean_name(changes["name"])
    if "setup" in changes:
        fields["setup"] = changes["setup"].stored()
    if "shared" in changes:
        fields["shared"] = changes["shared"]
    _check(member, changes.get("setup"), shared=changes.get("shared", False))
    same = Preset.objects.filter(id=preset.id, version=version)
    if same.update(version=F("version") + 1, **fields) != 1:
        raise Conflict("This preset was changed elsewhere since you opened it. Load it again, then make your change.")
    # Read past `access`: whoever takes away the sharing of somebody else's preset no longer finds it.
    return Preset.objects.select_related("owner").get(id=preset.id)


def delete_preset(member: Member, preset_id: UUID) -> None:
    preset_to_change(member, preset_id).delete()


def _check(member: Member, setup: Setup | None, *, shared: bool) -> None:
    if shared and member.role == Role.GUEST:
        raise NotAllowed("Guests cannot share presets with the workspace. Keep it for yourself.")
    if setup is not None:
        check_draft(Draft(name="preset", model_card_id=None, system_prompt=setup.system))


def _clean_name(typed: str) -> str:
    name = " ".join(typed.replace("\0", "").split())
    if not name or len(name) > MAX_NAME:
        raise Invalid(f"A preset needs a name of 1 to {MAX_NAME} letters.")
    return name
