"""Matplotlib plot of the figure congestion theorem."""

from matplotlib.figure import FigureBase

from wganstudio.figures.congestion_theorem.figure import X_LABEL, Y_LABEL, CongestionTheorem
from wganstudio.figures.mpl_axes import draw_legend, label_decades
from wganstudio.figures.mpl_map import draw_color_bar
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(CongestionTheorem, share_of_width(0.8), single_column=True)
def draw_congestion_theorem(mpl_figure: FigureBase, figure: CongestionTheorem) -> None:
    """Draw the points, colored by sigma, and the diagonal."""
    axes = mpl_figure.add_subplot()
    axes.plot(
        *figure.diagonal,
        color=LIGHT.foreground,
        linestyle="--",
        linewidth=0.8,
        gid="diagonal",
        label="equality",
    )
    points = axes.scatter(
        figure.predicted_norm,
        figure.slope,
        c=figure.log_sigma,
        cmap=figure.scale.name,
        vmin=figure.scale.low,
        vmax=figure.scale.high,
        s=1.5 if len(figure.slope) > 500 else 5,
        linewidths=0,
    )
    draw_color_bar(points, figure.scale, ax=axes, fraction=0.05, pad=0.02)
    log_x, log_y = figure.logarithmic
    axes.set(
        xscale="log" if log_x else "linear",
        yscale="log" if log_y else "linear",
        xlim=figure.x_range,
        ylim=figure.y_range,
        xlabel=X_LABEL,
        ylabel=Y_LABEL,
    )
    label_decades(*([axes.xaxis] if log_x else []), *([axes.yaxis] if log_y else []))
    draw_legend(mpl_figure)
