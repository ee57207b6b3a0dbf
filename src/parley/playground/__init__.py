"""Lives here: the playground: a prompt as it stands in front of up to four models, and the presets that are kept of it.

Does not live here: writing the answers (engine: a run is a temporary conversation), what was said (conversations).
May call: keeping and the doors.
"""
