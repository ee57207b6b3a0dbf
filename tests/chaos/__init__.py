"""The chaos suite: faults F-01 to F-22 against a running Parley, and an auditor that looks for anything lost.

What each file holds: `killer` kills at named points, `faultproxy` breaks connections, `browser` does what a browser does,
`auditor` reads database, transcripts and vendor. `docs/chaos.md` tells which fault is tried where and what was seen.
"""
