"""LogDrawer: a button in the status bar that opens the log, and counts the warnings that nobody has read."""

import logging

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStatusBar, QStyleOptionToolButton, QToolButton

from wganstudio.gui.notifier import LogHandler
from wganstudio.gui.text_roles import WARNING, set_role
from wganstudio.gui.widgets.docks import in_sight

LINES = 8
"""Height of the opened log."""


class LogButton(QToolButton):
    """The button of the log; its text stands out while there are new warnings."""

    def __init__(self) -> None:
        super().__init__()
        self._warned = False

    def set_warned(self, warned: bool) -> None:
        """Let the text stand out, or not."""
        self._warned = warned
        set_role(self, "title" if warned else "")

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        """Draw the text in the color of warnings."""
        super().initStyleOption(option)
        if self._warned:
            palette = self.palette()
            palette.setBrush(QPalette.ColorRole.ButtonText, palette.brush(WARNING))
            option.palette = palette


class LogDrawer(QObject):
    """Opens and closes the log, and says how many new warnings and errors it holds."""

    def __init__(self, dock: QDockWidget, handler: LogHandler, bar: QStatusBar) -> None:
        super().__init__(dock)
        self._dock = dock
        self.new = 0
        """Warnings and errors since the log was last in sight."""
        self.button = LogButton()
        self.button.setAutoRaise(True)
        self.button.setCheckable(True)
        self.button.setObjectName("log-button")
        self.button.setToolTip("Open or close the log")
        self.button.clicked.connect(self.toggle)
        bar.addWidget(self.button)
        handler.record_logged.connect(self._count)
        dock.visibilityChanged.connect(self._visibility_changed)
        self._show()

    @Slot()
    def toggle(self) -> None:
        """Open the log, or close it."""
        is_open = in_sight(self._dock)
        self._dock.setVisible(not is_open)
        window = self._dock.parentWidget()
        if not is_open and isinstance(window, QMainWindow):
            self._dock.raise_()
            height = LINES * self._dock.fontMetrics().lineSpacing()
            window.resizeDocks([self._dock], [height], Qt.Orientation.Vertical)

    @Slot(str, str, int)
    def _count(self, message: str, detail: str, level: int) -> None:
        if level >= logging.WARNING and not in_sight(self._dock):
            self.new += 1
            self._show()

    @Slot(bool)
    def _visibility_changed(self, visible: bool) -> None:
        if visible:
            self.new = 0
        self._show()

    def _show(self) -> None:
        text = "Log" if not self.new else f"Log: {self.new} new warning{'s' * (self.new > 1)}"
        self.button.setText(text)
        self.button.setAccessibleName(text)
        self.button.set_warned(bool(self.new))
        self.button.setChecked(not self._dock.isHidden())
