"""Start worker processes that do not run the caller's script again."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def main_left_alone() -> Iterator[None]:
    """Hide the main module while a process is spawned.

    `multiprocessing` would import the caller's script in the child, for which the script would need
    `if __name__ == "__main__"`. The workers need nothing of it.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
