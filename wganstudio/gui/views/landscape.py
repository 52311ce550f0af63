"""LandscapeView: the critic as an image with contours and samples, or over a line."""

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Self

import pyqtgraph as pg
from PySide6.QtCore import QObject, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from wganstudio.figures import style
from wganstudio.figures.contours import join_lines
from wganstudio.figures.frames import plane_frame
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.landscape_difference.figure import LandscapeDifference, same_plane
from wganstudio.figures.request import FigureRequest
from wganstudio.figures.style import Palette
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.base import Area, SameObject, clip_range
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.landscape_difference import LineDifference, PlaneDifference
from wganstudio.gui.views.legend import CurveLegend, place_legend
from wganstudio.gui.views.maps.plane_map import PlaneMap
from wganstudio.gui.views.maps.scale_bar import ScaleBar
from wganstudio.gui.views.plot_items import (
    add_legend,
    add_plot,
    color_of,
    set_axis_labels,
    theme_axes,
    theme_legend,
    translucent,
)
from wganstudio.gui.views.registry import register_view
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session import RunRecord

MIN_WIDTH = 320
"""Width in pixels above which the color bar is beside the map, as it is where the pane is wider than high."""
LEGEND_TEXT = "".join(
    f'<span style="background-color:{style.LEGEND_GROUND}; color:{color}">&nbsp;\u25cf {name}&nbsp;</span>'
    for name, color in (("P", style.SAMPLE_P), ("Q", style.SAMPLE_Q))
)
"""Both kinds of samples, on a ground on which each stands out, as on the map."""
DIFFERENCE = "A − B"
"""The choice that shows the difference of two runs."""


@register_view
class LandscapeView(FrameView):
    """The critic u: an image with contours on the plane, and samples of both distributions."""

    name: ClassVar[str] = "landscape"
    title: ClassVar[str] = "Landscape"
    area: ClassVar[Area] = "main"
    position: ClassVar[int] = 10
    empty_text: ClassVar[str] = "Press Run to see the critic."
    hint: ClassVar[str] = "Point at the plot to read x, u, |∇u| and σ."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.truth = QCheckBox("True contours")
        self.samples = QCheckBox("Samples")
        self.samples.setChecked(True)
        bar = QHBoxLayout()
        bar.setSpacing(10)
        self.legend = Label(LEGEND_TEXT)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        for widget in (self.truth, self.samples, self.legend):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self.step_note)
        self.column.insertLayout(0, bar)
        self.panel: Any = None
        """One of PANELS."""
        self.truth.toggled.connect(self._settings_changed)
        self.samples.toggled.connect(self._settings_changed)
        self.set_dark(False)

    @property
    def boxes(self) -> Sequence[pg.ViewBox]:
        """The view box of the landscape, once it is drawn."""
        return () if self.panel is None else (self.panel.box,)

    @property
    def scale_bars(self) -> Sequence[ScaleBar]:
        """The color bar of the landscape; none over a line."""
        plane_map = getattr(self.panel, "map", None)
        return () if plane_map is None else (plane_map.bar,)

    def copy_settings(self, other: Self) -> None:
        """Take over what is shown, without drawing."""
        for mine, theirs in ((self.truth, other.truth), (self.samples, other.samples)):
            with QSignalBlocker(mine):
                mine.setChecked(theirs.isChecked())

    def _fits_wide(self) -> bool:
        return self.pane.width() >= min(MIN_WIDTH, 0.8 * self.pane.height())

    def _further_choices(self) -> Sequence[str]:
        frames = [plane_frame(view.record) for view in self.comparison.views[:2] if view.record is not None]
        a, b = [*frames, None, None][:2]
        return (DIFFERENCE,) if a is not None and b is not None and same_plane(a, b) else ()

    @property
    def _subtracted(self) -> RunRecord | None:
        """The run whose critic is subtracted; None while the critics are shown themselves."""
        is_chosen = self._is_main and self.compare_bar.text == DIFFERENCE and self.others
        return self.others[0] if is_chosen else None

    def _pane_title(self) -> str:
        return self.drawn.title if isinstance(self.drawn, LandscapeDifference) else super()._pane_title()

    def _cache_key(self, record: RunRecord) -> Hashable:
        other = self._subtracted
        return super()._cache_key(record), SameObject(None if other is None else other.snapshot("critic"))

    def options(self) -> dict[str, Any]:
        """Return what is shown beside the critic."""
        return {"show_truth": self.truth.isChecked(), "show_samples": self.samples.isChecked()}

    def request(self, record: RunRecord) -> FigureRequest:
        """Return what the landscape of a run, or the difference of two, is built from."""
        if (other := self._subtracted) is not None:
            return FigureRequest(LandscapeDifference.name, (record, other), self.step_of(record))
        return super().request(record)

    def _draw(self, figure: Landscape | LandscapeDifference) -> None:
        is_line, is_difference = figure.grid.is_line, isinstance(figure, LandscapeDifference)
        if isinstance(figure, Landscape):
            self.truth.setEnabled(figure.potential is not None)
            self.truth.setText("Truth" if is_line else "True contours")
            self.truth.setToolTip(
                "Show the exact potential, shifted to the mean of u."
                if figure.potential is not None
                else "The exact potential of this pair is not known."
            )
        kind = PANELS[is_line, is_difference]
        if not isinstance(self.panel, kind) or self.panel.wide != self.wide:
            self.canvas.clear()
            self.panel = kind(self.canvas, self.wide)
            self._connect_zoom(self.panel.box)
            self._restyle()
        self.panel.draw(figure)
        self.legend.setVisible(isinstance(self.panel, PlaneLandscape) and self.samples.isChecked())

    def _show_ranges(self, figure: Landscape | LandscapeDifference) -> None:
        if self.panel is not None:
            self.panel.box.setRange(xRange=figure.x_range, yRange=figure.y_range, padding=0)

    def _ranges(self) -> dict[str, Range]:
        if self.panel is None or not isinstance(self.drawn, Landscape | LandscapeDifference):
            return {}
        x, y = self.panel.box.viewRange()
        whole = self.drawn.grid.extent
        y = tuple(y) if self.drawn.grid.is_line else clip_range(tuple(y), whole[2:])
        return {"x": clip_range(tuple(x), whole[:2]), "y": y}

    def _restyle(self) -> None:
        if self.panel is not None:
            self.panel.set_palette(self.palette_)

    def _on_hover(self, position: Any) -> None:
        if self.panel is None or not isinstance(self.drawn, Landscape | LandscapeDifference):
            return
        if not self.panel.box.sceneBoundingRect().contains(position):
            return self._clear_hover()
        point = self.panel.box.mapSceneToView(position)
        readout = self.drawn.readout(point.x(), point.y())
        self.readout.setText(self.hint if readout is None else readout.text)

    def _clear_hover(self) -> None:
        self.readout.setText(self.hint)


class PlaneLandscape:
    """The landscape over a plane."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, wide: bool) -> None:
        self.wide = wide
        self.map = PlaneMap(canvas, 0, 0, style.FIELD_MAP, bar_below=not wide)
        self.box = self.map.plot.getViewBox()
        self.contours = self.map.add_curve(style.CONTOUR_COLOR)
        self.truth_contours = self.map.add_curve(style.TRUTH_CONTOUR_COLOR)
        self.samples = {}
        for name, color in (("P", style.SAMPLE_P), ("Q", style.SAMPLE_Q)):
            dots = pg.ScatterPlotItem(
                size=3.5,
                brush=QColor(color),
                pen=pg.mkPen(color_of(style.SAMPLE_RIM)),
                pxMode=True,
            )
            self.map.plot.addItem(dots)
            self.samples[name] = dots
        self._drawn_samples: tuple[Float, Float] | None = None

    def draw(self, figure: Landscape) -> None:
        """Draw a landscape."""
        self.map.show(figure.grid, figure.u, figure.scale)
        for curve, lines in ((self.contours, figure.contours), (self.truth_contours, figure.truth_contours)):
            points = join_lines(lines)
            curve.setData(points[:, 0], points[:, 1])
        previous = self._drawn_samples or (None, None)
        self._drawn_samples = figure.samples_p, figure.samples_q
        for dots, drawn, points in zip(self.samples.values(), previous, self._drawn_samples, strict=True):
            if points is not drawn:
                dots.setData(points[:, 0], points[:, 1])
        for dots in self.samples.values():
            dots.setVisible(figure.show_samples)

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        self.map.set_palette(palette)


class LineLandscape(QObject):
    """The landscape over a line: u above, histograms of the samples below."""

    def __init__(self, canvas: pg.GraphicsLayoutWidget, wide: bool) -> None:
        super().__init__()
        self.wide = wide
        self.plot = add_plot(canvas, row=0, col=0)
        self.below = add_plot(canvas, row=1, col=0)
        self.below.setXLink(self.plot)
        self.below.setMouseEnabled(y=False)
        self.box = self.plot.getViewBox()
        canvas.ci.layout.setRowStretchFactor(0, 3)
        canvas.ci.layout.setRowStretchFactor(1, 1)
        self.legend, self.legend_below = CurveLegend(self.plot), add_legend(self.below, (-6, 4), colCount=2)
        self.u = self.plot.plot(name="critic u", antialias=True)
        for signal in (self.box.sigRangeChanged, self.box.sigResized):
            signal.connect(self._place_legend)
        self.truth = pg.PlotDataItem(antialias=True)
        self.bars = {name: self.below.plot(stepMode="center", fillLevel=0, name=name) for name in "PQ"}
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
        self._place_legend()

    @Slot()
    def _place_legend(self, *_: object) -> None:
        """Put the legend where it covers no curve."""
        shown = [self.u, *([self.truth] if self.truth in self.plot.items else [])]
        place_legend(self.legend, self.box, [curve.getData() for curve in shown])

    def _add_truth(self, truth: pg.PlotDataItem) -> None:
        self.plot.addItem(truth)
        self.legend.addItem(truth, "exact potential")

    def set_palette(self, palette: Palette) -> None:
        """Change the theme."""
        for plot in (self.plot, self.below):
            theme_axes(plot, palette)
        self.u.setPen(pg.mkPen(palette.foreground, width=1))
        self.truth.setPen(pg.mkPen(palette.truth, width=1, style=Qt.PenStyle.DashLine))
        for bars, color in zip(self.bars.values(), (palette.p, palette.q), strict=True):
            bars.setPen(pg.mkPen(color, width=1))
            bars.setFillBrush(translucent(color, 0.35))
        self.legend.set_palette(palette)
        theme_legend(self.legend_below, palette)


PANELS: dict[tuple[bool, bool], Any] = {
    (False, False): PlaneLandscape,
    (True, False): LineLandscape,
    (False, True): PlaneDifference,
    (True, True): LineDifference,
}
"""The panel over a plane or a line, of a critic or of a difference."""
