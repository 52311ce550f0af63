"""Matplotlib plot of the figure momentum."""

from matplotlib.figure import Figure as MplFigure

from wganstudio.figures import style
from wganstudio.figures.momentum.figure import Momentum
from wganstudio.figures.mpl_map import draw_map
from wganstudio.figures.print_sizes import plane_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Momentum, plane_height(0.6, 0.25, 0.75))
def draw_momentum(mpl_figure: MplFigure, figure: Momentum) -> None:
    """Draw critic, truth and error as maps with arrows; over a line, both curves above their difference."""
    if figure.grid.is_line:
        top, bottom = mpl_figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        top.plot(figure.grid.x, figure.critic[0], color=LIGHT.value, label="critic w_u")
        top.plot(figure.grid.x, figure.truth[0], color=LIGHT.truth, linestyle="--", label="truth w")
        top.legend(framealpha=0.85)
        top.set(xlim=figure.x_range, ylim=figure.y_range, ylabel="momentum")
        bottom.plot(figure.grid.x, figure.difference, color=LIGHT.foreground)
        bottom.axhline(0, color=LIGHT.faint, linewidth=0.6)
        bottom.set(xlabel=figure.grid.labels[0], ylabel="w_u - w", ylim=figure.difference_range)
    else:
        maps = mpl_figure.subplots(1, 3)
        for axes, field, scale, arrows in zip(
            maps, figure.magnitudes, figure.scales, figure.arrows, strict=True
        ):
            draw_map(axes, figure.grid, field, scale)
            axes.plot(*arrows.T, color=style.ARROW_COLOR, linewidth=0.4, gid="arrows")
            axes.set(xlim=figure.x_range, ylim=figure.y_range)
        for axes in maps[1:]:
            axes.set_ylabel("")
