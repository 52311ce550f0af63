"""A map of the plane with its color bar and contours, for print."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from wganstudio.figures import style
from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.mpl_text import small_size
from wganstudio.figures.style import LIGHT
from wganstudio.figures.types import Float


def draw_map(axes: Axes, grid: PlaneGrid, field: Float, scale: ColorScale) -> None:
    """Draw a field with its color bar on the right."""
    image = axes.imshow(
        field, cmap=scale.name, vmin=scale.low, vmax=scale.high, extent=grid.extent, aspect="equal", zorder=0
    )
    bar = axes.inset_axes((1.03, 0, 0.045, 1))
    axes.figure.colorbar(image, cax=bar, label=scale.label)
    if scale.marked is not None:
        bar.axhline(scale.marked, color=style.UNIT_COLOR, linewidth=0.8)
    axes.set_xlabel(grid.labels[0])
    axes.set_ylabel(grid.labels[1])


def draw_contours(
    axes: Axes, grid: PlaneGrid, field: Float, levels: Float, color: str, name: str, labeled: bool = True
) -> None:
    """Draw contours, every second one with its level, and name them in the legend."""
    if not len(levels) or min(field.shape) < 2:
        return
    lines = axes.contour(
        grid.x,
        grid.y,
        np.ma.masked_invalid(field),
        levels,
        colors=[color],
        linewidths=0.5,
        linestyles="solid",
    )
    lines.set_zorder(1)
    axes.add_line(Line2D([], [], color=color, linewidth=0.5, label=name))
    if labeled:
        for text in axes.clabel(lines, levels=levels[::2], fontsize=small_size(), fmt="%g", inline_spacing=2):
            text.set(color=LIGHT.foreground, path_effects=[withStroke(linewidth=1.2, foreground="#ffffffb0")])
