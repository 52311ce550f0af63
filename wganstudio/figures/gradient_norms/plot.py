"""The histograms of |grad u| for print."""

import numpy as np
from matplotlib.figure import Figure as Sheet

from wganstudio.figures import style
from wganstudio.figures.gradient_norms.figure import X_LABEL, Y_LABEL, GradientNorms
from wganstudio.figures.style import LIGHT

DASHES = {"empirical": "--", "largest_slope": "-", "certified": "-"}


def draw_slope(sheet: Sheet, figure: GradientNorms) -> None:
    """A step curve a law, the line at 1, and what bounds the Lipschitz constant."""
    axes = sheet.add_subplot()
    for one in figure.spreads:
        drawn = np.maximum(one.density, figure.floor)
        axes.stairs(
            drawn, figure.steps, baseline=None, color=LIGHT.law(one.law), label=one.label, linewidth=0.9
        )
    axes.axvline(1, color=style.UNIT_COLOR, linewidth=0.8, gid="unit")
    for mark in figure.marks:
        axes.axvline(
            mark.value,
            color=LIGHT.bound(mark.name),
            linestyle=DASHES[mark.name],
            linewidth=0.8,
            label=mark.text,
        )
    axes.set_yscale("log" if figure.logarithmic else "linear")
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=X_LABEL, ylabel=Y_LABEL)
    axes.legend(framealpha=0.85)
    axes.set_title(figure.remarks[1], fontsize=6.5, loc="left")
