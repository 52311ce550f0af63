"""LandscapeView: the critic on the plane with contours and samples, or over a line."""

from typing import Any, ClassVar

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from wganstudio.figures import style
from wganstudio.figures.contours import join_lines
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.base import clipped
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.plot_items import (
    PlaneMap,
    color_of,
    configure_plot,
    legend,
    set_axis_labels,
    theme_axes,
    theme_legend,
    translucent,
)
from wganstudio.session import RunRecord


class LandscapeView(FrameView):
    """The critic u: image and contours on the plane, samples of both laws over it."""

    name: ClassVar[str] = "landscape"
    title: ClassVar[str] = "Critic landscape"
    invitation: ClassVar[str] = "Press Run: the critic appears here."
    hint: ClassVar[str] = "Point at the picture to read x, u, |∇u| and σ."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.truth = QCheckBox("Truth's contours")
        self.samples = QCheckBox("Samples")
        self.samples.setChecked(True)
        bar = QHBoxLayout()
        bar.setSpacing(10)
        for widget in (self.truth, self.samples):
            bar.addWidget(widget)
        bar.addWidget(self.frames, 1)
        self.column.insertLayout(0, bar)
        self.picture: PlanePicture | LinePicture | None = None
        self.truth.toggled.connect(self._chosen)
        self.samples.toggled.connect(self._chosen)
        self.set_dark(False)

    def _derive(self, record: RunRecord) -> Landscape | None:
        return Landscape.from_record(
            record, self.frames.step, show_truth=self.truth.isChecked(), show_samples=self.samples.isChecked()
        )

    def _draw(self, figure: Landscape) -> None:
        self._follow(self.record)
        self.truth.setEnabled(figure.potential is not None)
        self.truth.setText("Truth" if figure.grid.is_line else "Truth's contours")
        self.truth.setToolTip(
            "The exact potential, shifted to the mean of u."
            if figure.potential is not None
            else "The exact potential of this pair is not known."
        )
        kind = LinePicture if figure.grid.is_line else PlanePicture
        if not isinstance(self.picture, kind):
            self.canvas.clear()
            self.picture = kind(self.canvas)
            self._watch_zoom(self.picture.box)
            self._restyle()
        self.picture.draw(figure)

    def _show_ranges(self, figure: Landscape) -> None:
        if self.picture is not None:
            self.picture.box.setRange(xRange=figure.x_range, yRange=figure.y_range, padding=0)

    def _ranges(self) -> dict[str, Range]:
        if self.picture is None or not isinstance(self._drawn, Landscape):
            return {}
        x, y = self.picture.box.viewRange()
        whole = self._drawn.grid.extent
        y = tuple(y) if self._drawn.grid.is_line else clipped(tuple(y), whole[2:])
        return {"x": clipped(tuple(x), whole[:2]), "y": y}

    def _restyle(self) -> None:
        if self.picture is not None:
            self.picture.set_palette(self.palette_)

    def _hover(self, place: Any) -> None:
        if self.picture is None or not isinstance(self._drawn, Landscape):
            return
        if not self.picture.box.sceneBoundingRect().contains(place):
            return self._leave()
        at = self.picture.box.mapSceneToView(place)
        readout = self._drawn.readout(at.x(), at.y())
        self.readout.setText(self.hint if readout is None else readout.text)

    def _leave(self) -> None:
        self.readout.setText(self.hint)


class PlanePicture:
    """The landscape over a plane."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget) -> None:
        self.map = PlaneMap(canvas, 0, 0, style.FIELD_MAP)
        self.box = self.map.plot.getViewBox()
        self.contours = self.map.lines(style.CONTOUR_COLOR)
        self.truth_contours = self.map.lines(style.TRUTH_CONTOUR_COLOR)
        self.samples = {}
        self.legend = legend(
            self.map.plot, (-6, 6), brush=translucent("#ffffff", 0.8), labelTextColor="#202124", verSpacing=-6
        )
        for law, color in (("P", style.SAMPLE_P), ("Q", style.SAMPLE_Q)):
            dots = pg.ScatterPlotItem(
                size=3.5,
                brush=QColor(color),
                pen=pg.mkPen(color_of(style.SAMPLE_RIM)),
                name=law,
                pxMode=True,
            )
            self.map.plot.addItem(dots)
            self.samples[law] = dots
        self._dotted: tuple[Float, Float] | None = None

    def draw(self, figure: Landscape) -> None:
        """Draw a landscape."""
        self.map.show(figure.grid, figure.u, figure.scale)
        for curve, lines in ((self.contours, figure.contours), (self.truth_contours, figure.truth_contours)):
            points = join_lines(lines)
            curve.setData(points[:, 0], points[:, 1])
        dotted = self._dotted or (None, None)
        self._dotted = figure.samples_p, figure.samples_q
        for dots, before, points in zip(self.samples.values(), dotted, self._dotted, strict=True):
            if points is not before:
                dots.setData(points[:, 0], points[:, 1])
        for dots in self.samples.values():
            dots.setVisible(figure.show_samples)
        self.legend.setVisible(figure.show_samples)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self.map.set_palette(palette)


class LinePicture:
    """The landscape over a line: u above, histograms of the samples below."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget) -> None:
        self.plot = configure_plot(canvas.addPlot(row=0, col=0))
        self.below = configure_plot(canvas.addPlot(row=1, col=0))
        self.below.setXLink(self.plot)
        self.below.setMouseEnabled(y=False)
        self.box = self.plot.getViewBox()
        canvas.ci.layout.setRowStretchFactor(0, 3)
        canvas.ci.layout.setRowStretchFactor(1, 1)
        self.legends = [legend(self.plot, (-6, 6)), legend(self.below, (-6, 4), colCount=2)]
        self.u = self.plot.plot(name="critic u", antialias=True)
        self.truth = pg.PlotDataItem(antialias=True)
        self.bars = {law: self.below.plot(stepMode="center", fillLevel=0, name=law) for law in "PQ"}
        for plot in (self.plot, self.below):
            plot.getAxis("left").setWidth(58)

    def draw(self, figure: Landscape) -> None:
        """Draw a landscape."""
        set_axis_labels(self.plot, "", figure.y_label)
        set_axis_labels(self.below, figure.grid.labels[0], "density")
        self.u.setData(figure.grid.x, figure.u)
        if figure.show_truth and figure.potential is not None:
            self.truth.setData(figure.grid.x, figure.potential)
        if figure.show_truth != (self.truth in self.plot.items):
            (self._add_truth if figure.show_truth else self.plot.removeItem)(self.truth)
        if figure.histogram is not None:
            edges = figure.histogram.edges
            for bars, heights in zip(
                self.bars.values(), (figure.histogram.p, figure.histogram.q), strict=True
            ):
                bars.setData(edges, heights)
            top = max(figure.histogram.p.max(), figure.histogram.q.max(), 1e-9)
            self.below.getViewBox().setYRange(0, 1.3 * top, padding=0)
        self.below.setVisible(figure.show_samples)

    def _add_truth(self, truth: pg.PlotDataItem) -> None:
        self.plot.addItem(truth)
        self.legends[0].addItem(truth, "exact potential")

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        for plot in (self.plot, self.below):
            theme_axes(plot, palette)
        self.u.setPen(pg.mkPen(palette.foreground, width=1))
        self.truth.setPen(pg.mkPen(palette.truth, width=1, style=Qt.PenStyle.DashLine))
        for bars, color in zip(self.bars.values(), (palette.p, palette.q), strict=True):
            bars.setPen(pg.mkPen(color, width=1))
            bars.setFillBrush(translucent(color, 0.35))
        for box in self.legends:
            theme_legend(box, palette)
