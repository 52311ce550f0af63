"""Matplotlib plot of the figure gradient."""

from matplotlib.figure import Figure as MplFigure

from wganstudio.figures import style
from wganstudio.figures.gradient.figure import SCATTER_LABEL, GradientDensity
from wganstudio.figures.mpl_axes import label_decades
from wganstudio.figures.mpl_map import draw_map
from wganstudio.figures.print_sizes import plane_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(GradientDensity, plane_height(0.6, 0.36, 0.6, 0.3))
def draw_gradient(mpl_figure: MplFigure, figure: GradientDensity) -> None:
    """Draw two maps, or curves over a line, above the scatter plot of one against the other."""
    axes = mpl_figure.subplot_mosaic([["slope", "sigma"], ["scatter", "scatter"]], height_ratios=(1.15, 1))
    slope, sigma, scatter = axes["slope"], axes["sigma"], axes["scatter"]
    if figure.grid.is_line:
        for panel, field, scale in (
            (slope, figure.slope, figure.slope_scale),
            (sigma, figure.sigma, figure.sigma_scale),
        ):
            panel.plot(figure.grid.x, field, color=LIGHT.foreground)
            panel.set(xlabel=figure.grid.labels[0], ylabel=scale.label)
        slope.axhline(1, color=style.UNIT_COLOR, linewidth=0.8)
        slope.plot(*figure.flow.T, color=style.FLOW_COLOR, linewidth=2.5, gid="flow")
        slope.set_ylim(figure.y_range)
        sigma.set_ylim(0, None)
    else:
        draw_map(slope, figure.slope_grid, figure.slope, figure.slope_scale)
        draw_map(sigma, figure.grid, figure.sigma, figure.sigma_scale)
        slope.plot(figure.unit[:, 0], figure.unit[:, 1], color=style.UNIT_COLOR, linewidth=0.6, gid="unit")
        for panel in (slope, sigma):
            panel.plot(*figure.flow.T, color=style.FLOW_COLOR, linewidth=0.8, gid="flow")
            panel.set_ylim(figure.y_range)
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
    scatter.axhline(1, color=style.UNIT_COLOR, linewidth=0.8)
    scatter.set(
        xscale="log",
        xlim=figure.sigma_range,
        ylim=figure.slope_range,
        xlabel=figure.sigma_label,
        ylabel=SCATTER_LABEL,
    )
    label_decades(scatter.xaxis)
