"""Matplotlib plot of the figure plan."""

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from wganstudio.figures.mpl_axes import draw_legend, draw_summary, keep_aspect
from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.plan.image_rows import ImageRows
from wganstudio.figures.plan.segments import PlanSegments
from wganstudio.figures.print_sizes import picture_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Plan, picture_height)
def draw_plan(mpl_figure: FigureBase, figure: Plan) -> None:
    """Draw the images, or segments from the points of Q to atoms of P."""
    axes = mpl_figure.add_subplot()
    picture = figure.picture
    if isinstance(picture, ImageRows):
        height, width = picture.pixels.shape[:2]
        axes.imshow(picture.pixels, extent=(0, width, 0, height), aspect="equal")
        axes.spines[:].set_visible(False)
        axes.set(xticks=[], yticks=[])
    else:
        _draw_lines(axes, picture)
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=figure.labels[0], ylabel=figure.labels[1])
    if figure.equal_aspect:
        keep_aspect(axes)
    draw_legend(mpl_figure)
    draw_summary(axes, [figure.summary])


def _draw_lines(axes: Axes, picture: PlanSegments) -> None:
    (x, y), (x_p, y_p) = picture.sources.T, picture.samples_p.T
    axes.scatter(x_p, y_p, s=3, color=LIGHT.p, alpha=0.6, linewidths=0, label="P", zorder=1)
    for lines, alpha in picture.by_opacity:
        label = "mass that goes from Q to P" if len(lines) else None
        axes.plot(*lines.T, color=LIGHT.q, alpha=alpha, linewidth=0.6, zorder=2, gid="lines", label=label)
    axes.scatter(x, y, s=14, color=LIGHT.q, edgecolors="white", linewidths=0.4, label="Q", zorder=3)
    if picture.rows:
        axes.set_yticks([place for place, _ in picture.rows], [name for _, name in picture.rows])
        axes.tick_params(axis="y", length=0)
