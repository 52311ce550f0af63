"""Signals of worker processes: those that end a program are for the parent, which then ends its workers."""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)
"""The signals that ask a program to end: a terminal or a batch system sends them to all its processes."""
SIGNAL_EXIT = 128
"""The exit code of a program that a signal ended is the number of the signal above this, as in a shell."""
_PR_SET_PDEATHSIG = 1


@contextmanager
def held_back() -> Iterator[None]:
    """Start processes with these signals blocked, so that none ends them before `leave_to_parent`."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its start, a part of that of the first process, unblocks the signals
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_to_parent() -> None:
    """Ignore the signals that end a program in this worker, and die with the parent even while stopped.

    A worker that runs ends by itself at the end of its pipe; one that is stopped needs the help of the
    system, which only Linux gives. It acts when the thread ends that started this process: that thread must
    live as long as it uses the worker.
    """
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    parent = multiprocessing.parent_process()
    if sys.platform == "linux" and parent is not None and parent.pid == os.getppid():
        with suppress(OSError, AttributeError):  # a C library without it
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
