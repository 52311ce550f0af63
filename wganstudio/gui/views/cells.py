"""CellsView: which atom takes the mass where, and whether the gradient of the cost exists."""

from collections.abc import Hashable
from html import escape
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from wganstudio.figures.cells.dual import dual_from_frame
from wganstudio.figures.cells.figure import ARROW_LABELS, DASHED, Cells
from wganstudio.figures.cells.gradients import MAX_SOLVED_ATOMS, epsilon_choices
from wganstudio.figures.frames import plane_frame
from wganstudio.figures.types import Range
from wganstudio.gui.views.base import clipped
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_items import (
    THICK,
    Pictures,
    Remarks,
    configure_plot,
    set_axis_labels,
    theme_axes,
)
from wganstudio.session import RunRecord

WIDE = 4
"""Pixels of the true gradient's arrows: they show beside the automatic ones that lie over them."""
GLYPHS = {"true": "\u2501", "automatic": "\u2501", "across_border": "\u2505"}


class CellsView(FrameView):
    """Cells in soft colors, atoms and samples over them, arrows of both gradients, and eps on a slider."""

    name: ClassVar[str] = "cells"
    title: ClassVar[str] = "Cells and gradients"
    beside: ClassVar[str] = "landscape"
    invitation: ClassVar[str] = (
        "Press Run: with the semi-discrete solver, the cells of its atoms and the gradients of the cost "
        "appear here."
    )
    hint: ClassVar[str] = "Point at the picture to read which atom takes the mass there."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epsilon = QSlider(Qt.Orientation.Horizontal)
        self.epsilon.setAccessibleName("Entropy eps of the picture")
        self.epsilon.setMinimumWidth(50)
        self.epsilon.valueChanged.connect(self._chosen)
        self.told = QLabel()
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.told)
        bar.addWidget(self.epsilon, 1)
        bar.addWidget(self.frames, 1)
        self.column.insertLayout(0, bar)
        self._entropies: list[float] = []
        self._of_run: float | None = None
        self._offered: RunRecord | None = None
        self.plot = configure_plot(self.canvas.addPlot(row=0, col=0))
        self.box = self.plot.getViewBox()
        self.image = pg.ImageItem(axisOrder="row-major")
        self.borders = pg.PlotCurveItem(connect="finite", antialias=True)
        self.samples = pg.ScatterPlotItem(size=4, pxMode=True)
        self.atoms = pg.ScatterPlotItem(symbol="d", pxMode=True)
        self.here = pg.ScatterPlotItem(size=18, symbol="o", brush=None, pxMode=True)
        for item in (self.image, self.borders, self.samples, self.atoms, self.here):
            self.plot.addItem(item, ignoreBounds=True)
        self.arrows = {name: self.plot.plot(connect="finite", antialias=True) for name in ARROW_LABELS}
        self.remarks = Remarks()
        self.remarks.setTextFormat(Qt.TextFormat.RichText)
        self.column.insertWidget(2, self.remarks)
        self._watch_zoom(self.box)
        self.set_dark(False)

    def set_record(self, record: RunRecord | None) -> None:
        """Show another run, or none."""
        self._offered = None
        super().set_record(record)

    def _pictures(self, record: RunRecord) -> Pictures:
        """Of many atoms the kept ones alone while the run goes on: a live one would take too long."""
        frame = record.frame
        if (
            record.state != "running"
            or frame is None
            or len(frame.arrays.get("atoms", ())) <= MAX_SOLVED_ATOMS
        ):
            return super()._pictures(record)
        return Pictures(record.frames[max(record.frames)] if record.frames else None, record.frames)

    def _state(self, record: RunRecord) -> Hashable:
        self._follow(record)
        return id(record.scene), id(self._pictures(record).newest), self.frames.step, record.state

    def _derive(self, record: RunRecord) -> Cells | None:
        newest = self._pictures(record).newest
        self._offer(record)
        step = newest.step if newest is not None and self.frames.step is None else self.frames.step
        return Cells.from_record(record, step, epsilon=self._epsilon)

    @property
    def _epsilon(self) -> float | None:
        """That of the slider; None for the run's."""
        value = self._entropies[self.epsilon.value()] if self._entropies else self._of_run
        return None if value == self._of_run else value

    def _offer(self, record: RunRecord) -> None:
        """Give the slider the run's eps and others around it, once a run has told its atoms."""
        frame = plane_frame(record)
        dual = None if frame is None else dual_from_frame(frame.arrays, record.experiment.solver.ground)
        if dual is None or self._offered is record:
            return
        self._offered = record
        few = len(dual.psi) <= MAX_SOLVED_ATOMS
        self._of_run = dual.epsilon
        self._entropies = epsilon_choices(dual) if few else []
        self.epsilon.blockSignals(True)
        self.epsilon.setRange(0, max(len(self._entropies) - 1, 0))
        self.epsilon.setValue(self._entropies.index(dual.epsilon) if few else 0)
        self.epsilon.blockSignals(False)
        self.epsilon.setEnabled(few)
        wide = max((_told(one, dual.epsilon) for one in self._entropies), key=len, default="")
        self.told.setMinimumWidth(
            self.told.fontMetrics().horizontalAdvance(wide)
        )  # the slider stays in place
        self.epsilon.setToolTip(
            "Solve ψ anew at another entropy ε, for this picture's Q; at the left end ε = 0."
            if few
            else f"ψ is solved anew for up to {MAX_SOLVED_ATOMS} atoms; this run has {len(dual.psi):,}."
        )

    def _message(self) -> str:
        record = self.record
        if record is None or record.frame is None:
            return super()._message()
        return "Cells are those of semi-discrete transport on the line or the plane, to at most 4,096 atoms."

    def _draw(self, figure: Cells) -> None:
        self.told.setText(_told(figure.dual.epsilon, figure.run_epsilon if figure.resolved else None))
        self.told.setToolTip(figure.summary_lines[0])
        self.plot.setAspectLocked(not figure.grid.is_line)
        self.plot.getAxis("left").setStyle(showValues=not figure.grid.is_line)
        set_axis_labels(
            self.plot, figure.grid.labels[0], "" if figure.grid.is_line else figure.grid.labels[1]
        )
        left, right = figure.grid.extent[:2]
        low, high = figure.vertical_extent
        self._color(figure)
        self.image.setRect(QRectF(left, low, right - left, high - low))
        self.borders.setData(*figure.borders.T)
        self.samples.setData(*figure.samples.T)
        self.atoms.setData(*figure.atoms.T, size=figure.marker_sizes)
        few = len(figure.atoms) <= MAX_SOLVED_ATOMS
        self.atoms.setPen(pg.mkPen(self.palette_.foreground) if few else pg.mkPen(None))
        for name, curve in self.arrows.items():
            curve.setData(*figure.arrows[name].T)
        self._tell(figure)
        self._leave()

    def _tell(self, figure: Cells) -> None:
        palette = self.palette_
        laws = (("\u25c6", palette.p, "P"), ("\u25cf", palette.q, "Q"))
        slopes = [
            (GLYPHS[name], palette.gradient(name), text)
            for name, text in ARROW_LABELS.items()
            if len(figure.arrows[name])
        ]
        key = [
            f'<span style="color:{color}">{glyph}</span> {text}' for glyph, color, text in (*laws, *slopes)
        ]
        key.insert(len(laws), "gradient:")
        self.remarks.setText("<br>".join([" &nbsp;".join(key), *map(escape, figure.summary_lines[1:])]))

    def _color(self, figure: Cells) -> None:
        self.image.setImage((255 * figure.image(self.palette_.cells)).astype(np.uint8), autoLevels=False)

    def _ranges(self) -> dict[str, Range]:
        if not isinstance(self._drawn, Cells):
            return {}
        x, y = self.box.viewRange()
        return {
            "x": clipped(tuple(x), self._drawn.grid.extent[:2]),
            "y": clipped(tuple(y), self._drawn.vertical_extent),
        }

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        self.borders.setPen(pg.mkPen(palette.faint, width=1))
        self.samples.setBrush(pg.mkBrush(palette.q))
        self.samples.setPen(pg.mkPen(None))
        self.atoms.setBrush(pg.mkBrush(palette.p))
        self.here.setPen(pg.mkPen(palette.foreground, width=THICK))
        for name, curve in self.arrows.items():
            dashes = Qt.PenStyle.DotLine if name in DASHED else Qt.PenStyle.SolidLine
            curve.setPen(
                pg.mkPen(palette.gradient(name), width=WIDE if name == "true" else THICK, style=dashes)
            )
        if isinstance(self._drawn, Cells):
            self._draw(self._drawn)

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, Cells) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        at = self.box.mapSceneToView(place)
        told = self._drawn.readout(at.x(), at.y())
        if told is None:
            return self._leave()
        self.readout.setText(told)
        self.here.setData(pos=self._drawn.atoms[[self._drawn.cell_at(at.x(), at.y())]])

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.here.setData([], [])


def _told(epsilon: float, of_run: float | None) -> str:
    return f"ε = {epsilon:g}" + ("" if of_run is None else f", not the run's {of_run:g}")
