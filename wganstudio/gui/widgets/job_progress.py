"""JobProgress: the progress of work in the background, with a button that cancels it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget


class JobProgress(QWidget):
    """A narrow bar for the status bar; hidden while there is no work."""

    canceled = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(self.fontMetrics().averageCharWidth() * 34)
        self.cancel = QPushButton("Cancel")
        self.set_title(title)
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        self.hide()

    def set_title(self, title: str) -> None:
        """Name the work."""
        self._title = title
        self.bar.setAccessibleName(title)
        self.cancel.setAccessibleName(f"Cancel: {title}")

    @Slot(int, int)
    def show_progress(self, done: int, total: int) -> None:
        """Show that some parts of all are done."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(f"{self._title}: {done} of {total}")
        self.cancel.setEnabled(True)
        self.show()

    @Slot()
    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.bar.setFormat("Canceling\u2026")
        self.canceled.emit()
