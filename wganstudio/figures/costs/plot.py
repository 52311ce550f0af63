"""Matplotlib plot of the figure costs."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.costs.texts import accuracy_text
from wganstudio.figures.mpl_axes import draw_legend, draw_summary
from wganstudio.figures.mpl_curves import draw_curve, set_curve_axes
from wganstudio.figures.mpl_overlay import draw_overlay, overlay_handles
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT
from wganstudio.figures.types import Float


@register_plot(Costs, share_of_width(0.5))
def draw_costs(mpl_figure: FigureBase, figure: Costs) -> None:
    """Draw curves with their errors, final values, and a band for each truth."""
    axes = mpl_figure.add_subplot()
    set_curve_axes(axes, figure, "cost")
    _draw_bands(axes, figure)
    _draw_curves(axes, figure)
    draw_overlay(axes, figure.shown_overlay, figure.overlay)
    _draw_finals(axes, figure)
    if figure.summary_lines:
        lines = *figure.summary_lines, accuracy_text(figure.gradient), *figure.warnings, *figure.notes
        draw_summary(axes, lines)
    runs = overlay_handles(figure.overlay, settings=figure.settings)
    draw_legend(mpl_figure, [*runs, *axes.patches] if runs else None)


def _draw_bands(axes: Axes, figure: Costs) -> None:
    for index, band in enumerate(figure.bands):
        if not figure.settings.shows(band.quantity):
            continue
        color = _band_color(figure, band.quantity)
        axes.axhspan(
            *_visible_edges(figure, band.lower, band.upper),
            facecolor=(color, 0.15),
            edgecolor=color,
            linewidth=0.8,
            zorder=1,
            gid=f"band-{band.quantity}",
            label=figure.band_text(index),
        )


def _draw_curves(axes: Axes, figure: Costs) -> None:
    main = figure.overlay.main
    for curve in figure.curves:
        if not figure.shows(curve.name):
            continue
        color = LIGHT.curve(curve.name) if main is None else LIGHT.run(main.color)
        lower, upper = (_positive(edge, figure) for edge in (curve.lower, curve.upper))
        axes.fill_between(curve.x, lower, upper, color=color, alpha=0.25, linewidth=0, zorder=2)
        draw_curve(
            axes,
            curve,
            color=color,
            width=0.8 if main is None else 1.2,
            dash=figure.dash(curve.name),
            label=curve.label if main is None else None,
        )


def _draw_finals(axes: Axes, figure: Costs) -> None:
    main, (left, right), (low, high) = figure.overlay.main, figure.x_range, figure.y_range
    for final in figure.shown_finals:
        visible = left <= final.x <= right and low <= final.value <= high
        axes.errorbar(
            [final.x],
            [final.value],
            yerr=[WIDTH * np.nan_to_num(final.error)],
            fmt="o",
            markersize=4,
            capsize=3,
            color=LIGHT.curve(final.name) if main is None else LIGHT.run(main.color),
            markeredgecolor="white",
            markeredgewidth=0.5,
            zorder=5,
            clip_on=not visible,
            label=f"{final.name}, final" if main is None and final.final else None,
        )


def _band_color(figure: Costs, quantity: str) -> str:
    return LIGHT.curve(quantity) if figure.overlay.main is None else LIGHT.foreground


def _visible_edges(figure: Costs, lower: float, upper: float) -> tuple[float, float]:
    """Return the edges of a band; on a logarithmic axis no lower than a bit below its range."""
    floor = figure.y_range[0] / 10 if figure.settings.log_y else -np.inf
    return max(lower, floor), max(upper, floor)


def _positive(values: Float, figure: Costs) -> Float:
    return np.maximum(values, figure.y_range[0] / 10) if figure.settings.log_y else values
