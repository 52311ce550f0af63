"""Matplotlib plot of the figure landscape_difference."""

from matplotlib.figure import FigureBase

from wganstudio.figures import style
from wganstudio.figures.landscape_difference.figure import LandscapeDifference
from wganstudio.figures.mpl_axes import draw_legend, set_ranges
from wganstudio.figures.mpl_map import draw_contours, draw_map
from wganstudio.figures.print_sizes import plane_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(LandscapeDifference, plane_height(0.6), single_column=True)
def draw_difference(mpl_figure: FigureBase, figure: LandscapeDifference) -> None:
    """Draw a map centered at 0 with the line of equality; over a line the curve."""
    axes = mpl_figure.add_subplot()
    if figure.grid.is_line:
        axes.axhline(0, color=LIGHT.faint, linewidth=0.8)
        axes.plot(figure.grid.x, figure.difference, color=LIGHT.foreground)
        axes.set(xlabel=figure.grid.labels[0], ylabel=figure.y_label)
    else:
        draw_map(axes, figure.grid, figure.difference, figure.scale)
        draw_contours(axes, figure.zero_lines, style.CONTOUR_COLOR, "zero", "equality")
        draw_legend(mpl_figure)
    set_ranges(axes, figure, figure.grid)
