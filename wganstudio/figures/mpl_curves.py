"""Curves over a run, for print: the axes as chosen, smoothed curves over those as measured, and stages."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from wganstudio.figures.curves import CurveFigure, RunCurve
from wganstudio.figures.mpl_axes import label_decades
from wganstudio.figures.overlay import OverlayCurve
from wganstudio.figures.style import LIGHT, RAW_ALPHA, SMOOTH_WIDTH

MAX_LABELS = 6


def draw_curve(
    axes: Axes,
    curve: RunCurve | OverlayCurve,
    *,
    color: str,
    width: float,
    dash: str,
    label: str | None = None,
    zorder: float = 3,
) -> None:
    """Draw a curve as it was measured, and over it, faint then, its smoothed values."""
    raw = curve.smooth is None
    axes.plot(
        curve.x,
        curve.values,
        color=color,
        alpha=1.0 if raw else RAW_ALPHA,
        linewidth=width,
        linestyle=dash if raw else "solid",
        label=label if raw else None,
        zorder=zorder,
    )
    if curve.smooth is not None:
        axes.plot(
            curve.x,
            curve.smooth,
            color=color,
            linewidth=SMOOTH_WIDTH * width,
            linestyle=dash,
            label=label,
            zorder=zorder + 0.2,
        )


def set_curve_axes(axes: Axes, figure: CurveFigure, y_label: str) -> None:
    """Set scales, ranges, labels and ticks as the figure has them, and mark the stages."""
    settings = figure.settings
    axes.set(
        xscale="log" if settings.log_x else "linear",
        yscale="log" if settings.log_y else "linear",
        xlim=figure.x_range,
        ylim=figure.y_range,
        xlabel=figure.x_label,
        ylabel=y_label,
    )
    if settings.log_x:
        label_decades(axes.xaxis)
    if settings.log_y:
        label_decades(axes.yaxis)
    if not settings.log_x:
        whole = figure.abscissa.axis != "seconds"
        axes.xaxis.set_major_locator(MaxNLocator(MAX_LABELS, integer=whole))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if whole else f"{value:,.5g}")
    for place in np.unique(figure.stages):
        axes.axvline(place, color=LIGHT.faint, linewidth=0.6, linestyle=":", zorder=0.5, gid="stage")
