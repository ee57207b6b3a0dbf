"""OpenAI's Chat Completions, and Hugging Face's."""

import json

from parley.providers.tests.emulated.dialect import Dialect, Json, Seen, sse, words_of
from parley.providers.tests.vendor_server import Call


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
                words_of(message.get("content")),
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
            "".join(words_of(m["content"]) for m in messages if m["role"] in ("system", "developer")),
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
