"""What a generator makes, for print."""

import numpy as np
from matplotlib.figure import Figure as Sheet

from wganstudio.figures import style
from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.samples.figure import Samples
from wganstudio.figures.samples.gallery import Gallery
from wganstudio.figures.samples.trajectories import Cloud
from wganstudio.figures.style import LIGHT


def draw_samples(sheet: Sheet, figure: Samples) -> None:
    """The images pixel by pixel, or the points over those of P and their paths."""
    axes = sheet.add_subplot()
    picture = figure.picture
    if isinstance(picture, Gallery):
        height, width = picture.pixels.shape[:2]
        axes.imshow(picture.pixels, extent=(0, width, 0, height), aspect="equal")
        axes.spines[:].set_visible(False)
    else:
        _draw_cloud(sheet, figure, picture)
    if picture.rows:
        axes.set_yticks([place for place, _ in picture.rows], [name for _, name in picture.rows])
        axes.tick_params(axis="y", length=0)
    if isinstance(picture, Gallery):
        axes.set_xticks([])
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=figure.labels[0], ylabel=figure.labels[1])
    axes.set_title(figure.remark, fontsize=6.5, loc="left")


def _draw_cloud(sheet: Sheet, figure: Samples, cloud: Cloud) -> None:
    (axes,) = sheet.axes
    axes.scatter(
        cloud.samples_p[:, 0],
        cloud.samples_p[:, 1],
        s=3,
        color=LIGHT.p,
        alpha=0.5,
        linewidths=0,
        label="P",
        zorder=1,
    )
    if figure.show_paths:
        axes.plot(*cloud.paths.T, color=LIGHT.q, alpha=style.PATH_ALPHA, linewidth=0.4, zorder=2, gid="paths")
    axes.scatter(
        cloud.points[:, 0], cloud.points[:, 1], s=3, color=LIGHT.q, linewidths=0, label="made", zorder=3
    )
    if not cloud.rows:
        axes.legend(loc="upper right", markerscale=2, framealpha=0.85, borderpad=0.3, handletextpad=0.1)
    if figure.locked:
        axes.set_aspect("equal")


def shape_of(figure: Samples | Plan) -> float:
    """Height by width of what is drawn."""
    if not figure.locked:
        return 0.5
    (left, right), (low, high) = figure.x_range, figure.y_range
    return float(np.clip((high - low) / (right - left), 0.3, 2))
