"""Matplotlib plot of the figure probe readings."""

from matplotlib.figure import FigureBase

from wganstudio.figures.mpl_axes import draw_legend
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.probe_readings.figure import ProbeReadings
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT, NUM_RUN_COLORS


@register_plot(ProbeReadings, share_of_width(0.6), single_column=True)
def draw_readings(mpl_figure: FigureBase, figure: ProbeReadings) -> None:
    """Draw one curve for each point."""
    axes = mpl_figure.add_subplot()
    for number, (label, values) in enumerate(zip(figure.labels, figure.values, strict=True)):
        axes.plot(
            figure.steps,
            values,
            color=LIGHT.run(number % NUM_RUN_COLORS),
            marker=".",
            markersize=2,
            label=label,
        )
    draw_legend(mpl_figure)
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel="step", ylabel=figure.y_label)
