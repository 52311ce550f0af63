"""Matplotlib plot of the figure theory checks."""

from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from wganstudio.figures.mpl_axes import draw_legend, is_narrow, label_decades
from wganstudio.figures.print_sizes import row_height
from wganstudio.figures.registry import register_plot
from wganstudio.figures.style import LIGHT, UNIT_COLOR
from wganstudio.figures.theory_checks.figure import PANELS, Panel, TheoryChecks


@register_plot(TheoryChecks, row_height)
def draw_theory_checks(mpl_figure: FigureBase, figure: TheoryChecks) -> None:
    """Draw the panels in a row, or in a column where the figure is narrow."""
    shape = (len(figure.panels), 1) if is_narrow(mpl_figure) else (1, len(figure.panels))
    grid = mpl_figure.subplots(*shape, squeeze=False)
    for axes, panel in zip(grid.ravel(), figure.panels, strict=True):
        _draw_panel(axes, panel)
    draw_legend(mpl_figure)


def _draw_panel(axes: Axes, panel: Panel) -> None:
    for line in panel.shown_lines:
        color = LIGHT.theory_line(line.kind)
        dashed = "--" if line.kind == "theory" else "-"
        if line.upper is None:
            axes.plot(line.x, line.y, color=color, linestyle=dashed, linewidth=0.9, label=line.name)
        else:
            axes.fill_between(line.x, line.y, line.upper, color=color, alpha=0.35, linewidth=0)
            axes.plot(line.x, line.middle, color=color, linewidth=0.9, label=line.name)
    if panel.mark is not None:
        axes.axvline(panel.mark, color=UNIT_COLOR, linewidth=0.8, label="λ of the run")
    title, x, y = PANELS[panel.name]
    across, upwards = panel.logarithmic
    axes.set(
        xscale="log" if across else "linear",
        yscale="log" if upwards else "linear",
        xlim=panel.x_range,
        ylim=panel.y_range,
        xlabel=x,
        ylabel=y,
    )
    label_decades(*(axis for axis, log in ((axes.xaxis, across), (axes.yaxis, upwards)) if log))
    axes.set_title(title)
