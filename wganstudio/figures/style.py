"""The colors that the live views and the print figures share (Okabe & Ito: safe for color-blind eyes)."""

from dataclasses import dataclass

from wganstudio.figures import tokens
from wganstudio.session.record import RunRecord

NUM_RUN_COLORS = 8
UNIT_COLOR = "#ff3b3b"
"""Color of the line |grad u| = 1."""
CONTOUR_COLOR = "#00000099"
TRUTH_CONTOUR_COLOR = "#ffffff"
SAMPLE_P, SAMPLE_Q = "#ff8c1a", "#dff3ff"
"""Samples on a color map; a dark rim makes each stand out from any color."""
SAMPLE_RIM = "#00000090"
LEGEND_GROUND = "#3b5266"
"""Ground of their legend, in the middle of the color maps."""
FLOW_COLOR = "#00c2e0"
"""Border of the region where mass flows."""
ARROW_COLOR = "#ffffffd0"
RAW_ALPHA = 0.3
"""Opacity of a curve as it was measured, behind its smoothed values."""
SMOOTH_WIDTH = 1.4
"""Width of a smoothed curve relative to that of others."""
PATH_ALPHA = ERROR_ALPHA = 0.4
"""Opacity of many thin lines that overlap."""
FIELD_MAP, SLOPE_MAP, SIGMA_MAP, SCATTER_MAP = "viridis", "cividis", "magma", "plasma"
"""Names that matplotlib and pyqtgraph both know."""
DIVERGING_MAP = "RdBu_r"
DIVERGING_COLORS = {
    "RdBu_r": (
        *("#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7"),
        *("#fddbc7", "#f4a582", "#d6604d", "#b2182b", "#67001f"),
    ),
    "PuOr_r": (
        *("#2d004b", "#542788", "#8073ac", "#b2abd2", "#d8daeb", "#f7f7f7"),
        *("#fee0b6", "#fdb863", "#e08214", "#b35806", "#7f3b08"),
    ),
    "BrBG": (
        *("#543005", "#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#f5f5f5"),
        *("#c7eae5", "#80cdc1", "#35978f", "#01665e", "#003c30"),
    ),
}
"""Maps for signed quantities, by names that matplotlib knows (ColorBrewer, safe for color-blind eyes)."""
SEQUENTIAL_TITLES = {
    "viridis": "Viridis",
    "cividis": "Cividis",
    "magma": "Magma",
    "inferno": "Inferno",
    "plasma": "Plasma",
}
DIVERGING_TITLES = {"RdBu_r": "Blue to red", "PuOr_r": "Purple to orange", "BrBG": "Brown to teal"}


def run_color(record: RunRecord) -> int:
    """Return the index of the color of a run: that of the user, else one by its number."""
    index = record.run - 1 if record.labels.color is None else record.labels.color
    return index % NUM_RUN_COLORS


@dataclass(frozen=True)
class Palette:
    """Colors of one theme."""

    background: str
    foreground: str
    faint: str
    p: str
    q: str
    sigma: str
    gap: str
    value: str
    w1: str
    truth: str
    warning: str
    """Color of warnings."""
    cells: tuple[str, ...]
    """Soft colors, on which marks of the other colors are visible."""
    runs: tuple[str, ...]
    """Colors of runs that are compared."""

    def run_color(self, record: RunRecord) -> str:
        """Return the color of a run, which is the same wherever runs are compared."""
        return self.run(run_color(record))

    def run(self, index: int) -> str:
        """Return the color of that index in the palette of runs."""
        return self.runs[index]

    def curve(self, name: str) -> str:
        """Return the color of a curve, which its truth shares."""
        of_value = dict.fromkeys(("value", "congested", "suboptimality"), self.value)
        return {"gap": self.gap, "gap-limit": self.gap, **of_value}.get(name, self.w1)

    def penalty(self, kind: str) -> str:
        """Return the color of a penalty: one-sided as the value, two-sided as the gap."""
        return self.gap if kind == "gp" else self.value

    def accuracy(self, name: str) -> str:
        """Return the color of an accuracy metric of a solver."""
        colors = {"dual_gap": self.value, "grad2": self.gap, "conjugate_residual": self.sigma}
        return colors.get(name, self.w1)

    def theory_line(self, kind: str) -> str:
        """Return the color of a measured, theoretical or exact line."""
        return {"theory": self.faint, "exact": self.truth}.get(kind, self.value)

    def distribution(self, name: str) -> str:
        """Return the color of P, Q or sigma."""
        return {"p": self.p, "q": self.q}.get(name, self.sigma)

    def gradient(self, name: str) -> str:
        """Return the color of the arrows of a gradient."""
        return self.truth if name == "true" else self.foreground

    def bound(self, name: str) -> str:
        """Return the color of a bound of the Lipschitz constant."""
        return self.truth if name == "certified" else self.foreground


LIGHT = Palette(
    background=tokens.LIGHT.base,
    foreground=tokens.LIGHT.text,
    faint=tokens.LIGHT.faint,
    p="#d97700",
    q="#0072b2",
    sigma="#a0457c",
    gap="#0072b2",
    value="#c84e00",
    w1="#00795a",
    truth="#00795a",
    warning=tokens.LIGHT.error,
    cells=("#cbdff5", "#fbe0bd", "#d3edcf", "#ecd0e4", "#f6f0ad", "#d9dadb"),
    runs=("#0072b2", "#c84e00", "#00795a", "#a0457c", "#8a6d00", "#3b7fa6", "#6a51a3", "#7a3b1d"),
)
DARK = Palette(
    background=tokens.DARK.base,
    foreground=tokens.DARK.text,
    faint=tokens.DARK.faint,
    p="#f0a13a",
    q="#56b4e9",
    sigma="#e08bbd",
    gap="#56b4e9",
    value="#f0803c",
    w1="#2fc79a",
    truth="#2fc79a",
    warning=tokens.DARK.error,
    cells=("#213a58", "#50391a", "#21452c", "#482b46", "#47431c", "#3b3e43"),
    runs=("#56b4e9", "#f0803c", "#2fc79a", "#e08bbd", "#e6c84a", "#9ad0f5", "#b9a5f0", "#d8a07a"),
)
