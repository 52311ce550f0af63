"""Layout: where the window's panels stand at first, and how that is remembered."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget

if TYPE_CHECKING:
    from wganstudio.gui.window import MainWindow

SIZE = QSize(1440, 900)
NARROW = 210
"""Characters that a window must be wide to have the runs beside the views."""


def reset(window: "MainWindow") -> None:
    """Every panel and view in its place: form left, runs right, log below, views in the middle."""
    width, height = window.fontMetrics().averageCharWidth(), window.fontMetrics().lineSpacing()
    left, right, bottom = (
        Qt.DockWidgetArea.LeftDockWidgetArea,
        Qt.DockWidgetArea.RightDockWidgetArea,
        Qt.DockWidgetArea.BottomDockWidgetArea,
    )
    narrow = (
        window.width() < width * NARROW
    )  # then the runs stand beside the log, and the views have the width
    form, runs, log = window.form_dock, window.runs_dock, window.log_dock
    for dock, area in ((form, left), (log, bottom), (runs, bottom if narrow else right)):
        dock.setFloating(False)
        window.addDockWidget(area, dock)
        dock.show()
    sides: list[QDockWidget] = [form, runs]
    window.resizeDocks(sides, [width * 48, width * 36], Qt.Orientation.Horizontal)
    window.resizeDocks([log], [height * 7], Qt.Orientation.Vertical)
    window.area.reset_layout()


def restore(window: "MainWindow") -> None:
    """The remembered place and arrangement, or the default ones; the views come later by themselves."""
    window.resize(window.screen().availableGeometry().size().boundedTo(SIZE))
    window.restoreGeometry(window.settings.bytes("geometry"))
    reset(window)
    window.restoreState(window.settings.bytes("window"))


def remember(window: "MainWindow") -> None:
    """Write down place and arrangement."""
    window.settings.put_bytes("geometry", window.saveGeometry())
    window.settings.put_bytes("window", window.saveState())
    if window.area.views:
        window.settings.put_bytes("views", window.area.saveState())
    window.settings.save()
