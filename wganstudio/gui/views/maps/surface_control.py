"""SurfaceControl: opens the surface of a map, and keeps it as the map is."""

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction

from wganstudio.figures.base import StepFigure
from wganstudio.figures.color_scales import scales_of
from wganstudio.gui.views.maps.host import MapHost
from wganstudio.gui.views.maps.surface_dialog import SurfaceDialog, surface_problem

INTERVAL_MS = 100
"""Time between two updates of the surface while frames arrive."""


class SurfaceControl(QObject):
    """The surface of the first map of a view, in its step and its colors."""

    def __init__(self, view: MapHost) -> None:
        super().__init__(view)
        self._view = view
        self.dialog: SurfaceDialog | None = None
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._draw)
        self.action = QAction("3-D surface\u2026", view)
        self.action.setToolTip("Show the map as a surface that you turn, in a window of its own.")
        self.action.triggered.connect(self.open)

    @Slot()
    def open(self) -> None:
        """Show the surface, or say why there is none."""
        if problem := surface_problem():
            self._view.say(problem)
            return
        if self.dialog is None:
            self.dialog = SurfaceDialog(self._view, self._view.title)
            self.dialog.set_palette(self._view.palette_)
            self.dialog.finished.connect(self.close)
        self._draw()
        self.dialog.show()
        self.dialog.raise_()

    @Slot()
    def close(self) -> None:
        """Remove the surface."""
        self._timer.stop()
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def refresh(self) -> None:
        """Follow the map that has been drawn, soon."""
        self.action.setEnabled(self._view.has_fields and bool(self._view.scale_bars))
        if self.dialog is not None and not self._timer.isActive():
            self._timer.start()

    def set_dark(self) -> None:
        """Take the theme of the view."""
        if self.dialog is not None:
            self.dialog.set_palette(self._view.palette_)

    @Slot()
    def _draw(self) -> None:
        drawn = self._view.drawn
        fields = drawn.plane_fields() if isinstance(drawn, StepFigure) else ()
        if self.dialog is not None and fields and isinstance(drawn, StepFigure):
            self.dialog.show_field(fields[0], next(iter(scales_of(drawn).values())), drawn.step)
