"""A map of the plane with its color bar, for print."""

from matplotlib.axes import Axes

from wganstudio.figures import style
from wganstudio.figures.grid import ColorScale, PlaneGrid
from wganstudio.figures.types import Float


def draw_map(axes: Axes, grid: PlaneGrid, field: Float, scale: ColorScale) -> None:
    """Draw a field with its color bar on the right."""
    image = axes.imshow(
        field, cmap=scale.name, vmin=scale.low, vmax=scale.high, extent=grid.extent, aspect="equal", zorder=0
    )
    bar = axes.inset_axes((1.03, 0, 0.045, 1))
    axes.figure.colorbar(image, cax=bar, label=scale.label)
    if scale.marked is not None:
        bar.axhline(scale.marked, color=style.UNIT_COLOR, linewidth=0.8)
    axes.set_xlabel(grid.labels[0])
    axes.set_ylabel(grid.labels[1])
