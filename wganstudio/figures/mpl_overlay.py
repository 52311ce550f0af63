"""Matplotlib drawing of an overlay: the curves of further runs, their bands and their legend."""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from wganstudio.figures.curve_settings import DEFAULT_SETTINGS, CurveSettings
from wganstudio.figures.mpl_curves import draw_curve
from wganstudio.figures.overlay import Overlay, OverlayCurve
from wganstudio.figures.style import LIGHT


def draw_overlay(axes: Axes, curves: Sequence[OverlayCurve], overlay: Overlay) -> None:
    """Draw the shown curves of the other runs, and the bands of means."""
    for curve in curves:
        color = LIGHT.run(curve.mark.color)
        if curve.has_band:
            axes.fill_between(
                curve.x, curve.lower, curve.upper, color=color, alpha=0.25, linewidth=0, zorder=2
            )
        draw_curve(axes, curve, color=color, width=0.7, dash=overlay.dash(curve.quantity), zorder=2.5)


def overlay_handles(
    overlay: Overlay, title: Callable[[str], str] = str, settings: CurveSettings = DEFAULT_SETTINGS
) -> list[Line2D]:
    """Return the shown entries of the legend: one line for each run, and the styles of several quantities."""
    if overlay.main is None:
        return []
    runs = [
        Line2D([], [], color=LIGHT.run(mark.color), linewidth=1.0, label=mark.label)
        for mark in overlay.marks
        if settings.shows(mark.name)
    ]
    if len(overlay.quantities) < 2:
        return runs
    return runs + [
        Line2D([], [], color=LIGHT.faint, linestyle=overlay.dash(name), linewidth=1.0, label=title(name))
        for name in overlay.quantities
        if settings.shows(name)
    ]
