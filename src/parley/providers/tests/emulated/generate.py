"""Google's generateContent."""

from collections.abc import Sequence

from parley.providers.tests.emulated.dialect import Dialect, Json, Seen, Turn, sse
from parley.providers.tests.vendor_server import Call


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
