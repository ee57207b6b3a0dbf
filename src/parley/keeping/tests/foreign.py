"""What other programs export, written anew from the public descriptions of their forms; and an import, from door to report."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from parley.keeping import imports
from parley.keeping.models import Import
from tests.people import Person, body_of

T0 = 1_700_000_000.0  # 14 November 2023
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fcffff3f030005fe02fea72d8a4d0000000049454e44ae426082"
)
Json = dict[str, Any]


def node(
    id_: str, parent: str | None, role: str = "", content: Json | str | None = None, at: float = 0, **rest: Any
) -> Json:
    """Of ChatGPT's `mapping`. Without a role: one that holds no message."""
    if isinstance(content, str):
        content = {"content_type": "text", "parts": [content]}
    author = {"role": role, "name": rest.pop("name", None), "metadata": {}}
    message = {
        "id": id_,
        "author": author,
        "create_time": T0 + at if at else None,
        "content": content,
        "status": "finished_successfully",
        "recipient": rest.pop("recipient", "all"),
        "metadata": rest,
    }
    return {"id": id_, "parent": parent, "children": [], "message": message if role else None}


def chatgpt(*nodes: Json, id_: str = "conv-1", title: str = "Saffron", leaf: str = "", **rest: Any) -> Json:
    mapping = {one["id"]: one for one in nodes}
    for one in nodes:
        if one["parent"] in mapping:
            mapping[one["parent"]]["children"].append(one["id"])
    times = {"create_time": T0, "update_time": T0 + 500}
    return {"id": id_, "title": title, "current_node": leaf or nodes[-1]["id"], "mapping": mapping, **times, **rest}


def branched(**rest: Any) -> Json:
    """A question, its answer, and the question as it was edited, with two answers. The second of them is shown."""
    return chatgpt(
        node("root", None),
        node("system", "root", "system", ""),
        node("q1", "system", "user", "What is saffron?", 1),
        node("a1", "q1", "assistant", "A spice.", 2),
        node("q2", "system", "user", "What is turmeric?", 3),
        node("a2", "q2", "assistant", "A root.", 4),
        node("a3", "q2", "assistant", "A yellow root.", 5),
        **rest,
    )


def open_webui(*messages: Json, id_: str = "owui-1", title: str = "Kimchi", leaf: str = "", **rest: Any) -> Json:
    by_id = {one["id"]: one for one in messages}
    history = {"messages": by_id, "currentId": leaf or messages[-1]["id"]}
    chat = {"id": "", "title": title, "models": ["llama3"], "history": history, "messages": list(messages), "tags": []}
    times = {"created_at": int(T0), "updated_at": int(T0) + 90}
    return {
        "id": id_,
        "user_id": "u",
        "title": title,
        "chat": chat,
        "pinned": False,
        "archived": False,
        **times,
        **rest,
    }


def message(id_: str, parent: str | None, role: str, content: str, at: int = 0, **rest: Any) -> Json:
    return {
        "id": id_,
        "parentId": parent,
        "childrenIds": [],
        "role": role,
        "content": content,
        "timestamp": int(T0) + at,
        **rest,
    }


def zipped(entries: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def upload(who: Person, content: bytes | list[Json], *, name: str = "conversations.json") -> Json:
    """Brought and looked into, as the worker would."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer = who.browser.generic("POST", f"/api/v1/imports?name={name}", raw, content_type="application/octet-stream")
    assert answer.status_code == 201, answer.content
    imports.work_on(Import.objects.latest("created_at").id)
    return state(who, answer.json()["id"])


def start(who: Person, brought: Json, *, without: list[int] | None = None) -> Json:
    """Chosen and stored, as the worker would."""
    answer = who.browser.post(f"/api/v1/imports/{brought['id']}/start", {"without": without or []})
    assert answer.status_code == 200, answer.content
    imports.work_on(brought["id"])
    return state(who, brought["id"])


def bring(who: Person, content: bytes | list[Json], **rest: Any) -> Json:
    return start(who, upload(who, content, **rest))


def state(who: Person, id_: str) -> Json:
    return body_of(who.browser.get(f"/api/v1/imports/{id_}"))  # type: ignore[no-any-return] # JSON


def items(who: Person, brought: Json) -> list[Json]:
    return body_of(who.browser.get(f"/api/v1/imports/{brought['id']}/items"))["items"]  # type: ignore[no-any-return] # JSON


def conversations(who: Person) -> list[Json]:
    """Opened, newest first."""
    lines = body_of(who.browser.get("/api/v1/conversations"))["items"]
    return [body_of(who.browser.get(f"/api/v1/conversations/{line['id']}")) for line in lines]


def tree(conversation: Json) -> list[tuple[str, str, str | None]]:
    """Role and words of each message, with the words of the one above."""
    words = {one["id"]: "".join(part.get("text", "") for part in one["parts"]) for one in conversation["messages"]}
    return [(one["role"], words[one["id"]], words.get(one["parent"])) for one in conversation["messages"]]
