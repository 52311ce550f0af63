"""Heights of printed figures."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.types import Range

Height = Callable[[Any, float], float]
"""Height in inches of a figure and its width in inches."""


class _OnPlane(Protocol):
    @property
    def grid(self) -> PlaneGrid: ...
    @property
    def x_range(self) -> Range: ...
    @property
    def y_range(self) -> Range: ...


class _Picture(Protocol):
    @property
    def equal_aspect(self) -> bool: ...
    @property
    def x_range(self) -> Range: ...
    @property
    def y_range(self) -> Range: ...


def share_of_width(share: float) -> Height:
    """Return the height that is a share of the width."""
    return lambda _, width: share * width


def plane_height(line: float, share: float, rest: float, below: float = 0.0) -> Height:
    """Return the height of a figure on the plane.

    Over a line it is the share `line` of the width. On the plane a map of the width `share` keeps the aspect
    of the ranges; `rest` inches and the share `below` of the width are added.
    """

    def height(figure: _OnPlane, width: float) -> float:
        if figure.grid.is_line:
            return line * width
        (left, right), (low, high) = figure.x_range, figure.y_range
        aspect = abs(high - low) / max(abs(right - left), 1e-12)
        return share * width * min(max(aspect, 0.3), 2.0) + rest + below * width

    return height


def picture_height(figure: _Picture, width: float) -> float:
    """Return the height of images or points at the aspect of the ranges, where that is kept."""
    if not figure.equal_aspect:
        return 0.5 * width
    (left, right), (low, high) = figure.x_range, figure.y_range
    return float(np.clip((high - low) / (right - left), 0.3, 2)) * width
