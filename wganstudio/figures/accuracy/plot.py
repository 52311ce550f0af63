"""Matplotlib plot of the figure accuracy."""

from matplotlib.figure import FigureBase

from wganstudio.figures.accuracy.figure import RATE, Accuracy, metric_label
from wganstudio.figures.mpl_axes import draw_legend, draw_summary
from wganstudio.figures.mpl_curves import draw_curve, set_curve_axes
from wganstudio.figures.mpl_overlay import draw_overlay, overlay_handles
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Accuracy, share_of_width(0.5))
def draw_accuracy(mpl_figure: FigureBase, figure: Accuracy) -> None:
    """Draw one curve per metric, and the line 1 / sqrt(T)."""
    axes = mpl_figure.add_subplot()
    overlay, main = figure.overlay, figure.overlay.main
    set_curve_axes(axes, figure, figure.y_label)
    for curve in figure.shown_curves:
        draw_curve(
            axes,
            curve,
            color=LIGHT.accuracy(curve.name) if main is None else LIGHT.run(main.color),
            width=0.9 if main is None else 1.2,
            dash=figure.dash(curve.name),
            label=curve.label,
        )
    draw_overlay(axes, figure.shown_overlay, overlay)
    rate = []
    if figure.rate is not None and figure.shows("grad2"):
        rate = axes.plot(*figure.rate, color=LIGHT.faint, linestyle=(0, (1, 3)), linewidth=0.9, label=RATE)
    draw_summary(axes, (*figure.summary_lines, *figure.notes))
    runs = overlay_handles(overlay, metric_label, figure.settings)
    draw_legend(mpl_figure, [*runs, *rate] if runs else None)
