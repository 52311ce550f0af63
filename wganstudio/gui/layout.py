"""WindowLayout: the default positions of the panels and views, and how an arrangement is remembered."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.docks import Dock, Side

SIZE = QSize(1440, 900)
AREAS: dict[Side, Qt.DockWidgetArea] = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
WIDTHS: dict[Side, int] = {"left": 48, "right": 36}
"""Widths of the panels at the sides, in characters."""
NARROW = 210
"""Width in characters below which the list of runs is placed beside the log, not beside the views."""


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
        """Put every panel at its side, those of one side as tabs, and the views in the middle."""
        window, metrics = self._window, self._window.fontMetrics()
        width, height = metrics.averageCharWidth(), metrics.lineSpacing()
        narrow = window.width() < width * NARROW
        sides: dict[Side, list[QDockWidget]] = {}
        for dock in self._docks.values():
            side = "bottom" if narrow and dock.side == "right" else dock.side
            dock.setFloating(False)
            window.addDockWidget(AREAS[side], dock)
            if side in sides and dock.side == side:
                window.tabifyDockWidget(sides[side][0], dock)
            sides.setdefault(side, []).append(dock)
            dock.setVisible(dock.shown)
        for docks in sides.values():
            docks[0].raise_()
        columns = [sides[side][0] for side in WIDTHS if side in sides]
        widths = [width * WIDTHS[side] for side in WIDTHS if side in sides]
        window.resizeDocks(columns, widths, Qt.Orientation.Horizontal)
        window.resizeDocks(sides["bottom"], [height * 7] * len(sides["bottom"]), Qt.Orientation.Vertical)
        self._area.reset_layout()

    def restore(self) -> None:
        """Restore the remembered arrangement of the window, or the default."""
        window = self._window
        window.resize(window.screen().availableGeometry().size().boundedTo(SIZE))
        window.restoreGeometry(self._settings.bytes("geometry"))
        self.reset()
        window.restoreState(self._settings.bytes("window"))

    def restore_views(self) -> None:
        """Restore the remembered arrangement of the views, once they exist."""
        self._area.restore(self._settings.bytes("views"))

    def save(self) -> None:
        """Remember the present arrangement."""
        self._settings.put_bytes("geometry", self._window.saveGeometry())
        self._settings.put_bytes("window", self._window.saveState())
        if self._area.views:
            self._settings.put_bytes("views", self._area.saveState())
        self._settings.save()
