"""The heap of a long process: garbage collections that cost little, and free memory for other processes."""

import contextlib
import ctypes
import gc
import sys


def freeze() -> None:
    """Leave what is alive out of every later garbage collection.

    After the imports of torch or Qt these are hundreds of thousands of objects, and a full collection stops
    all threads for tenths of a second; without them it takes milliseconds.
    """
    gc.collect()
    gc.freeze()


def release() -> None:
    """Collect garbage, and return free memory to the system where the C library keeps it (glibc)."""
    gc.collect()
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
