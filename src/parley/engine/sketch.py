"""A request in the making, which the sources of a turn fill."""

from dataclasses import dataclass, field
from uuid import UUID

from parley.bots.personas import Persona
from parley.providers.routed import RoutedModel
from parley.providers.values import ChatMessage, Parameters, Passage, ToolSpec
from parley.tools.values import Tool


@dataclass(slots=True)
class Sketch:
    """A request in the making. `parent_id`: the message that is answered; a caller of /v1 has none and brings its history.

    `model`: the bot's, which may stand for a rule. `continues_id`: the answer, cut off, that this one continues. `question`:
    the words of the message, without its files. `may_read_files`: in a thread where nobody else waits.
    """

    persona: Persona
    model: RoutedModel
    parent_id: UUID | None = None
    continues_id: UUID | None = None
    may_read_files: bool = True
    question: str = ""
    system: list[str] = field(default_factory=list)
    history: list[ChatMessage] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    tools: list[ToolSpec] = field(default_factory=list)  # a caller's own, which it runs itself
    runnable: dict[str, Tool] = field(default_factory=dict)
    parameters: Parameters | None = None
    continued_text: str = ""
