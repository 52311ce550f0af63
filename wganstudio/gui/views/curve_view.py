"""CurveView: a view of curves over a run, with controls of its axes, a crosshair and a cursor of the step."""

from dataclasses import asdict
from typing import Any, ClassVar, Self

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from wganstudio.figures.curve_settings import CurveSettings, settings_from
from wganstudio.figures.curves import CurveFigure, ReadPoint
from wganstudio.figures.overlay import OverlayCurve
from wganstudio.figures.placement import Occupancy
from wganstudio.figures.step_values import values_text
from wganstudio.figures.types import Float, Range
from wganstudio.gui.views.base import View
from wganstudio.gui.views.crosshair import Crosshair
from wganstudio.gui.views.curve_axis import axis_items
from wganstudio.gui.views.curve_bar import CurveBar
from wganstudio.gui.views.curve_items import CurveItems
from wganstudio.gui.views.legend import CurveLegend, LegendEntry, pixels
from wganstudio.gui.views.overlay_items import PENS, OverlayItems
from wganstudio.gui.views.plot_items import add_plot, set_axis_labels, theme_axes
from wganstudio.gui.views.scales import Scales
from wganstudio.gui.views.step_cursor import StepCursor
from wganstudio.gui.views.thinning import extreme_points, extreme_points_over_decades
from wganstudio.gui.widgets.plain_text import Label

LOW = 250
"""Height in pixels from which the horizontal axis has a label."""


class CurveView(View):
    """Draws a `CurveFigure`. Dragging its cursor, or a double click, moves the shown step of all views.

    A subclass adds its summary to `column` and calls `_finish`; it defines `_color` and `_update_summary`,
    and may draw more in `_draw_more`.
    """

    default_settings: ClassVar[CurveSettings] = CurveSettings()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = CurveBar(self.default_settings)
        self.bar.changed.connect(self._settings_changed)
        self.column.insertWidget(0, self.bar)
        self.plot = add_plot(self.canvas, row=0, col=0, axisItems=axis_items())
        self.box = self.plot.getViewBox()
        self.scales = Scales()
        self._is_drawing = False
        self.curves: dict[str, CurveItems] = {}
        self.stages = pg.PlotCurveItem(connect="pairs")
        self.stages.setZValue(0.5)
        self.plot.addItem(self.stages, ignoreBounds=True)
        self.overlay = OverlayItems(self.plot, self._overlay_points)
        self.legend = CurveLegend(self.plot)
        self.legend.clicked.connect(self.bar.toggle)
        self.crosshair = Crosshair(self.plot, self._point_color)
        self.readout = Label()
        self.readout.setMinimumWidth(1)
        self.readout.setWordWrap(True)
        self.readout.hide()
        self.step_cursor = StepCursor(self.plot, self.canvas, self)
        self.step_cursor.moved.connect(self.step_wanted)
        self._connect_zoom(self.box)
        self.box.sigRangeChanged.connect(self._place_texts)
        self.box.sigXRangeChanged.connect(self._show_parts)
        self.box.sigResized.connect(self._place_texts)

    def _finish(self) -> None:
        """Put the readout below the summary."""
        self.column.addWidget(self.readout)
        self.set_dark(False)

    # -- settings

    @property
    def settings(self) -> CurveSettings:
        """The axes, the smoothing and what is hidden."""
        return self.bar.settings

    def options(self) -> dict[str, Any]:
        """Return the axes, the smoothing and what is hidden."""
        return asdict(self.settings) | {"hidden": tuple(sorted(self.settings.hidden))}

    def copy_settings(self, other: Self) -> None:
        """Take over the axes, the smoothing and what is hidden."""
        self.bar.show_settings(other.settings)

    def view_settings(self) -> dict[str, Any]:
        """Return what is remembered of the settings; hidden curves are not."""
        return {name: value for name, value in asdict(self.settings).items() if name != "hidden"}

    def restore_settings(self, values: dict[str, Any]) -> None:
        """Take over remembered settings as far as they are valid."""
        if values:
            self.bar.show_settings(settings_from(values, self.default_settings))
            self._settings_changed()

    @Slot()
    def _settings_changed(self) -> None:
        """Draw the figure with the chosen settings, in ranges of its own."""
        self.auto_range = True
        if self.record is not None:
            self._drawn_key = self._cache_key(self.record)
            self._redraw()

    # -- drawing

    def _draw(self, figure: CurveFigure) -> None:
        self._set_scales(figure)
        shown = figure.x_range if self.auto_range else self._ranges()["x"]
        names = {curve.name for curve in figure.shown_curves}
        for name in set(self.curves) - names:
            self.curves.pop(name).remove(self.plot)
        self.overlay.draw(figure.overlay, self._quantity_title, figure.shown_overlay)
        floor = figure.y_range[0] / 10
        for curve in figure.shown_curves:
            if curve.name not in self.curves:
                self.curves[curve.name] = CurveItems(self.plot)
            self.curves[curve.name].draw(curve, self.scales, shown, floor)
        self._draw_stages(figure)
        self._draw_more(figure)
        self._set_pens(figure)
        self.legend.set_entries(self._legend_entries(figure))
        self.bar.offer(self._offered(figure))
        self._update_summary(figure)

    def _set_scales(self, figure: CurveFigure) -> None:
        settings = figure.settings
        self.scales = Scales(settings.log_x, settings.log_y)
        for side, is_log in (("bottom", settings.log_x), ("left", settings.log_y)):
            self.plot.getAxis(side).set_logarithmic(is_log)
        self._label_axes()
        self.step_cursor.set_axis(self.scales, figure.abscissa)

    def _label_axes(self) -> None:
        """Name the axes; where there is little height the row above names the horizontal one."""
        if isinstance(self.drawn, CurveFigure):
            x = self.drawn.x_label if self.height() >= LOW or self.drawn.notes else ""
            set_axis_labels(self.plot, x, self._y_label(self.drawn))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop the label of the horizontal axis where there is little height."""
        super().resizeEvent(event)
        self._label_axes()

    def _draw_stages(self, figure: CurveFigure) -> None:
        places = self.scales.x(np.unique(figure.stages))
        places = np.repeat(places[np.isfinite(places)], 2)
        self.stages.setData(places, np.tile([-1e9, 1e9], len(places) // 2))

    def _set_pens(self, figure: Any) -> None:
        for name, items in self.curves.items():
            items.set_pen(self.overlay.main_pen(self._color(name), name, figure.dash(name)))

    def _legend_entries(self, figure: CurveFigure) -> list[LegendEntry]:
        """Return the entries of the curves of a single run; of several runs the overlay has them."""
        if figure.overlay.main is not None:
            return self.overlay.legend_entries(figure.settings)
        return [
            LegendEntry(
                key=curve.name,
                text=curve.label,
                color=self._color(curve.name),
                style=PENS[figure.dash(curve.name)],
                shown=figure.settings.shows(curve.name),
            )
            for curve in figure.run_curves
        ]

    def _offered(self, figure: Any) -> list[tuple[str, str]]:
        """Return key and title of all that can be hidden."""
        if figure.overlay.main is None:
            return [(curve.name, curve.label) for curve in figure.run_curves]
        return [(entry.key, entry.text) for entry in self.overlay.legend_entries()]

    def _overlay_points(self, curve: OverlayCurve, values: Float) -> tuple[Float, Float]:
        kept = (extreme_points_over_decades if self.scales.log_x else extreme_points)(curve.values)
        y = self.scales.y(values[kept])
        return self.scales.x(curve.x[kept]), y

    @Slot()
    def _show_parts(self, *_: object) -> None:
        """Draw the curves in the resolution of the range that is shown now."""
        shown = self._ranges()["x"]
        for items in self.curves.values():
            items.show_part(shown)

    def _show_ranges(self, figure: CurveFigure) -> None:
        x, y = self.scales.positions(figure.x_range, figure.y_range)
        margin = 0.012 * (x[1] - x[0])
        self.box.setRange(xRange=(x[0], x[1] + margin), yRange=y, padding=0)

    def _ranges(self) -> dict[str, Range]:
        x, y = self.scales.ranges(*self.box.viewRange())
        return {"x": x, "y": y}

    # -- legend and labels

    @Slot()
    def _place_texts(self, *_: object) -> None:
        """Put the legend, and what a subclass adds, where they cover no curve."""
        if self._is_drawing or self.box.width() < 1 or self.box.height() < 1:
            return
        plot = self._occupancy()
        self.legend.place_in(self.box, plot)
        self._place_labels(plot)

    def _occupancy(self) -> Occupancy:
        """Return what the curves cover."""
        plot = Occupancy(self.box.width(), self.box.height())
        others = (items.line.getData() for items in self.overlay.curves)
        for x, y in (*(items.points for items in self.curves.values()), *others):
            if x is not None and len(x):
                plot.add_curve(*pixels(self.box, x, y))
        return plot

    def _positions(self, across: float, upwards: float) -> tuple[float, float]:
        """Return the positions on the axes of a point in pixels."""
        (left, right), (bottom, top) = self.box.viewRange()
        x = left + across * (right - left) / self.box.width()
        return x, bottom + upwards * (top - bottom) / self.box.height()

    # -- step and mouse

    def set_dark(self, dark: bool) -> None:
        """Change the theme."""
        super().set_dark(dark)
        self.step_cursor.set_palette(self.palette_)
        self.crosshair.set_palette(self.palette_)

    def _show(self, figure: Any) -> None:
        self._is_drawing = True  # so that the texts are placed once
        try:
            super()._show(figure)
        finally:
            self._is_drawing = False
        self._place_texts()
        self._show_step()

    def _show_step(self) -> None:
        record, step = self.record, self.shown_step
        critic = None if record is None else record.snapshot("critic")
        newest = None if critic is None else critic.step
        self.step_cursor.show_at(newest if step is None else step, pinned=step is not None)
        figure = self.drawn if isinstance(self.drawn, CurveFigure) else None
        text = "" if figure is None or step is None else values_text(figure, step)
        self.readout.setText(text)
        self.readout.setVisible(bool(text))

    def _on_hover(self, position: Any) -> None:
        is_inside = self.box.sceneBoundingRect().contains(position)
        if not isinstance(self.drawn, CurveFigure) or not is_inside:
            return self._clear_hover()
        reading = self.drawn.read(self.scales.x_at(self.box.mapSceneToView(position).x()))
        if reading is None:
            return self._clear_hover()
        return self.crosshair.show(reading, self.scales, QPointF(position))

    def _clear_hover(self) -> None:
        self.crosshair.clear()

    def _point_color(self, point: ReadPoint) -> str:
        return self._color(point.name) if point.color is None else self.palette_.run(point.color)

    def _restyle(self) -> None:
        palette = self.palette_
        theme_axes(self.plot, palette)
        self.legend.set_palette(palette)
        self.overlay.set_palette(palette)
        self.stages.setPen(pg.mkPen(palette.faint, width=1, style=Qt.PenStyle.DotLine))
        if isinstance(self.drawn, CurveFigure):
            self._set_pens(self.drawn)
            self.legend.set_entries(self._legend_entries(self.drawn))
            self._update_summary(self.drawn)

    # Subclasses define the methods below.

    def _y_label(self, figure: Any) -> str:
        raise NotImplementedError

    def _color(self, name: str) -> str:
        """Return the color of a curve of the main run."""
        raise NotImplementedError

    def _update_summary(self, figure: Any) -> None:
        raise NotImplementedError

    def _quantity_title(self, name: str) -> str:
        return name

    def _draw_more(self, figure: Any) -> None:
        """Draw what the figure has beside its curves."""

    def _place_labels(self, plot: Occupancy) -> None:
        """Place labels beside the legend and the curves."""
