"""The cells of the atoms for print."""

from matplotlib.figure import Figure as Sheet

from wganstudio.figures.cells.figure import DASHED, Cells
from wganstudio.figures.cells.gradients import FEW
from wganstudio.figures.style import LIGHT


def draw_cells(sheet: Sheet, figure: Cells) -> None:
    """Soft colors, borders, atoms, samples of Q, and the arrows of both gradients."""
    axes = sheet.add_subplot()
    axes.imshow(
        figure.picture(LIGHT.cells),
        extent=(*figure.grid.extent[:2], *figure.heights),
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
        s=(0.6 * figure.sizes) ** 2,
        marker="D",
        color=LIGHT.p,
        edgecolors=LIGHT.foreground,
        linewidths=0.3 if len(figure.atoms) <= FEW else 0,
        zorder=3,
        gid="atoms",
    )
    for name, points in figure.arrows.items():
        axes.plot(
            *points.T,
            color=LIGHT.pull(name),
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
