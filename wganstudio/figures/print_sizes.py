"""Heights of printed figures without titles and legends; bands that stay empty are cut off."""

from collections.abc import Callable
from typing import Any, Protocol

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.types import Range

Height = Callable[[Any, float], float]
"""Height in inches of a figure and its width in inches."""
NARROW = 4.5
"""Width in inches below which panels of a figure stand below one another."""
LEAST = 1.9
"""The least height in inches of a figure with axes."""
FLAT, TALL = 0.25, 2.5
"""The aspects of the plane between which it is kept; axes of flatter and taller data are stretched."""
BAR, LABELS = 0.75, 0.45
"""Inches for a color bar with its labels, and for the labels below a map."""


class OnPlane(Protocol):
    """A figure whose axes show the plane."""

    @property
    def x_range(self) -> Range: ...
    @property
    def y_range(self) -> Range: ...


class _OnGrid(OnPlane, Protocol):
    @property
    def grid(self) -> PlaneGrid: ...


class _Picture(OnPlane, Protocol):
    @property
    def equal_aspect(self) -> bool: ...


def keeps_aspect(aspect: float) -> bool:
    """Return True for an aspect, height over width, at which a map is no strip."""
    return FLAT <= aspect <= TALL


def share_of_width(share: float) -> Height:
    """Return the height that is a share of the width."""
    return lambda _, width: max(share * width, LEAST)


def row_height(figure: Any, width: float) -> float:
    """Return the height of panels in a row, or in a column where the figure is narrow."""
    return LEAST * len(figure.panels) if width < NARROW else max(0.36 * width, LEAST)


def pair_height(_: Any, width: float) -> float:
    """Return the height of two panels in a row, or in a column where the figure is narrow."""
    return 2 * max(0.8 * width, LEAST) if width < NARROW else 0.5 * width


def maps_height(line: float, count: int, below: float = 0.0) -> Height:
    """Return the height of several maps in a row, or in a column where the figure is narrow.

    Over a line it is the share `line` of the width; the share `below` of the width is added.
    """

    def height(figure: _OnGrid, width: float) -> float:
        narrow = width < NARROW
        more = max(below * width, LEAST) if below else 0.0
        if figure.grid.is_line:
            return (count + bool(below)) * LEAST if narrow and below else max(line * width, LEAST)
        across = 1 if narrow else count
        rows = count if narrow else 1
        return rows * (_map(figure, width / across) + LABELS) + more

    return height


def plane_height(line: float) -> Height:
    """Return the height of one map; over a line it is the share `line` of the width."""

    def height(figure: _OnGrid, width: float) -> float:
        return max(line * width, LEAST) if figure.grid.is_line else _map(figure, width) + LABELS

    return height


def picture_height(figure: _Picture, width: float) -> float:
    """Return the height of images or points at the aspect of the ranges, where that is kept."""
    aspect = _aspect(figure)
    if not figure.equal_aspect or not keeps_aspect(aspect):
        return max(0.5 * width, LEAST)
    return min(aspect, 1.2) * width


def _map(figure: OnPlane, width: float) -> float:
    """Return the height of a map beside its color bar."""
    aspect = _aspect(figure)
    return (width - BAR) * min(aspect, 1.2) if keeps_aspect(aspect) else LEAST


def _aspect(figure: OnPlane) -> float:
    (left, right), (low, high) = figure.x_range, figure.y_range
    return abs(high - low) / max(abs(right - left), 1e-300)
