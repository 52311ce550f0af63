"""Dock: a dock widget with its own title bar."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMenu, QToolButton, QWidget

from wganstudio.gui.text_roles import set_role
from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.buttons import icon_button
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.themed_frame import ThemedFrame

Side = Literal["left", "right", "bottom"]


class Dock(QDockWidget):
    """A dock whose title bar has a title, a float button and a close button.

    In the default layout a panel of the window is at its `side`, and shown if `shown` is True.
    """

    help_wanted = Signal(str)
    """The address of the help about what it holds."""
    shown_by_user, closed_by_user = Signal(str), Signal(str)
    """The name of the dock, where the user shows it from a menu, or closes it there or by its button."""

    def __init__(
        self,
        name: str,
        title: str,
        content: QWidget,
        side: Side = "left",
        *,
        shown: bool = True,
        help_link: str = "",
        close_tip: str = "Close. Reopen it from the View menu.",
        tools: Sequence[QAction] = (),
    ) -> None:
        super().__init__(title)
        self.help_link = help_link
        self.side = side
        self.shown = shown
        self.setObjectName(name)
        self.setWidget(content)
        self.setAccessibleName(title)
        self._title_bar = _TitleBar(self, title, close_tip, tools)
        self.setTitleBarWidget(self._title_bar)
        self.toggleViewAction().setText(title)
        self.toggleViewAction().triggered.connect(self._toggled)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.toggleViewAction().setText(title)
        self._title_bar.set_title(title)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the user closes the dock: the program hides it."""
        super().closeEvent(event)
        self.closed_by_user.emit(self.objectName())

    @Slot(bool)
    def _toggled(self, shown: bool) -> None:
        if shown:
            self.shown_by_user.emit(self.objectName())

    @Slot()
    def reveal(self) -> None:
        """Show the panel, before others of its side."""
        self.show()
        self.raise_()


class _TitleBar(ThemedFrame):
    def __init__(self, dock: Dock, title: str, close_tip: str, tools: Sequence[QAction]) -> None:
        super().__init__("dock-title")
        self._dock = dock
        self._label = Label(title)
        set_role(self._label, "title")
        self._label.setMinimumWidth(1)  # a long name of a run must not widen the dock
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 2, 3, 2)
        row.setSpacing(0)
        row.addWidget(self._label, 1)
        if tools:
            row.addWidget(_tool_button(self, title, tools))
        if dock.help_link:
            button = icon_button("help", f"Help on {title}", self._ask_for_help)
            button.setObjectName("help-button")
            button.setFixedSize(22, 22)
            row.addWidget(button)
        self._buttons = [
            icon_button("float", "", self._float, "Detach from the window, or attach again"),
            icon_button("close", "", dock.close, close_tip),
        ]
        for button in self._buttons:
            button.setFixedSize(22, 22)
            row.addWidget(button)
        self.set_title(title)

    def set_title(self, title: str) -> None:
        """Show a title, and name the buttons after it."""
        self._label.setText(title)
        for button, verb in zip(self._buttons, ("Detach", "Close"), strict=True):
            button.setAccessibleName(f"{verb} {title}")

    @Slot()
    def _ask_for_help(self) -> None:
        self._dock.help_wanted.emit(self._dock.help_link)

    @Slot()
    def _float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())


def _tool_button(parent: QWidget, title: str, tools: Sequence[QAction]) -> QToolButton:
    """Return the button that opens the menu of what can be done with the content."""
    button = QToolButton(parent)
    button.setObjectName("tool-button")
    button.setAutoRaise(True)
    button.setFixedSize(22, 22)
    button.setAccessibleName(f"Tools of {title}")
    button.setToolTip("Color scale, cut, probes")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    set_icon(button, "tools")
    menu = QMenu(button)
    menu.addActions(list(tools))
    button.setMenu(menu)
    return button


def in_sight(widget: QWidget) -> bool:
    """Return True if any part of the widget can be seen.

    Qt calls a dock behind the tab of another one visible.
    """
    return widget.isVisible() and not widget.visibleRegion().isEmpty()
