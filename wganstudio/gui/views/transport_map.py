"""MapView: where a solver's map carries one law, beside the law that it should come to."""

from collections.abc import Hashable
from html import escape
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from wganstudio.figures.map_diagnostics import DIRECTIONS
from wganstudio.figures.style import ERROR_ALPHA, SCATTER_MAP, UNIT_COLOR
from wganstudio.figures.transport_map.figure import TransportMap
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_items import (
    THICK,
    Remarks,
    configure_plot,
    set_axis_labels,
    theme_axes,
    translucent,
)
from wganstudio.session import RunRecord

MEANING = (
    "How far samples are carried, and how far off their true ends where those are known, with the true "
    "map's unexplained variance (UVP). How far mean and covariance of what the map makes are from the "
    "law's, and in brackets what chance alone would make of that. The least second difference of the "
    "potential along segments between samples of P, over the mean of their sizes."
)
SHADES = 64
REACH = 9
"""Pixels within which the mouse finds a point."""


class MapView(FrameView):
    """A regular grid and samples as they are carried, over samples of the other law; over a line a curve."""

    name: ClassVar[str] = "map"
    title: ClassVar[str] = "Map"
    beside: ClassVar[str] = "landscape"
    invitation: ClassVar[str] = "Press Run: the map appears here, for transport at the squared distance."
    hint: ClassVar[str] = "Point at a carried sample to read how far it came."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.direction = QComboBox()
        for to, text in DIRECTIONS.items():
            self.direction.addItem(text, to)
        self.direction.setToolTip("The map that is shown: from P to Q, or from Q to P.")
        self.direction.setAccessibleName("Direction of the map")
        self.direction.currentIndexChanged.connect(self._turned)
        self.key = QLabel()
        self.key.setToolTip("Samples of the law that the map leads to, and true ends where they are known.")
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(self.direction)
        bar.addWidget(self.key)
        bar.addWidget(self.frames, 1)
        self.column.insertLayout(0, bar)
        self.plot = configure_plot(self.canvas.addPlot(row=0, col=0))
        self.box = self.plot.getViewBox()
        self.target = pg.ScatterPlotItem(size=3.5, pen=None, pxMode=True)
        self.grid = pg.PlotCurveItem(connect="finite", antialias=True)
        self.misses = pg.PlotCurveItem(connect="finite", antialias=True)
        self.true = pg.ScatterPlotItem(size=7, brush=None, pxMode=True)
        self.ends = pg.ScatterPlotItem(size=5, pen=None, pxMode=True)
        self.here = pg.PlotCurveItem(connect="finite", antialias=True)
        for item in (self.target, self.grid, self.misses, self.true, self.ends, self.here):
            self.plot.addItem(item, ignoreBounds=True)
        colors = pg.colormap.get(SCATTER_MAP)
        self.bar = pg.ColorBarItem(width=12, interactive=False, colorMap=colors, colorMapMenu=False)
        self.bar.axis.setWidth(54)
        self.bar.axis.enableAutoSIPrefix(False)
        self.canvas.addItem(self.bar, row=0, col=1)
        self._brushes = [pg.mkBrush(color) for color in colors.getLookupTable(nPts=SHADES)]
        self.remarks = Remarks()
        self.remarks.setTextFormat(Qt.TextFormat.RichText)
        self.remarks.setToolTip(MEANING)
        self.column.insertWidget(2, self.remarks)
        self._watch_zoom(self.box)
        self.set_dark(False)

    @property
    def to(self) -> str:
        """The law that the chosen map leads to."""
        return str(self.direction.currentData())

    def _turned(self, _: int) -> None:
        self.following = True
        self._restyle()
        self._chosen()

    def _state(self, record: RunRecord) -> Hashable:
        return super()._state(record), record.last("mean_q"), record.last("gap")

    def _derive(self, record: RunRecord) -> TransportMap | None:
        figure = TransportMap.from_record(record, self.frames.step, to=self.to)
        if figure is not None and figure.to != self.to:
            with QSignalBlocker(self.direction):
                self.direction.setCurrentIndex(self.direction.findData(figure.to))
            self._restyle()
        return figure

    def _message(self) -> str:
        record = self.record
        if record is None or record.frame is None:
            return super()._message()
        return "This solver has no map; those have whose cost is the squared distance of points."

    def _draw(self, figure: TransportMap) -> None:
        self.box.setAspectLocked(not figure.line)
        set_axis_labels(self.plot, *figure.labels)
        self.target.setData(*figure.target.T)
        self.grid.setData(*figure.grid.T)
        self.misses.setData(*figure.error_lines.T)
        self.true.setData(*figure.true.T)
        low, high = figure.scale.low, figure.scale.high
        brushes = [
            self._brushes[int(share)] for share in (figure.displacements - low) / (high - low) * (SHADES - 1)
        ]
        self.ends.setData(*figure.ends.T, brush=brushes)
        for to in DIRECTIONS:
            self._offer(to, there=to in figure.available)
        self.bar.setLevels((low, high))
        self.bar.axis.setLabel(figure.scale.label)
        self._tell(figure)
        self._leave()

    def _offer(self, to: str, *, there: bool) -> None:
        """Let a direction be chosen only where there is a map."""
        model = self.direction.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.direction.findData(to)).setEnabled(there)

    def _tell(self, figure: TransportMap) -> None:
        lines = [escape(one) for one in figure.summary_lines]
        color = self.palette_.warning
        lines[:0] = [f'<span style="color:{color}">{escape(one)}</span>' for one in figure.warnings]
        self.remarks.setText("<br>".join(lines))
        marks = (
            [(self.palette_.distribution(figure.to), "\u25cf", figure.to.upper())]
            if len(figure.target)
            else []
        )
        marks += [(self.palette_.truth, "\u25cb", "true")] if len(figure.true) else []
        self.key.setText(
            " ".join(f'<span style="color:{color}">{mark}</span> {name}' for color, mark, name in marks)
        )

    def _restyle(self) -> None:
        palette = self.palette_
        for plot in (self.plot, self.bar):
            theme_axes(plot, palette)
        self.target.setBrush(translucent(palette.distribution(self.to), 0.45))
        self.grid.setPen(pg.mkPen(palette.faint, width=1))
        self.misses.setPen(pg.mkPen(translucent(palette.truth, ERROR_ALPHA), width=1))
        self.true.setPen(pg.mkPen(palette.truth, width=1))
        self.here.setPen(pg.mkPen(UNIT_COLOR, width=THICK))
        if isinstance(self._drawn, TransportMap):
            self._tell(self._drawn)

    def _hover(self, place: Any) -> None:
        if not isinstance(self._drawn, TransportMap) or not self.box.sceneBoundingRect().contains(place):
            return self._leave()
        at, (wide, high) = self.box.mapSceneToView(place), self.box.viewPixelSize()
        number = self._drawn.pick(at.x(), at.y(), (REACH * wide, REACH * high))
        if number is None:
            return self._leave()
        self.readout.setText(self._drawn.describe(number))
        self.here.setData(*np.stack((self._drawn.starts[number], self._drawn.ends[number]), axis=1))
        self.here.show()
        return None

    def _leave(self) -> None:
        self.readout.setText(self.hint)
        self.here.hide()
