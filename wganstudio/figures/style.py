"""The colors that the live views and the print figures share (Okabe & Ito: safe for color-blind eyes)."""

from dataclasses import dataclass

UNIT_COLOR = "#ff3b3b"
"""The line |grad u| = 1, on any map."""
CONTOUR_COLOR = "#00000099"
TRUTH_CONTOUR_COLOR = "#ffffff"
SAMPLE_P, SAMPLE_Q = "#ff8c1a", "#dff3ff"
"""Samples over a color map: each has a dark rim, so that it stands out from any ground."""
SAMPLE_RIM = "#00000090"
FLOW_COLOR = "#00c2e0"
"""Where mass flows, on any map."""
ARROW_COLOR = "#ffffffd0"
PATH_ALPHA = MISSED_ALPHA = 0.4
"""Of many thin lines, one over another."""
FIELD_MAP, SLOPE_MAP, SIGMA_MAP, LAW_MAP = "viridis", "cividis", "magma", "plasma"
"""Names that matplotlib and pyqtgraph both know."""


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
    """Of words that say what is wrong."""
    cells: tuple[str, ...]
    """Soft grounds, for marks of any of the others."""

    def curve(self, name: str) -> str:
        """The color of a curve; the truth it tends to has the same."""
        of_value = dict.fromkeys(("value", "congested", "suboptimality"), self.value)
        return {"gap": self.gap, "gap-limit": self.gap, **of_value}.get(name, self.w1)

    def side(self, kind: str) -> str:
        """The color of a penalty: one-sided as the value, two-sided as the gap."""
        return self.gap if kind == "gp" else self.value

    def measure(self, name: str) -> str:
        """The color of one of the measures of a solver's accuracy."""
        known = {"dual_gap": self.value, "grad2": self.gap, "conjugate_residual": self.sigma}
        return known.get(name, self.w1)

    def promise(self, kind: str) -> str:
        """The color of what is found, of what theory says, and of what is exact."""
        return {"theory": self.faint, "exact": self.truth}.get(kind, self.value)

    def law(self, name: str) -> str:
        """The color of P, Q or sigma."""
        return {"p": self.p, "q": self.q}.get(name, self.sigma)

    def pull(self, name: str) -> str:
        """The color of a gradient's arrows."""
        return self.truth if name == "true" else self.foreground

    def bound(self, name: str) -> str:
        """The color of a bound of the Lipschitz constant."""
        return self.truth if name == "certified" else self.foreground


LIGHT = Palette(
    background="#ffffff",
    foreground="#202124",
    faint="#8a8d91",
    p="#d97700",
    q="#0072b2",
    sigma="#a0457c",
    gap="#0072b2",
    value="#c84e00",
    w1="#00795a",
    truth="#00795a",
    warning="#b3261e",
    cells=("#cbdff5", "#fbe0bd", "#d3edcf", "#ecd0e4", "#f6f0ad", "#d9dadb"),
)
DARK = Palette(
    background="#1c1e21",
    foreground="#e3e5e8",
    faint="#83888f",
    p="#f0a13a",
    q="#56b4e9",
    sigma="#e08bbd",
    gap="#56b4e9",
    value="#f0803c",
    w1="#2fc79a",
    truth="#2fc79a",
    warning="#ff8a80",
    cells=("#213a58", "#50391a", "#21452c", "#482b46", "#47431c", "#3b3e43"),
)
