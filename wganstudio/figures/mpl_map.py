"""A map of the plane with its color bar and contours, for print."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize

from wganstudio.figures import style
from wganstudio.figures.contours import join_lines
from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.mpl_axes import label_decades
from wganstudio.figures.mpl_text import small_size
from wganstudio.figures.types import Float

LABEL_ROOM = 0.16
"""Distance between the labels of two contours, as a share of the axes."""


def draw_map(axes: Axes, grid: PlaneGrid, field: Float, scale: ColorScale) -> None:
    """Draw a field with its color bar on the right."""
    shown = np.maximum(field, scale.low) if scale.is_log else field
    image = axes.imshow(
        shown, cmap=scale.name, norm=color_norm(scale), extent=grid.extent, aspect="equal", zorder=0
    )
    bar = axes.inset_axes((1.03, 0, 0.045, 1))
    draw_color_bar(image, scale, cax=bar)
    if scale.marked is not None:
        bar.axhline(scale.marked, color=style.UNIT_COLOR, linewidth=0.8)
    axes.set_xlabel(grid.labels[0])
    axes.set_ylabel(grid.labels[1])


def color_norm(scale: ColorScale) -> Normalize:
    """Return the mapping from numbers to the colors of a scale, linear or logarithmic."""
    return (LogNorm if scale.is_log else Normalize)(scale.low, scale.high)


def draw_color_bar(colors: ScalarMappable, scale: ColorScale, **place: Any) -> None:
    """Draw the color bar of an image or of points; `place` as in matplotlib's `colorbar`."""
    axes = place.get("ax", place.get("cax"))
    assert axes is not None
    bar = axes.figure.colorbar(colors, label=scale.label, **place)
    if scale.is_log:
        label_decades(bar.ax.yaxis)
    assert bar.solids is not None
    bar.solids.set_edgecolor("face")  # without the edges viewers show white lines between the colors


def draw_contours(axes: Axes, lines: Sequence[Float], color: str, gid: str, name: str) -> None:
    """Draw the contours of all levels, and name them in the legend."""
    points = join_lines(tuple(lines))
    if len(points):
        axes.plot(*points.T, color=color, linewidth=0.5, zorder=1, gid=gid, label=name)


def label_contours(axes: Axes, lines: Sequence[Float], levels: Float) -> None:
    """Write every second level on its contour, each at its upper right and clear of the others.

    The limits must be set before.
    """
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    corner, size = np.array([left, low]), np.array([right - left, high - low])
    places = np.empty((0, 2))
    for level, points in list(zip(levels, lines, strict=True))[::2]:
        shares = (points[np.isfinite(points).all(1)] - corner) / size
        shares = shares[(np.abs(shares - 0.5) < 0.5 - LABEL_ROOM / 2).all(1)]
        distances = np.linalg.norm(shares[:, None] - places, axis=2)
        shares = shares[(distances > LABEL_ROOM).all(1)]
        if len(shares):
            place = shares[shares.sum(1).argmax()]
            places = np.concatenate((places, place[None]))
            x, y = corner + place * size
            axes.text(
                x,
                y,
                f"{level:g}",
                fontsize=small_size(),
                ha="center",
                va="center",
                zorder=3,
                bbox={"facecolor": "#ffffffa0", "linewidth": 0, "pad": 0.4},
            )
