"""Lives here: from token ids to text, many sequences at a time: batcher, sampler, window of keys and values, prefix cache, text.

Does not live here: HTTP, prompts, folders and registers.
May call: the shelf, and the doors by way of it.
"""
