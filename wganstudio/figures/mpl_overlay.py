"""Matplotlib drawing of an overlay: the curves of further runs, their bands and their legend."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from wganstudio.figures.overlay import Overlay
from wganstudio.figures.style import LIGHT


def draw_overlay(axes: Axes, overlay: Overlay) -> None:
    """Draw the curves of the other runs, and the bands of means."""
    for curve in overlay.curves:
        color = LIGHT.run(curve.mark.color)
        if curve.has_band:
            axes.fill_between(
                curve.steps, curve.lower, curve.upper, color=color, alpha=0.25, linewidth=0, zorder=2
            )
        axes.plot(
            curve.steps,
            curve.values,
            color=color,
            linewidth=0.7,
            linestyle=overlay.dash(curve.quantity),
            zorder=2.5,
        )


def overlay_handles(overlay: Overlay, title: Callable[[str], str] = str) -> list[Line2D]:
    """Return the entries of the legend: one line for each run, and the styles of several quantities."""
    if overlay.main is None:
        return []
    runs = [
        Line2D([], [], color=LIGHT.run(mark.color), linewidth=1.0, label=mark.label) for mark in overlay.marks
    ]
    if len(overlay.quantities) < 2:
        return runs
    return runs + [
        Line2D([], [], color=LIGHT.faint, linestyle=overlay.dash(name), linewidth=1.0, label=title(name))
        for name in overlay.quantities
    ]
