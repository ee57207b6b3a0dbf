"""The limit on open files: one socket is one file, and the usual 1,024 are too few for a crowd."""

import resource


def raise_file_limit(wanted: int = 65536) -> int:
    """Raise this process's limit as far as it may go, and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if allowed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(soft, allowed)
