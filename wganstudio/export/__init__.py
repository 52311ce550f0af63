"""Export: print figures (matplotlib, without Qt) and tables, from session data alone.

A figure is a frozen dataclass that says exactly what is drawn; the live views draw the same one.
"""

from wganstudio.export.figures import (
    FIGURES,
    Accuracy,
    Cells,
    Costs,
    Figure,
    GradientDensity,
    Landscape,
    Law,
    Momentum,
    Plan,
    Promises,
    Samples,
    Slope,
    Sweep,
    Systems,
    TransportMap,
    figure_of,
    zoomed,
)
from wganstudio.export.writing import FORMATS, ExportError, export, file_stem

__all__ = [
    "FIGURES",
    "FORMATS",
    "Accuracy",
    "Cells",
    "Costs",
    "ExportError",
    "Figure",
    "GradientDensity",
    "Landscape",
    "Law",
    "Momentum",
    "Plan",
    "Promises",
    "Samples",
    "Slope",
    "Sweep",
    "Systems",
    "TransportMap",
    "export",
    "figure_of",
    "file_stem",
    "zoomed",
]
