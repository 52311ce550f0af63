"""CutControl: a cut that the user draws on a map, and its profile in a small plot below."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtGui import QAction

from wganstudio.figures.line_profile.figure import LineProfile, ProfileCurve
from wganstudio.figures.plane_field import Cut
from wganstudio.gui.views.base import clip_range
from wganstudio.gui.views.maps.below_plot import BelowPlot
from wganstudio.gui.views.maps.host import MapHost
from wganstudio.gui.views.maps.points_edit import Point, PointsEdit
from wganstudio.gui.views.plot_items import is_drawn
from wganstudio.gui.widgets.docks import in_sight
from wganstudio.session import RunRecord

SHARE = 0.8
"""Share of the shown range that a new cut takes."""
CUT_COLOR, HANDLE_COLOR = "#ffffff", "#ff3b3b"


class CutControl(QObject):
    """Draws a cut with two handles on the first map of a view; the profile has every compared run."""

    def __init__(self, view: MapHost) -> None:
        super().__init__(view)
        self._view = view
        self.title = f"Profile along the cut: {view.title}"
        self.cut: Cut | None = None
        self.drawn: LineProfile | None = None
        self._item: pg.LineSegmentROI | None = None
        self._box: pg.ViewBox | None = None
        self.panel: BelowPlot | None = None
        self.action = QAction("Profile along a cut", view, checkable=True)
        self.action.setToolTip("Draw a line on the map and show the values along it below.")
        self.action.toggled.connect(self._toggled)

    @property
    def selected(self) -> tuple[RunRecord, ...]:
        """The main run, whose step is shown."""
        return self._view.selected[:1]

    @property
    def session_records(self) -> Callable[[], Sequence[RunRecord]]:
        """Returns all runs of the session."""
        return self._view.session_records

    def is_in_sight(self) -> bool:
        """Return True if any part of the small plot can be seen."""
        return self.panel is not None and in_sight(self.panel)

    def figure(self) -> LineProfile | None:
        """Return the profile; None without a cut."""
        return self._profile() if self.cut is not None else None

    def set_cut(self, cut: Cut | None) -> None:
        """Draw another cut, or none."""
        self.cut = cut
        with QSignalBlocker(self.action):
            self.action.setChecked(cut is not None)
        self.refresh()

    def refresh(self) -> None:
        """Draw the cut and its profile again, as the map has changed."""
        usable = self._view.has_fields and bool(self._view.plane_boxes)
        self.action.setEnabled(usable)
        if self.cut is None or not usable:
            self._remove_item()
            self._show_panel(False)
            return
        self._place_item()
        self._draw_profile()

    def set_dark(self) -> None:
        """Take the theme of the view."""
        if self.panel is not None:
            self.panel.set_palette(self._view.palette_)
            self.refresh()

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        self.set_cut(self._new_cut() if on else None)

    @Slot()
    def _close(self) -> None:
        self.set_cut(None)

    def _new_cut(self) -> Cut | None:
        """Return a horizontal cut through the middle of what is shown."""
        boxes, grid = self._view.plane_boxes, self._view.plane_grid
        if not boxes or grid is None:
            return None
        (left, right), (low, high) = boxes[0].viewRange()
        left, right = clip_range((left, right), grid.extent[:2])
        low, high = clip_range((low, high), grid.extent[2:])
        middle, half = (left + right) / 2, SHARE * (right - left) / 2
        return Cut((middle - half, (low + high) / 2), (middle + half, (low + high) / 2))

    # -- on the map

    def _place_item(self) -> None:
        assert self.cut is not None
        box = self._view.plane_boxes[0]
        if self._box is box and is_drawn(self._item) and self._item_cut() == self.cut:
            return
        self._remove_item()
        self._item = pg.LineSegmentROI(
            (self.cut.start, self.cut.end),
            pen=pg.mkPen(CUT_COLOR, width=2),
            handlePen=pg.mkPen(HANDLE_COLOR, width=2),
            hoverPen=pg.mkPen(HANDLE_COLOR, width=2),
        )
        self._item.setZValue(900)
        self._item.sigRegionChanged.connect(self._moved)
        self._box = box
        box.addItem(self._item, ignoreBounds=True)

    def _remove_item(self) -> None:
        if is_drawn(self._item) and self._box is not None:
            self._box.removeItem(self._item)
        self._item = self._box = None

    def _item_cut(self) -> Cut:
        assert self._item is not None
        start, end = (self._item.mapToParent(handle.pos()) for handle in self._item.getHandles())
        return Cut((start.x(), start.y()), (end.x(), end.y()))

    @Slot(object)
    def _moved(self, _: object) -> None:
        if self._item is not None:
            self.cut = self._item_cut()
            self._draw_profile()

    # -- below the map

    def _draw_profile(self) -> None:
        profile = self.drawn = self._profile()
        if profile is None:
            return
        if self.panel is None:
            self.panel = self._make_panel()
        panel = self.panel
        self._show_panel(True)
        panel.edit.show_points([profile.cut.start, profile.cut.end])
        colors = [self._color(curve) for curve in profile.curves]
        panel.set_curves(
            profile.distance,
            [
                (curve.values, color, curve.is_truth)
                for curve, color in zip(profile.curves, colors, strict=True)
            ],
            "distance",
        )
        panel.set_ranges(profile.x_range, profile.y_range)
        panel.set_legend(
            [
                (curve.label, color, curve.is_truth)
                for curve, color in zip(profile.curves, colors, strict=True)
            ]
        )
        panel.canvas.setAccessibleDescription(profile.caption)

    def _color(self, curve: ProfileCurve) -> str:
        palette = self._view.palette_
        if curve.run_color is not None:
            return palette.run(curve.run_color)
        return palette.truth if curve.is_truth else palette.foreground

    def _profile(self) -> LineProfile | None:
        assert self.cut is not None
        return LineProfile.from_maps(self._view.drawn_fields(), self.cut, self._view.name)

    def _show_panel(self, on: bool) -> None:
        if self.panel is not None and self._view.below is not None:
            self._view.below.show_panel(self.panel, on)

    def _make_panel(self) -> BelowPlot:
        panel = BelowPlot(self.title, PointsEdit("Ends of the cut", 2, 2))
        panel.set_palette(self._view.palette_)
        panel.edit.typed.connect(self._typed)
        panel.closed.connect(self._close)
        panel.export_wanted.connect(self._export)
        panel.pointed.connect(self._read)
        panel.hide()
        self._view.add_below(panel)
        return panel

    @Slot(object)
    def _typed(self, points: list[Point]) -> None:
        self.set_cut(Cut(*points))

    @Slot()
    def _export(self) -> None:
        self._view.figures_wanted.emit({f"{self._view.name}-cut": self})

    @Slot(object)
    def _read(self, x: float | None) -> None:
        """Show the point of the cut and its values under the mouse."""
        profile, panel = self.drawn, self.panel
        if profile is None or panel is None:
            return
        panel.set_line(x)
        if x is None or self.cut is None or self.cut.length == 0:
            panel.set_legend([(c.label, self._color(c), c.is_truth) for c in profile.curves])
            self._view.leave()
            return
        share = x / self.cut.length
        place = (1 - share) * np.array(self.cut.start) + share * np.array(self.cut.end)
        entries: list[tuple[str, str, bool]] = []
        for curve in profile.curves:
            value = float(np.interp(x, profile.distance, curve.values))
            entries.append((f"{curve.label} {value:.4g}", self._color(curve), curve.is_truth))
        panel.set_legend(entries)
        self._view.show_point(_as_point(place))


def _as_point(place: Any) -> pg.QtCore.QPointF:
    return pg.QtCore.QPointF(float(place[0]), float(place[1]))
