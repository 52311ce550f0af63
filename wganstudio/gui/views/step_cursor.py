"""StepCursor: a vertical line at the shown step of a plot over the steps of a run."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Signal, Slot

from wganstudio.figures.abscissa import STEPS, Abscissa
from wganstudio.figures.style import Palette
from wganstudio.gui.views.scales import Scales


class StepCursor(QObject):
    """The line can be dragged; it is dashed while it follows the run."""

    moved = Signal(float)
    """Emitted with the step to which the user has moved the cursor."""

    def __init__(self, plot: pg.PlotItem, canvas: pg.GraphicsLayoutWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._box = plot.getViewBox()
        self._scales, self._abscissa = Scales(), STEPS
        self._color, self._pinned = "", False
        self.line = pg.InfiniteLine(angle=90, movable=True)
        self.line.setZValue(7)  # above the labels of costs
        self.line.setCursor(Qt.CursorShape.SizeHorCursor)
        self.line.setToolTip("The shown step. Drag it, or double-click the plot, to show another one.")
        self.line.hide()
        self.line.sigDragged.connect(self._dragged)
        canvas.scene().sigMouseClicked.connect(self._clicked)
        plot.addItem(self.line, ignoreBounds=True)

    @property
    def step(self) -> float | None:
        """The step at which the cursor is; None where it is hidden."""
        return self._step_at(self.line.value()) if self.line.isVisible() else None

    def set_axis(self, scales: Scales, abscissa: Abscissa) -> None:
        """Use other positions of the steps."""
        self._scales, self._abscissa = scales, abscissa

    def show_at(self, step: int | None, *, pinned: bool) -> None:
        """Show the cursor at a step, or hide it."""
        place = None if step is None else self._place(step)
        self.line.setVisible(place is not None)
        if place is not None:
            self.line.setValue(place)
        if pinned != self._pinned:
            self._pinned = pinned
            self._set_pen()

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self._color = palette.foreground
        self._set_pen()

    def _set_pen(self) -> None:
        style = Qt.PenStyle.SolidLine if self._pinned else Qt.PenStyle.DashLine
        self.line.setPen(pg.mkPen(self._color, width=1, style=style))
        self.line.setHoverPen(pg.mkPen(self._color, width=3))

    def _place(self, step: float) -> float | None:
        place = float(self._scales.x(self._abscissa.at(np.array([step], float)))[0])
        return place if np.isfinite(place) else None

    def _step_at(self, place: float) -> float:
        return self._abscissa.step_at(self._scales.x_at(place))

    @Slot(object)
    def _dragged(self, line: pg.InfiniteLine) -> None:
        self.moved.emit(self._step_at(line.value()))

    @Slot(object)
    def _clicked(self, event: Any) -> None:
        position = event.scenePos()
        if event.double() and self._box.sceneBoundingRect().contains(position):
            self.moved.emit(self._step_at(self._box.mapSceneToView(position).x()))
            event.accept()
