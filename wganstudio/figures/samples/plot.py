"""Matplotlib plot of the figure samples."""

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from wganstudio.figures import style
from wganstudio.figures.mpl_axes import draw_legend, draw_summary, keep_aspect
from wganstudio.figures.print_sizes import picture_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.samples.figure import Samples
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.figures.samples.trajectories import Trajectories
from wganstudio.figures.style import LIGHT


@register_plot(Samples, picture_height, single_column=lambda figure: figure.single_column)
def draw_samples(mpl_figure: FigureBase, figure: Samples) -> None:
    """Draw the images, or the points over samples of P with their paths."""
    axes = mpl_figure.add_subplot()
    picture = figure.picture
    if isinstance(picture, Gallery):
        height, width = picture.pixels.shape[:2]
        axes.imshow(picture.pixels, extent=(0, width, 0, height), aspect="equal")
        axes.spines[:].set_visible(False)
    else:
        _draw_points(axes, figure, picture)
    if picture.rows:
        axes.set_yticks([place for place, _ in picture.rows], [name for _, name in picture.rows])
        axes.tick_params(axis="y", length=0)
    if isinstance(picture, Gallery):
        axes.set_xticks([])
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=figure.labels[0], ylabel=figure.labels[1])
    if figure.equal_aspect and isinstance(picture, Trajectories):
        keep_aspect(axes)
    draw_legend(mpl_figure)
    draw_summary(axes, [figure.summary])


def _draw_points(axes: Axes, figure: Samples, trajectories: Trajectories) -> None:
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
    if figure.show_paths and len(trajectories.paths):
        axes.plot(
            *trajectories.paths.T,
            color=LIGHT.q,
            alpha=style.PATH_ALPHA,
            linewidth=0.4,
            zorder=2,
            gid="paths",
            label="path of a sample",
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
