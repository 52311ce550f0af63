"""Render figures with matplotlib as PNG, or as SVG and PDF whose text stays text."""

import io
import textwrap
from collections.abc import Sequence
from typing import Any, Final

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as MplFigure
from matplotlib.text import Text

from wganstudio.experiment.plain_text import one_line
from wganstudio.figures.base import Figure
from wganstudio.figures.registry import plot_of
from wganstudio.figures.style import LIGHT

SINGLE, DOUBLE = 3.4, 7.0
"""Widths in inches of one and of two columns of a journal."""
LINE_SPACING = 0.135
"""Inches between two lines of the caption."""
MAX_TEXT, MAX_LINE = 2000, 140
"""Characters of a text, and of each of its lines; longer ones take minutes to draw, and leave no room."""
SETTINGS: Final[Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.labelsize": 7.5,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "legend.fontsize": 6.5,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.0,
    "text.parse_math": False,
    "axes.edgecolor": LIGHT.foreground,
    "text.color": LIGHT.foreground,
    "axes.labelcolor": LIGHT.foreground,
    "xtick.color": LIGHT.foreground,
    "ytick.color": LIGHT.foreground,
    "axes.unicode_minus": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "wganstudio",
    "pdf.fonttype": 42,
    "image.composite_image": False,
    "image.interpolation": "nearest",
    "image.origin": "lower",
    "axes.formatter.useoffset": False,
}
# Without dates the same data give the same bytes.
METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": "WGAN Studio"},
    "svg": {"Date": None, "Creator": "WGAN Studio"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "WGAN Studio", "Producer": "matplotlib"},
}


def render_files(figure: Figure, formats: Sequence[str], dpi: int = 300) -> dict[str, bytes]:
    """Return the figure as files of these formats: png, svg, pdf."""
    with matplotlib.rc_context(SETTINGS):
        mpl_figure = render_figure(figure)
        return {name: save_to_bytes(mpl_figure, name, figure.title, dpi) for name in formats}


def save_to_bytes(mpl_figure: MplFigure, file_format: str, title: str, dpi: int) -> bytes:
    """Return the content of a file of this format, without a date: the same data give the same bytes."""
    for text in mpl_figure.findobj(Text):
        text.set_text("\n".join(one_line(line, MAX_LINE) for line in text.get_text()[:MAX_TEXT].split("\n")))
    out, title = io.BytesIO(), one_line(title)
    mpl_figure.savefig(out, format=file_format, dpi=dpi, metadata={"Title": title, **METADATA[file_format]})
    return out.getvalue()


def render_figure(figure: Figure, width: float | None = None) -> MplFigure:
    """Draw the figure with its title above and its caption below.

    Parameters
    ----------
    figure
        Any registered figure.
    width
        Width in inches; one or two columns of a journal by default.
    """
    plot = plot_of(type(figure))
    with matplotlib.rc_context(SETTINGS):
        if width is None:
            width = SINGLE if plot.single_column(figure) else DOUBLE
        caption = textwrap.wrap(one_line(figure.caption, MAX_TEXT), int(width * 19))
        foot = LINE_SPACING * len(caption) + 0.08
        height = plot.height(figure, width) + foot
        mpl_figure = MplFigure(figsize=(width, height), facecolor="white", layout="constrained")
        FigureCanvasAgg(mpl_figure)
        mpl_figure.get_layout_engine().set(  # type: ignore[union-attr, call-arg]
            w_pad=0.06, h_pad=0.05, rect=(0, foot / height, 1, 1 - foot / height)
        )
        mpl_figure.suptitle(one_line(figure.title, MAX_LINE), fontsize=8.5, fontweight="bold")
        mpl_figure.text(
            0.08 / width,
            (foot - 0.03) / height,
            "\n".join(caption),
            fontsize=6.5,
            va="top",
            linespacing=1.35,
            in_layout=False,
        )
        plot.draw(mpl_figure, figure)
        _freeze_layout(mpl_figure)
        return mpl_figure


def _freeze_layout(mpl_figure: MplFigure) -> None:
    """Lay out once and round: the last bits of the solver's result vary between calls."""
    mpl_figure.draw_without_rendering()
    places = [(axes, axes.get_position(original=True).bounds) for axes in mpl_figure.axes]
    mpl_figure.set_layout_engine("none")
    for axes, place in places:
        if axes.get_subplotspec() is not None:
            left, bottom, width, height = (round(value, 5) for value in place)
            axes.set_position((left, bottom, width, height))
