"""Texts of a printed figure: short lines, and formulas as mathematics."""

import textwrap

import matplotlib
from matplotlib.axis import Axis
from matplotlib.figure import Figure as MplFigure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FixedLocator, Formatter, NullFormatter, ScalarFormatter

from wganstudio.figures.mathematics import to_mathtext
from wganstudio.plain_text import one_line

MAX_TEXT, MAX_LINE = 2000, 140
"""Characters of a text, and of each of its lines; longer ones take minutes to draw, and leave no room."""
LETTER_WIDTHS = {"dejavusans": 0.6, "stix": 0.5, "cm": 0.52}
"""Mean width of a letter as a share of the size, by the font of mathematics."""


def typeset(text: Text) -> None:
    """Shorten the lines of a text and print its formulas as such; nothing if that has been done."""
    if text.get_parse_math():
        return
    lines = text.get_text()[:MAX_TEXT].split("\n")
    text.set_text("\n".join(to_mathtext(one_line(line, MAX_LINE)) for line in lines))
    text.set_parse_math(True)


def typeset_all(mpl_figure: MplFigure) -> None:
    """Typeset the texts of a figure; the ticks of its axes stay where they are, with typeset labels."""
    axes = [one for one in mpl_figure.findobj(Axis) if isinstance(one, Axis)]
    for axis in axes:
        for formatter in (axis.get_major_formatter(), axis.get_minor_formatter()):
            if isinstance(formatter, ScalarFormatter):
                formatter.set_useMathText(False)
            elif isinstance(formatter, FixedFormatter):
                formatter.seq = [one_line(label, MAX_LINE) for label in formatter.seq]
    ticks = {id(text) for axis in axes for text in axis.get_ticklabels(which="both")}
    for text in mpl_figure.findobj(Text):
        if isinstance(text, Text) and id(text) not in ticks:
            typeset(text)
    mpl_figure.draw_without_rendering()
    fixed: set[int] = set()  # shared axes have one ticker
    for axis in axes:
        _fix_ticks(axis, fixed)


def wrap(text: str, width: float, size: float) -> str:
    """Return a text in lines that fit into a width in inches at a size of type in points."""
    letter = LETTER_WIDTHS[matplotlib.rcParams["mathtext.fontset"]] * size / 72
    letters = max(int(width / letter), 10)
    return "\n".join(textwrap.fill(one_line(line, MAX_TEXT), letters) for line in text.split("\n"))


def small_size() -> float:
    """Return the size in points of numbers, legends and captions."""
    return float(matplotlib.rcParams["legend.fontsize"])


def _fix_ticks(axis: Axis, fixed: set[int]) -> None:
    low, high = sorted(axis.get_view_interval())
    margin = 1e-9 * (high - low)
    for ticker, ticks_of in ((axis.major, axis.get_major_ticks), (axis.minor, axis.get_minor_ticks)):
        locator, formatter = ticker.locator, ticker.formatter
        assert locator is not None and formatter is not None
        if id(ticker) not in fixed:
            places = [float(place) for place in locator() if low - margin <= place <= high + margin]
            labels = [to_mathtext(one_line(text, MAX_LINE)) for text in formatter.format_ticks(places)]
            locator, formatter = FixedLocator(places), _labels(labels)
            locator.set_axis(axis)
            formatter.set_axis(axis)
            ticker.locator, ticker.formatter = locator, formatter
            fixed.add(id(ticker))
        for tick in ticks_of(len(locator())):
            tick.label1.set_parse_math(True)
            tick.label2.set_parse_math(True)


def _labels(labels: list[str]) -> Formatter:
    return FixedFormatter(labels) if any(labels) else NullFormatter()
