"""PrintStyle: how a figure is printed; and the widths and fonts that journals ask for."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from wganstudio.figures.style import DIVERGING_MAP, FIELD_MAP, LIGHT, SCATTER_MAP, SIGMA_MAP, SLOPE_MAP

Family = Literal["sans", "times", "latex"]
Columns = Literal["one", "two"]
FAMILIES: tuple[Family, ...] = get_args(Family)
COLUMNS: tuple[Columns, ...] = get_args(Columns)
FAMILY_TITLES: dict[str, str] = {
    "sans": "Sans serif (DejaVu Sans)",
    "times": "Times (STIX)",
    "latex": "LaTeX (Computer Modern)",
}
FONTS: dict[Family, tuple[tuple[str, ...], str]] = {
    "sans": (("DejaVu Sans",), "dejavusans"),
    "times": (("STIXGeneral", "DejaVu Sans"), "stix"),
    "latex": (("cmr10", "STIXGeneral", "DejaVu Sans"), "cm"),
}
"""Fonts of text, where each stands in for signs that those before it lack, and that of mathematics.

All of them come with matplotlib, so that a figure has the same bytes everywhere.
"""
COLOR_MAPS = (FIELD_MAP, SLOPE_MAP, SIGMA_MAP, SCATTER_MAP, "inferno", "gray")
"""Perceptually uniform color maps that matplotlib knows; a diverging scale keeps its own."""
MIN_WIDTH, MAX_WIDTH = 2.5, 12.0
"""Widths in inches."""
MIN_SIZE, MAX_SIZE = 7.0, 14.0
"""Sizes of type in points."""
SMALLEST = 6.0
"""The size in points below which no text is printed."""


@dataclass(frozen=True)
class Journal:
    """The widths of a journal in inches, and the type of its text."""

    title: str
    one: float
    """Width of a column."""
    two: float | None
    """Width of both columns; None where the journal has one column."""
    family: Family

    def width(self, columns: Columns) -> float:
        """Return the width of one column or of both; that of the column where there is no second one."""
        return self.two if columns == "two" and self.two is not None else self.one


JOURNALS: dict[str, Journal] = {
    # neurips_2024.sty: \newgeometry{textwidth=5.5in}, \renewcommand{\rmdefault}{ptm}
    "neurips": Journal("NeurIPS", 5.5, None, "times"),
    # icml2024.sty: \setlength\textwidth{6.75in}, \setlength\columnsep{0.25in}, \RequirePackage{times}
    "icml": Journal("ICML", 3.25, 6.75, "times"),
    # jmlr2e.sty (github.com/JmlrOrg/jmlr-style-file): \textwidth 6.0 true in
    "jmlr": Journal("JMLR", 6.0, None, "latex"),
    # siamart.cls: \setlength\textwidth{5.125in}
    "siam": Journal("SIAM", 5.125, None, "latex"),
}
JOURNAL_SIZE = 8.0
"""Size of type in figures of journals, whose text is set in 10 points and whose captions are set in 9."""


@dataclass(frozen=True)
class PrintStyle:
    """How a figure is printed.

    Raises
    ------
    ValueError
        If a value is invalid; the message is one sentence.
    """

    width: float | None = None
    """Width in inches; None for 3.4 or 7, whichever suits the figure."""
    family: Family = "sans"
    size: float = 7.5
    """Size of labels in points; numbers are a point smaller, but not below `SMALLEST`."""
    color_map: str = ""
    """A color map of `COLOR_MAPS`; empty for that of each figure."""
    title: bool = True
    """True for the title above the figure with its numbers."""
    caption: bool = True
    """True for the caption below."""

    def __post_init__(self) -> None:
        """Check the values."""
        if self.width is not None and not MIN_WIDTH <= self.width <= MAX_WIDTH:
            raise ValueError(
                f"{self.width:g} inches is not a valid width. "
                f"Choose a value from {MIN_WIDTH:g} to {MAX_WIDTH:g}."
            )
        if not MIN_SIZE <= self.size <= MAX_SIZE:
            raise ValueError(
                f"{self.size:g} points is not a valid size of type. "
                f"Choose a value from {MIN_SIZE:g} to {MAX_SIZE:g}."
            )
        if self.family not in FAMILIES:
            raise ValueError(f"There is no font {self.family!r}; choose from {', '.join(FAMILIES)}.")
        if self.color_map not in ("", *COLOR_MAPS):
            raise ValueError(
                f"There is no color map {self.color_map!r}; choose from {', '.join(COLOR_MAPS)}."
            )

    @property
    def small(self) -> float:
        """Size in points of numbers, legends and captions."""
        return max(self.size - 1, SMALLEST)

    @property
    def settings(self) -> Any:
        """Settings of matplotlib."""
        fonts, mathematics = FONTS[self.family]
        return SETTINGS | {
            "font.family": list(fonts),
            "mathtext.fontset": mathematics,
            "font.size": self.size,
            "axes.titlesize": self.size,
            "axes.labelsize": self.size,
            "figure.titlesize": self.size + 1,
            # Computer Modern of matplotlib has no bold.
            "figure.titleweight": "normal" if self.family == "latex" else "bold",
            **dict.fromkeys(("xtick.labelsize", "ytick.labelsize", "legend.fontsize"), self.small),
        }

    def color_map_of(self, name: str) -> str:
        """Return the color map to print in place of another one."""
        return name if not self.color_map or name == DIVERGING_MAP else self.color_map


def journal_style(name: str, columns: Columns = "one") -> PrintStyle:
    """Return the style of a figure in a journal, whose title and caption are those of the paper.

    Raises
    ------
    ValueError
        If there is no such journal.
    """
    if name not in JOURNALS:
        raise ValueError(f"There is no journal {name!r}; choose from {', '.join(JOURNALS)}.")
    journal = JOURNALS[name]
    return PrintStyle(journal.width(columns), journal.family, JOURNAL_SIZE, title=False, caption=False)


SETTINGS: dict[str, Any] = {
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.0,
    # Only texts that `mathematics` wrote are formulas; those of a user are not.
    "text.parse_math": False,
    "text.usetex": False,
    "axes.edgecolor": LIGHT.foreground,
    "text.color": LIGHT.foreground,
    "axes.labelcolor": LIGHT.foreground,
    "xtick.color": LIGHT.foreground,
    "ytick.color": LIGHT.foreground,
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": True,  # matplotlib warns of Computer Modern without it
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "wganstudio",
    "pdf.fonttype": 42,
    "image.composite_image": False,
    "image.interpolation": "nearest",
    "image.origin": "lower",
    "axes.formatter.useoffset": False,
}
"""Settings of matplotlib that hold in every style."""
