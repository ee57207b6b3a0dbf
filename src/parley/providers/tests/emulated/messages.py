"""Anthropic's Messages."""

import json
from collections.abc import Sequence

from parley.providers.tests.emulated.dialect import Dialect, Json, Seen, Turn, sse, words_of
from parley.providers.tests.vendor_server import Call


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
            turns += [("tool", words_of(block["content"]), 0, (), (block["tool_use_id"],)) for block in results]
            if len(results) < len(blocks):
                pictures = sum(block["type"] == "image" for block in blocks)
                called = tuple(block["name"] for block in blocks if block["type"] == "tool_use")
                turns.append((message["role"], words_of(blocks), pictures, called, ()))
        return Seen(
            body["model"],
            words_of(body.get("system", "")),
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
