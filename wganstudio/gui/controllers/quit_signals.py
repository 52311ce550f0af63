"""QuitSignals: signals of the system that ask the window to close, as events of Qt."""

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from wganstudio.training.signals import ENDING


class QuitSignals(QObject):
    """Takes over Ctrl-C, SIGTERM and the like until `close`, except those that the caller ignores."""

    received = Signal(int)
    """The number of a signal; it may come again."""

    def __init__(self) -> None:
        super().__init__()
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        self._before_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._before = {
            number: signal.signal(number, lambda *_: None)  # Python writes its number to the socket
            for number in ENDING
            if signal.getsignal(number) != signal.SIG_IGN
        }

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._before_fd)
        self._reader.close()
        self._writer.close()

    @Slot()
    def _on_activated(self) -> None:
        with contextlib.suppress(BlockingIOError):
            for number in self._reader.recv(64):
                if number in self._before:
                    self.received.emit(number)
