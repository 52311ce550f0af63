"""Matplotlib plot of the figure systems."""

from matplotlib.figure import FigureBase

from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.mpl_axes import draw_legend, draw_summary
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT
from wganstudio.figures.systems.figure import X_LABEL, Systems


@register_plot(Systems, share_of_width(0.5))
def draw_systems(mpl_figure: FigureBase, figure: Systems) -> None:
    """Draw one row per estimate: its point with error bars over the band of its truth."""
    axes = mpl_figure.add_subplot()
    for row, height in zip(figure.rows, figure.heights, strict=True):
        if row.truth:
            axes.fill_betweenx(
                (height - 0.4, height + 0.4),
                row.lower,
                row.upper,
                facecolor=(LIGHT.truth, 0.3),
                edgecolor=LIGHT.truth,
                linewidth=1.2,
                label="exact cost, between its bounds",
            )
        axes.errorbar(
            [row.value],
            [height],
            xerr=[WIDTH * row.error],
            fmt="o",
            markersize=3,
            color=LIGHT.value,
            markerfacecolor="white" if row.progress else LIGHT.value,
            markeredgecolor=LIGHT.value if row.progress else "white",
            markeredgewidth=0.8 if row.progress else 0.5,
            elinewidth=1.2,
            zorder=5,
            label=f"estimate so far ± {WIDTH} SE" if row.progress else f"estimate ± {WIDTH} SE",
        )
    axes.set_yticks(figure.heights, [row.label for row in figure.rows])
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=X_LABEL)
    right = axes.secondary_yaxis("right")
    right.set_yticks(figure.heights, [row.difference for row in figure.rows])
    draw_legend(mpl_figure)
    draw_summary(axes, [figure.summary])
