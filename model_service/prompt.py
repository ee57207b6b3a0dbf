"""From a conversation to what a model reads: its chat template, or, where it has none, the form that its kind was taught."""

from collections.abc import Sequence
from typing import Any, Final

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase

from model_service.errors import BadRequest
from model_service.values import Kind, Turn

_PLAIN_STOP: Final = "\nuser:"


def read_turns(tokenizer: PreTrainedTokenizerBase, kind: Kind, turns: Sequence[Turn]) -> tuple[list[int], list[int]]:
    """Token ids of the prompt, and those with which a seq2seq decoder's answer begins (empty for a causal model).

    A last turn of the assistant is gone on with. Raises `BadRequest`.
    """
    if not turns:
        raise BadRequest("messages must hold at least one message", param="messages")
    if kind == "causal":
        return (_by_template if tokenizer.chat_template else _plainly)(tokenizer, turns), []
    *before, last = turns
    begun = list(tokenizer(last.content, add_special_tokens=False)["input_ids"]) if last.role == "assistant" else []
    asked = before if last.role == "assistant" else turns
    return (_by_template if tokenizer.chat_template else _as_blenderbot_was_taught)(tokenizer, asked), begun


def extra_stops(tokenizer: PreTrainedTokenizerBase, kind: Kind) -> tuple[str, ...]:
    """A model without template goes on with the other's part, unless it is stopped there."""
    return (_PLAIN_STOP,) if kind == "causal" and not tokenizer.chat_template else ()


def _by_template(tokenizer: PreTrainedTokenizerBase, turns: Sequence[Turn]) -> list[int]:
    goes_on = turns[-1].role == "assistant"
    try:
        ids: Any = tokenizer.apply_chat_template(
            [{"role": turn.role, "content": turn.content} for turn in turns],
            add_generation_prompt=not goes_on,
            continue_final_message=goes_on,
            tokenize=True,
            return_dict=False,
        )
    except (TemplateError, ValueError) as error:
        raise BadRequest(f"The model's chat template refused these messages: {error}", param="messages") from error
    return list(ids)


def _as_blenderbot_was_taught(tokenizer: PreTrainedTokenizerBase, turns: Sequence[Turn]) -> list[int]:
    """Turns with two spaces between them; what does not fit is left out at the beginning."""
    ids = list(tokenizer("  ".join(turn.content for turn in turns if turn.content))["input_ids"])
    return ids[-min(tokenizer.model_max_length, 10**6) :]


def _plainly(tokenizer: PreTrainedTokenizerBase, turns: Sequence[Turn]) -> list[int]:
    lines = [f"{turn.role}: {turn.content}" for turn in turns]
    if turns[-1].role != "assistant":
        lines.append("assistant:")
    return list(tokenizer("\n".join(lines))["input_ids"])
