"""Reading a session: a progress line on stderr where it takes long."""

import time
from pathlib import Path
from types import TracebackType

from wganstudio.cli.progress import ProgressBar

DELAY_SECONDS = 1.0
"""Reading that takes no longer prints nothing."""


class ReadingProgress:
    """A context manager, and in it the function that takes the progress of reading a file."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._bar = ProgressBar()
        self._quiet_until = time.monotonic() + DELAY_SECONDS

    def __enter__(self) -> "ReadingProgress":
        return self

    def __call__(self, fraction: float) -> None:
        """Show a fraction from 0 to 1."""
        if time.monotonic() > self._quiet_until:
            self._bar.update(f"reading {self._name}: {100 * fraction:.0f} %")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()
