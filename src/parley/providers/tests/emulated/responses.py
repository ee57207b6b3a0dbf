"""OpenAI's Responses."""

import json

from parley.providers.tests.emulated.dialect import Dialect, Json, Seen, Turn, sse, words_of
from parley.providers.tests.vendor_server import Call


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
                turns.append((item["role"], words_of(content), len(pictures), (), ()))
            elif kind == "function_call":
                turns.append(("assistant", "", 0, (item["name"],), ()))
            elif kind == "function_call_output":
                turns.append(("tool", item["output"], 0, (), (item["call_id"],)))
        system = [i for i in body["input"] if i.get("role") in ("system", "developer")]
        return Seen(
            body["model"],
            "".join(words_of(item["content"]) for item in system) or body.get("instructions") or "",
            tuple(turns),
            tuple(tool["name"] for tool in body.get("tools", [])),
            body.get("max_output_tokens"),
            body.get("temperature"),
            (),
            ((body.get("text") or {}).get("format") or {}).get("schema"),
        )
