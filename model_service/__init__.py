"""Lives here: the model service: local Hugging Face models behind the wire of OpenAI, in a process and environment of its own.

Does not live here: anything of Parley. Parley speaks to it over HTTP, as to any vendor, and imports nothing from here.
May call: nobody imports it; it is started with `python -m model_service`.

From the top: `app` (the doors put together), `doors/` (parse, ask, answer), `shelf/` (which models there are, and which of them
are in memory), `decoding/` (from a prompt to tokens, many at a time), `values`, `errors`, `settings`.
"""
