"""Lives here: the model service: local Hugging Face models behind the wire of OpenAI, in a process and environment of its own
(or, on request, on a thread of Parley's).

Does not live here: anything of Parley. Parley speaks to it over HTTP, as to any vendor, and imports nothing from here.
May call: nobody imports it; it is started with `python -m model_service`. Parley's `inside.py` alone asks for `serving` and
`settings`, by name.

From the top: `serving` (a server for them), `app` (the doors put together), `doors/` (parse, ask, answer), `shelf/` (which models
there are, and which are in memory), `decoding/` (from a prompt to tokens, many at a time), `values`, `errors`, `settings`.
"""
