"""Matplotlib plot of the figure gradient."""

from matplotlib.figure import FigureBase

from wganstudio.figures import style
from wganstudio.figures.gradient.figure import SCATTER_LABEL, GradientDensity
from wganstudio.figures.mpl_axes import draw_legend, is_narrow, label_decades, legend_entry, set_ranges
from wganstudio.figures.mpl_map import draw_map
from wganstudio.figures.print_sizes import maps_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT

UNIT_LABEL, FLOW_LABEL = "|∇u| = 1", "where mass flows"


@register_plot(GradientDensity, maps_height(0.6, 2, 0.3))
def draw_gradient(mpl_figure: FigureBase, figure: GradientDensity) -> None:
    """Draw two maps, or curves over a line, above the scatter plot of one against the other."""
    narrow = is_narrow(mpl_figure)
    mosaic, ratios = ("a;b;c", [1.0, 1.0, 0.8]) if narrow else ("ab;cc", [1.15, 1.0])
    axes = mpl_figure.subplot_mosaic(mosaic, height_ratios=ratios)
    slope, sigma, scatter = axes["a"], axes["b"], axes["c"]
    if figure.grid.is_line:
        for panel, field, scale in (
            (slope, figure.slope, figure.slope_scale),
            (sigma, figure.sigma, figure.sigma_scale),
        ):
            panel.plot(figure.grid.x, field, color=LIGHT.foreground)
            panel.set(xlabel=figure.grid.labels[0], ylabel=scale.label)
        slope.axhline(1, color=style.UNIT_COLOR, linewidth=0.8, label=UNIT_LABEL)
        slope.plot(
            *figure.flow.T,
            color=style.FLOW_COLOR,
            linewidth=2.5,
            gid="flow",
            **legend_entry(FLOW_LABEL, figure.flow),
        )
        slope.set_ylim(figure.y_range)
        sigma.set_ylim(0, None)
    else:
        draw_map(slope, figure.slope_grid, figure.slope, figure.slope_scale)
        draw_map(sigma, figure.grid, figure.sigma, figure.sigma_scale)
        slope.plot(*figure.unit.T, color=style.UNIT_COLOR, linewidth=0.6, gid="unit", label=UNIT_LABEL)
        for panel in (slope, sigma):
            panel.plot(
                *figure.flow.T,
                color=style.FLOW_COLOR,
                linewidth=0.8,
                gid="flow",
                **legend_entry(FLOW_LABEL, figure.flow),
            )
            set_ranges(panel, figure, figure.grid)
    for panel in (slope, sigma):
        panel.set_xlim(figure.x_range)
    scatter.scatter(
        figure.scatter_sigma,
        figure.scatter_slope,
        s=1.5 if len(figure.scatter_sigma) > 500 else 5,
        color=LIGHT.q,
        linewidths=0,
        alpha=0.6,
    )
    scatter.axhline(1, color=style.UNIT_COLOR, linewidth=0.8, label=UNIT_LABEL)
    scatter.set(
        xscale="log",
        xlim=figure.sigma_range,
        ylim=figure.slope_range,
        xlabel=figure.sigma_label,
        ylabel=SCATTER_LABEL,
    )
    label_decades(scatter.xaxis)
    draw_legend(mpl_figure)
