"""ViewArea: the dock area in the center of the window, with one dock per view.

This module does not import the views: the window is painted before they are loaded.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QTabBar

from wganstudio.gui.widgets.docks import Dock, in_sight
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.views.base import View

COLUMNS = (("main", "bottom"), ("right", "bottom-right"))
"""The areas of the default layout, as columns from left to right."""
COLUMN_SHARES = [49, 51]
ROW_SHARES = [54, 46]


class ViewArea(QMainWindow):
    """Holds one dock per view and draws only the visible views."""

    def __init__(self, session_records: Callable[[], Sequence[RunRecord]]) -> None:
        super().__init__()
        self._session_records = session_records
        self.setWindowFlags(Qt.WindowType.Widget)  # a main window inside another
        self.setDockNestingEnabled(True)
        self.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AnimatedDocks
        )
        self.views: dict[str, View] = {}
        self.docks: dict[str, Dock] = {}

    def create_views(self, views: "Sequence[type[View]]", dark: bool) -> None:
        """Create the views and their docks, in the default layout."""
        self.views = {cls.name: cls() for cls in views}
        for name, view in self.views.items():
            view.set_dark(dark)
            view.session_records = self._session_records
            dock = Dock(f"view-{name}", view.title, view)
            dock.visibilityChanged.connect(self.refresh)
            self.docks[name] = dock
        self.reset_layout()

    def reset_layout(self) -> None:
        """Show every dock in the area of its view."""
        for dock in self.docks.values():
            dock.setFloating(False)
            self.removeDockWidget(dock)
        columns = [fronts for areas in COLUMNS if (fronts := [*filter(None, map(self._front, areas))])]
        if not columns:
            return
        top = [fronts[0] for fronts in columns]
        self.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, top[0])
        for before, dock in pairwise(top):
            self.splitDockWidget(before, dock, Qt.Orientation.Horizontal)
        for above, *below in columns:
            for dock in below:
                self.splitDockWidget(above, dock, Qt.Orientation.Vertical)
        for name, dock in self.docks.items():
            front = self._front(self.views[name].area)
            if front is not None and front is not dock:
                self.tabifyDockWidget(front, dock)
        for dock in self.docks.values():
            dock.show()
        for fronts in columns:
            for dock in fronts:
                dock.raise_()
        self.resizeDocks(top, COLUMN_SHARES[: len(top)], Qt.Orientation.Horizontal)
        for fronts in columns:
            self.resizeDocks(fronts, ROW_SHARES[: len(fronts)], Qt.Orientation.Vertical)

    def _front(self, area: str) -> Dock | None:
        """Return the dock of the first view of an area, or None."""
        return next((self.docks[name] for name, view in self.views.items() if view.area == area), None)

    def childEvent(self, event: QChildEvent) -> None:
        """Show the full titles on the tabs; the tab bar scrolls if they do not fit."""
        super().childEvent(event)
        child = event.child()
        if event.type() == QEvent.Type.ChildPolished and isinstance(child, QTabBar):
            child.setElideMode(Qt.TextElideMode.ElideNone)
            child.setUsesScrollButtons(True)

    def toggle_actions(self) -> list[QAction]:
        """Return one checkable action per view, for the View menu."""
        return [dock.toggleViewAction() for dock in self.docks.values()]

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show runs, the main one first, or none."""
        for view in self.views.values():
            view.set_records(records)
        self.refresh()

    @Slot(bool)
    def set_locked(self, on: bool) -> None:
        """Keep the color scales of all views, or let them follow the data."""
        for view in self.views.values():
            view.set_locked(on)

    @property
    def live_topics(self) -> frozenset[str]:
        """The kinds of live events that the visible views draw."""
        return frozenset().union(*(view.topics for view in self._visible_views()))

    @Slot()
    def refresh(self) -> None:
        """Redraw the visible views whose data have changed."""
        for view in self._visible_views():
            view.refresh()

    @Slot(bool)
    def set_dark(self, dark: bool) -> None:
        """Change the theme of all views."""
        for view in self.views.values():
            view.set_dark(dark)

    def restore(self, state: QByteArray) -> None:
        """Restore a saved layout.

        Views that the layout does not mention keep their default place. A layout that Qt cannot read leaves
        the default.
        """
        if not state.isEmpty() and not self.restoreState(state):
            self.reset_layout()

    def _visible_views(self) -> "list[View]":
        if self.window().isMinimized():
            return []
        return [view for name, view in self.views.items() if in_sight(self.docks[name])]
