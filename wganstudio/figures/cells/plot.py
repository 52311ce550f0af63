"""Matplotlib plot of the figure cells."""

from matplotlib.figure import Figure as MplFigure

from wganstudio.figures.cells.figure import DASHED, Cells
from wganstudio.figures.cells.gradients import MAX_SOLVED_ATOMS
from wganstudio.figures.print_sizes import plane_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Cells, plane_height(0.9, 0.68, 0.65), single_column=True)
def draw_cells(mpl_figure: MplFigure, figure: Cells) -> None:
    """Draw the cells in soft colors, borders, atoms, samples of Q, and arrows of the gradients."""
    axes = mpl_figure.add_subplot()
    axes.imshow(
        figure.image(LIGHT.cells),
        extent=(*figure.grid.extent[:2], *figure.vertical_extent),
        aspect="auto" if figure.grid.is_line else "equal",
        zorder=0,
    )
    axes.plot(*figure.borders.T, color=LIGHT.faint, linewidth=0.6, zorder=1, gid="borders")
    axes.scatter(
        figure.samples[:, 0],
        figure.samples[:, 1],
        s=3,
        color=LIGHT.q,
        linewidths=0,
        zorder=2,
        gid="samples",
    )
    axes.scatter(
        figure.atoms[:, 0],
        figure.atoms[:, 1],
        s=(0.6 * figure.marker_sizes) ** 2,
        marker="D",
        color=LIGHT.p,
        edgecolors=LIGHT.foreground,
        linewidths=0.3 if len(figure.atoms) <= MAX_SOLVED_ATOMS else 0,
        zorder=3,
        gid="atoms",
    )
    for name, points in figure.arrows.items():
        axes.plot(
            *points.T,
            color=LIGHT.gradient(name),
            linewidth=2.2 if name == "true" else 0.8,
            linestyle=":" if name in DASHED else "-",
            zorder=4,
            gid=name,
        )
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel=figure.grid.labels[0])
    if figure.grid.is_line:
        axes.set_yticks([])
    else:
        axes.set_ylabel(figure.grid.labels[1])
