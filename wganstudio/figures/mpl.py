"""Draws a figure for print with matplotlib: PNG, and SVG and PDF whose text stays text."""

import io
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Sheet

from wganstudio.figures.accuracy.figure import Accuracy
from wganstudio.figures.accuracy.plot import draw_accuracy
from wganstudio.figures.cells.figure import Cells
from wganstudio.figures.cells.plot import draw_cells
from wganstudio.figures.congestion_theorem.figure import CongestionTheorem
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.costs.plot import draw_costs
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.gradient.plot import draw_gradient
from wganstudio.figures.gradient_norms.figure import GradientNorms
from wganstudio.figures.gradient_norms.plot import draw_slope
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.landscape.plot import draw_landscape
from wganstudio.figures.momentum.figure import Momentum
from wganstudio.figures.momentum.plot import draw_law, draw_momentum
from wganstudio.figures.plan.figure import Plan
from wganstudio.figures.plan.plot import draw_plan
from wganstudio.figures.registry import Figure
from wganstudio.figures.samples.figure import Samples
from wganstudio.figures.samples.plot import draw_samples, shape_of
from wganstudio.figures.style import LIGHT
from wganstudio.figures.sweep.figure import Sweep
from wganstudio.figures.sweep.plot import draw_sweep
from wganstudio.figures.systems.figure import Systems
from wganstudio.figures.systems.plot import draw_systems
from wganstudio.figures.theory_checks.figure import TheoryChecks
from wganstudio.figures.theory_checks.plot import draw_promises
from wganstudio.figures.transport_map.figure import TransportMap
from wganstudio.figures.transport_map.plot import draw_transport_map

SINGLE, DOUBLE = 3.4, 7.0
"""Inches: the width of one column of a journal, and of two."""
LINE = 0.135
"""Inches between two lines of the caption."""
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


def rendered(figure: Figure, formats: Sequence[str], dpi: int = 300) -> dict[str, bytes]:
    """The figure as files of these formats: png, svg, pdf."""
    with matplotlib.rc_context(SETTINGS):
        sheet = render_figure(figure)
        files = {}
        for name in formats:
            out = io.BytesIO()
            sheet.savefig(out, format=name, dpi=dpi, metadata={"Title": figure.title, **METADATA[name]})
            files[name] = out.getvalue()
    return files


def render_figure(figure: Figure, width: float | None = None) -> Sheet:
    """The figure on a sheet of its own: title above, caption below. A landscape, a law and points of the
    plane take one column."""
    with matplotlib.rc_context(SETTINGS):
        if width is None:
            width = SINGLE if _PRINTS[type(figure)].narrow(figure) else DOUBLE
        caption = textwrap.wrap(figure.caption, int(width * 19))
        foot = LINE * len(caption) + 0.08
        height = _PRINTS[type(figure)].height(figure, width) + foot
        sheet = Sheet(figsize=(width, height), facecolor="white", layout="constrained")
        FigureCanvasAgg(sheet)
        sheet.get_layout_engine().set(w_pad=0.06, h_pad=0.05, rect=(0, foot / height, 1, 1 - foot / height))  # type: ignore[union-attr, call-arg]
        sheet.suptitle(figure.title, fontsize=8.5, fontweight="bold")
        sheet.text(
            0.08 / width,
            (foot - 0.03) / height,
            "\n".join(caption),
            fontsize=6.5,
            va="top",
            linespacing=1.35,
            in_layout=False,
        )
        _PRINTS[type(figure)].draw(sheet, figure)
        _settle(sheet)
        return sheet


def _settle(sheet: Sheet) -> None:
    """Lay out once and round: the layout's solver differs in the last bits from one time to the next."""
    sheet.draw_without_rendering()
    places = [(axes, axes.get_position(original=True).bounds) for axes in sheet.axes]
    sheet.set_layout_engine("none")
    for axes, place in places:
        if axes.get_subplotspec() is not None:
            left, bottom, width, height = (round(value, 5) for value in place)
            axes.set_position((left, bottom, width, height))


@dataclass(frozen=True)
class _Print:
    """How one kind of figure is printed."""

    draw: Callable[[Sheet, Any], None]
    height: Callable[[Any, float], float]
    """Inches of the drawing alone, at a width in inches."""
    narrow: Callable[[Any], bool] = lambda figure: False
    """Whether it takes one column."""


def _by_width(share: float) -> Callable[[Any, float], float]:
    return lambda figure, width: share * width


def _on_plane(line: float, share: float, rest: float, below: float = 0.0) -> Callable[[Any, float], float]:
    """Over a line a share of the width; in the plane as the ranges ask, and a rest, in inches and of it."""

    def height(figure: Landscape | Cells | Momentum | GradientDensity, width: float) -> float:
        if figure.grid.is_line:
            return line * width
        (left, right), (low, high) = figure.x_range, figure.y_range
        shape = abs(high - low) / max(abs(right - left), 1e-12)
        return share * width * min(max(shape, 0.3), 2.0) + rest + below * width

    return height


def _always(figure: Figure) -> bool:
    return True


_PRINTS: dict[type[Figure], _Print] = {
    Landscape: _Print(draw_landscape, _on_plane(0.9, 0.68, 0.65), _always),
    Cells: _Print(draw_cells, _on_plane(0.9, 0.68, 0.65), _always),
    GradientDensity: _Print(draw_gradient, _on_plane(0.6, 0.36, 0.6, 0.3)),
    Momentum: _Print(draw_momentum, _on_plane(0.6, 0.25, 0.75)),
    CongestionTheorem: _Print(draw_law, _by_width(0.95), _always),
    Costs: _Print(draw_costs, _by_width(0.5)),
    GradientNorms: _Print(draw_slope, _by_width(0.5)),
    Sweep: _Print(draw_sweep, _by_width(0.5)),
    Accuracy: _Print(draw_accuracy, _by_width(0.5)),
    Systems: _Print(draw_systems, _by_width(0.5)),
    TheoryChecks: _Print(draw_promises, _by_width(0.36)),
    TransportMap: _Print(draw_transport_map, _by_width(0.6)),
    Plan: _Print(draw_plan, lambda figure, width: shape_of(figure) * width),
    Samples: _Print(
        draw_samples, lambda figure, width: shape_of(figure) * width, lambda figure: figure.narrow
    ),
}
