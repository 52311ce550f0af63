"""The critic over the plane or a line, for print."""

from matplotlib.figure import Figure as Sheet

from wganstudio.figures import style
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.mpl_plane import draw_map
from wganstudio.figures.plane import joined
from wganstudio.figures.style import LIGHT


def draw_landscape(sheet: Sheet, figure: Landscape) -> None:
    """A map with contours and samples; over a line the curve above the laws' densities."""
    (_line if figure.grid.is_line else _plane)(sheet, figure)


def _plane(sheet: Sheet, figure: Landscape) -> None:
    axes = sheet.add_subplot()
    draw_map(axes, figure.grid, figure.u, figure.scale)
    for lines, color, name in (
        (figure.contours, style.CONTOUR_COLOR, "contours"),
        (figure.truth_contours, style.TRUTH_CONTOUR_COLOR, "truth"),
    ):
        points = joined(lines)
        axes.plot(points[:, 0], points[:, 1], color=color, linewidth=0.5, zorder=1, gid=name)
    if figure.show_samples:
        for law, samples, color in (
            ("P", figure.samples_p, style.SAMPLE_P),
            ("Q", figure.samples_q, style.SAMPLE_Q),
        ):
            axes.scatter(
                samples[:, 0],
                samples[:, 1],
                s=2,
                color=color,
                edgecolors=style.SAMPLE_RIM,
                linewidths=0.25,
                zorder=2,
                label=law,
            )
        axes.legend(loc="upper right", markerscale=2.5, framealpha=0.85, borderpad=0.3, handletextpad=0.1)
    axes.set(xlim=figure.x_range, ylim=figure.y_range)


def _line(sheet: Sheet, figure: Landscape) -> None:
    top, bottom = sheet.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    top.plot(figure.grid.x, figure.u, color=LIGHT.foreground, label="critic u")
    if figure.show_truth and figure.potential is not None:
        top.plot(figure.grid.x, figure.potential, color=LIGHT.truth, linestyle="--", label="exact potential")
    top.legend(framealpha=0.85)
    top.set_ylabel(figure.y_label)
    if figure.histogram is not None:
        for law, heights, color in (("P", figure.histogram.p, LIGHT.p), ("Q", figure.histogram.q, LIGHT.q)):
            bottom.stairs(heights, figure.histogram.edges, fill=True, color=color, alpha=0.35)
            bottom.stairs(heights, figure.histogram.edges, color=color, label=law)
        bottom.legend(framealpha=0.85)
    bottom.set(xlabel=figure.grid.labels[0], ylabel="density")
    top.set(xlim=figure.x_range, ylim=figure.y_range)
