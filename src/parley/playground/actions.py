"""Writes of this room: start a run; keep, change and delete presets."""

from typing import TypedDict, Unpack
from uuid import UUID

from django.db.models import F

from parley.accounts.access import Member
from parley.accounts.models import Role
from parley.bots.drafts import MAX_NAME, Draft, check_draft
from parley.bots.trials import playground_bot, versions_on_trial
from parley.core.errors import Conflict, Invalid, NotAllowed
from parley.engine.start import ask_many
from parley.playground.access import preset_for, preset_to_change
from parley.playground.models import Preset
from parley.playground.setups import Setup
from parley.providers.access import model_card_for

MOST_PRESETS = 200


class PresetChanges(TypedDict, total=False):
    name: str
    shared: bool
    setup: Setup


def start_run(member: Member, setup: Setup, *, key: UUID, trace: str = "") -> UUID:
    """Let each model of the setup answer its prompt. Returns the conversation; the same key starts nothing twice.

    Raises what `engine.start.ask_many` raises, and `NotFound` for a model that is not theirs to use.
    """
    versions = versions_on_trial(member, drafts_of(member, setup))
    said = [message.said() for message in setup.messages]
    return ask_many(member, said, versions, key=key, bot_id=playground_bot(member), trace=trace)


def drafts_of(member: Member, setup: Setup) -> list[Draft]:
    """A bot for each model: named after it, with the setup's prompt and parameters. Raises `NotFound`."""
    names = {id_: str(model_card_for(member, id_))[:MAX_NAME] for id_ in set(setup.models)}
    return [
        Draft(name=names[id_], model_card_id=id_, system_prompt=setup.system, parameters=setup.parameters)
        for id_ in setup.models
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
