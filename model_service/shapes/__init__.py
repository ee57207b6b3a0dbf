"""Lives here: answers that must have a shape: JSON by a schema, a regular expression, choices, a grammar; by llguidance.

Does not live here: sampling, which asks a `Shaped` for its mask (`decoding/sampler.py`); judging whole answers.
May call: `doors/`, which read what a request asks for, and the shelf, which holds one `Shapes` for each tokenizer.
"""
