"""Matplotlib plot of the figure transport map."""

from matplotlib.figure import FigureBase

from wganstudio.figures.mpl_axes import draw_legend, draw_summary, keep_aspect, legend_entry
from wganstudio.figures.mpl_map import color_norm, draw_color_bar
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import ERROR_ALPHA, LIGHT
from wganstudio.figures.transport_map.figure import TransportMap


@register_plot(TransportMap, share_of_width(0.6))
def draw_transport_map(mpl_figure: FigureBase, figure: TransportMap) -> None:
    """Draw the images of the grid and of samples, over samples of the target; over a line the curve."""
    axes = mpl_figure.add_subplot()
    start, end = ("P", "Q") if figure.to == "q" else ("Q", "P")
    if len(figure.target):
        x, y = figure.target.T
        axes.scatter(
            x, y, s=3, color=LIGHT.distribution(figure.to), alpha=0.45, linewidths=0, label=end, zorder=1
        )
    axes.plot(
        *figure.grid.T,
        color=LIGHT.faint,
        linewidth=0.8 if figure.line else 0.5,
        zorder=2,
        gid="grid",
        **legend_entry("image of the grid", figure.grid),
    )
    axes.plot(
        *figure.error_lines.T,
        color=LIGHT.truth,
        alpha=ERROR_ALPHA,
        linewidth=0.6,
        zorder=3,
        gid="errors",
        **legend_entry("error", figure.error_lines),
    )
    if len(figure.true):
        x, y = figure.true.T
        axes.scatter(
            x, y, s=8, facecolors="none", edgecolors=LIGHT.truth, linewidths=0.5, zorder=3, label="true"
        )
    x, y = figure.ends.T
    points = axes.scatter(
        x,
        y,
        c=figure.displacements,
        cmap=figure.scale.name,
        norm=color_norm(figure.scale),
        s=6,
        linewidths=0,
        zorder=4,
        label=f"{start}, mapped",
    )
    draw_color_bar(points, figure.scale, ax=axes, fraction=0.05, pad=0.02)
    draw_legend(mpl_figure)
    draw_summary(axes, figure.warnings)
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=figure.labels[0], ylabel=figure.labels[1])
    if not figure.line:
        keep_aspect(axes)
