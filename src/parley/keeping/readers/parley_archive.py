"""Parley's own: an archive of a conversation (docs/archive.schema.json), and a conversation as the API and the export tell it."""

from pydantic import TypeAdapter, ValidationError

from parley.conversations.parts import ImagePart, Part
from parley.keeping.archive_form import FORMAT, ArchivedMessage, ArchiveForm
from parley.keeping.import_form import Found, Notes, NotOurs, Said, clean, moment, picture
from parley.keeping.readers.pictures import Pictures

Json = dict[str, object]
_parts = TypeAdapter(list[Part])


def is_ours(raw: Json) -> bool:
    if raw.get("format") == FORMAT:
        return True
    messages = raw.get("messages")
    return isinstance(messages, list) and all(isinstance(one, dict) and "parts" in one for one in messages[:1])


def read(raw: Json, pictures: Pictures) -> Found:
    return _archived(raw, pictures) if raw.get("format") == FORMAT else _exported(raw, pictures)


def _archived(raw: Json, pictures: Pictures) -> Found:
    try:
        form = ArchiveForm.model_validate(raw)
    except ValidationError as error:
        raise NotOurs(_why(error)) from None
    conversation, notes = form.conversation, Notes()
    return Found(
        source="parley",
        source_id=str(conversation.id),
        title=conversation.title,
        messages=_in_order([_said(message, notes, pictures) for message in form.messages]),
        created_at=moment(conversation.created_at.isoformat()),
        updated_at=moment(conversation.updated_at.isoformat()),
        leaf=str(conversation.leaf) if conversation.leaf else None,
        pinned=conversation.pinned,
        archived=conversation.in_archive,
        folder=conversation.folder,
        tags=conversation.tags,
        owner_id=form.owner.id,
        bot_id=conversation.bot,
        notes=notes,
    )


def _said(message: ArchivedMessage, notes: Notes, pictures: Pictures) -> Said:
    return Said(
        id=str(message.id),
        parent=str(message.parent) if message.parent else None,
        role=message.role,
        parts=_kept(message.parts, notes, pictures),
        at=moment(message.created_at.isoformat()),
        status="interrupted" if message.status == "writing" else message.status,
        bot_version_id=message.bot.version_id if message.bot else None,
    )


def _exported(raw: Json, pictures: Pictures) -> Found:
    notes = Notes()
    messages = raw["messages"]
    assert isinstance(messages, list), "is_ours has looked"
    tags, leaf = raw.get("tags"), raw.get("leaf")
    return Found(
        source="parley",
        source_id=str(raw.get("id") or ""),
        title=str(raw.get("title") or ""),
        messages=_in_order([_exported_message(one, notes, pictures) for one in messages if isinstance(one, dict)]),
        created_at=moment(raw.get("created_at")),
        updated_at=moment(raw.get("updated_at")),
        leaf=leaf if isinstance(leaf, str) else None,
        pinned=raw.get("pinned") is True,
        archived=raw.get("archived") is True,
        tags=[tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        notes=notes,
    )


def _exported_message(raw: Json, notes: Notes, pictures: Pictures) -> Said:
    id_, parent, role, status = raw.get("id"), raw.get("parent"), raw.get("role"), raw.get("status")
    if not isinstance(id_, str) or role not in ("user", "assistant"):
        raise NotOurs("a message has neither an id nor a role")
    try:
        parts = _parts.validate_python(raw.get("parts"))
    except ValidationError as error:
        raise NotOurs(_why(error)) from None
    return Said(
        id=id_,
        parent=parent if isinstance(parent, str) else None,
        role="user" if role == "user" else "assistant",
        parts=_kept(parts, notes, pictures),
        at=moment(raw.get("created_at")),
        status="completed" if status == "completed" else "interrupted",
    )


def _kept(parts: list[Part], notes: Notes, pictures: Pictures) -> list[Part]:
    """A file may be forged: neither NUL nor an address of a picture elsewhere comes in."""
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, ImagePart):
            kept += picture(part.url, notes, most_bytes=pictures.most_bytes)
        else:
            words = {name: clean(value) for name, value in part.model_dump().items() if isinstance(value, str)}
            kept.append(part.model_copy(update=words))
    return kept


def _in_order(messages: list[Said]) -> list[Said]:
    """Parents first, whatever the order in the file; what hangs below nothing is a root, and a ring is refused."""
    by_id = {said.id: said for said in messages}
    below: dict[str | None, list[Said]] = {}
    for said in by_id.values():
        below.setdefault(said.parent if said.parent in by_id else None, []).append(said)
    found: list[Said] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        said = waiting.pop()
        found.append(said)
        waiting += reversed(below.get(said.id, []))
    if len(found) != len(by_id):
        raise NotOurs("its messages stand below one another in a ring")
    return found


def _why(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
