"""Summaries and logarithmic axes for print."""

import textwrap
from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator

LETTERS = 17
"""Letters per inch of width in a summary."""


def draw_summary(axes: Axes, lines: Iterable[str]) -> None:
    """Write lines above the axes, wrapped to the width of the figure."""
    width = int(LETTERS * axes.figure.get_figwidth())  # type: ignore[union-attr]
    text = "\n".join(textwrap.fill(line, width) for line in lines if line)
    axes.set_title(text, fontsize=6.5, loc="left")


def label_decades(*axes: Axis) -> None:
    """Label powers of ten with plain numbers, or also 2 and 5 over less than two decades.

    The limits must be set before.
    """
    for axis in axes:
        low, high = axis.get_view_interval()
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 100 * low else (1,), numticks=5))
        axis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.set_minor_formatter(lambda value, _: "")
