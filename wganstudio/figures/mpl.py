"""Render figures with matplotlib as PNG and PGF, or as SVG and PDF whose text stays text."""

import io
import logging
import threading
from collections.abc import Sequence
from typing import Any, Final

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as MplFigure
from matplotlib.figure import SubFigure

from wganstudio.figures.base import Figure
from wganstudio.figures.mpl_layout import fit_height, freeze_layout
from wganstudio.figures.mpl_pgf import save_pgf
from wganstudio.figures.mpl_text import MAX_TEXT, typeset_all, wrap
from wganstudio.figures.panels import FigurePanel, panel_columns, panel_heading, panels_caption, panels_title
from wganstudio.figures.print_style import PrintStyle
from wganstudio.figures.recoloring import recolored
from wganstudio.figures.registry import plot_of
from wganstudio.plain_text import one_line

SINGLE, DOUBLE = 3.4, 7.0
"""Widths in inches of one and of two columns where a style has none."""
LINE_SPACING = 1.35
MARGIN = 0.03
"""Space in inches at the edges and around the panels."""
# Without dates the same data give the same bytes.
METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": "WGAN Studio"},
    "svg": {"Date": None, "Creator": "WGAN Studio"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "WGAN Studio", "Producer": "matplotlib"},
}
DEFAULT_STYLE: Final = PrintStyle()
# It warns of the dates in the fonts of Computer Modern.
logging.getLogger("fontTools").setLevel(logging.ERROR)
_LOCK = threading.RLock()
"""Held while files are drawn: the settings of matplotlib are those of all threads."""


def render_files(
    panels: Sequence[FigurePanel],
    formats: Sequence[str],
    stem: str,
    dpi: int = 300,
    style: PrintStyle = DEFAULT_STYLE,
) -> dict[str, bytes]:
    """Return figures as files of these formats by name: png, svg, pdf, pgf.

    The images of a PGF file are PNG files beside it.
    """
    with _LOCK, matplotlib.rc_context(style.settings):
        mpl_figure = render_panels(panels, style)
        files: dict[str, bytes] = {}
        for name in formats:
            if name == "pgf":
                files |= save_pgf(mpl_figure, stem, style.family)
            else:
                files[f"{stem}.{name}"] = save_to_bytes(mpl_figure, name, panels_title(panels), dpi)
        return files


def save_to_bytes(mpl_figure: MplFigure, file_format: str, title: str, dpi: int) -> bytes:
    """Return the content of a file of this format, without a date: the same data give the same bytes."""
    out, title = io.BytesIO(), one_line(title)
    mpl_figure.savefig(out, format=file_format, dpi=dpi, metadata={"Title": title, **METADATA[file_format]})
    return out.getvalue()


def render_figure(figure: Figure, style: PrintStyle = DEFAULT_STYLE) -> MplFigure:
    """Draw the figure with its title above and its caption below, as far as the style has them."""
    return render_panels((FigurePanel(figure),), style)


def render_panels(panels: Sequence[FigurePanel], style: PrintStyle = DEFAULT_STYLE) -> MplFigure:
    """Draw figures as the panels of one, with letters where there are several."""
    with _LOCK, matplotlib.rc_context(style.settings):
        width = style.width or (_own_width(panels[0].figure) if len(panels) == 1 else DOUBLE)
        columns = panel_columns(len(panels), width)
        heights = _row_heights(panels, columns, width / columns)
        mpl_figure = MplFigure(figsize=(width, sum(heights)), facecolor="white", layout="constrained")
        FigureCanvasAgg(mpl_figure)
        mpl_figure.get_layout_engine().set(w_pad=MARGIN, h_pad=MARGIN)  # type: ignore[union-attr, call-arg]
        grid = mpl_figure.add_gridspec(len(heights), columns, height_ratios=heights)
        for index in range(len(panels)):
            subfigure = mpl_figure.add_subfigure(grid[divmod(index, columns)])
            _draw(subfigure, panels, index, style)
        foot = _draw_caption(mpl_figure, panels_caption(panels), style) if style.caption else 0.0
        typeset_all(mpl_figure)
        fit_height(mpl_figure, grid, foot)
        freeze_layout(mpl_figure)
        return mpl_figure


def _row_heights(panels: Sequence[FigurePanel], columns: int, width: float) -> list[float]:
    """Return the height in inches of each row of panels of a width."""
    heights = [plot_of(type(one.figure)).height(one.figure, width) for one in panels]
    return [max(heights[start : start + columns]) for start in range(0, len(heights), columns)]


def _draw_caption(mpl_figure: MplFigure, caption: str, style: PrintStyle) -> float:
    """Write the caption at the foot of the figure, and return its height in inches."""
    width = mpl_figure.get_figwidth()
    text = wrap(caption[:MAX_TEXT], width - 2 * MARGIN, style.small)
    mpl_figure.text(
        MARGIN / width,
        0.0,
        text,
        fontsize=style.small,
        va="bottom",
        linespacing=LINE_SPACING,
        in_layout=False,
        gid="caption",
    )
    return LINE_SPACING * style.small / 72 * (text.count("\n") + 1) + MARGIN


def _draw(subfigure: SubFigure, panels: Sequence[FigurePanel], index: int, style: PrintStyle) -> None:
    figure = recolored(panels[index].figure, style)
    heading = panel_heading(panels, index, style.title)
    if heading:
        width = subfigure.bbox.width / subfigure.figure.dpi
        text = wrap(heading, width - 2 * MARGIN, 1.1 * (style.size + 1))
        if len(panels) > 1:
            subfigure.suptitle(text, x=MARGIN / width, ha="left")
        else:
            subfigure.suptitle(text)
    plot_of(type(figure)).draw(subfigure, figure)
    if not style.title:
        for axes in subfigure.axes:
            axes.set_title("", loc="left")  # its numbers


def _own_width(figure: Figure) -> float:
    return SINGLE if plot_of(type(figure)).single_column(figure) else DOUBLE
