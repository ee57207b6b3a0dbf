"""The bots of an archive of Parley, brought back for the person who imports it, and for nobody else.

One that was archived meanwhile comes out again; one that is not here is made anew, version by version, with its picture, which
came along among the files, and with the collections that have the same names here. Nothing that is here is changed, and the
same archive twice makes no doubles.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import F
from pydantic import TypeAdapter, ValidationError

from parley.accounts.access import Member
from parley.bots.actions import bring_back_bot, create_bot, edit_bot
from parley.bots.audience import Audience
from parley.bots.drafts import Draft
from parley.bots.models import Bot, BotVersion
from parley.bots.parameters import Parameters
from parley.core.errors import ParleyError
from parley.files.models import File
from parley.knowledge.access import collections_for
from parley.providers.access import USABLE
from parley.providers.models import ModelCard

MOST_BOTS = 1000
MINE = Audience(who="maker")
ID: TypeAdapter[UUID] = TypeAdapter(UUID)


@dataclass(frozen=True, slots=True)
class _Here:
    """What a bot of elsewhere may lean on here. A model is known by its name; where there is none of it, the `first` is taken."""

    models: Mapping[str, UUID]
    first_model: UUID | None
    pictures: Mapping[str, UUID]  # by the id that the file had in the archive
    collections: Mapping[str, UUID]


def store_bots(member: Member, told: Iterable[object], digests: Mapping[str, str]) -> int:
    """`told`: the entries of `bots.json`, one a version, oldest first. `digests`: the SHA-256 of the archive's files by id.

    The archive's files must be stored before. Returns how many bots came, or came back.
    """
    entries = [entry for entry in told if isinstance(entry, dict)]
    groups = [list(versions) for _, versions in groupby(entries, key=lambda entry: entry.get("bot"))]
    here = _here(member, digests)
    return sum(_store(member, versions, here) for versions in groups[:MOST_BOTS])


def _here(member: Member, digests: Mapping[str, str]) -> _Here:
    cards = ModelCard.objects.filter(USABLE, endpoint__workspace_id=member.workspace_id).order_by("id")
    models = {card.name: card.id for card in reversed(cards)}
    found = File.objects.filter(owner_id=member.user_id, workspace_id=member.workspace_id, digest__in=digests.values())
    files = dict(found.values_list("digest", "id"))
    return _Here(
        models=models,
        first_model=next(iter(reversed(models.values())), None),
        pictures={id_: files[digest] for id_, digest in digests.items() if digest in files},
        collections=dict(collections_for(member).values_list("name", "id")),
    )


def _store(member: Member, versions: list[dict[str, object]], here: _Here) -> bool:
    known = _known(member, versions[0].get("bot"))
    try:
        if known:
            return bring_back_bot(member, known.id)
        drafts = [_draft(version, here) for version in versions]
        if _is_here(member, drafts[-1]):
            return False
        with transaction.atomic():
            _create(member, drafts)
    except (
        ParleyError
    ):  # a guest makes no bots, and a strange archive none that could be: the report says how many came
        return False
    return True


def _known(member: Member, id_: object) -> Bot | None:
    """The very bot, where the archive was made here by this person."""
    try:
        bot_id = ID.validate_python(id_)
    except ValidationError:
        return None
    return Bot.objects.filter(id=bot_id, workspace_id=member.workspace_id, made_by_id=member.user_id).first()


def _is_here(member: Member, draft: Draft) -> bool:
    newest = BotVersion.objects.filter(
        bot__workspace_id=member.workspace_id, bot__made_by_id=member.user_id, number=F("bot__version_number")
    )
    return newest.filter(name=draft.name, system_prompt=draft.system_prompt).exists()


def _create(member: Member, drafts: list[Draft]) -> None:
    bot = create_bot(member, drafts[0], MINE)
    for draft in drafts[1:]:
        bot = edit_bot(
            member,
            bot.id,
            version=bot.version_number,
            name=draft.name,
            avatar=draft.avatar,
            colour=draft.colour,
            picture_id=draft.picture_id,
            description=draft.description,
            system_prompt=draft.system_prompt,
            greeting=draft.greeting,
            starters=draft.starters,
            model_card_id=draft.model_card_id,
            parameters=draft.parameters,
            collection_ids=draft.collection_ids,
        )


def _draft(version: dict[str, object], here: _Here) -> Draft:
    names = (name for name in _texts(version.get("collections")) if name in here.collections)
    return Draft(
        name=_text(version, "name"),
        model_card_id=here.models.get(_text(version, "model"), here.first_model),
        avatar=_text(version, "avatar"),
        colour=_text(version, "colour"),
        picture_id=here.pictures.get(_text(version, "picture")),
        description=_text(version, "description"),
        system_prompt=_text(version, "system_prompt"),
        greeting=_text(version, "greeting"),
        starters=_texts(version.get("starters")),
        parameters=_parameters(version.get("parameters")),
        collection_ids=tuple(sorted(here.collections[name] for name in names)),
    )


def _text(version: dict[str, object], name: str) -> str:
    found = version.get(name)
    return found if isinstance(found, str) else ""


def _texts(told: object) -> tuple[str, ...]:
    return tuple(one for one in told if isinstance(one, str)) if isinstance(told, list) else ()


def _parameters(told: object) -> Parameters:
    try:
        return Parameters.model_validate(told)
    except ValidationError:  # of another release: the vendor's own hold
        return Parameters()
