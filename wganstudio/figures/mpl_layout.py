"""The layout of a printed figure: no empty bands, and positions that do not vary."""

import numpy as np
from matplotlib import rcParams
from matplotlib.figure import Figure as MplFigure
from matplotlib.figure import SubFigure
from matplotlib.gridspec import GridSpec

from wganstudio.figures.mpl_axes import renderer_of
from wganstudio.figures.mpl_text import small_size

PASSES = 4
"""Layouts after which the height of a figure is final."""
LINE = 1.25
"""Distance of two lines of text as a multiple of its size."""
TOLERANCE = 0.01
"""Inches of an empty band that may stay."""


def fit_height(mpl_figure: MplFigure, grid: GridSpec, foot: float) -> None:
    """Give titles and legends their height, and cut the empty bands off beside axes whose aspect is kept.

    Parameters
    ----------
    mpl_figure
        The figure.
    grid
        The grid of its panels, whose height ratios are their heights in inches.
    foot
        Height of the caption in inches.
    """
    width, columns = mpl_figure.get_figwidth(), grid.ncols
    panels = mpl_figure.subfigs
    rows = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    mpl_figure.draw_without_rendering()
    texts = [max(map(_text_height, row)) for row in rows]
    heights = [float(height) for height in np.asarray(grid.get_height_ratios()) + texts]
    for _ in range(PASSES):
        grid.set_height_ratios(heights)
        total = sum(heights) + foot
        mpl_figure.set_size_inches(width, total)
        mpl_figure.get_layout_engine().set(rect=(0, foot / total, 1, 1 - foot / total))  # type: ignore[union-attr, call-arg]
        mpl_figure.draw_without_rendering()
        bands = [min(map(_unused_height, row)) for row in rows]
        if max(bands) < TOLERANCE:
            return
        heights = [height - band for height, band in zip(heights, bands, strict=True)]


def freeze_layout(mpl_figure: MplFigure) -> None:
    """Lay out once more and round: the last bits of the solver's result vary between calls."""
    mpl_figure.draw_without_rendering()
    places = [(axes, axes.get_position(original=True).bounds) for axes in mpl_figure.axes]
    mpl_figure.set_layout_engine("none")
    for subfigure in mpl_figure.subfigs:
        box = subfigure.bbox_relative
        box.p0, box.p1 = box.p0.round(5), box.p1.round(5)
    for axes, place in places:
        if axes.get_subplotspec() is not None:
            left, bottom, width, height = (round(value, 5) for value in place)
            axes.set_position((left, bottom, width, height))


def _text_height(panel: SubFigure) -> float:
    """Return the height in inches of the title, the summary and the legends of a panel."""
    renderer = renderer_of(panel)
    legends = sum(legend.get_window_extent(renderer).height for legend in panel.legends) / renderer.dpi
    summary = max((_lines(axes.get_title(loc="left")) for axes in panel.axes), default=0)
    title = _lines(panel.get_suptitle()) * rcParams["figure.titlesize"]
    return float(legends + LINE * (summary * small_size() + title) / 72)


def _lines(text: str) -> int:
    return len(text.split("\n")) if text else 0


def _unused_height(panel: SubFigure) -> float:
    """Return the sum over the rows of axes of the height in inches that none of the row needs."""
    rows: dict[int, float] = {}
    for axes in panel.axes:
        spec = axes.get_subplotspec()
        if spec is None:
            continue
        place, drawn = axes.get_position(original=True), axes.get_position()
        unused = (place.height - drawn.height) * panel.bbox.height / panel.figure.dpi
        row = spec.rowspan.start
        rows[row] = min(rows.get(row, unused), unused)
    return sum(rows.values())
