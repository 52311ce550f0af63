"""Matplotlib plot of the figure samples."""

from matplotlib.figure import Figure as MplFigure

from wganstudio.figures import style
from wganstudio.figures.print_sizes import picture_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.samples.figure import Samples
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.figures.samples.trajectories import Trajectories
from wganstudio.figures.style import LIGHT


@register_plot(Samples, picture_height, single_column=lambda figure: figure.single_column)
def draw_samples(mpl_figure: MplFigure, figure: Samples) -> None:
    """Draw the images, or the points over samples of P with their paths."""
    axes = mpl_figure.add_subplot()
    picture = figure.picture
    if isinstance(picture, Gallery):
        height, width = picture.pixels.shape[:2]
        axes.imshow(picture.pixels, extent=(0, width, 0, height), aspect="equal")
        axes.spines[:].set_visible(False)
    else:
        _draw_points(mpl_figure, figure, picture)
    if picture.rows:
        axes.set_yticks([place for place, _ in picture.rows], [name for _, name in picture.rows])
        axes.tick_params(axis="y", length=0)
    if isinstance(picture, Gallery):
        axes.set_xticks([])
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=figure.labels[0], ylabel=figure.labels[1])
    axes.set_title(figure.summary, fontsize=6.5, loc="left")


def _draw_points(mpl_figure: MplFigure, figure: Samples, trajectories: Trajectories) -> None:
    (axes,) = mpl_figure.axes
    axes.scatter(
        trajectories.samples_p[:, 0],
        trajectories.samples_p[:, 1],
        s=3,
        color=LIGHT.p,
        alpha=0.5,
        linewidths=0,
        label="P",
        zorder=1,
    )
    if figure.show_paths:
        axes.plot(
            *trajectories.paths.T, color=LIGHT.q, alpha=style.PATH_ALPHA, linewidth=0.4, zorder=2, gid="paths"
        )
    axes.scatter(
        trajectories.points[:, 0],
        trajectories.points[:, 1],
        s=3,
        color=LIGHT.q,
        linewidths=0,
        label="generated",
        zorder=3,
    )
    if not trajectories.rows:
        axes.legend(loc="upper right", markerscale=2, framealpha=0.85, borderpad=0.3, handletextpad=0.1)
    if figure.equal_aspect:
        axes.set_aspect("equal")
