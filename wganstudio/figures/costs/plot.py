"""Matplotlib plot of the figure costs."""

import numpy as np
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from wganstudio.figures.costs.figure import WIDTH, Costs, accuracy_text
from wganstudio.figures.mpl_axes import draw_legend, draw_summary
from wganstudio.figures.mpl_overlay import draw_overlay, overlay_handles
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Costs, share_of_width(0.5))
def draw_costs(mpl_figure: FigureBase, figure: Costs) -> None:
    """Draw curves with their errors, final values, and a band for each truth."""
    axes = mpl_figure.add_subplot()
    overlay, main = figure.overlay, figure.overlay.main
    for index, band in enumerate(figure.bands):
        color = LIGHT.curve(band.quantity) if main is None else LIGHT.foreground
        axes.axhspan(
            band.lower,
            band.upper,
            facecolor=(color, 0.15),
            edgecolor=color,
            linewidth=0.8,
            zorder=1,
            gid=f"band-{band.quantity}",
            label=figure.band_text(index),
        )
    for curve in figure.curves:
        color = LIGHT.curve(curve.name) if main is None else LIGHT.run(main.color)
        axes.fill_between(
            curve.steps, curve.lower, curve.upper, color=color, alpha=0.25, linewidth=0, zorder=2
        )
        axes.plot(
            curve.steps,
            curve.values,
            color=color,
            label=curve.label if main is None else None,
            zorder=3,
            linewidth=0.8 if main is None else 1.2,
            linestyle=overlay.dash(curve.name),
        )
    draw_overlay(axes, overlay)
    (left, right), (low, high) = figure.x_range, figure.y_range
    for final in figure.finals:
        visible = left <= final.step <= right and low <= final.value <= high
        axes.errorbar(
            [final.step],
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
    draw_legend(mpl_figure, [*runs, *axes.patches] if (runs := overlay_handles(overlay)) else None)
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel="steps", ylabel="cost")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    if figure.summary_lines:
        draw_summary(axes, (*figure.summary_lines, accuracy_text(figure.gradient), *figure.warnings))
