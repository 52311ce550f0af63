"""WindowLayout: the default positions of the panels and views, and how an arrangement is remembered."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow

from wganstudio.gui.screen_fit import is_low, is_narrow
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.arrangement import Columns
from wganstudio.gui.widgets.docks import Dock, Side

SIZE = QSize(1440, 900)
AREAS: dict[Side, Qt.DockWidgetArea] = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
WIDTHS: dict[Side, int] = {"left": 48, "right": 36}
"""Widths of the panels at the sides, in characters."""
FORM_SHARE = [62, 38]
"""Shares of the height of the left side: the form, and the panels below it."""


class WindowLayout:
    """Positions of the panels and the views."""

    def __init__(
        self, window: QMainWindow, docks: Mapping[str, Dock], area: ViewArea, settings: Settings
    ) -> None:
        self._window = window
        self._docks = docks
        self._area = area
        self._settings = settings

    def reset(self) -> None:
        """Put every panel at its side, and the views in the middle, as the size of the window allows."""
        self._window.setUpdatesEnabled(False)
        try:
            self._place_panels()
            self._area.reset_layout()
        finally:
            self._window.setUpdatesEnabled(True)

    def arrange(self, columns: Columns, *, panels: bool) -> None:
        """Show the named views in columns of rows of tabs; the panels in their places, or hidden."""
        self._window.setUpdatesEnabled(False)
        try:
            self._place_panels()
            for dock in self._docks.values():
                dock.setVisible(panels and dock.shown)
            self._area.arrange(columns)
        finally:
            self._window.setUpdatesEnabled(True)

    def save_named(self, key: str) -> None:
        """Keep the present arrangement under a key of the settings."""
        self._settings.put_bytes(f"{key}/window", self._window.saveState())
        self._settings.put_bytes(f"{key}/views", self._area.saveState())
        self._settings.put(f"{key}/further-views", self._area.copies.open_names())

    def restore_named(self, key: str) -> None:
        """Restore an arrangement that was kept under a key."""
        self._window.setUpdatesEnabled(False)
        try:
            self._window.restoreState(self._settings.bytes(f"{key}/window"))
            further = self._settings.get(f"{key}/further-views", "")
            self._area.restore(self._settings.bytes(f"{key}/views"), further)
        finally:
            self._window.setUpdatesEnabled(True)

    def _place_panels(self) -> None:
        window, width = self._window, self._window.fontMetrics().averageCharWidth()
        narrow, low = is_narrow(window), is_low(window)
        sides: dict[Side, list[Dock]] = {}
        for dock in self._docks.values():
            if dock.isFloating():
                dock.setFloating(False)
            window.removeDockWidget(dock)  # otherwise Qt leaves tabs of the former place
        for dock in self._docks.values():
            window.addDockWidget(AREAS["left" if narrow and dock.side == "right" else dock.side], dock)
            sides.setdefault(dock.side, []).append(dock)
        for docks in sides.values():
            for dock in docks[1:]:
                self._place_behind(docks[0], dock)
        left, right = (sides.get(side, []) for side in WIDTHS)
        stacked = narrow and bool(left and right)
        if stacked and low:
            for dock in right:
                window.tabifyDockWidget(left[0], dock)
        elif stacked:
            window.splitDockWidget(left[0], right[0], Qt.Orientation.Vertical)
            for dock in right[1:]:
                window.tabifyDockWidget(right[0], dock)
        for dock in self._docks.values():
            dock.setVisible(dock.shown)
        for docks in (right, left):
            if docks:
                docks[0].raise_()
        columns = [*left[:1], *([] if stacked else right[:1])]
        widths = [width * WIDTHS[dock.side] for dock in columns]
        window.resizeDocks([*columns], widths, Qt.Orientation.Horizontal)
        if stacked and not low:
            window.resizeDocks([left[0], right[0]], FORM_SHARE, Qt.Orientation.Vertical)

    def _place_behind(self, first: Dock, dock: Dock) -> None:
        """Make panels of one side tabs; those at the bottom are low, and stand one below the other."""
        if dock.side == "bottom":
            self._window.splitDockWidget(first, dock, Qt.Orientation.Vertical)
        else:
            self._window.tabifyDockWidget(first, dock)

    def restore(self) -> None:
        """Restore the remembered arrangement of the window, or the default."""
        window = self._window
        window.resize(window.screen().availableGeometry().size().boundedTo(SIZE))
        window.restoreGeometry(self._settings.bytes("geometry"))
        self.reset()
        window.restoreState(self._settings.bytes("window"))
        if not self._fits_screen():
            self.reset()
        if (layout := window.layout()) is not None:
            layout.activate()  # or the default arrangement still says how small the window may be
        window.resize(window.size().boundedTo(window.screen().availableGeometry().size()))

    def _fits_screen(self) -> bool:
        """Return False if an arrangement of a larger screen would make the window larger than this one."""
        room, least = self._window.screen().availableGeometry(), self._window.minimumSizeHint()
        return least.width() <= room.width() and least.height() <= room.height()

    def restore_views(self) -> None:
        """Restore the remembered arrangement of the views, once they exist."""
        self._area.restore(self._settings.bytes("views"), self._settings.get("further-views", ""))
        for name, view in self._area.views.items():
            view.restore_settings(self._settings.mapping(f"view/{name}"))

    def save(self) -> None:
        """Remember the present arrangement."""
        self._settings.put_bytes("geometry", self._window.saveGeometry())
        self._settings.put_bytes("window", self._window.saveState())
        if self._area.views:
            self._settings.put_bytes("views", self._area.saveState())
            self._settings.put("further-views", self._area.copies.open_names())
        for name, view in self._area.views.items():
            self._settings.put_mapping(f"view/{name}", view.view_settings())
        self._settings.save()
