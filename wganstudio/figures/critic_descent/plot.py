"""Matplotlib plot of the figure critic descent."""

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from wganstudio.figures.critic_descent.figure import CriticDescent
from wganstudio.figures.critic_descent.left_over import LABELS, WIDTH, X_LABEL, Y_LABEL, LeftOver
from wganstudio.figures.mpl_axes import draw_legend, draw_summary, is_narrow, keep_aspect
from wganstudio.figures.print_sizes import pair_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT, PATH_ALPHA


@register_plot(CriticDescent, pair_height)
def draw_critic_descent(mpl_figure: FigureBase, figure: CriticDescent) -> None:
    """Draw the walk of the samples beside the W1 left over, or above it where the figure is narrow."""
    walk, curve = mpl_figure.subplots(2, 1) if is_narrow(mpl_figure) else mpl_figure.subplots(1, 2)
    _draw_walk(walk, figure)
    _draw_left_over(curve, figure.left)
    draw_legend(mpl_figure)
    draw_summary(walk, figure.summary_lines)


def _draw_walk(axes: Axes, figure: CriticDescent) -> None:
    for points, color, label, size in (
        (figure.targets, LIGHT.q, "Q", 3),
        (figure.states[0], LIGHT.faint, "P, start", 2),
    ):
        x, y = points.T
        axes.scatter(x, y, s=size, color=color, alpha=0.5, linewidths=0, label=label, zorder=1)
    axes.plot(
        *figure.paths.T, color=LIGHT.p, alpha=PATH_ALPHA, linewidth=0.4, zorder=2, gid="paths", label="path"
    )
    x, y = figure.points.T
    axes.scatter(x, y, s=4, color=LIGHT.p, linewidths=0, label="P, moved", zorder=3)
    if figure.rows:
        axes.set_yticks([place for place, _ in figure.rows], [name for _, name in figure.rows])
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=figure.labels[0], ylabel=figure.labels[1])
    if not figure.rows:
        keep_aspect(axes)


def _draw_left_over(axes: Axes, left: LeftOver) -> None:
    if left.truth is not None:
        axes.axhspan(*left.truth, color=LIGHT.truth, alpha=0.25, linewidth=0)
        axes.axhline(sum(left.truth) / 2, color=LIGHT.truth, linewidth=0.9, label=LABELS["truth"])
    axes.axhline(left.reference, color=LIGHT.faint, linestyle=":", linewidth=0.9, label=LABELS["reference"])
    axes.fill_between(left.steps, left.lower, left.upper, color=LIGHT.value, alpha=0.15, linewidth=0)
    for name, values, errors, style in (
        ("upper", left.upper, left.upper_se, "o-"),
        ("lower", left.lower, left.lower_se, "v--"),
    ):
        axes.errorbar(
            left.steps,
            values,
            WIDTH * errors,
            fmt=style,
            color=LIGHT.value,
            linewidth=0.9,
            markersize=3,
            capsize=2,
            label=LABELS[name],
        )
    axes.plot(left.steps, left.gaps, "x:", color=LIGHT.gap, linewidth=0.8, markersize=3, label=LABELS["gap"])
    axes.set(xlim=left.x_range, ylim=left.y_range, xlabel=X_LABEL, ylabel=Y_LABEL)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
