"""Lives here: one turn: ask, assemble, answer, tape, ledger, recovery. The only room that knows the whole path.

Does not live here: HTTP and sockets (doors), what was said (conversations), how vendors speak (providers).
May call: training and the doors.
"""
