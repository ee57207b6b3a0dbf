"""ChatGPT's export: `conversations.json`, a list of objects with a `mapping` of nodes. Nobody publishes its form.

A node holds at most one message of a person, the model, a tool or the system. What the model and its tools say between two
messages of a person is one answer here; where that branches, each branch is an answer of its own, with the part they share.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from parley.conversations.parts import ImagePart, Part, ReasoningPart, ToolCallPart, ToolResultPart
from parley.keeping.import_form import Found, Notes, NotOurs, Said, clean, moment, text_parts
from parley.keeping.readers.pictures import Pictures

Json = dict[str, object]
MOST_NODES = 20_000
MOST_SHARED = 200_000  # nodes in all answers together, those in shared beginnings counted each time
CITED = re.compile("\ue200[^\ue201]{0,2000}\ue201|[\ue200-\ue2ff]")  # marks that only ChatGPT's own page can draw
ASSET = re.compile(r"(?:file-service|sediment)://(file[-_][A-Za-z0-9]+)")
SAYS_NOTHING = {"reasoning_recap"}  # "thought for 5 seconds"
INSTRUCTIONS = {"user_editable_context", "model_editable_context"}
AUDIO = {"audio_asset_pointer", "real_time_user_audio_video_asset_pointer", "video_container_asset_pointer"}


class _Run(NamedTuple):
    """A node of an answer, and the run before it."""

    node: str
    before: "_Run | None"


def is_ours(raw: Json) -> bool:
    return isinstance(raw.get("mapping"), dict)


def read(raw: Json, pictures: Pictures) -> Found:
    notes = Notes()
    mapping = raw["mapping"]
    assert isinstance(mapping, dict), "is_ours has looked"
    if len(mapping) > MOST_NODES:
        raise NotOurs(f"more than {MOST_NODES:,} messages")
    nodes = {id_: node for id_, node in mapping.items() if isinstance(node, dict)}
    messages = _Walk(nodes, notes, pictures).messages()
    return Found(
        source="chatgpt",
        source_id=_word(raw.get("conversation_id")) or _word(raw.get("id")),
        title=_word(raw.get("title")),
        messages=messages,
        created_at=moment(raw.get("create_time")),
        updated_at=moment(raw.get("update_time")),
        leaf=_shown(nodes, raw.get("current_node"), {said.id for said in messages}),
        pinned=raw.get("is_starred") is True or bool(raw.get("pinned_time")),
        archived=raw.get("is_archived") is True,
        notes=notes,
    )


class _Walk:
    """From the roots down, each node once, without recursion: branches may be thousands deep."""

    def __init__(self, nodes: dict[str, Json], notes: Notes, pictures: Pictures) -> None:
        self.nodes, self.notes, self.pictures = nodes, notes, pictures
        self.children = _children(nodes)
        self.parts: dict[str, list[Part]] = {}
        self.said: dict[str, Said] = {}
        self.shared = 0

    def messages(self) -> list[Said]:
        roots = [id_ for id_, node in self.nodes.items() if node.get("parent") not in self.nodes]
        waiting: list[tuple[str, str | None, _Run | None]] = [(id_, None, None) for id_ in reversed(roots)]
        seen: set[str] = set()
        while waiting:
            id_, above, run = waiting.pop()
            if id_ in seen:
                continue
            seen.add(id_)
            above, run = self._visit(id_, above, run)
            below = self.children.get(id_, [])
            if run and not below:
                self._answer(run, above)
            waiting += [(child, above, run) for child in reversed(below)]
        if unseen := len(self.nodes) - len(seen):
            self.notes.add("unreachable", count=unseen)
        return list(self.said.values())

    def _visit(self, id_: str, above: str | None, run: _Run | None) -> tuple[str | None, _Run | None]:
        """Below which message, and after what part of an answer, the children of this node stand."""
        message = self.nodes[id_].get("message")
        role = _role(message)
        if role is None or not isinstance(message, dict):
            return above, run
        parts = _parts(id_, message, self.notes, self.pictures)
        if role == "user":
            if not parts:
                return above, run
            if run:
                above = self._answer(run, above)
            self.said[id_] = Said(id_, above, "user", parts, moment(message.get("create_time")))
            return id_, None
        if role not in ("assistant", "tool"):
            if parts and role != "system":
                self.notes.add("unknown_role", role)
            return above, run
        if not parts:
            return above, run
        self.parts[id_] = parts
        return above, _Run(id_, run)

    def _answer(self, run: _Run, above: str | None) -> str:
        """One message for a run of nodes, under the name of the last; the same run ends once only."""
        name = run.node
        if name in self.said:
            return name
        ids: list[str] = []
        step: _Run | None = run
        while step:
            ids.append(step.node)
            step = step.before
        self.shared += len(ids)
        if self.shared > MOST_SHARED:
            raise NotOurs("its branches share too much to be told apart")
        message = self.nodes[name].get("message")
        said_at = moment(message.get("create_time")) if isinstance(message, dict) else None
        parts = _with_their_calls(part for id_ in reversed(ids) for part in self.parts[id_])
        self.said[name] = Said(name, above, "assistant", parts, said_at)
        return name


def _with_their_calls(parts: Iterable[Part]) -> list[Part]:
    """What a tool said goes to the call just before it, instead of to one of its own."""
    joined: list[Part] = []
    call_of: dict[str, str] = {}
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, ToolCallPart) and not part.arguments and isinstance(last, ToolCallPart):
            call_of[part.id] = last.id
        elif isinstance(part, ToolResultPart):
            joined.append(part.model_copy(update={"id": call_of.get(part.id, part.id)}))
        else:
            joined.append(part)
    return joined


def _children(nodes: dict[str, Json]) -> dict[str, list[str]]:
    """By the parents' own order where they tell it; a child that its parent does not tell of stands last."""
    below: dict[str, list[str]] = {}
    for id_, node in nodes.items():
        parent = node.get("parent")
        if isinstance(parent, str) and parent in nodes:
            below.setdefault(parent, []).append(id_)
    for parent, found in below.items():
        told = nodes[parent].get("children")
        place = {id_: n for n, id_ in enumerate(told) if isinstance(id_, str)} if isinstance(told, list) else {}
        found.sort(key=lambda id_: place.get(id_, len(place)))
    return below


def _role(message: object) -> str | None:
    """Whose message it is; None for one that ChatGPT does not show either."""
    if not isinstance(message, dict):
        return None
    author, metadata = message.get("author"), message.get("metadata")
    if isinstance(metadata, dict) and metadata.get("is_visually_hidden_from_conversation"):
        return None
    return _word(author.get("role")) if isinstance(author, dict) else ""


def _shown(nodes: dict[str, Json], leaf: object, known: set[str]) -> str | None:
    """The shown leaf, or what stands above it and is here."""
    seen: set[str] = set()
    while isinstance(leaf, str) and leaf in nodes and leaf not in seen:
        if leaf in known:
            return leaf
        seen.add(leaf)
        leaf = nodes[leaf].get("parent")
    return None


def _parts(id_: str, message: Json, notes: Notes, pictures: Pictures) -> list[Part]:
    content, author = message.get("content"), message.get("author")
    if not isinstance(content, dict):
        return []
    _note_attachments(message, notes)
    kind = _word(content.get("content_type"))
    name = _word(author.get("name")) if isinstance(author, dict) else ""
    role = _role(message)
    if kind in SAYS_NOTHING:
        return []
    if kind in INSTRUCTIONS:
        notes.add("instructions_left_out")
        return []
    if kind == "thoughts":
        return _thoughts(content)
    if kind == "code" and role == "assistant":
        return _call(id_, message, content)
    if role == "tool":
        return _tool_result(id_, name or kind, content, notes, pictures)
    if kind in ("text", "multimodal_text"):
        return _said(content, notes, pictures)
    notes.add("unknown_content", kind)
    return text_parts(_text_of(content))


def _said(content: Json, notes: Notes, pictures: Pictures) -> list[Part]:
    pieces = content.get("parts")
    parts: list[Part] = []
    for piece in pieces if isinstance(pieces, list) else []:
        if isinstance(piece, str):
            parts += text_parts(CITED.sub("", piece))
        elif isinstance(piece, dict):
            parts += _piece(piece, notes, pictures)
    return parts


def _piece(piece: Json, notes: Notes, pictures: Pictures) -> list[Part]:
    kind = _word(piece.get("content_type"))
    if kind == "image_asset_pointer":
        found = ASSET.match(_word(piece.get("asset_pointer")))
        url = pictures.find(found[1]) if found else None
        if url:
            return [ImagePart(url=url)]
        notes.add("images_left_out")
        return []
    if kind in AUDIO:
        notes.add("audio_left_out")
        return []
    if kind != "audio_transcription":
        notes.add("unknown_content", kind)
    return text_parts(_word(piece.get("text")))


def _thoughts(content: Json) -> list[Part]:
    thoughts = content.get("thoughts")
    told = [thought for thought in thoughts if isinstance(thought, dict)] if isinstance(thoughts, list) else []
    texts = ["\n".join(filter(None, (_word(one.get("summary")), _word(one.get("content"))))) for one in told]
    text = clean("\n\n".join(filter(None, texts)))
    return [ReasoningPart(text=text)] if text.strip() else []


def _call(id_: str, message: Json, content: Json) -> list[Part]:
    """What the model sent to a tool; code that it sent to nobody is code in its answer."""
    text, recipient = clean(_text_of(content)), _word(message.get("recipient"))
    if recipient not in ("", "all"):
        return [ToolCallPart(id=id_, name=recipient, arguments=text)]
    language = _word(content.get("language")).replace("unknown", "")
    return text_parts(f"```{language}\n{text}\n```") if text.strip() else []


def _tool_result(id_: str, name: str, content: Json, notes: Notes, pictures: Pictures) -> list[Part]:
    """A call without a name of its own and what came of it; pictures that a tool drew are part of the answer."""
    drawn: list[Part] = [part for part in _said(content, notes, pictures) if part.type == "image"]
    text = clean(_text_of(content))
    if not text.strip():
        return drawn
    is_error = content.get("content_type") == "system_error"
    call = ToolCallPart(id=id_, name=clean(name) or "tool", arguments="")
    return [call, ToolResultPart(id=id_, text=text, is_error=is_error), *drawn]


def _text_of(content: Json) -> str:
    """Whatever words there are, whichever form of content it is."""
    pieces = content.get("parts")
    told = [piece for piece in pieces if isinstance(piece, str)] if isinstance(pieces, list) else []
    told += [_word(content.get(name)) for name in ("title", "url", "result", "text")]
    return CITED.sub("", "\n".join(filter(None, told)))


def _note_attachments(message: Json, notes: Notes) -> None:
    metadata = message.get("metadata")
    attached = metadata.get("attachments") if isinstance(metadata, dict) else None
    for one in attached if isinstance(attached, list) else []:
        if isinstance(one, dict) and not _word(one.get("mime_type")).startswith("image/"):
            notes.add("files_left_out", _word(one.get("name")))


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
