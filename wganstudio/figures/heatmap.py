"""Heat map: one number for every row and column, as colored squares."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wganstudio.figures.style import FIELD_MAP, LIGHT
from wganstudio.plain_text import one_line

LIGHT_SHARE = 0.55
"""Share of the color map above which its colors are light and numbers on them dark."""


MAX_LABEL = 40
"""Characters of the label of a row or column."""
MIN_WIDTH, MIN_HEIGHT, LABELS_HEIGHT = 3.2, 2.0, 0.8
"""Inches at least, and those beyond the color bar: of the title and the labels of the columns."""


@dataclass(frozen=True)
class HeatMap:
    """Values [rows, columns], NaN where there is none; `texts` [rows, columns] are written on them."""

    title: str
    caption: str
    label: str
    """Label of the color bar."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    texts: Sequence[Sequence[str]]
    low: float
    high: float


def render_heatmap(figure: HeatMap, file_format: str, dpi: int = 300) -> bytes:
    """Return the heat map as a file: png, svg or pdf."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as MplFigure

    from wganstudio.figures.mpl import DEFAULT_STYLE, save_to_bytes
    from wganstudio.figures.mpl_text import typeset_all, wrap

    rows, columns = len(figure.rows), len(figure.columns)
    with matplotlib.rc_context(DEFAULT_STYLE.settings):
        height = max(1.1 + 0.24 * rows, MIN_HEIGHT)
        mpl_figure = MplFigure(
            figsize=(max(2.0 + 0.52 * columns, MIN_WIDTH), height), facecolor="white", layout="constrained"
        )
        FigureCanvasAgg(mpl_figure)
        axes = mpl_figure.add_subplot()
        values = np.ma.masked_invalid(figure.values)
        image = axes.imshow(
            values, cmap=FIELD_MAP, vmin=figure.low, vmax=figure.high, aspect="auto", origin="upper"
        )
        label = wrap(figure.label, height - LABELS_HEIGHT, DEFAULT_STYLE.size)
        mpl_figure.colorbar(image, ax=axes, label=label, fraction=0.06, pad=0.02)
        below, left = ([one_line(text, MAX_LABEL) for text in side] for side in (figure.columns, figure.rows))
        axes.set_xticks(range(columns), below, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(rows), left)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        span = figure.high - figure.low or 1.0
        for (row, column), value in np.ndenumerate(figure.values):
            is_light = (value - figure.low) / span > LIGHT_SHARE
            color = LIGHT.faint if np.isnan(value) else LIGHT.foreground if is_light else LIGHT.background
            axes.text(
                column, row, figure.texts[row][column], ha="center", va="center", fontsize=6, color=color
            )
        axes.set_title(figure.title, fontweight="bold", loc="left")
        axes.set_xlabel(figure.caption, fontsize=6.5, loc="left")
        typeset_all(mpl_figure)
        return save_to_bytes(mpl_figure, file_format, figure.title, dpi)
