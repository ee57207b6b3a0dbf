"""Open WebUI's export: a list of chats, each with `chat.history.messages` by id; older ones with a plain list of messages."""

import html
import re

from parley.conversations.parts import CitationPart, Part, ReasoningPart, ToolCallPart, ToolResultPart
from parley.keeping.import_form import Found, Notes, NotOurs, Said, clean, moment, picture, text_parts
from parley.keeping.readers.pictures import Pictures

Json = dict[str, object]
MOST_MESSAGES = 20_000
# Open WebUI writes thoughts and tool calls into the text of an answer, each as one such element.
DETAILS = re.compile(r'<details type="(reasoning|tool_calls)"([^>]{0,200000})>(.*?)</details>\s*', re.DOTALL)
SUMMARY = re.compile(r"\s*<summary>.*?</summary>\s*", re.DOTALL)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
QUOTED = re.compile(r"^> ?", re.MULTILINE)


def is_ours(raw: Json) -> bool:
    chat = raw.get("chat")
    return isinstance(chat, dict) and ("history" in chat or "messages" in chat)


def read(raw: Json, pictures: Pictures) -> Found:
    chat, notes = raw["chat"], Notes()
    assert isinstance(chat, dict), "is_ours has looked"
    nodes, leaf = _nodes(chat)
    if len(nodes) > MOST_MESSAGES:
        raise NotOurs(f"more than {MOST_MESSAGES:,} messages")
    meta = raw.get("meta")
    tags = meta.get("tags") if isinstance(meta, dict) else chat.get("tags")
    return Found(
        source="open_webui",
        source_id=_word(raw.get("id")) or _word(chat.get("id")),
        title=_word(raw.get("title")) or _word(chat.get("title")),
        messages=_messages(nodes, notes, pictures),
        created_at=moment(raw.get("created_at")) or moment(chat.get("timestamp")),
        updated_at=moment(raw.get("updated_at")),
        leaf=leaf,
        pinned=raw.get("pinned") is True,
        archived=raw.get("archived") is True,
        tags=[_tag(tag) for tag in tags if _tag(tag)] if isinstance(tags, list) else [],
        notes=notes,
    )


def _nodes(chat: Json) -> tuple[dict[str, Json], str | None]:
    """By id, each with its `parentId`; and the shown leaf."""
    history = chat.get("history")
    tree = history.get("messages") if isinstance(history, dict) else None
    if isinstance(history, dict) and isinstance(tree, dict) and tree:
        return {id_: node for id_, node in tree.items() if isinstance(node, dict)}, _word(history.get("currentId"))
    line = chat.get("messages")
    nodes: dict[str, Json] = {}
    above: str | None = None
    for place, node in enumerate(line if isinstance(line, list) else []):
        if isinstance(node, dict):
            id_ = _word(node.get("id")) or str(place)
            nodes[id_] = {**node, "parentId": above}
            above = id_
    return nodes, above


def _messages(nodes: dict[str, Json], notes: Notes, pictures: Pictures) -> list[Said]:
    """From the roots down, each once. Messages of the system are passed over; what is below them moves up."""
    below: dict[str | None, list[str]] = {}
    for id_, node in nodes.items():
        parent = node.get("parentId")
        below.setdefault(parent if isinstance(parent, str) and parent in nodes else None, []).append(id_)
    found: list[Said] = []
    waiting: list[tuple[str, str | None]] = [(id_, None) for id_ in reversed(below.get(None, []))]
    while waiting:
        id_, above = waiting.pop()
        if said := _said(id_, above, nodes[id_], notes, pictures):
            found.append(said)
        here = id_ if said else above
        waiting += [(child, here) for child in reversed(below.get(id_, []))]
    if unreachable := len(nodes) - _count_reached(below):
        notes.add("unreachable", count=unreachable)
    return found


def _count_reached(below: dict[str | None, list[str]]) -> int:
    """Nodes that hang below a root; those of a ring do not."""
    waiting, count = list(below.get(None, [])), 0
    while waiting:
        id_ = waiting.pop()
        count += 1
        waiting += below.get(id_, [])
    return count


def _said(id_: str, above: str | None, node: Json, notes: Notes, pictures: Pictures) -> Said | None:
    role, at = node.get("role"), moment(node.get("timestamp"))
    text = _content(node.get("content"), notes)
    if role == "user":
        parts = [*text_parts(text), *_files(node, notes, pictures)]
        return Said(id_, above, "user", parts, at) if parts else None
    if role != "assistant":
        if role != "system":
            notes.add("unknown_role", role)
        return None
    parts = [*_answer(text, id_), *_files(node, notes, pictures), *_citations(node)]
    error = node.get("error")
    if error:
        parts += text_parts(_word(error.get("content")) if isinstance(error, dict) else "")
    return Said(id_, above, "assistant", parts, at, status="failed" if error else "completed")


def _content(content: object, notes: Notes) -> str:
    """A text; or a list of pieces, as vendors' own calls hold it."""
    if isinstance(content, list):
        pieces = [piece for piece in content if isinstance(piece, dict)]
        if others := sum(piece.get("type") != "text" for piece in pieces):
            notes.add("unknown_content", "content", count=others)
        return "\n".join(_word(piece.get("text")) for piece in pieces if piece.get("type") == "text")
    return _word(content)


def _answer(text: str, id_: str) -> list[Part]:
    """Thoughts and tool calls taken out of the text, in the order in which they stand in it."""
    parts: list[Part] = []
    end = 0
    for number, found in enumerate(DETAILS.finditer(text)):
        parts += text_parts(text[end : found.start()])
        parts += _detail(found, f"{id_}/{number}")
        end = found.end()
    return parts + text_parts(text[end:])


def _detail(found: re.Match[str], name: str) -> list[Part]:
    kind, attributes, inside = found.groups()
    if kind == "reasoning":
        thought = clean(QUOTED.sub("", html.unescape(SUMMARY.sub("", inside, count=1)))).strip()
        return [ReasoningPart(text=thought)] if thought else []
    given = {key: clean(html.unescape(value)) for key, value in ATTRIBUTE.findall(attributes)}
    id_ = given.get("id") or name
    call = ToolCallPart(id=id_, name=given.get("name") or "tool", arguments=given.get("arguments", ""))
    return [call, ToolResultPart(id=id_, text=given["result"])] if given.get("result") else [call]


def _files(node: Json, notes: Notes, pictures: Pictures) -> list[Part]:
    files = node.get("files")
    parts: list[Part] = []
    for file in files if isinstance(files, list) else []:
        if not isinstance(file, dict):
            continue
        if file.get("type") == "image":
            parts += picture(file.get("url"), notes, most_bytes=pictures.most_bytes)
        else:
            notes.add("files_left_out", _word(file.get("name")))
    return parts


def _citations(node: Json) -> list[Part]:
    sources = node.get("sources") or node.get("citations")
    parts: list[Part] = []
    for number, cited in enumerate(sources if isinstance(sources, list) else [], 1):
        if not isinstance(cited, dict):
            continue
        source, passages = cited.get("source"), cited.get("document")
        source = source if isinstance(source, dict) else {}
        texts = [one for one in passages if isinstance(one, str)] if isinstance(passages, list) else []
        parts.append(
            CitationPart(
                number=number,
                title=clean(_word(source.get("name"))),
                path=clean(_word(source.get("url"))),
                text=clean("\n\n".join(texts)),
            )
        )
    return parts


def _tag(tag: object) -> str:
    return _word(tag.get("name")) if isinstance(tag, dict) else _word(tag)


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
