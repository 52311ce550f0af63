"""WindowErrors: errors of slots, threads and Qt are logged and shown; the window keeps running."""

from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler

from wganstudio.diagnostics.uncaught import UncaughtErrors
from wganstudio.gui.notifier import LOGGER, Notifier

_ERRORS = {QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}


class WindowErrors(QObject):
    """Catches what would only be printed. `occurred` is emitted from whatever thread, after logging."""

    occurred = Signal(str, str)
    """A sentence, and its details."""

    def __init__(self) -> None:
        super().__init__()
        self._uncaught = UncaughtErrors(self._report)
        self._qt_warnings = UncaughtErrors(self._warn)
        self._handler_before: Any = None
        self._early: list[tuple[str, str]] | None = []
        """Errors before there is a window to show them."""

    def install(self) -> None:
        """Start to catch."""
        self._uncaught.install()
        self._handler_before = qInstallMessageHandler(self._on_qt_message)

    def remove(self) -> None:
        """Stop to catch."""
        qInstallMessageHandler(self._handler_before)
        self._uncaught.remove()

    def show_in(self, notifier: Notifier) -> None:
        """Show errors in the banner, from now on and those before."""
        # queued: they occur in other threads, and while widgets are being painted
        self.occurred.connect(notifier.show_logged_error, Qt.ConnectionType.QueuedConnection)
        early, self._early = self._early, None
        for error in early or ():
            self.occurred.emit(*error)

    def _report(self, message: str, detail: str) -> None:
        LOGGER.error("%s", message, extra={"detail": detail})
        if self._early is not None:
            self._early.append((message, detail))
        else:
            self.occurred.emit(message, detail)

    def _warn(self, message: str, detail: str) -> None:
        LOGGER.warning("%s", message, extra={"detail": detail})

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        """Log a warning of Qt, of which many mean nothing to the user; show its errors."""
        if kind in _ERRORS:
            self._uncaught.add_message(f"Qt reports an error: {text}", str(context.category or ""))
        elif kind == QtMsgType.QtWarningMsg:
            self._qt_warnings.add_message(f"Qt: {text}")
