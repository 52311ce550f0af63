"""Matplotlib plot of the figure critic values, imported when something is printed."""

from matplotlib.figure import FigureBase

from wganstudio.figures import register_plot
from wganstudio.figures.mpl_axes import draw_legend, draw_summary
from wganstudio.figures.print_sizes import share_of_width
from wganstudio.figures.style import LIGHT
from wganstudio_example.figures.critic_values.figure import DISTRIBUTIONS, X_LABEL, Y_LABEL, CriticValues


@register_plot(CriticValues, share_of_width(0.5), single_column=True)
def draw_critic_values(mpl_figure: FigureBase, figure: CriticValues) -> None:
    """Draw one histogram and one mean per distribution."""
    axes = mpl_figure.add_subplot()
    for name, title in DISTRIBUTIONS.items():
        color = LIGHT.distribution(name)
        axes.stairs(
            figure.density(name), figure.edges, baseline=None, color=color, linewidth=0.9, label=title
        )
        axes.axvline(figure.means[name], color=color, linestyle="--", linewidth=0.8)
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=X_LABEL, ylabel=Y_LABEL)
    draw_legend(mpl_figure)
    draw_summary(axes, [figure.summary])
