"""The measures of a solver's accuracy for print."""

from matplotlib.figure import Figure as Sheet

from wganstudio.figures.accuracy.figure import RATE, Y_LABEL, Accuracy
from wganstudio.figures.mpl_axes import name_decades
from wganstudio.figures.style import LIGHT


def draw_accuracy(sheet: Sheet, figure: Accuracy) -> None:
    """A curve a measure, and the line of 1 / sqrt(T)."""
    axes = sheet.add_subplot()
    for one in figure.measures:
        axes.plot(one.steps, one.values, color=LIGHT.measure(one.name), label=one.label, linewidth=0.9)
    if figure.rate is not None:
        axes.plot(*figure.rate, color=LIGHT.faint, linestyle="--", linewidth=0.8, label=RATE)
    axes.set(
        xscale="log", yscale="log", xlim=figure.x_range, ylim=figure.y_range, xlabel="steps", ylabel=Y_LABEL
    )
    name_decades(axes.xaxis, axes.yaxis)
    axes.legend(framealpha=0.85)
    axes.set_title("\n".join(figure.remarks), fontsize=6.5, loc="left")
