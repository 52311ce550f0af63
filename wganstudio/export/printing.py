"""Draws a figure for print with matplotlib: PNG, and SVG and PDF whose text stays text."""

import io
import textwrap
from collections.abc import Sequence
from typing import Any, Final

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Sheet
from matplotlib.ticker import MaxNLocator

from wganstudio.export import style
from wganstudio.export.accuracy import Accuracy
from wganstudio.export.cells import Cells
from wganstudio.export.costs import WIDTH, Costs, band_label, judged, label_places
from wganstudio.export.figures import Figure
from wganstudio.export.gradient import GradientDensity
from wganstudio.export.landscape import Landscape
from wganstudio.export.law import Law
from wganstudio.export.momentum import Momentum
from wganstudio.export.plan import Plan
from wganstudio.export.plane import joined
from wganstudio.export.printing_accuracy import draw_accuracy
from wganstudio.export.printing_axes import name_decades
from wganstudio.export.printing_cells import draw_cells
from wganstudio.export.printing_flow import draw_law, draw_momentum
from wganstudio.export.printing_map import draw_map
from wganstudio.export.printing_plan import draw_plan
from wganstudio.export.printing_promises import draw_promises
from wganstudio.export.printing_samples import draw_samples, shape_of
from wganstudio.export.printing_slope import draw_slope
from wganstudio.export.printing_systems import draw_systems
from wganstudio.export.printing_transport_map import draw_transport_map
from wganstudio.export.promises import Promises
from wganstudio.export.samples import Samples
from wganstudio.export.slope import Slope
from wganstudio.export.style import LIGHT
from wganstudio.export.sweep import Sweep
from wganstudio.export.systems import Systems
from wganstudio.export.transport_map import TransportMap

SINGLE, DOUBLE = 3.4, 7.0
"""Inches: the width of one column of a journal, and of two."""
LINE = 0.135
"""Inches between two lines of the caption."""
SETTINGS: Final[Any] = {
    "font.family": "DejaVu Sans", "font.size": 7.5, "axes.titlesize": 8.5, "axes.labelsize": 7.5,
    "xtick.labelsize": 6.5, "ytick.labelsize": 6.5, "legend.fontsize": 6.5, "axes.linewidth": 0.6,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "lines.linewidth": 1.0, "text.parse_math": False,
    "axes.edgecolor": LIGHT.foreground, "text.color": LIGHT.foreground, "axes.labelcolor": LIGHT.foreground,
    "xtick.color": LIGHT.foreground, "ytick.color": LIGHT.foreground, "axes.unicode_minus": True,
    "svg.fonttype": "none", "svg.hashsalt": "wganstudio", "pdf.fonttype": 42, "image.composite_image": False,
    "image.interpolation": "nearest", "image.origin": "lower", "axes.formatter.useoffset": False,
}  # fmt: skip
# Without dates the same data give the same bytes.
METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": "WGAN Studio"},
    "svg": {"Date": None, "Creator": "WGAN Studio"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "WGAN Studio", "Producer": "matplotlib"},
}


def rendered(figure: Figure, formats: Sequence[str], dpi: int = 300) -> dict[str, bytes]:
    """The figure as files of these formats: png, svg, pdf."""
    with matplotlib.rc_context(SETTINGS):
        sheet = sheet_of(figure)
        files = {}
        for name in formats:
            out = io.BytesIO()
            sheet.savefig(out, format=name, dpi=dpi, metadata={"Title": figure.title, **METADATA[name]})
            files[name] = out.getvalue()
    return files


def sheet_of(figure: Figure, width: float | None = None) -> Sheet:
    """The figure on a sheet of its own: title above, caption below. A landscape, a law and points of the
    plane take one column."""
    with matplotlib.rc_context(SETTINGS):
        if width is None:
            narrow = isinstance(figure, Landscape | Law | Cells) or (
                isinstance(figure, Samples) and figure.narrow
            )
            width = SINGLE if narrow else DOUBLE
        caption = textwrap.wrap(figure.caption, int(width * 19))
        foot = LINE * len(caption) + 0.08
        height = _height(figure, width) + foot
        sheet = Sheet(figsize=(width, height), facecolor="white", layout="constrained")
        FigureCanvasAgg(sheet)
        sheet.get_layout_engine().set(w_pad=0.06, h_pad=0.05, rect=(0, foot / height, 1, 1 - foot / height))  # type: ignore[union-attr, call-arg]
        sheet.suptitle(figure.title, fontsize=8.5, fontweight="bold")
        sheet.text(
            0.08 / width, (foot - 0.03) / height, "\n".join(caption), fontsize=6.5, va="top",
            linespacing=1.35, in_layout=False,
        )  # fmt: skip
        match figure:
            case Landscape() if figure.grid.is_line:
                _landscape_line(sheet, figure)
            case Landscape():
                _landscape_plane(sheet, figure)
            case GradientDensity():
                _gradient(sheet, figure)
            case Law():
                draw_law(sheet, figure)
            case Momentum():
                draw_momentum(sheet, figure)
            case Costs():
                _costs(sheet, figure)
            case Slope():
                draw_slope(sheet, figure)
            case Sweep():
                _sweep(sheet, figure)
            case Samples():
                draw_samples(sheet, figure)
            case Cells():
                draw_cells(sheet, figure)
            case Accuracy():
                draw_accuracy(sheet, figure)
            case Plan():
                draw_plan(sheet, figure)
            case Systems():
                draw_systems(sheet, figure)
            case Promises():
                draw_promises(sheet, figure)
            case TransportMap():
                draw_transport_map(sheet, figure)
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


def _height(figure: Figure, width: float) -> float:
    if isinstance(figure, Costs | Slope | Sweep | Accuracy | Systems):
        return 0.5 * width
    if isinstance(figure, Promises):
        return 0.36 * width
    if isinstance(figure, Samples | Plan):
        return shape_of(figure) * width
    if isinstance(figure, TransportMap):
        return 0.6 * width
    if isinstance(figure, Law):
        return 0.95 * width
    if figure.grid.is_line:
        return 0.9 * width if isinstance(figure, Landscape | Cells) else 0.6 * width
    shape = abs(figure.y_range[1] - figure.y_range[0]) / max(
        abs(figure.x_range[1] - figure.x_range[0]), 1e-12
    )
    shape = min(max(shape, 0.3), 2.0)
    if isinstance(figure, Landscape | Cells):
        return 0.68 * width * shape + 0.65
    if isinstance(figure, Momentum):
        return 0.25 * width * shape + 0.75
    return 0.36 * width * shape + 0.6 + 0.3 * width


def _landscape_plane(sheet: Sheet, figure: Landscape) -> None:
    axes = sheet.add_subplot()
    draw_map(axes, figure.grid, figure.u, figure.scale)
    for lines, colour, name in (
        (figure.contours, style.CONTOUR_COLOUR, "contours"),
        (figure.truth_contours, style.TRUTH_CONTOUR_COLOUR, "truth"),
    ):
        points = joined(lines)
        axes.plot(points[:, 0], points[:, 1], color=colour, linewidth=0.5, zorder=1, gid=name)
    if figure.show_samples:
        for law, samples, colour in (
            ("P", figure.samples_p, style.SAMPLE_P),
            ("Q", figure.samples_q, style.SAMPLE_Q),
        ):
            axes.scatter(
                samples[:, 0], samples[:, 1], s=2, color=colour, edgecolors=style.SAMPLE_RIM, linewidths=0.25,
                zorder=2, label=law,
            )  # fmt: skip
        axes.legend(loc="upper right", markerscale=2.5, framealpha=0.85, borderpad=0.3, handletextpad=0.1)
    axes.set(xlim=figure.x_range, ylim=figure.y_range)


def _landscape_line(sheet: Sheet, figure: Landscape) -> None:
    top, bottom = sheet.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    top.plot(figure.grid.x, figure.u, color=LIGHT.foreground, label="critic u")
    if figure.show_truth and figure.potential is not None:
        top.plot(figure.grid.x, figure.potential, color=LIGHT.truth, linestyle="--", label="exact potential")
    top.legend(framealpha=0.85)
    top.set_ylabel(figure.y_label)
    if figure.histogram is not None:
        for law, heights, colour in (("P", figure.histogram.p, LIGHT.p), ("Q", figure.histogram.q, LIGHT.q)):
            bottom.stairs(heights, figure.histogram.edges, fill=True, color=colour, alpha=0.35)
            bottom.stairs(heights, figure.histogram.edges, color=colour, label=law)
        bottom.legend(framealpha=0.85)
    bottom.set(xlabel=figure.grid.labels[0], ylabel="density")
    top.set(xlim=figure.x_range, ylim=figure.y_range)


def _gradient(sheet: Sheet, figure: GradientDensity) -> None:
    axes = sheet.subplot_mosaic([["slope", "sigma"], ["scatter", "scatter"]], height_ratios=(1.15, 1))
    slope, sigma, scatter = axes["slope"], axes["sigma"], axes["scatter"]
    if figure.grid.is_line:
        for panel, field, scale in (
            (slope, figure.slope, figure.slope_scale),
            (sigma, figure.sigma, figure.sigma_scale),
        ):
            panel.plot(figure.grid.x, field, color=LIGHT.foreground)
            panel.set(xlabel=figure.grid.labels[0], ylabel=scale.label)
        slope.axhline(1, color=style.UNIT_COLOUR, linewidth=0.8)
        slope.plot(*figure.flow.T, color=style.FLOW_COLOUR, linewidth=2.5, gid="flow")
        slope.set_ylim(figure.y_range)
        sigma.set_ylim(0, None)
    else:
        draw_map(slope, figure.grid, figure.slope, figure.slope_scale)
        draw_map(sigma, figure.grid, figure.sigma, figure.sigma_scale)
        slope.plot(figure.unit[:, 0], figure.unit[:, 1], color=style.UNIT_COLOUR, linewidth=0.6, gid="unit")
        for panel in (slope, sigma):
            panel.plot(*figure.flow.T, color=style.FLOW_COLOUR, linewidth=0.8, gid="flow")
            panel.set_ylim(figure.y_range)
    for panel in (slope, sigma):
        panel.set_xlim(figure.x_range)
    scatter.scatter(
        figure.scatter_sigma,
        figure.scatter_slope,
        s=1.5 if len(figure.scatter_sigma) > 500 else 5,
        color=LIGHT.q,
        linewidths=0,
        alpha=0.6,
    )
    scatter.axhline(1, color=style.UNIT_COLOUR, linewidth=0.8)
    scatter.set(
        xscale="log", xlim=figure.sigma_range, ylim=figure.slope_range, xlabel=figure.sigma_label,
        ylabel=figure.slope_scale.label,
    )  # fmt: skip
    name_decades(scatter.xaxis)


def _costs(sheet: Sheet, figure: Costs) -> None:
    axes = sheet.add_subplot()
    for band in figure.bands:
        colour = LIGHT.curve(band.quantity)
        axes.axhspan(
            band.lower, band.upper, facecolor=(colour, 0.15), edgecolor=colour, linewidth=0.8, zorder=1,
            gid=f"band-{band.quantity}",
        )  # fmt: skip
    for curve in figure.curves:
        colour = LIGHT.curve(curve.name)
        axes.fill_between(
            curve.steps, curve.lower, curve.upper, color=colour, alpha=0.25, linewidth=0, zorder=2
        )
        axes.plot(curve.steps, curve.values, color=colour, label=curve.label, zorder=3, linewidth=0.8)
    (left, right), (low, high) = figure.x_range, figure.y_range
    for final in figure.finals:
        seen = left <= final.step <= right and low <= final.value <= high
        axes.errorbar(
            [final.step], [final.value], yerr=[WIDTH * np.nan_to_num(final.error)], fmt="o", markersize=4,
            capsize=3, color=LIGHT.curve(final.name), markeredgecolor="white", markeredgewidth=0.5, zorder=5,
            clip_on=not seen,
        )  # fmt: skip
    x = left + 0.01 * (right - left)
    places = label_places(figure.bands, figure.y_range, 0.05 * (high - low))
    for band, place in zip(figure.bands, places, strict=True):
        if place is not None:
            axes.text(
                x, place + 0.006 * (high - low), band_label(band), color=LIGHT.curve(band.quantity),
                fontsize=6.5, va="bottom", clip_on=True, zorder=6, in_layout=False,
                bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.6},
            )  # fmt: skip
    if figure.curves:
        axes.legend(loc="upper right" if figure.low else "lower right", framealpha=0.85)
    axes.set(xlim=figure.x_range, ylim=figure.y_range, xlabel="steps", ylabel="cost")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    if figure.remarks:
        lines = filter(None, (*figure.remarks, judged(figure.gradient), figure.warning))
        axes.set_title("\n".join(lines), fontsize=6.5, loc="left")


def _sweep(sheet: Sheet, figure: Sweep) -> None:
    axes = sheet.add_subplot()
    axes.plot(*figure.slope_line, color=LIGHT.faint, linestyle="--", linewidth=0.8, label="slope -1")
    truths = figure.truths
    if len(truths.excess):
        axes.fill_between(
            truths.penalties, np.maximum(truths.lower, figure.y_range[0]), truths.upper, color=LIGHT.truth,
            alpha=0.2, linewidth=0,
        )  # fmt: skip
        axes.plot(truths.penalties, truths.excess, color=LIGHT.truth, marker="_", label=truths.label)
    for one, marker in zip(figure.series, "osD^", strict=False):
        colour = LIGHT.side(one.kind)
        axes.errorbar(
            one.penalties, one.excess, yerr=WIDTH * one.errors, fmt=marker, markersize=3.5, capsize=2,
            color=colour, label=one.label, linewidth=0.8,
        )  # fmt: skip
    axes.set(
        xscale="log", yscale="log", xlim=figure.x_range, ylim=figure.y_range, xlabel="λ",
        ylabel="value - W₁",
    )  # fmt: skip
    name_decades(axes.xaxis, axes.yaxis)
    axes.legend(framealpha=0.85)
    axes.set_title("\n".join(figure.remarks), fontsize=6.5, loc="left")
