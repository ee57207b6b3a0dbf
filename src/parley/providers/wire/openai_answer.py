"""An answer of Chat Completions: a stream as it comes, or one JSON document."""

from typing import Final

import orjson

from parley.providers.values import Usage
from parley.providers.wire.reading import Reading, Reason, count_of, is_count

_REASONS: Final[dict[str, Reason]] = {
    "length": "length",
    "max_tokens": "length",
    "MAX_TOKENS": "length",
    "model_length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "tool_use": "tool_calls",
    "content_filter": "filter",
    "safety": "filter",
    "SAFETY": "filter",
}  # every other word, and there are many: the model was done


class ChatReading(Reading):
    """See `Reading`."""

    __slots__ = ()

    def _take_chunk(self, chunk: object) -> None:
        if type(chunk) is not dict:
            return
        if error := chunk.get("error"):
            self._fail(error)
            return
        choices = chunk.get("choices")
        if type(choices) is list and choices and type(choices[0]) is dict:
            self._take_choice(choices[0])
        if usage := chunk.get("usage"):
            self._usage = _usage(usage) or self._usage

    def _take_choice(self, choice: dict[str, object]) -> None:
        index = choice.get("index")
        if type(index) is int and index > 0:
            return  # a second answer beside the first; nobody asked for one
        said = choice.get("delta") or choice.get("message")
        if type(said) is dict:
            content = said.get("content")
            if type(content) is str:
                if content:
                    self._say(content)
            elif content:
                self._say_parts(content)
            if content is None or len(said) > 1:
                self._take_rest(said)
        if (reason := choice.get("finish_reason")) and type(reason) is str:
            self._finish(_REASONS.get(reason, "stop"))

    def _take_rest(self, said: dict[str, object]) -> None:
        """Whatever stands in a delta beside `content`."""
        thought = said.get("reasoning_content") or said.get("reasoning")
        if thought and type(thought) is str:
            self._think(thought)
        refusal = said.get("refusal")
        if refusal and type(refusal) is str:
            self._say(refusal)
        if calls := said.get("tool_calls"):
            for piece in calls if type(calls) is list else [calls]:
                if type(piece) is dict:
                    function = piece.get("function")
                    function = function if type(function) is dict else {}
                    name, arguments = function.get("name"), function.get("arguments")
                    opaque = _kept(piece.get("extra_content"))
                    self._gather(piece.get("index"), piece.get("id"), name, arguments, opaque=opaque)

    def _say_parts(self, content: object) -> None:
        """Mistral's reasoning models send a list of typed parts in place of a string."""
        if type(content) is not list:
            return
        for part in content:
            if type(part) is not dict:
                continue
            text, thought = part.get("text"), part.get("thinking")
            if type(text) is str and text:
                self._say(text)
            if type(thought) is list:
                thought = "".join(t["text"] for t in thought if type(t) is dict and type(t.get("text")) is str)
            if type(thought) is str and thought:
                self._think(thought)


def _kept(extra: object) -> str:
    """What a vendor wants back with a call, as Google does with its signatures of thoughts."""
    try:
        return orjson.dumps(extra).decode() if extra and type(extra) is dict else ""
    except orjson.JSONEncodeError:
        return ""


def _usage(said: object) -> Usage | None:
    if type(said) is not dict:
        return None
    sent, written = said.get("prompt_tokens"), said.get("completion_tokens")
    if not is_count(sent) or not is_count(written):
        return None
    return Usage(sent, written, min(sent, count_of(said.get("prompt_tokens_details"), "cached_tokens")))
