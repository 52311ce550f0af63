"""Matplotlib plot of the figure gradient norms."""

import numpy as np
from matplotlib.figure import Figure as MplFigure

from wganstudio.figures import style
from wganstudio.figures.gradient_norms.figure import X_LABEL, Y_LABEL, GradientNorms
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT

DASHES = {"empirical": "--", "largest_slope": "-", "certified": "-"}


@register_plot(GradientNorms, share_of_width(0.5))
def draw_gradient_norms(mpl_figure: MplFigure, figure: GradientNorms) -> None:
    """Draw one histogram per distribution, the line at 1, and the bounds of the Lipschitz constant."""
    axes = mpl_figure.add_subplot()
    for one in figure.histograms:
        heights = np.maximum(one.density, figure.floor)
        axes.stairs(
            heights,
            figure.finite_edges,
            baseline=None,
            color=LIGHT.distribution(one.distribution),
            label=one.label,
            linewidth=0.9,
        )
    axes.axvline(1, color=style.UNIT_COLOR, linewidth=0.8, gid="unit")
    for bound in figure.bounds:
        axes.axvline(
            bound.value,
            color=LIGHT.bound(bound.name),
            linestyle=DASHES[bound.name],
            linewidth=0.8,
            label=bound.text,
        )
    axes.set_yscale("log" if figure.logarithmic else "linear")
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=X_LABEL, ylabel=Y_LABEL)
    axes.legend(framealpha=0.85)
    axes.set_title(figure.summary_lines[1], fontsize=6.5, loc="left")
