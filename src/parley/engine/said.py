"""What is known of a turn's calls of models: how they ended, and what they cost, also of one that was cut."""

from dataclasses import dataclass, field, replace
from typing import Literal

from parley.engine.assemble import Scene
from parley.engine.values import Chosen, Spent
from parley.providers.values import ToolCall, Usage

ESTIMATED_CHARACTERS_PER_TOKEN = 4


@dataclass(slots=True)
class Said:
    """Filled while the calls run. The tokens are those of all of them."""

    scene: Scene | None = None
    reason: Literal["stop", "length", "filter", "tool_calls"] = "stop"
    usage: Usage | None = None  # of the call that runs
    pieces: int = 0
    is_cut: bool = False  # by us: what the vendor had said by then may not have arrived, and is counted all the same
    calls: list[ToolCall] = field(default_factory=list)  # of tools, by the call that runs or ran last
    earlier: Usage | None = None  # of the calls before it
    failed: list[str] = field(default_factory=list)  # whom a rule had chosen before, and why they did not answer

    def begin(self, scene: Scene) -> None:
        """Another call, of the same model or, before a word was said, of another."""
        self.earlier = self._counted()
        self.scene, self.usage, self.pieces, self.calls = scene, None, 0, []

    def spent(self) -> Spent | None:
        """The vendor's own count; where a call was cut before it told, one token a piece and an estimate of the prompt."""
        counted = self._counted()
        if self.scene is None or counted is None:
            return None
        model = self.scene.model
        tokens = (counted.input_tokens, counted.output_tokens)
        return Spent(model.route.endpoint_id, model.name, *tokens, counted.so_far, self.scene.purpose)

    def chosen(self) -> Chosen | None:
        """What the rule decided, where one did."""
        decision = self.scene.decision if self.scene else None
        if self.scene is None or decision is None:
            return None
        reasons = (*decision.reasons, *self.failed)
        return Chosen(decision.rule_id, self.scene.model.label, reasons, decision.took_us)

    def _counted(self) -> Usage | None:
        """`so_far` in the sum says that some of it is an estimate."""
        now, before = self._running(), self.earlier
        if now is None or before is None:
            return now or before
        return Usage(
            now.input_tokens + before.input_tokens,
            now.output_tokens + before.output_tokens,
            now.cached_tokens + before.cached_tokens,
            so_far=now.so_far or before.so_far,
        )

    def _running(self) -> Usage | None:
        if self.usage is not None and not self.usage.so_far:
            return self.usage
        if self.scene is None or not (self.pieces or self.is_cut):
            return None  # nothing was said: no vendor asks for money
        if self.usage is None:
            return Usage(_estimated_prompt_tokens(self.scene), self.pieces, so_far=True)
        return replace(self.usage, output_tokens=max(self.pieces, self.usage.output_tokens))


def _estimated_prompt_tokens(scene: Scene) -> int:
    characters = sum(
        len(part.text) for message in scene.request.messages for part in message.content if hasattr(part, "text")
    )
    return characters // ESTIMATED_CHARACTERS_PER_TOKEN
