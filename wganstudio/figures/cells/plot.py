"""Matplotlib plot of the figure cells."""

from matplotlib.figure import FigureBase

from wganstudio.figures.cells.figure import ARROW_LABELS, DASHED, Cells
from wganstudio.figures.cells.gradients import MAX_SOLVED_ATOMS
from wganstudio.figures.mpl_axes import draw_legend, legend_entry, set_ranges
from wganstudio.figures.print_sizes import plane_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT


@register_plot(Cells, plane_height(0.7), single_column=True)
def draw_cells(mpl_figure: FigureBase, figure: Cells) -> None:
    """Draw the cells in soft colors, borders, atoms, samples of Q, and arrows of the gradients."""
    axes = mpl_figure.add_subplot()
    axes.imshow(
        figure.image(LIGHT.cells),
        extent=(*figure.grid.extent[:2], *figure.vertical_extent),
        zorder=0,
    )
    axes.plot(
        *figure.borders.T,
        color=LIGHT.faint,
        linewidth=0.6,
        zorder=1,
        gid="borders",
        **legend_entry("border of cells", figure.borders),
    )
    axes.scatter(
        figure.samples[:, 0],
        figure.samples[:, 1],
        s=3,
        color=LIGHT.q,
        linewidths=0,
        zorder=2,
        gid="samples",
        **legend_entry("sample of Q", figure.samples),
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
        label="atom of P",
    )
    for name, points in figure.arrows.items():
        axes.plot(
            *points.T,
            color=LIGHT.gradient(name),
            linewidth=2.2 if name == "true" else 0.8,
            linestyle=":" if name in DASHED else "-",
            zorder=4,
            gid=name,
            label=f"gradient, {ARROW_LABELS[name]}",
        )
    set_ranges(axes, figure, figure.grid)
    axes.set_xlabel(figure.grid.labels[0])
    if figure.grid.is_line:
        axes.set_yticks([])
    else:
        axes.set_ylabel(figure.grid.labels[1])
    draw_legend(mpl_figure)
