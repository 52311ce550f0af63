"""Matplotlib plot of the figure line profile."""

from matplotlib.figure import FigureBase

from wganstudio.figures.line_profile.figure import LineProfile
from wganstudio.figures.mpl_axes import draw_legend
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(LineProfile, share_of_width(0.6), single_column=True)
def draw_profile(mpl_figure: FigureBase, figure: LineProfile) -> None:
    """Draw the curves, those of a truth dashed."""
    axes = mpl_figure.add_subplot()
    for curve in figure.curves:
        own = LIGHT.truth if curve.is_truth else LIGHT.foreground
        axes.plot(
            figure.distance,
            curve.values,
            color=own if curve.run_color is None else LIGHT.run(curve.run_color),
            linestyle="--" if curve.is_truth else "-",
            label=curve.label,
        )
    if len(figure.curves) > 1:
        draw_legend(mpl_figure)
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel="distance along the cut", ylabel=figure.y_label)
