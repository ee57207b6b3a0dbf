"""Where features of a turn attach: ordered tables. `run_turn` gains no branch.

SOURCES run before, in order, in a thread: each adds to the sketch of the request.
TOOLS are asked after them, in order: each gives tools that this turn's model may call during its answer.
WATCHERS run beside, in order, in a thread, after an ending is stored: each is told of the turn and how it ended.
Where the database is lost under a watcher it is told again, so what it writes must bear that.
"""

from collections.abc import Callable, Iterable

from parley.engine import meters, sources, watchers
from parley.engine.sketch import Sketch
from parley.engine.values import Ending, Turn
from parley.tools.values import Tool

Source = Callable[[Sketch], None]
ToolSource = Callable[[Sketch], Iterable[Tool]]
Watcher = Callable[[Turn, Ending], None]

SOURCES: tuple[Source, ...] = (
    sources.system_prompt,
    sources.shape,
    sources.own_functions,
    sources.conversation_so_far,
    sources.passages,
    sources.kept_text,
)

TOOLS: tuple[ToolSource, ...] = (sources.built_in_tools,)

WATCHERS: tuple[Watcher, ...] = (meters.count_ending, watchers.ring_for_a_title, watchers.keep_decision)
