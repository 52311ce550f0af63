"""Docks: frames with a calm title bar, and the area in the center that holds a dock for each view."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QTabBar,
    QToolButton,
    QWidget,
)

from wganstudio.gui.theme import set_icon
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.views import View


class Dock(QDockWidget):
    """A dock with a title bar of our own: title, float, close."""

    def __init__(self, name: str, title: str, inside: QWidget) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self.setWidget(inside)
        self.setTitleBarWidget(_TitleBar(self, title))
        self.toggleViewAction().setText(title)


class _TitleBar(QFrame):
    def __init__(self, dock: QDockWidget, title: str) -> None:
        super().__init__()
        self._dock = dock
        self.setProperty("role", "dock-title")
        label = QLabel(title)
        label.setProperty("role", "title")
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 2, 3, 2)
        row.setSpacing(0)
        row.addWidget(label, 1)
        for icon, tip, slot in (
            ("float", "Take out of the window, or put back", self._float),
            ("close", "Close; the View menu brings it back", dock.close),
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


class ViewArea(QMainWindow):
    """One dock for each view; only those in sight are drawn."""

    def __init__(self, session: Callable[[], Sequence[RunRecord]]) -> None:
        super().__init__()
        self._session = session
        self.setWindowFlags(Qt.WindowType.Widget)  # a main window inside another
        self.setDockNestingEnabled(True)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AnimatedDocks
        )
        self.views: dict[str, View] = {}
        self.docks: dict[str, Dock] = {}

    def furnish(self, views: "tuple[type[View], ...]", dark: bool) -> None:
        """Make the views; the window is shown before, for they take longer to import than all the rest."""
        self.views = {cls.name: cls() for cls in views}
        for name, view in self.views.items():
            view.set_dark(dark)
            view.session = self._session
            dock = Dock(f"view-{name}", view.title, view)
            dock.visibilityChanged.connect(self.refresh)
            self.docks[name] = dock
        self.lay_out()

    def lay_out(self) -> None:
        """The second view beside the first, the third below the first, the others as tabs; all open."""
        if not self.docks:
            return
        for dock in self.docks.values():
            dock.setFloating(False)
            self.removeDockWidget(dock)
        first, second, third = own = [self.docks[n] for n, view in self.views.items() if not view.beside]
        self.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, first)
        self.splitDockWidget(first, second, Qt.Orientation.Horizontal)
        self.splitDockWidget(first, third, Qt.Orientation.Vertical)
        for name, view in self.views.items():
            if view.beside:
                self.tabifyDockWidget(self.docks[view.beside], self.docks[name])
        for dock in self.docks.values():
            dock.show()
        for dock in own:
            dock.raise_()
        self.resizeDocks([first, second], [49, 51], Qt.Orientation.Horizontal)
        self.resizeDocks([first, third], [54, 46], Qt.Orientation.Vertical)

    def childEvent(self, event: QChildEvent) -> None:
        """Tabs keep their whole names; where there is no room for all, they scroll."""
        super().childEvent(event)
        child = event.child()
        if event.type() == QEvent.Type.ChildPolished and isinstance(child, QTabBar):
            child.setElideMode(Qt.TextElideMode.ElideNone)
            child.setUsesScrollButtons(True)

    def actions_to_show(self) -> list[QAction]:
        """One checkable action a view, for the menu."""
        return [dock.toggleViewAction() for dock in self.docks.values()]

    def set_record(self, record: RunRecord | None) -> None:
        """Show a run, or nothing."""
        for view in self.views.values():
            view.set_record(record)
        self.refresh()

    @property
    def watched(self) -> frozenset[str]:
        """The kinds of live events that the views in sight draw."""
        seen = (view.draws for name, view in self.views.items() if self._in_sight(self.docks[name]))
        return frozenset().union(*seen)

    @Slot()
    def refresh(self) -> None:
        """Draw what has changed, in the views that are in sight."""
        for name, view in self.views.items():
            if self._in_sight(self.docks[name]):
                view.refresh()

    @Slot(bool)
    def set_dark(self, dark: bool) -> None:
        """Tell every view which theme is in use."""
        for view in self.views.values():
            view.set_dark(dark)

    def restore(self, state: QByteArray) -> None:
        """Bring back a remembered arrangement; one that does not fit leaves the default."""
        if state and not self.restoreState(state):
            self.lay_out()

    def _in_sight(self, dock: QDockWidget) -> bool:
        return in_sight(dock) and not self.window().isMinimized()


def in_sight(widget: QWidget) -> bool:
    """Whether any of it can be seen; of a dock behind another one's tab, Qt says that it is visible."""
    return widget.isVisible() and not widget.visibleRegion().isEmpty()
