"""Matplotlib plot of the figure field_sweep."""

import numpy as np
from matplotlib.figure import FigureBase

from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.field_sweep.figure import FieldSweep
from wganstudio.figures.mpl_axes import draw_legend, draw_summary, label_decades
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL

MARKERS = "osD^v"


@register_plot(FieldSweep, share_of_width(0.5))
def draw_field_sweep(mpl_figure: FigureBase, figure: FieldSweep) -> None:
    """Draw the result of each run with its error, the means over seeds, and the truths."""
    axes = mpl_figure.add_subplot()
    for truth, style in zip(figure.truths, ("-", "--", ":"), strict=False):
        if truth not in figure.shown_truths:
            continue
        color = LIGHT.truth
        axes.fill_between(truth.x, truth.lower, truth.upper, color=color, alpha=0.2, linewidth=0)
        axes.plot(truth.x, truth.value, color=color, linestyle=style, label=truth.label)
    for number, series in enumerate(figure.series):
        if series not in figure.shown_series:
            continue
        color, marker = LIGHT.runs[number % len(LIGHT.runs)], MARKERS[number % len(MARKERS)]
        x, means, _ = series.means
        axes.plot(x, means, color=color, linewidth=0.8)
        for chosen, fill in ((series.complete, color), (~series.complete, "white")):
            axes.errorbar(
                series.x[chosen],
                series.y[chosen],
                yerr=WIDTH * np.nan_to_num(series.errors[chosen]),
                fmt=marker,
                markersize=3.5,
                markerfacecolor=fill,
                capsize=2,
                color=color,
                label=figure.label_of(series) if fill == color else None,
                linewidth=0.8,
            )
    if figure.has_incomplete:
        axes.plot([], [], "o", markersize=3.5, color=LIGHT.faint, mfc="white", label=INCOMPLETE_LABEL)
    log_x, log_y = figure.logarithmic
    axes.set(
        xscale="log" if log_x else "linear",
        yscale="log" if log_y else "linear",
        xlim=figure.x_range,
        ylim=figure.y_range,
        xlabel=figure.x_label,
        ylabel=figure.result.title,
    )
    label_decades(*([axes.xaxis] if log_x else []), *([axes.yaxis] if log_y else []))
    if figure.ticks:
        places, texts = zip(*figure.ticks, strict=True)
        axes.set_xticks(places, texts)
    draw_legend(mpl_figure)
    draw_summary(axes, figure.summary_lines)
