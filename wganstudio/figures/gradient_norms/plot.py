"""Matplotlib plot of the figure gradient norms."""

import numpy as np
from matplotlib.figure import FigureBase

from wganstudio.figures import style
from wganstudio.figures.curve_settings import CurveSettings
from wganstudio.figures.gradient_norms.figure import DISTRIBUTIONS, X_LABEL, Y_LABEL, GradientNorms
from wganstudio.figures.mpl_axes import draw_legend, draw_summary
from wganstudio.figures.mpl_overlay import overlay_handles
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT

DASHES = {"empirical": "--", "largest_slope": "-", "certified": "-"}


@register_plot(GradientNorms, share_of_width(0.5))
def draw_gradient_norms(mpl_figure: FigureBase, figure: GradientNorms) -> None:
    """Draw one histogram per distribution, the line at 1, and the bounds of the Lipschitz constant."""
    axes = mpl_figure.add_subplot()
    overlay, main = figure.overlay, figure.overlay.main
    for one in figure.shown_histograms:
        heights = np.maximum(one.density, figure.floor)
        axes.stairs(
            heights,
            figure.finite_edges,
            baseline=None,
            color=LIGHT.distribution(one.distribution) if main is None else LIGHT.run(main.color),
            label=one.label,
            linewidth=0.9 if main is None else 1.2,
            linestyle=overlay.dash(one.distribution),
        )
    for curve in figure.shown_overlay:
        color, edges = LIGHT.run(curve.mark.color), figure.finite_edges
        if curve.has_band:
            lower, upper = (np.maximum(edge, figure.floor) for edge in (curve.lower, curve.upper))
            axes.stairs(upper, edges, baseline=lower, fill=True, color=color, alpha=0.25)
        axes.stairs(
            np.maximum(curve.values, figure.floor),
            edges,
            baseline=None,
            color=color,
            linewidth=0.7,
            linestyle=overlay.dash(curve.quantity),
        )
    axes.axvline(1, color=style.UNIT_COLOR, linewidth=0.8, gid="unit", label="|∇u| = 1")
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
    runs = overlay_handles(overlay, DISTRIBUTIONS.__getitem__, CurveSettings(hidden=figure.hidden))
    draw_legend(mpl_figure, [*runs, *axes.lines] if runs else None)
    draw_summary(axes, [figure.summary_lines[1]])
