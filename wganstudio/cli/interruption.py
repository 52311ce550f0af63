"""Signals that end a command: Ctrl-C, SIGTERM of a batch system, SIGHUP of a closed terminal."""

import signal
import threading
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any

from wganstudio.training.signals import ENDING, SIGNAL_EXIT


class Interruption:
    """Notes the signals that ask this command to end.

    The first one sets `requested`, for a command to end in good order; with `at_once` it raises
    KeyboardInterrupt, as the second one always does. Further ones change nothing.
    """

    def __init__(self) -> None:
        self._received = 0
        self.event = threading.Event()
        """Set once a signal has come."""
        self._signal: int = signal.SIGINT
        self._at_once = False
        self._before: dict[int, Any] = {}

    @property
    def requested(self) -> bool:
        """True once a signal has come."""
        return self.event.is_set()

    @property
    def code(self) -> int:
        """The exit code of a command that was ended by the signal."""
        return SIGNAL_EXIT + self._signal

    def at_once(self) -> None:
        """Let the first signal raise KeyboardInterrupt, also if it has come already."""
        self._at_once = True
        if self._received == 1:
            self._received += 1
            raise KeyboardInterrupt

    def check(self) -> None:
        """Raise KeyboardInterrupt if a signal has come."""
        if self._received:
            self._received += 1
            raise KeyboardInterrupt

    def __enter__(self) -> "Interruption":
        """Take the signals over, except those that the caller ignores, as `nohup` does."""
        if threading.current_thread() is threading.main_thread():
            for number in ENDING:
                if signal.getsignal(number) != signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            with suppress(TypeError):  # it was not set from Python
                signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._received += 1
        if self._received == 1:
            self._signal = number
            self.event.set()
        if self._received == (1 if self._at_once else 2):
            self._received = 2
            raise KeyboardInterrupt
