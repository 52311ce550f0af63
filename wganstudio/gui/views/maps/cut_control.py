"""CutControl: a cut that the user draws on a map, and its profile in a small plot below."""

from typing import ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSignalBlocker, Slot
from PySide6.QtGui import QAction

from wganstudio.figures.line_profile.figure import LineProfile, ProfileCurve
from wganstudio.figures.plane_field import Cut
from wganstudio.gui.views.base import clip_range
from wganstudio.gui.views.maps.below_tool import BelowTool
from wganstudio.gui.views.maps.host import MapHost
from wganstudio.gui.views.maps.points_edit import Point

SHARE = 0.8
"""Share of the shown range that a new cut takes."""
CUT_COLOR, HANDLE_COLOR = "#ffffff", "#ff3b3b"


class CutControl(BelowTool):
    """Draws a cut with two handles on the first map of a view; the profile has every compared run."""

    suffix: ClassVar[str] = "cut"
    edit_title: ClassVar[str] = "Ends of the cut"
    point_counts: ClassVar[tuple[int, int]] = (2, 2)

    def __init__(self, view: MapHost) -> None:
        super().__init__(view, "Profile along the cut")
        self.cut: Cut | None = None
        self.drawn: LineProfile | None = None
        self.action = QAction("Profile along a cut", view, checkable=True)
        self.action.setToolTip("Draw a line on the map and show the values along it below.")
        self.action.toggled.connect(self._toggled)

    @property
    def has_points(self) -> bool:
        """True if there is a cut."""
        return self.cut is not None

    def figure(self) -> LineProfile | None:
        """Return the profile; None without a cut."""
        if self.cut is None:
            return None
        return LineProfile.from_maps(self._view.drawn_fields(), self.cut, self._view.name)

    def set_points(self, points: list[Point]) -> None:
        """Draw a cut between two points."""
        self.set_cut(Cut(*points))

    def set_cut(self, cut: Cut | None) -> None:
        """Draw another cut, or none."""
        self.cut = cut
        with QSignalBlocker(self.action):
            self.action.setChecked(cut is not None)
        self.refresh()

    @Slot()
    def clear(self) -> None:
        """Remove the cut."""
        self.set_cut(None)

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        self.set_cut(self._new_cut() if on else None)

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

    def _enable(self, usable: bool) -> None:
        self.action.setEnabled(usable)

    # -- on the map

    def _make_items(self) -> list[pg.GraphicsObject]:
        assert self.cut is not None
        item = pg.LineSegmentROI(
            (self.cut.start, self.cut.end),
            pen=pg.mkPen(CUT_COLOR, width=2),
            handlePen=pg.mkPen(HANDLE_COLOR, width=2),
            hoverPen=pg.mkPen(HANDLE_COLOR, width=2),
        )
        item.setZValue(900)
        item.sigRegionChanged.connect(self._moved)
        return [item]

    def _items_fit(self) -> bool:
        return self._item_cut() == self.cut

    def _item_cut(self) -> Cut:
        (item,) = self._items
        start, end = (item.mapToParent(handle.pos()) for handle in item.getHandles())
        return Cut((start.x(), start.y()), (end.x(), end.y()))

    @Slot(object)
    def _moved(self, _: object) -> None:
        if self._items:
            self.cut = self._item_cut()
            self._draw()

    # -- below the map

    def _draw(self) -> None:
        profile = self.drawn = self.figure()
        if profile is None:
            return
        panel = self._shown_panel()
        panel.edit.show_points([profile.cut.start, profile.cut.end])
        curves = [(curve.values, self._color(curve), curve.is_truth) for curve in profile.curves]
        panel.set_curves(profile.distance, curves, "distance")
        panel.set_ranges(profile.x_range, profile.y_range)
        panel.set_legend([(one.label, self._color(one), one.is_truth) for one in profile.curves])
        panel.canvas.setAccessibleDescription(profile.caption)

    def _color(self, curve: ProfileCurve) -> str:
        palette = self._view.palette_
        if curve.run_color is not None:
            return palette.run(curve.run_color)
        return palette.truth if curve.is_truth else palette.foreground

    @Slot(object)
    def _read(self, x: float | None) -> None:
        """Show the point of the cut and its values under the mouse."""
        profile, panel = self.drawn, self.panel
        if profile is None or panel is None:
            return
        panel.set_line(x)
        if x is None or self.cut is None or self.cut.length == 0:
            panel.set_legend([(one.label, self._color(one), one.is_truth) for one in profile.curves])
            self._view.leave()
            return
        share = x / self.cut.length
        place = (1 - share) * np.array(self.cut.start) + share * np.array(self.cut.end)
        entries: list[tuple[str, str, bool]] = []
        for curve in profile.curves:
            value = float(np.interp(x, profile.distance, curve.values))
            entries.append((f"{curve.label} {value:.4g}", self._color(curve), curve.is_truth))
        panel.set_legend(entries)
        self._view.show_point(QPointF(float(place[0]), float(place[1])))
