"""Matplotlib plot of the figure landscape."""

from matplotlib.figure import FigureBase

from wganstudio.figures import style
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.mpl_axes import draw_legend, set_ranges
from wganstudio.figures.mpl_map import draw_contours, draw_map, label_contours
from wganstudio.figures.print_sizes import plane_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Landscape, plane_height(0.7), single_column=True)
def draw_landscape(mpl_figure: FigureBase, figure: Landscape) -> None:
    """Draw a map with contours and samples; over a line the curve above the densities."""
    (_line if figure.grid.is_line else _plane)(mpl_figure, figure)


def _plane(mpl_figure: FigureBase, figure: Landscape) -> None:
    axes = mpl_figure.add_subplot()
    draw_map(axes, figure.grid, figure.u, figure.scale)
    draw_contours(axes, figure.contours, style.CONTOUR_COLOR, "contours", "contour of u")
    draw_contours(axes, figure.truth_contours, style.TRUTH_CONTOUR_COLOR, "truth", "exact potential")
    if figure.show_samples:
        for name, samples, color in (
            ("P", figure.samples_p, style.SAMPLE_P),
            ("Q", figure.samples_q, style.SAMPLE_Q),
        ):
            axes.scatter(
                samples[:, 0],
                samples[:, 1],
                s=4,
                color=color,
                edgecolors=style.SAMPLE_RIM,
                linewidths=0.25,
                zorder=2,
                label=name,
            )
    set_ranges(axes, figure, figure.grid)
    label_contours(axes, figure.contours, figure.levels)
    draw_legend(mpl_figure)


def _line(mpl_figure: FigureBase, figure: Landscape) -> None:
    top, bottom = mpl_figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    top.plot(figure.grid.x, figure.u, color=LIGHT.foreground, label="critic u")
    if figure.show_truth and figure.potential is not None:
        top.plot(figure.grid.x, figure.potential, color=LIGHT.truth, linestyle="--", label="exact potential")
    top.set_ylabel(figure.y_label)
    if figure.histogram is not None:
        for name, heights, color in (("P", figure.histogram.p, LIGHT.p), ("Q", figure.histogram.q, LIGHT.q)):
            bottom.stairs(heights, figure.histogram.edges, fill=True, color=color, alpha=0.35)
            bottom.stairs(heights, figure.histogram.edges, color=color, label=name)
    bottom.set(xlabel=figure.grid.labels[0], ylabel="density")
    top.set(xlim=figure.x_range, ylim=figure.y_range)
    draw_legend(mpl_figure)
