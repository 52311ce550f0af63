"""ViewArea: the dock area in the center of the window, with one dock per view.

This module does not import the views: the window is painted before they are loaded.
"""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QChildEvent, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QTabBar, QWidget

from wganstudio.figures.style import DARK, LIGHT
from wganstudio.gui.screen_fit import is_low
from wganstudio.gui.views.arrangement import Columns, arrange
from wganstudio.gui.views.copies import DOCK_PREFIX, ViewCopies
from wganstudio.gui.widgets.docks import Dock, in_sight
from wganstudio.session.record import RunRecord

if TYPE_CHECKING:
    from wganstudio.gui.views.base import View
    from wganstudio.gui.views.frame_view import FrameView

LOGGER = logging.getLogger(__name__)
COLUMNS = (("main", "bottom"), ("right", "bottom-right"))
"""The areas of the default layout, as columns from left to right."""


class ViewArea(QMainWindow):
    """Holds one dock per view and draws only the visible views."""

    step_wanted = Signal(float)
    """Emitted with the step that the user asks for in one of the views."""
    help_wanted = Signal(str)
    """Emitted with the address of the help about a view."""
    pointed = Signal(QWidget)
    """Emitted with the view whose context menu is about to open."""
    figures_wanted = Signal(object)
    """Emitted with the sources of the figures that the user wants to export, by name."""
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
        self.records: tuple[RunRecord, ...] = ()
        """The selected runs, the main one first."""
        self.copies = ViewCopies(self, self._make_copy, lambda: self.records)
        self._actions: Sequence[QAction] = ()
        self._step: int | None = None
        self._dark = False

    def create_views(self, views: "Sequence[type[View]]", dark: bool) -> None:
        """Create the views and their docks, in the default layout."""
        self._dark = dark
        from wganstudio.gui.views.maps.plane_cursor import PlaneCursor
        from wganstudio.gui.views.maps.plane_zoom import PlaneZoom

        self.plane_cursor = PlaneCursor(self.visible_views, self)
        self.plane_zoom = PlaneZoom(self.map_views, self)
        self.views = {}
        for cls in views:
            try:
                self.views[cls.name] = self._new_view(cls)
            except Exception:  # of a plugin, such as one for another version
                message = "The view %s of %s is left out, as it cannot be created; update or uninstall that."
                LOGGER.exception(message, cls.title, cls.__module__)
        for map_view in self.map_views():  # a further view of a kind has a zoom of its own
            self.plane_zoom.connect_view(map_view)
        for name, view in self.views.items():
            dock = self.docks[name] = self._connected(
                Dock(
                    f"{DOCK_PREFIX}{name}",
                    view.title,
                    view,
                    help_link=view.help_address(),
                    tools=view.tool_actions,
                )
            )
            dock.shown_by_user.connect(self._dock_shown)
            dock.closed_by_user.connect(self._dock_closed)
        self.reset_layout()

    def _new_view(self, cls: "type[View]") -> "View":
        """Return a view that shows no run yet, connected to the area."""
        from wganstudio.gui.views.frame_view import FrameView

        view = cls()
        view.set_dark(self._dark)
        view.session_records = self._session_records
        view.set_step(self._step)
        view.share_actions(self._actions)
        view.step_wanted.connect(self.step_wanted)
        view.pointed.connect(self.pointed)
        view.figures_wanted.connect(self.figures_wanted)
        if isinstance(view, FrameView):
            view.place_pointed.connect(self.plane_cursor.follow)
        return view

    def _connected(self, dock: Dock) -> Dock:
        """Return the dock of a view, connected to the area."""
        dock.visibilityChanged.connect(self.refresh)
        dock.help_wanted.connect(self.help_wanted)
        return dock

    def _make_copy(self, kind: str, name: str) -> "tuple[View, Dock] | None":
        if kind not in self.views:
            return None
        view = self._new_view(type(self.views[kind]))
        dock = Dock(
            f"{DOCK_PREFIX}{name}",
            view.title,
            view,
            help_link=view.help_address(),
            close_tip="Close this view",
            tools=view.tool_actions,
        )
        return view, self._connected(dock)

    def share_actions(self, actions: Sequence[QAction]) -> None:
        """Put actions of the window into the context menus of all views."""
        self._actions = actions
        for view in self.all_views():
            view.share_actions(actions)

    def all_views(self) -> "list[View]":
        """Return the views, and the further ones that the user has opened."""
        return [*self.views.values(), *self.copies.views.values()]

    def dock_of(self, view: "View") -> Dock | None:
        """Return the dock that holds a view; None once it is closed for good."""
        docks = (*self.docks.values(), *self.copies.docks.values())
        return next((dock for dock in docks if dock.isAncestorOf(view)), None)

    def reset_layout(self) -> None:
        """Show every dock in the area of its view."""
        by_area: dict[str, list[str]] = {}
        for name, view in self.views.items():
            by_area.setdefault(view.area, []).append(name)
        self.arrange([[by_area.get(area, []) for area in areas] for areas in COLUMNS])

    def arrange(self, columns: Columns) -> None:
        """Show the named views in columns of rows of tabs, hide the others, and close the further ones."""
        self.copies.close_all()
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
        self.records = tuple(records)
        if self.views:
            self.plane_zoom.forget()
        for view in self.views.values():
            view.set_records(records)
        self.copies.show_records(self.records)
        self.refresh()

    @Slot(bool)
    def set_locked(self, on: bool) -> None:
        """Keep the color scales of all views, or let them follow the data."""
        for view in self.all_views():
            view.set_locked(on)

    @property
    def live_topics(self) -> frozenset[str]:
        """The kinds of live events that the visible views draw; none while they show an earlier step."""
        if self._step is not None:
            return frozenset()
        return frozenset().union(*(view.topics for view in self.visible_views()))

    @Slot(object)
    def set_step(self, step: int | None) -> None:
        """Show another step in all views; None: the newest frame."""
        self._step = step
        for view in self.all_views():
            view.set_step(step)

    @Slot()
    def refresh(self) -> None:
        """Redraw the visible views whose data have changed."""
        for view in self.visible_views():
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

    def restore(self, state: QByteArray, copies: str = "") -> None:
        """Restore a saved layout, with the further views that were open in it.

        Views that the layout does not mention keep their default place. A layout that Qt cannot read leaves
        the default.
        """
        self.copies.reopen(copies)
        if not state.isEmpty() and not self.restoreState(state):
            self.reset_layout()

    def map_views(self) -> "list[FrameView]":
        """Return the views with color scales."""
        from wganstudio.gui.views.frame_view import FrameView

        return [view for view in self.views.values() if isinstance(view, FrameView)]

    def figure_sources(self) -> dict[str, Any]:
        """Return what has figures to export, by name: the views, and the cuts and probes on their maps."""
        sources: dict[str, Any] = dict(self.views)
        for view in self.views.values():
            sources |= view.further_sources()
        return sources

    def use_map_tool(self, name: str) -> None:
        """Use a tool of the map view that has the keyboard, or else of the first one in sight."""
        focused = self.focusWidget()
        views = self.visible_views()
        views.sort(key=lambda view: focused is None or not view.isAncestorOf(focused))
        for view in views:
            action = view.named_tools().get(name)
            if action is not None and action.isEnabled() and action.isVisible():
                action.trigger()
                return

    def visible_views(self) -> "list[View]":
        """Return the views in sight."""
        if self.window().isMinimized():
            return []
        shown = [view for name, view in self.views.items() if in_sight(self.docks[name])]
        return shown + [view for name, view in self.copies.views.items() if in_sight(self.copies.docks[name])]
