"""A child that ends with its parent, however the parent died. Linux keeps that promise; elsewhere nothing is promised."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def end_with_parent(with_signal: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send `with_signal` to this process when the thread that made it ends.

    Only system calls: it may run between fork and exec.
    """
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)


# Looked up at import: after a fork, the loader's lock may be held by a thread that no longer exists.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
