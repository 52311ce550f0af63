"""Matplotlib plot of the figure accuracy."""

from matplotlib.figure import FigureBase

from wganstudio.figures.accuracy.figure import RATE, Accuracy, metric_label
from wganstudio.figures.mpl_axes import draw_legend, draw_summary, label_decades
from wganstudio.figures.mpl_overlay import draw_overlay, overlay_handles
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Accuracy, share_of_width(0.5))
def draw_accuracy(mpl_figure: FigureBase, figure: Accuracy) -> None:
    """Draw one curve per metric, and the line 1 / sqrt(T)."""
    axes = mpl_figure.add_subplot()
    overlay, main = figure.overlay, figure.overlay.main
    for curve in figure.curves:
        axes.plot(
            curve.steps,
            curve.values,
            color=LIGHT.accuracy(curve.name) if main is None else LIGHT.run(main.color),
            label=curve.label,
            linewidth=0.9 if main is None else 1.2,
            linestyle=overlay.dash(curve.name),
        )
    draw_overlay(axes, overlay)
    rate = []
    if figure.rate is not None:
        rate = axes.plot(*figure.rate, color=LIGHT.faint, linestyle="--", linewidth=0.8, label=RATE)
    axes.set(
        xscale="log",
        yscale="log",
        xlim=figure.x_range,
        ylim=figure.y_range,
        xlabel="steps",
        ylabel=figure.y_label,
    )
    label_decades(axes.xaxis, axes.yaxis)
    runs = overlay_handles(overlay, metric_label)
    draw_legend(mpl_figure, [*runs, *rate] if runs else None)
    draw_summary(axes, figure.summary_lines)
