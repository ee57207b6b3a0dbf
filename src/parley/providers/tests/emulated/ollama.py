"""Ollama's chat."""

import json
from collections.abc import Sequence

from parley.providers.tests.emulated.dialect import Dialect, Json, Seen
from parley.providers.tests.vendor_server import Call


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
