"""Dock: a dock widget with its own title bar."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QToolButton, QWidget

from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.plain_text import Label


class Dock(QDockWidget):
    """A dock whose title bar has a title, a float button and a close button."""

    shown_by_user, closed_by_user = Signal(str), Signal(str)
    """The name of the dock, where the user shows it from a menu, or closes it there or by its button."""

    def __init__(self, name: str, title: str, content: QWidget) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setWidget(content)
        self.setTitleBarWidget(_TitleBar(self, title))
        self.toggleViewAction().setText(title)
        self.toggleViewAction().triggered.connect(self._toggled)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the user closes the dock: the program hides it."""
        super().closeEvent(event)
        self.closed_by_user.emit(self.objectName())

    @Slot(bool)
    def _toggled(self, shown: bool) -> None:
        if shown:
            self.shown_by_user.emit(self.objectName())


class _TitleBar(QFrame):
    def __init__(self, dock: QDockWidget, title: str) -> None:
        super().__init__()
        self._dock = dock
        self.setProperty("role", "dock-title")
        label = Label(title)
        label.setProperty("role", "title")
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 2, 3, 2)
        row.setSpacing(0)
        row.addWidget(label, 1)
        for icon, tip, slot in (
            ("float", "Detach from the window, or attach again", self._float),
            ("close", "Close. Reopen it from the View menu.", dock.close),
        ):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setToolTip(tip)
            button.setFixedSize(22, 22)
            button.clicked.connect(slot)
            set_icon(button, icon)
            row.addWidget(button)

    @Slot()
    def _float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())


def in_sight(widget: QWidget) -> bool:
    """Return True if any part of the widget can be seen.

    Qt calls a dock behind the tab of another one visible.
    """
    return widget.isVisible() and not widget.visibleRegion().isEmpty()
