"""HeatMap: one number for every row and column, as colored squares, for print."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wganstudio.export.files import ExportError, write
from wganstudio.figures.style import FIELD_MAP, LIGHT

FORMATS = ("png", "svg", "pdf")
_BRIGHT = 0.55
"""From this share of the color map on its colors are light, and figures on them dark."""


@dataclass(frozen=True)
class HeatMap:
    """Values [rows, columns], NaN where there is none; `texts`, shaped alike, stand on the squares."""

    title: str
    caption: str
    label: str
    """What the colors mean."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    texts: Sequence[Sequence[str]]
    low: float
    high: float


def write_heatmap(figure: HeatMap, path: Path, dpi: int = 300) -> None:
    """Draw it into a file whose ending says the format; ExportError if that cannot be."""
    kind = path.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise ExportError(f"{path} must end in .png, .svg or .pdf.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, _drawn(figure, kind, dpi))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{path} could not be written: {reason}; choose another place.") from error


def _drawn(figure: HeatMap, kind: str, dpi: int) -> bytes:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Sheet

    from wganstudio.figures.mpl import METADATA, SETTINGS

    rows, columns = len(figure.rows), len(figure.columns)
    with matplotlib.rc_context(SETTINGS):
        sheet = Sheet(
            figsize=(2.0 + 0.52 * columns, 1.1 + 0.24 * rows), facecolor="white", layout="constrained"
        )
        FigureCanvasAgg(sheet)
        axes = sheet.add_subplot()
        shown = np.ma.masked_invalid(figure.values)
        image = axes.imshow(
            shown, cmap=FIELD_MAP, vmin=figure.low, vmax=figure.high, aspect="auto", origin="upper"
        )
        sheet.colorbar(image, ax=axes, label=figure.label, fraction=0.06, pad=0.02)
        axes.set_xticks(range(columns), figure.columns, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(rows), figure.rows)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        span = figure.high - figure.low or 1.0
        for (row, column), value in np.ndenumerate(figure.values):
            bright = (value - figure.low) / span > _BRIGHT
            color = LIGHT.faint if np.isnan(value) else LIGHT.foreground if bright else LIGHT.background
            axes.text(
                column, row, figure.texts[row][column], ha="center", va="center", fontsize=6, color=color
            )
        axes.set_title(figure.title, fontweight="bold", loc="left")
        axes.set_xlabel(figure.caption, fontsize=6.5, loc="left")
        out = io.BytesIO()
        sheet.savefig(out, format=kind, dpi=dpi, metadata={"Title": figure.title, **METADATA[kind]})
    return out.getvalue()
