"""A mock vendor that speaks the OpenAI wire: as fast as one core allows, and broken in any way a test asks for.

`python -m bench.vendor --port 0` prints `listening on PORT`. What a call gets is chosen by its model's name, see
`scripts.py`; what was asked and given is counted, see `counters.py` and `control.py`.
"""
