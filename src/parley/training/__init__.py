"""Lives here: what people thought of answers, and what it says of models and bots. Later data sets, training runs.

Does not live here: the answers (conversations), choosing a model by what people thought (providers.router).
May call: playground, keeping and the doors.
"""
