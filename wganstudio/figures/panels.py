"""Panels: several figures in one, each with a letter."""

from collections.abc import Sequence
from dataclasses import dataclass

from wganstudio.figures.base import Figure

MIN_PANEL = 2.5
"""The smallest width in inches of a panel beside another one."""


@dataclass(frozen=True)
class FigurePanel:
    """One of the figures that are printed together."""

    figure: Figure
    name: str = ""
    """The name of the run; empty where all panels are of one run."""


def panel_letter(index: int) -> str:
    """Return (a), (b), ..., (z), (aa), ..."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return f"({letters})"


def panel_columns(count: int, width: float) -> int:
    """Return how many panels stand side by side in a width in inches."""
    return max(1, min(count, int(width / MIN_PANEL)))


def panel_heading(panels: Sequence[FigurePanel], index: int, with_title: bool) -> str:
    """Return the text above a panel: its letter, where there are several, and on request its title."""
    panel = panels[index]
    if len(panels) == 1:
        return panel.figure.title if with_title else ""
    title = panel.figure.title if with_title else ""
    parts = ", ".join(filter(None, (panel.name, title)))
    return f"{panel_letter(index)} {parts}".strip()


def panels_title(panels: Sequence[FigurePanel]) -> str:
    """Return the titles of the panels, for the properties of a file."""
    return "; ".join(dict.fromkeys(panel.figure.title for panel in panels))


def panels_caption(panels: Sequence[FigurePanel]) -> str:
    """Return the captions of the panels, each with its letter where there are several."""
    if len(panels) == 1:
        return panels[0].figure.caption
    return " ".join(f"{panel_letter(index)} {panel.figure.caption}" for index, panel in enumerate(panels))
