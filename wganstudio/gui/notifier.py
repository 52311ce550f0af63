"""Notifier: messages to the user. Everything goes through Python's logging; errors show in the banner too."""

import contextlib
import logging
from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from wganstudio.gui.widgets.banner import Banner, Offer

LOGGER = logging.getLogger("wganstudio.gui")
RUNNING = "running"
"""The cause of messages about runs that could not start or have failed; they go once another one starts."""
FAULT_SIGNS = ("Traceback (most recent call last)", "Fatal Python error", "Windows fatal exception")
"""Texts in the details of an error that the program, and not its user, has made."""


class LogHandler(QObject):
    """Hands the records of all loggers, and Python's warnings, to the log panel, from whatever thread."""

    record_logged = Signal(str, str, int)
    """Message, details and level of a record."""

    def __init__(self) -> None:
        super().__init__()
        self._handler = _Handler(self)

    def install(self) -> None:
        """Start to listen to all loggers of this process."""
        logging.getLogger().addHandler(self._handler)
        LOGGER.setLevel(logging.INFO)
        logging.captureWarnings(True)

    def remove(self) -> None:
        """Stop to listen."""
        logging.getLogger().removeHandler(self._handler)
        logging.captureWarnings(False)


class _Handler(logging.Handler):
    def __init__(self, target: LogHandler) -> None:
        super().__init__()
        self._target = target

    def emit(self, record: logging.LogRecord) -> None:
        """Split a record into its first line and the details."""
        message, _, rest = record.getMessage().strip().partition("\n")
        detail = getattr(record, "detail", "") or rest
        if record.exc_info:
            detail = f"{detail}\n{logging.Formatter().formatException(record.exc_info)}".strip()
        if not record.name.startswith("wganstudio"):
            message = f"{record.name}: {message}"
        if isValid(self._target):
            with contextlib.suppress(RuntimeError):  # the window is being destroyed
                self._target.record_logged.emit(message, detail, record.levelno)


class Notifier(QObject):
    """Tells the user what happened: in the log, and in the banner where it waits to be read."""

    report_wanted = Signal(str, str)
    """The user wants a report of an error: its sentence and its details."""

    def __init__(self, banner: Banner) -> None:
        super().__init__()
        self._banner = banner

    @Slot(str)
    @Slot(str, str)
    def log(self, message: str, detail: str = "") -> None:
        """Write a message into the log."""
        LOGGER.info("%s", message, extra={"detail": detail})

    def warn(self, message: str, detail: str = "") -> None:
        """Write a warning into the log."""
        LOGGER.warning("%s", message, extra={"detail": detail})

    @Slot(str)
    @Slot(str, str)
    def show_error(self, message: str, detail: str = "", cause: str = "") -> None:
        """Show an error in the banner, until its cause is resolved, and write it into the log."""
        LOGGER.error("%s", message, extra={"detail": detail})
        self.show_logged_error(message, detail, cause)

    @Slot(str, str)
    def show_logged_error(self, message: str, detail: str = "", cause: str = "") -> None:
        """Show an error in the banner that the log holds already; of a fault of the program with a report."""
        report = ("Copy report\u2026", partial(self.report_wanted.emit, message, detail))
        offers = [report] if any(sign in detail for sign in FAULT_SIGNS) else []
        self._banner.show_message(message, detail=detail, error=True, offers=offers, cause=cause)

    def show_warning(self, message: str, detail: str = "", cause: str = "") -> None:
        """Show a warning in the banner, until its cause is resolved, and write it into the log."""
        self.warn(message, detail)
        self._banner.show_message(message, detail=detail, cause=cause)

    def offer(self, message: str, offers: Iterable[Offer], cause: str = "") -> None:
        """Show a message in the banner, with buttons for what can be done about it."""
        self._banner.show_message(message, offers=offers, cause=cause)

    @Slot(str)
    def resolve(self, cause: str) -> None:
        """Take the messages of a cause back, as it is gone."""
        self._banner.resolve(cause)

    def withdraw(self, message: str) -> None:
        """Take a message of the banner back."""
        self._banner.withdraw(message)

    def dismiss(self) -> None:
        """Hide the banner."""
        self._banner.dismiss()
