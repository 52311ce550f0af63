"""WindowLayout: the default positions of the panels and views, and how an arrangement is remembered."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.docks import Dock

SIZE = QSize(1440, 900)
NARROW = 210
"""Width in characters below which the list of runs is placed beside the log, not beside the views."""


class WindowLayout:
    """Positions of the form, the list of runs, the log and the views."""

    def __init__(
        self, window: QMainWindow, form: Dock, runs: Dock, log: Dock, area: ViewArea, settings: Settings
    ) -> None:
        self._window = window
        self._form, self._runs, self._log = form, runs, log
        self._area = area
        self._settings = settings

    def reset(self) -> None:
        """Put the form left, the runs right, the log below and the views in the middle."""
        window, metrics = self._window, self._window.fontMetrics()
        width, height = metrics.averageCharWidth(), metrics.lineSpacing()
        left, right, bottom = (
            Qt.DockWidgetArea.LeftDockWidgetArea,
            Qt.DockWidgetArea.RightDockWidgetArea,
            Qt.DockWidgetArea.BottomDockWidgetArea,
        )
        narrow = window.width() < width * NARROW
        for dock, area in (
            (self._form, left),
            (self._log, bottom),
            (self._runs, bottom if narrow else right),
        ):
            dock.setFloating(False)
            window.addDockWidget(area, dock)
            dock.show()
        sides: list[QDockWidget] = [self._form, self._runs]
        window.resizeDocks(sides, [width * 48, width * 36], Qt.Orientation.Horizontal)
        window.resizeDocks([self._log], [height * 7], Qt.Orientation.Vertical)
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
