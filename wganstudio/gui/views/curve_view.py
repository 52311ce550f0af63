"""CurveView: a view of curves over the steps, with a cursor at the shown step."""

import math
from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Signal, Slot

from wganstudio.figures import Figure
from wganstudio.figures.accuracy.figure import Accuracy
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.step_values import values_text
from wganstudio.figures.style import Palette
from wganstudio.gui.views.base import View
from wganstudio.gui.widgets.plain_text import Label


class CurveView(View):
    """A view of curves. Dragging its cursor, or a double click, moves the shown step of all views.

    The subclass calls `_add_cursor`.
    """

    logarithmic_steps: ClassVar[bool] = False
    """True where the horizontal axis is log10 of the steps."""
    step_cursor: "StepCursor"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.readout = Label()
        self.readout.setMinimumWidth(1)
        self.readout.setWordWrap(True)
        self.readout.hide()

    def _add_cursor(self, plot: pg.PlotItem) -> None:
        """Put the cursor into the plot, and the readout below the summary."""
        self.step_cursor = StepCursor(plot, self.canvas, self, logarithmic=self.logarithmic_steps)
        self.step_cursor.moved.connect(self.step_wanted)
        self.column.addWidget(self.readout)

    def set_dark(self, dark: bool) -> None:
        """Change the theme."""
        super().set_dark(dark)
        self.step_cursor.set_palette(self.palette_)

    def _show(self, figure: Figure) -> None:
        super()._show(figure)
        self._show_step()

    def _show_step(self) -> None:
        record, step = self.record, self.shown_step
        critic = None if record is None else record.snapshot("critic")
        newest = None if critic is None else critic.step
        self.step_cursor.show_at(newest if step is None else step, pinned=step is not None)
        curves = self.drawn if isinstance(self.drawn, Costs | Accuracy) else None
        text = "" if curves is None or step is None else values_text(curves, step)
        self.readout.setText(text)
        self.readout.setVisible(bool(text))


class StepCursor(QObject):
    """A vertical line at the shown step, which can be dragged; dashed while it follows the run."""

    moved = Signal(float)
    """Emitted with the step to which the user has moved the cursor."""

    def __init__(
        self, plot: pg.PlotItem, canvas: pg.GraphicsLayoutWidget, parent: QObject, *, logarithmic: bool
    ) -> None:
        super().__init__(parent)
        self._box, self._logarithmic = plot.getViewBox(), logarithmic
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
        if not self._logarithmic:
            return float(step)
        return math.log10(step) if step > 0 else None

    def _step_at(self, place: float) -> float:
        return float(10.0 ** min(place, 300.0)) if self._logarithmic else place

    @Slot(object)
    def _dragged(self, line: pg.InfiniteLine) -> None:
        self.moved.emit(self._step_at(line.value()))

    @Slot(object)
    def _clicked(self, event: Any) -> None:
        position = event.scenePos()
        if event.double() and self._box.sceneBoundingRect().contains(position):
            self.moved.emit(self._step_at(self._box.mapSceneToView(position).x()))
            event.accept()
