"""ViewArea: the dock area in the center of the window, with one dock per view.

This module does not import the views: the window is painted before they are loaded.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QTabBar

from wganstudio.figures.style import DARK, LIGHT
from wganstudio.gui.screen_fit import is_low
from wganstudio.gui.views.arrangement import Columns, arrange
from wganstudio.gui.widgets.docks import Dock, in_sight
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.views.base import View

COLUMNS = (("main", "bottom"), ("right", "bottom-right"))
"""The areas of the default layout, as columns from left to right."""
DOCK_PREFIX = "view-"


class ViewArea(QMainWindow):
    """Holds one dock per view and draws only the visible views."""

    step_wanted = Signal(float)
    """Emitted with the step that the user asks for in one of the views."""
    view_shown, view_hidden = Signal(str), Signal(str)
    """The name of a view that the user has shown, or hidden."""

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
        self._step: int | None = None
        self._dark = False

    def create_views(self, views: "Sequence[type[View]]", dark: bool) -> None:
        """Create the views and their docks, in the default layout."""
        self._dark = dark
        self.views = {cls.name: cls() for cls in views}
        for name, view in self.views.items():
            view.set_dark(dark)
            view.session_records = self._session_records
            view.set_step(self._step)
            view.step_wanted.connect(self.step_wanted)
            dock = Dock(f"{DOCK_PREFIX}{name}", view.title, view, help_link=view.help_address())
            dock.visibilityChanged.connect(self.refresh)
            dock.shown_by_user.connect(self._dock_shown)
            dock.closed_by_user.connect(self._dock_closed)
            self.docks[name] = dock
        self.reset_layout()

    def reset_layout(self) -> None:
        """Show every dock in the area of its view."""
        by_area: dict[str, list[str]] = {}
        for name, view in self.views.items():
            by_area.setdefault(view.area, []).append(name)
        self.arrange([[by_area.get(area, []) for area in areas] for areas in COLUMNS])

    def arrange(self, columns: Columns) -> None:
        """Show the named views in columns of rows of tabs, and hide the others."""
        hidden = self.isHidden()
        self.hide()  # no view is drawn in a place where it does not stay
        arrange(self, self.docks, columns, low=is_low(self.window()))
        self.setHidden(hidden)

    def childEvent(self, event: QChildEvent) -> None:
        """Show the full titles on the tabs; the tab bar scrolls if they do not fit."""
        super().childEvent(event)
        child = event.child()
        if event.type() == QEvent.Type.ChildPolished and isinstance(child, QTabBar):
            child.setElideMode(Qt.TextElideMode.ElideNone)
            child.setUsesScrollButtons(True)
            child.setAccessibleName("Views behind one another")
            child.setFocusPolicy(Qt.FocusPolicy.TabFocus)

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
        """The kinds of live events that the visible views draw; none while they show an earlier step."""
        if self._step is not None:
            return frozenset()
        return frozenset().union(*(view.topics for view in self._visible_views()))

    @Slot(object)
    def set_step(self, step: int | None) -> None:
        """Show another step in all views; None: the newest frame."""
        self._step = step
        for view in self.views.values():
            view.set_step(step)

    @Slot()
    def refresh(self) -> None:
        """Redraw the visible views whose data have changed."""
        for view in self._visible_views():
            if view.palette_ is not (DARK if self._dark else LIGHT):
                view.set_dark(self._dark)
            view.refresh()

    @Slot(str)
    def _dock_shown(self, dock: str) -> None:
        self.view_shown.emit(dock.removeprefix(DOCK_PREFIX))

    @Slot(str)
    def _dock_closed(self, dock: str) -> None:
        self.view_hidden.emit(dock.removeprefix(DOCK_PREFIX))

    @Slot(bool)
    def set_dark(self, dark: bool) -> None:
        """Change the theme; a view that is not in sight takes it once it is."""
        self._dark = dark
        self.refresh()

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
