"""Lives here: tools that a bot may call: what a tool is, the table of those that are built in, and running one call.

Does not live here: the loop of model and tools (`engine.answer`), which bot has which (`bots`). `builtin/` is a drawer.
May call: bots and every room above it. A new tool is one file in `builtin/` and one line in BUILT_IN.
"""
