"""Vendors of every dialect on loopback, as their own SDKs know them (`test_vendors_sdks.py`): the wires' opposite side.

A dialect says one thing (`text`, `thought`, `call`, `end` …) in its vendor's words, and understands what it was asked.
A new wire is one class here and one line in DIALECTS; the contract (`test_wire_contract.py`) then holds for it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parley.providers.tests.vendor_server import Call, Script
from parley.providers.values import Route

KEY: Final = "sk-right-1234567890"
Json = dict[str, Any]  # a foreign wire's JSON
Turn = tuple[str, str, int, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Seen:
    """What a vendor was asked, whatever its dialect. A turn is (role, text, images, called tools, answered tools)."""

    model: str
    system: str = ""
    turns: tuple[Turn, ...] = ()
    tools: tuple[str, ...] = ()
    max_tokens: int | None = None
    temperature: float | None = None
    stop: tuple[str, ...] = ()
    schema: Json | None = None


@dataclass(eq=False)
class Dialect:
    """One stream in the making; `MODEL` is a name that this vendor's models have."""

    WIRE = ""
    MODEL = "m"
    PREFIX = "/v1"
    PREFILLS = True
    THINKS = True
    PICTURES = True
    KEY_HEADER = "authorization"
    KEY_BEFORE = "Bearer "
    KEY_HEADERS: tuple[str, ...] = ()  # where it may stand besides
    CONTENT_TYPE = "text/event-stream"
    CUT_REASONS = True

    sent: int = 0
    said: list[str] = field(default_factory=list)

    def route(self, address: str, **fields: Any) -> Route:
        root = address.removesuffix("/v1")
        return Route(
            fields.pop("endpoint_id", root), self.WIRE, root + self.PREFIX, fields.pop("api_key", KEY), **fields
        )

    def may_enter(self, call: Call) -> bool:
        return call.headers.get(self.KEY_HEADER) == self.KEY_BEFORE + KEY

    def opening(self) -> bytes:
        return b""

    def done(self, reason: str = "stop", counts: tuple[int, int, int] | None = (3, 2, 0)) -> bytes:
        """The end. `reason` is ours; `counts` are input, output, and how many of the input were cached."""
        raise NotImplementedError

    def text(self, text: str) -> bytes:
        raise NotImplementedError

    def thought(self, text: str) -> bytes:
        raise NotImplementedError

    def call(self, name: str, arguments: Json, call_id: str = "call_1") -> bytes:
        raise NotImplementedError

    def overloaded(self) -> bytes:
        """The error that this vendor sends inside a 200."""
        raise NotImplementedError

    def refusal(self, status: int, words: str) -> Json:
        return {"error": {"message": words, "type": "some_error", "code": None}}

    def seen(self, call: Call) -> Seen:
        raise NotImplementedError

    def listing(self, path: str, names: Sequence[str]) -> Json:
        return {
            "object": "list",
            "data": [{"id": name, "object": "model", "created": 1, "owned_by": "v"} for name in names],
        }


def sse(document: Json, name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return head.encode() + b"data: " + json.dumps(document).encode() + b"\n\n"


def _words(content: object, kind: str = "text") -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(
        str(part.get("text", "")) for part in parts if part.get("type", kind) in (kind, "input_text", "output_text")
    )


# --- OpenAI's Chat Completions ----------------------------------------------------------------------------------------


class Chat(Dialect):
    WIRE = "openai"
    MODEL = "some-model"
    NAMED = "openai"

    def _chunk(self, delta: Json, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return sse(
            {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": self.MODEL, "choices": [choice]}
        )

    def opening(self) -> bytes:
        return self._chunk({"role": "assistant", "content": ""})

    def text(self, text: str) -> bytes:
        return self._chunk({"content": text})

    def thought(self, text: str) -> bytes:
        return self._chunk({"reasoning_content": text})

    def call(self, name: str, arguments: Json, call_id: str = "call_1") -> bytes:
        raw, at = json.dumps(arguments), self.sent
        self.sent += 1
        begun = {"index": at, "id": call_id, "type": "function", "function": {"name": name, "arguments": ""}}
        halves = [raw[: len(raw) // 2], raw[len(raw) // 2 :]]
        pieces = [{"index": at, "function": {"arguments": half}} for half in halves]
        return b"".join(self._chunk({"tool_calls": [piece]}) for piece in [begun, *pieces])

    def done(self, reason: str = "stop", counts: tuple[int, int, int] | None = (3, 2, 0)) -> bytes:
        word = {"filter": "content_filter"}.get(reason, reason)
        usage = b""
        if counts:
            details = {"prompt_tokens_details": {"cached_tokens": counts[2]}}
            total = {"prompt_tokens": counts[0], "completion_tokens": counts[1], "total_tokens": counts[0] + counts[1]}
            usage = sse(
                {
                    "id": "c1",
                    "object": "chat.completion.chunk",
                    "created": 1,
                    "model": self.MODEL,
                    "choices": [],
                    "usage": total | details,
                }
            )
        return self._chunk({}, word) + usage + b"data: [DONE]\n\n"

    def overloaded(self) -> bytes:
        return sse({"error": {"message": "Overloaded", "type": "overloaded_error", "code": "overloaded"}})

    def seen(self, call: Call) -> Seen:
        body: Json = call.body
        messages = body["messages"]
        turns = tuple(
            (
                message["role"],
                _words(message.get("content")),
                sum(part.get("type") == "image_url" for part in message.get("content") or [] if isinstance(part, dict)),
                tuple(called["function"]["name"] for called in message.get("tool_calls", [])),
                tuple(filter(None, [message.get("tool_call_id")])),
            )
            for message in messages
            if message["role"] not in ("system", "developer")
        )
        stop = body.get("stop") or ()
        schema = (body.get("response_format") or {}).get("json_schema", {}).get("schema")
        return Seen(
            body["model"],
            "".join(_words(m["content"]) for m in messages if m["role"] in ("system", "developer")),
            turns,
            tuple(tool["function"]["name"] for tool in body.get("tools", [])),
            body.get("max_tokens") or body.get("max_completion_tokens"),
            body.get("temperature"),
            (stop,) if isinstance(stop, str) else tuple(stop),
            schema,
        )


class HuggingFaceChat(Chat):
    WIRE = "huggingface"
    MODEL = "meta-llama/Llama-3.1-8B-Instruct"
    NAMED = "huggingface"


# --- OpenAI's Responses -----------------------------------------------------------------------------------------------


class ResponsesApi(Dialect):
    WIRE = "responses"
    MODEL = "gpt-5-mini"
    PREFILLS = False

    def _event(self, kind: str, **fields: object) -> bytes:
        self.sent += 1
        return sse({"type": kind, "sequence_number": self.sent, **fields}, kind)

    def _response(self, status: str, **fields: object) -> Json:
        return {
            "id": "resp_1", "object": "response", "created_at": 1, "status": status, "error": None,
            "incomplete_details": None, "instructions": None, "metadata": {}, "model": self.MODEL, "output": [],
            "parallel_tool_calls": True, "temperature": 1.0, "tool_choice": "auto", "tools": [], "top_p": 1.0, **fields,
        }  # fmt: skip

    def opening(self) -> bytes:
        return self._event("response.created", response=self._response("in_progress"))

    def text(self, text: str) -> bytes:
        return self._event(
            "response.output_text.delta", item_id="msg_1", output_index=0, content_index=0, delta=text, logprobs=[]
        )

    def thought(self, text: str) -> bytes:
        return self._event(
            "response.reasoning_summary_text.delta", item_id="rs_1", output_index=0, summary_index=0, delta=text
        )

    def call(self, name: str, arguments: Json, call_id: str = "call_1") -> bytes:
        raw = json.dumps(arguments)
        sealed = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "sealed"}
        item = {"type": "function_call", "id": f"fc_{call_id}", "call_id": call_id, "name": name, "status": "completed"}
        return (
            self._event("response.output_item.done", output_index=0, item=sealed)
            + self._event("response.output_item.added", output_index=1, item=item | {"arguments": ""})
            + self._event("response.function_call_arguments.delta", item_id=item["id"], output_index=1, delta=raw)
            + self._event("response.output_item.done", output_index=1, item=item | {"arguments": raw})
        )

    def done(self, reason: str = "stop", counts: tuple[int, int, int] | None = (3, 2, 0)) -> bytes:
        usage = None
        if counts:
            usage = {
                "input_tokens": counts[0], "output_tokens": counts[1], "total_tokens": counts[0] + counts[1],
                "input_tokens_details": {"cached_tokens": counts[2], "cache_write_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            }  # fmt: skip
        if reason in ("length", "filter"):
            why = {"reason": "content_filter" if reason == "filter" else "max_output_tokens"}
            response = self._response("incomplete", usage=usage, incomplete_details=why)
            return self._event("response.incomplete", response=response)
        return self._event("response.completed", response=self._response("completed", usage=usage))

    def overloaded(self) -> bytes:
        return self._event("error", code="rate_limit_exceeded", message="Overloaded", param=None)

    def seen(self, call: Call) -> Seen:
        body: Json = call.body
        turns: list[Turn] = []
        for item in body["input"]:
            kind = item.get("type", "message")
            if kind == "message" and item["role"] not in ("system", "developer"):
                content = item["content"]
                pictures = [p for p in content if isinstance(p, dict) and p["type"] == "input_image"]
                turns.append((item["role"], _words(content), len(pictures), (), ()))
            elif kind == "function_call":
                turns.append(("assistant", "", 0, (item["name"],), ()))
            elif kind == "function_call_output":
                turns.append(("tool", item["output"], 0, (), (item["call_id"],)))
        system = [i for i in body["input"] if i.get("role") in ("system", "developer")]
        return Seen(
            body["model"],
            "".join(_words(item["content"]) for item in system) or body.get("instructions") or "",
            tuple(turns),
            tuple(tool["name"] for tool in body.get("tools", [])),
            body.get("max_output_tokens"),
            body.get("temperature"),
            (),
            ((body.get("text") or {}).get("format") or {}).get("schema"),
        )


# --- Anthropic's Messages ---------------------------------------------------------------------------------------------


class Messages(Dialect):
    WIRE = "anthropic"
    MODEL = "claude-sonnet-4-5"
    KEY_HEADERS = ("x-api-key",)

    counts = (3, 0)
    _open = ""

    def opening(self) -> bytes:
        usage = {"input_tokens": 3, "output_tokens": 1, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
        message: Json = {
            "id": "msg_1", "type": "message", "role": "assistant", "model": self.MODEL, "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": usage,
        }  # fmt: skip
        return sse({"type": "message_start", "message": message}, "message_start") + sse({"type": "ping"}, "ping")

    def _delta(self, block: Json, delta: Json) -> bytes:
        before = b""
        if self._open != block["type"]:
            before = self._close() + self._start(block)
        event = {"type": "content_block_delta", "index": self.sent, "delta": delta}
        return before + sse(event, "content_block_delta")

    def _start(self, block: Json) -> bytes:
        self._open = block["type"]
        return sse({"type": "content_block_start", "index": self.sent, "content_block": block}, "content_block_start")

    def _close(self) -> bytes:
        if not self._open:
            return b""
        closing = b""
        if self._open == "thinking":
            signed = {"type": "signature_delta", "signature": "signed"}
            closing = sse({"type": "content_block_delta", "index": self.sent, "delta": signed}, "content_block_delta")
        closing += sse({"type": "content_block_stop", "index": self.sent}, "content_block_stop")
        self.sent, self._open = self.sent + 1, ""
        return closing

    def text(self, text: str) -> bytes:
        return self._delta({"type": "text", "text": ""}, {"type": "text_delta", "text": text})

    def thought(self, text: str) -> bytes:
        block = {"type": "thinking", "thinking": "", "signature": ""}
        return self._delta(block, {"type": "thinking_delta", "thinking": text})

    def call(self, name: str, arguments: Json, call_id: str = "call_1") -> bytes:
        raw = json.dumps(arguments)
        said = self._close() + self._start({"type": "tool_use", "id": call_id, "name": name, "input": {}})
        for piece in ("", raw[: len(raw) // 2], raw[len(raw) // 2 :]):
            delta = {"type": "input_json_delta", "partial_json": piece}
            said += sse({"type": "content_block_delta", "index": self.sent, "delta": delta}, "content_block_delta")
        return said + self._close()

    def done(self, reason: str = "stop", counts: tuple[int, int, int] | None = (3, 2, 0)) -> bytes:
        words = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "filter": "refusal"}
        usage: Json = {"output_tokens": counts[1] if counts else 0}
        if counts:
            usage |= {"input_tokens": counts[0] - counts[2], "cache_read_input_tokens": counts[2]}
        end = {"type": "message_delta", "delta": {"stop_reason": words[reason], "stop_sequence": None}, "usage": usage}
        return self._close() + sse(end, "message_delta") + sse({"type": "message_stop"}, "message_stop")

    def overloaded(self) -> bytes:
        return sse({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, "error")

    def refusal(self, status: int, words: str) -> Json:
        return {"type": "error", "error": {"type": "some_error", "message": words}, "request_id": "req_1"}

    def seen(self, call: Call) -> Seen:
        body: Json = call.body
        turns: list[Turn] = []
        for message in body["messages"]:
            blocks = message["content"]
            blocks = [{"type": "text", "text": blocks}] if isinstance(blocks, str) else blocks
            results = [block for block in blocks if block["type"] == "tool_result"]
            turns += [("tool", _words(block["content"]), 0, (), (block["tool_use_id"],)) for block in results]
            if len(results) < len(blocks):
                pictures = sum(block["type"] == "image" for block in blocks)
                called = tuple(block["name"] for block in blocks if block["type"] == "tool_use")
                turns.append((message["role"], _words(blocks), pictures, called, ()))
        return Seen(
            body["model"],
            _words(body.get("system", "")),
            tuple(turns),
            tuple(tool["name"] for tool in body.get("tools", [])),
            body.get("max_tokens"),
            body.get("temperature"),
            tuple(body.get("stop_sequences", ())),
            ((body.get("output_config") or {}).get("format") or {}).get("schema"),
        )

    def listing(self, path: str, names: Sequence[str]) -> Json:
        models = [
            {
                "id": name,
                "type": "model",
                "display_name": name.title(),
                "created_at": "2026-01-01T00:00:00Z",
                "lifecycle": "active",
                "max_input_tokens": 200_000,
                "max_tokens": 64_000,
            }
            for name in names
        ]
        return {"data": models, "has_more": False, "first_id": None, "last_id": None}


# --- Google's generateContent -----------------------------------------------------------------------------------------


class Generate(Dialect):
    WIRE = "google"
    MODEL = "gemini-2.5-flash"
    PREFIX = "/v1beta"
    KEY_HEADER = "x-goog-api-key"
    KEY_BEFORE = ""

    def _chunk(self, parts: list[Json], **more: object) -> bytes:
        candidate = {"content": {"role": "model", "parts": parts}, "index": 0, **more}
        counts = {"promptTokenCount": 3, "totalTokenCount": 3}
        return sse({"candidates": [candidate], "usageMetadata": counts, "modelVersion": self.MODEL})

    def text(self, text: str) -> bytes:
        return self._chunk([{"text": text}])

    def thought(self, text: str) -> bytes:
        return self._chunk([{"text": text, "thought": True}])

    def call(self, name: str, arguments: Json, call_id: str = "call_1") -> bytes:
        called = {"id": call_id, "name": name, "args": arguments}
        return self._chunk([{"functionCall": called, "thoughtSignature": "c2lnbmVk"}])

    def done(self, reason: str = "stop", counts: tuple[int, int, int] | None = (3, 2, 0)) -> bytes:
        word = {"length": "MAX_TOKENS", "filter": "SAFETY"}.get(reason, "STOP")
        chunk: Json = {"candidates": [{"content": {"role": "model", "parts": [{"text": ""}]}, "finishReason": word}]}
        if counts:
            chunk["usageMetadata"] = {
                "promptTokenCount": counts[0], "candidatesTokenCount": counts[1] - 1, "thoughtsTokenCount": 1,
                "cachedContentTokenCount": counts[2], "totalTokenCount": counts[0] + counts[1],
            }  # fmt: skip
        return sse(chunk)

    def overloaded(self) -> bytes:
        return sse({"error": {"code": 503, "message": "Overloaded", "status": "UNAVAILABLE"}})

    def refusal(self, status: int, words: str) -> Json:
        return {"error": {"code": status, "message": words, "status": "SOME_STATUS"}}

    def seen(self, call: Call) -> Seen:
        body: Json = call.body
        config = body.get("generationConfig", {})
        turns: list[Turn] = []
        for content in body["contents"]:
            parts = content["parts"]
            results = [part["functionResponse"] for part in parts if "functionResponse" in part]
            turns += [("tool", result["response"].get("result", ""), 0, (), (result["id"],)) for result in results]
            if len(results) < len(parts):
                role = {"model": "assistant"}.get(content["role"], content["role"])
                text = "".join(part.get("text", "") for part in parts)
                called = tuple(part["functionCall"]["name"] for part in parts if "functionCall" in part)
                turns.append((role, text, sum("inlineData" in part for part in parts), called, ()))
        return Seen(
            call.path.rpartition("/")[2].partition(":")[0],
            "".join(part["text"] for part in body.get("systemInstruction", {}).get("parts", [])),
            tuple(turns),
            tuple(f["name"] for tool in body.get("tools", []) for f in tool["functionDeclarations"]),
            config.get("maxOutputTokens"),
            config.get("temperature"),
            tuple(config.get("stopSequences", ())),
            config.get("responseJsonSchema"),
        )

    def listing(self, path: str, names: Sequence[str]) -> Json:
        does = ["generateContent", "countTokens"]
        return {
            "models": [
                {"name": f"models/{name}", "displayName": name.title(), "inputTokenLimit": 9000,
                 "outputTokenLimit": 90, "supportedGenerationMethods": does}
                for name in names
            ]
        }  # fmt: skip


# --- Ollama -----------------------------------------------------------------------------------------------------------


class OllamaChat(Dialect):
    WIRE = "ollama"
    MODEL = "qwen3:8b"
    PREFIX = ""
    CONTENT_TYPE = "application/x-ndjson"
    CUT_REASONS = False  # knows no filter

    def _line(self, message: Json, **more: object) -> bytes:
        whole = {"model": self.MODEL, "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False, **more}
        return json.dumps(whole).encode() + b"\n"

    def text(self, text: str) -> bytes:
        return self._line({"role": "assistant", "content": text})

    def thought(self, text: str) -> bytes:
        return self._line({"role": "assistant", "content": "", "thinking": text})

    def call(self, name: str, arguments: Json, call_id: str = "call_1") -> bytes:
        called = {"id": call_id, "function": {"name": name, "arguments": arguments}}
        return self._line({"role": "assistant", "content": "", "tool_calls": [called]})

    def done(self, reason: str = "stop", counts: tuple[int, int, int] | None = (3, 2, 0)) -> bytes:
        more: Json = {"done": True, "done_reason": "length" if reason == "length" else "stop", "total_duration": 1}
        if counts:
            more |= {"prompt_eval_count": counts[0], "eval_count": counts[1]}
        return self._line({"role": "assistant", "content": ""}, **more)

    def overloaded(self) -> bytes:
        return json.dumps({"error": "server overloaded"}).encode() + b"\n"

    def refusal(self, status: int, words: str) -> Json:
        return {"error": words}

    def seen(self, call: Call) -> Seen:
        body: Json = call.body
        options = body.get("options") or {}
        ids = iter(["call_1", "call_2"])
        turns = tuple(
            (
                message["role"],
                message.get("content") or "",
                len(message.get("images") or ()),
                tuple(called["function"]["name"] for called in message.get("tool_calls") or ()),
                (next(ids),) if message["role"] == "tool" else (),
            )
            for message in body["messages"]
            if message["role"] != "system"
        )
        return Seen(
            body["model"],
            "".join(m["content"] for m in body["messages"] if m["role"] == "system"),
            turns,
            tuple(tool["function"]["name"] for tool in body.get("tools") or ()),
            options.get("num_predict"),
            options.get("temperature"),
            tuple(options.get("stop") or ()),
            body.get("format") if isinstance(body.get("format"), dict) else None,
        )

    def listing(self, path: str, names: Sequence[str]) -> Json:
        if path == "/api/show":
            info = {"general.architecture": "qwen3", "qwen3.context_length": 40_960}
            return {"model_info": info, "capabilities": ["completion", "tools"], "parameters": "stop   END"}
        return {"models": [{"name": name, "model": name, "size": 1, "details": {}} for name in names]}


DIALECTS: Final[tuple[type[Dialect], ...]] = (Chat, HuggingFaceChat, ResponsesApi, Messages, Generate, OllamaChat)


def vendor_of(dialect: type[Dialect], *pieces: bytes, whole: bool = True) -> Script:
    """A vendor that lists a model to who has the key, and answers everything with these pieces."""

    async def answer(call: Call) -> None:
        speaker = dialect()
        if speaker.WIRE != "ollama" and not speaker.may_enter(call):
            await call.json(speaker.refusal(401, "Incorrect API key provided"), 401)
        elif not call.body or call.path == "/api/show":
            await call.json(speaker.listing(call.path.partition("?")[0], [dialect.MODEL]))
        else:
            await call.chunked(*pieces, whole=whole, content_type=dialect.CONTENT_TYPE)
            call.closes = not whole

    return answer


def honest(dialect: type[Dialect]) -> list[bytes]:
    """One answer with all that this dialect can say."""
    speaker = dialect()
    pieces = [speaker.opening(), speaker.thought("hm "), speaker.text("Hel"), speaker.text("lo ä🙂"), speaker.text("!")]
    return [*filter(None, pieces), speaker.call("look", {"what": "cät"}), speaker.done("tool_calls", (9, 4, 2))]
