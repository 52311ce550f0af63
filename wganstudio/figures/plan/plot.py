"""Matplotlib plot of the figure plan."""

from matplotlib.figure import Figure as MplFigure

from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.plan.image_rows import ImageRows
from wganstudio.figures.plan.segments import PlanSegments
from wganstudio.figures.print_sizes import picture_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Plan, picture_height)
def draw_plan(mpl_figure: MplFigure, figure: Plan) -> None:
    """Draw the images, or segments from the points of Q to atoms of P."""
    axes = mpl_figure.add_subplot()
    picture = figure.picture
    if isinstance(picture, ImageRows):
        height, width = picture.pixels.shape[:2]
        axes.imshow(picture.pixels, extent=(0, width, 0, height), aspect="equal")
        axes.spines[:].set_visible(False)
        axes.set(xticks=[], yticks=[])
    else:
        _draw_lines(mpl_figure, picture)
        if figure.equal_aspect:
            axes.set_aspect("equal")
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=figure.labels[0], ylabel=figure.labels[1])
    axes.set_title(figure.summary, fontsize=6.5, loc="left")


def _draw_lines(mpl_figure: MplFigure, picture: PlanSegments) -> None:
    (axes,) = mpl_figure.axes
    (x, y), (x_p, y_p) = picture.sources.T, picture.samples_p.T
    axes.scatter(x_p, y_p, s=3, color=LIGHT.p, alpha=0.6, linewidths=0, label="P", zorder=1)
    for lines, alpha in picture.by_opacity:
        axes.plot(*lines.T, color=LIGHT.q, alpha=alpha, linewidth=0.6, zorder=2, gid="lines")
    axes.scatter(x, y, s=14, color=LIGHT.q, edgecolors="white", linewidths=0.4, label="Q", zorder=3)
    if picture.rows:
        axes.set_yticks([place for place, _ in picture.rows], [name for _, name in picture.rows])
        axes.tick_params(axis="y", length=0)
    else:
        axes.legend(loc="upper right", markerscale=1.5, framealpha=0.85, borderpad=0.3, handletextpad=0.1)
