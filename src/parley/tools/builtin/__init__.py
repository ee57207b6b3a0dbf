"""Lives here: the tools that every Parley has, a file each, and the table of them.

Does not live here: what needs a network, a file or another process.
May call: `bots`, which lets people choose among them, and `engine`, which runs them.
"""

from collections.abc import Mapping
from typing import Final

from parley.tools.builtin.calculator import CALCULATOR
from parley.tools.builtin.clock import CLOCK
from parley.tools.values import Tool

BUILT_IN: Final[Mapping[str, Tool]] = {tool.name: tool for tool in (CALCULATOR, CLOCK)}
