"""Matplotlib plot of the figure sweep."""

import numpy as np
from matplotlib.figure import FigureBase

from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.mpl_axes import draw_legend, draw_summary, label_decades
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL, Sweep


@register_plot(Sweep, share_of_width(0.5))
def draw_sweep(mpl_figure: FigureBase, figure: Sweep) -> None:
    """Draw the excess of the values over W1 and that of the true costs on logarithmic axes."""
    axes = mpl_figure.add_subplot()
    log_x, log_y = figure.logarithmic
    if len(figure.shown_slope[0]):
        axes.plot(*figure.shown_slope, color=LIGHT.faint, linestyle="--", linewidth=0.8, label="slope -1")
    truths = figure.shown_truths
    if len(truths.excess):
        axes.fill_between(
            truths.penalties,
            np.maximum(truths.lower, figure.y_range[0]) if log_y else truths.lower,
            truths.upper,
            color=LIGHT.truth,
            alpha=0.2,
            linewidth=0,
        )
        axes.plot(truths.penalties, truths.excess, color=LIGHT.truth, marker="_", label=truths.label)
    for curve, marker in zip(figure.series, "osD^", strict=False):
        if curve not in figure.shown_series:
            continue
        color = LIGHT.penalty(curve.kind)
        for chosen, fill in ((curve.complete, color), (~curve.complete, "white")):
            axes.errorbar(
                curve.penalties[chosen],
                curve.excess[chosen],
                yerr=WIDTH * curve.errors[chosen],
                fmt=marker,
                markersize=3.5,
                markerfacecolor=fill,
                capsize=2,
                color=color,
                label=curve.label if fill == color else None,
                linewidth=0.8,
            )
    if figure.has_incomplete:
        axes.plot([], [], "o", markersize=3.5, color=LIGHT.faint, mfc="white", label=INCOMPLETE_LABEL)
    axes.set(
        xscale="log" if log_x else "linear",
        yscale="log" if log_y else "linear",
        xlim=figure.x_range,
        ylim=figure.y_range,
        xlabel="λ",
        ylabel="value − W₁",
    )
    label_decades(*([axes.xaxis] if log_x else []), *([axes.yaxis] if log_y else []))
    draw_legend(mpl_figure)
    draw_summary(axes, figure.summary_lines)
