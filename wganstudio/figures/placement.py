"""Placement of labels and legends in a plot, where they cover neither curves nor one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wganstudio.figures.types import Float

GAP = 2.0
"""Distance in pixels of a label from what it must not touch."""
ROWS = 8
"""Rows above and below its line that a label may move to."""
Corner = tuple[int, int]
"""Right (1) or left (0), and top (1) or bottom (0)."""
CORNERS: tuple[Corner, ...] = ((1, 1), (1, 0), (0, 1), (0, 0))


@dataclass(frozen=True)
class PixelBox:
    """A rectangle in pixels; y grows upwards."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.bottom + self.height

    def touches(self, other: "PixelBox") -> bool:
        """Return True if the rectangles have more than an edge in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )


class Occupancy:
    """The covered parts of a plot: one interval for each curve or box and each column of pixels."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._columns = np.arange(max(1, int(np.ceil(width)))) + 0.5
        self._lows: list[Float] = []
        self._highs: list[Float] = []

    def add_curve(self, x: Float, y: Float, upper: Float | None = None) -> None:
        """Add a curve, or the band between two curves, over ascending places x; NaN separates its parts."""
        x, y = np.asarray(x, float), np.asarray(y, float)
        upper = y if upper is None else np.asarray(upper, float)
        finite = np.isfinite(x) & np.isfinite(y) & np.isfinite(upper)
        if not finite.any():
            return
        x, low, high = x[finite], y[finite], upper[finite]
        inside = (self._columns > x[0] - 1) & (self._columns < x[-1] + 1)
        lows = np.where(inside, np.interp(self._columns, x, low), np.inf)
        highs = np.where(inside, np.interp(self._columns, x, high), -np.inf)
        at = np.clip(x, 0, len(self._columns) - 1).astype(int)
        seen = (x >= 0) & (x <= self.width)
        np.minimum.at(lows, at[seen], low[seen])
        np.maximum.at(highs, at[seen], high[seen])
        # A steep curve passes all heights between two columns.
        self._lows.append(np.minimum(lows, np.r_[lows[1:], np.inf]))
        self._highs.append(np.maximum(highs, np.r_[highs[1:], -np.inf]))

    def add_box(self, box: PixelBox) -> None:
        """Add a rectangle."""
        inside = (self._columns > box.left - 1) & (self._columns < box.right + 1)
        self._lows.append(np.where(inside, box.bottom, np.inf))
        self._highs.append(np.where(inside, box.top, -np.inf))

    def covered(self, box: PixelBox) -> float:
        """Return the share of the columns of a rectangle in which something touches it."""
        columns = (self._columns > box.left - 1) & (self._columns < box.right + 1)
        return float(self._taken(box.bottom, box.top)[columns].mean()) if columns.any() else 1.0

    def is_free(self, box: PixelBox) -> bool:
        """Return True if the rectangle lies in the plot and nothing touches it."""
        inside = box.left >= 0 and box.bottom >= 0 and box.right <= self.width and box.top <= self.height
        return inside and self.covered(box) == 0

    def leftmost(self, bottom: float, width: float, height: float) -> PixelBox | None:
        """Return the free rectangle of that size and height that is farthest to the left."""
        count = int(np.ceil(width + 2 * GAP)) + 1
        if bottom < 0 or bottom + height > self.height or count > len(self._columns):
            return None
        taken = np.r_[0, np.cumsum(self._taken(bottom - GAP, bottom + height + GAP))]
        free = np.flatnonzero(taken[count:] == taken[:-count])
        return PixelBox(float(free[0]) + GAP, bottom, width, height) if len(free) else None

    def _taken(self, bottom: float, top: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        taken = np.zeros(len(self._columns), bool)
        for low, high in zip(self._lows, self._highs, strict=True):
            taken |= (low <= top) & (high >= bottom)
        return taken


def corner_box(corner: Corner, size: tuple[float, float], plot: Occupancy, margin: float) -> PixelBox:
    """Return the rectangle of a size in a corner of a plot."""
    (right, top), (width, height) = corner, size
    left = plot.width - width - margin if right else margin
    return PixelBox(left, plot.height - height - margin if top else margin, width, height)


def best_corner(
    plot: Occupancy, size: tuple[float, float], margin: float, first: Corner = CORNERS[0]
) -> tuple[Corner, bool]:
    """Return the corner in which a legend covers least, and True if it covers nothing there.

    Of equal corners `first` is preferred, so that a legend stays where it is.
    """
    corners = (first, *(corner for corner in CORNERS if corner != first))
    covered = [plot.covered(corner_box(corner, size, plot, margin)) for corner in corners]
    best = int(np.argmin(covered))
    return corners[best], covered[best] == 0


@dataclass(frozen=True)
class LabelPlace:
    """The place of a label, and the height of the line that it names."""

    box: PixelBox
    anchor: float

    @property
    def needs_leader(self) -> bool:
        """True if the label stands away from its line."""
        return not self.box.bottom - 2 * GAP <= self.anchor <= self.box.top + 2 * GAP


def place_labels(
    plot: Occupancy, edges: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]]
) -> list[LabelPlace | None]:
    """Return places for the labels of horizontal bands, which touch neither curves nor one another.

    A label stands right above or below its band where there is room, otherwise some rows away; None where
    the band is out of sight or nothing is free. The places are added to what covers the plot.

    Parameters
    ----------
    plot
        What covers the plot.
    edges
        Lower and upper edge of each band in pixels.
    sizes
        Width and height of each label in pixels.
    """
    places: list[LabelPlace | None] = [None] * len(edges)
    visible = [k for k, (low, high) in enumerate(edges) if high >= 0 and low <= plot.height]
    for k in sorted(visible, key=lambda k: -edges[k][1]):
        places[k] = _label_place(plot, edges[k], sizes[k])
        place = places[k]
        if place is not None:
            plot.add_box(place.box)
    return places


def _label_place(plot: Occupancy, edges: tuple[float, float], size: tuple[float, float]) -> LabelPlace | None:
    low, high = max(edges[0], 0.0), min(edges[1], plot.height)
    width, height = size
    for row in range(ROWS):
        away = row * height / 2
        below_top = high - GAP - height - away
        inside = ((below_top, high),) if below_top - GAP > low else ()
        outside = (high + GAP + away, high), (low - GAP - height - away, low)
        for bottom, anchor in (outside[0], *inside, outside[1]):
            box = plot.leftmost(bottom, width, height)
            if box is not None:
                return LabelPlace(box, anchor)
    return None
