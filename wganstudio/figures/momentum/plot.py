"""Matplotlib plot of the figure momentum."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from wganstudio.figures import style
from wganstudio.figures.arrows import arrow_lines
from wganstudio.figures.momentum.figure import Momentum, ScaleArrow
from wganstudio.figures.mpl_axes import draw_legend, is_narrow, set_ranges
from wganstudio.figures.mpl_map import draw_map
from wganstudio.figures.mpl_text import small_size
from wganstudio.figures.print_sizes import maps_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT

ARROW_WIDTH = 0.7
KEY_LENGTH = 0.16
"""Length of the arrow above the maps, as a share of their width."""
KEY_HEIGHT = 1.06
"""Its height above the lower edge, in heights of a map."""


@register_plot(Momentum, maps_height(0.6, 3))
def draw_momentum(mpl_figure: FigureBase, figure: Momentum) -> None:
    """Draw critic, truth and error as maps with arrows; over a line, both curves above their difference."""
    if figure.grid.is_line:
        top, bottom = mpl_figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        top.plot(figure.grid.x, figure.critic[0], color=LIGHT.value, label="critic w_u")
        top.plot(figure.grid.x, figure.truth[0], color=LIGHT.truth, linestyle="--", label="truth w")
        top.set(xlim=figure.x_range, ylim=figure.y_range, ylabel="momentum")
        bottom.plot(figure.grid.x, figure.difference, color=LIGHT.foreground)
        bottom.axhline(0, color=LIGHT.faint, linewidth=0.6)
        bottom.set(xlabel=figure.grid.labels[0], ylabel="w_u - w", ylim=figure.difference_range)
        draw_legend(mpl_figure)
    else:
        narrow = is_narrow(mpl_figure)
        maps = mpl_figure.subplots(3, 1) if narrow else mpl_figure.subplots(1, 3, sharey=True)
        for axes, field, scale, arrows in zip(
            maps, figure.magnitudes, figure.scales, figure.arrows, strict=True
        ):
            draw_map(axes, figure.grid, field, scale)
            axes.plot(*arrows.T, color=style.ARROW_COLOR, linewidth=ARROW_WIDTH, gid="arrows")
            set_ranges(axes, figure, figure.grid)
        _draw_arrow_key(maps[0], figure)
        for axes in maps[:-1] if narrow else maps[1:]:
            axes.set(**{"xlabel" if narrow else "ylabel": ""})


def _draw_arrow_key(axes: Axes, figure: Momentum) -> None:
    """Draw an arrow of a round value above a map, as long as it is on the map; the limits must be set."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    arrow = ScaleArrow.about(KEY_LENGTH * (right - left), figure.arrow_unit)
    y = low + KEY_HEIGHT * (high - low)
    ends = np.array([[left, y]]), np.array([[left + arrow.length, y]])
    axes.plot(
        *arrow_lines(*ends).T,
        color=LIGHT.foreground,
        linewidth=ARROW_WIDTH,
        clip_on=False,
        scalex=False,
        scaley=False,
        gid="arrow-key",
    )
    place = left + arrow.length + 0.03 * (right - left)
    axes.text(place, y, arrow.text, fontsize=small_size(), va="center", ha="left")
