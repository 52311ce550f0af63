"""Summaries, legends and logarithmic axes for print."""

from collections.abc import Iterable, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure, FigureBase, SubFigure
from matplotlib.ticker import LogLocator

from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.mpl_text import small_size, typeset, wrap
from wganstudio.figures.print_sizes import NARROW, OnPlane, keeps_aspect
from wganstudio.figures.types import Float

PADDING = 0.15
"""Inches of the width of a figure that a summary leaves."""


def width_of(mpl_figure: FigureBase) -> float:
    """Return the width of a figure, or of a panel of one, in inches."""
    assert isinstance(mpl_figure, Figure | SubFigure)
    return float(mpl_figure.bbox.width / renderer_of(mpl_figure).dpi)


def renderer_of(mpl_figure: FigureBase) -> RendererAgg:
    """Return the renderer that measures texts."""
    assert isinstance(mpl_figure, Figure | SubFigure)
    canvas = mpl_figure.get_figure(root=True).canvas
    assert isinstance(canvas, FigureCanvasAgg)
    return canvas.get_renderer()  # type: ignore[no-untyped-call]


def is_narrow(mpl_figure: FigureBase) -> bool:
    """Return True for a figure that is too narrow for panels side by side."""
    return width_of(mpl_figure) < NARROW


def draw_summary(axes: Axes, lines: Iterable[str]) -> None:
    """Write lines above the axes, wrapped to the width of the figure."""
    width = width_of(axes.get_figure(root=False)) - PADDING  # type: ignore[arg-type]
    text = wrap("\n".join(line for line in lines if line), width, small_size())
    axes.set_title(text, fontsize=small_size(), loc="left")


def keep_aspect(axes: Axes) -> None:
    """Draw equal lengths equally long, but not where that leaves a strip; the limits must be set before."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    aspect = abs(high - low) / max(abs(right - left), 1e-300)
    axes.set_aspect("equal" if keeps_aspect(aspect) else "auto")


def set_ranges(axes: Axes, figure: OnPlane, grid: PlaneGrid) -> None:
    """Set the limits of the axes; on the plane keep the aspect."""
    axes.set(xlim=figure.x_range, ylim=figure.y_range)
    if grid.is_line:
        axes.set_aspect("auto")
    else:
        keep_aspect(axes)


def draw_legend(mpl_figure: FigureBase, handles: Sequence[Artist] | None = None) -> None:
    """Draw a legend below the axes, in as many columns as fit.

    Parameters
    ----------
    mpl_figure
        The figure, or a panel of one.
    handles
        What the legend names (default: every artist with a label).
    """
    assert isinstance(mpl_figure, Figure | SubFigure)
    named: dict[str, Artist] = {}
    if handles is None:
        for axes in mpl_figure.axes:
            for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
                named.setdefault(label, handle)
    else:
        named = {str(handle.get_label()): handle for handle in handles}
    width = mpl_figure.bbox.width
    renderer = renderer_of(mpl_figure)
    for columns in range(len(named), 0, -1):
        legend = mpl_figure.legend(
            list(named.values()),
            list(named),
            loc="outside lower center",
            ncols=columns,
            borderpad=0.1,
            borderaxespad=0.2,
            handlelength=1.5,
            handletextpad=0.5,
            columnspacing=1.2,
            labelspacing=0.3,
            scatterpoints=1,
        )
        for text in legend.get_texts():
            typeset(text)
        if columns == 1 or legend.get_window_extent(renderer).width <= width:
            return
        legend.remove()


def legend_entry(label: str, points: Float) -> dict[str, Any]:
    """Return the label of an artist for the legend; none where it has no points."""
    return {"label": label} if len(points) else {}


def label_decades(*axes: Axis) -> None:
    """Label powers of ten with plain numbers, or also 2 and 5 over less than two decades.

    The limits must be set before.
    """
    for axis in axes:
        low, high = axis.get_view_interval()
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,), numticks=5))
        axis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.set_minor_formatter(lambda value, _: "")
