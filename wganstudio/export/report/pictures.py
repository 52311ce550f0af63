"""Figures in a report: images within the file, as vectors where these are small."""

import re
from base64 import b64encode
from collections.abc import Callable, Sequence

from wganstudio.export.report.dark import follow_theme
from wganstudio.export.report.html import Html, element
from wganstudio.figures import Figure, SessionFigure, figure_names, figure_of
from wganstudio.figures.panels import FigurePanel
from wganstudio.figures.registry import figure_classes
from wganstudio.plain_text import one_line
from wganstudio.session import RunRecord

DPI = 200
MAX_SVG = 150_000
"""Bytes; larger figures, such as maps of many cells, are embedded as pixels."""
PIXELS_PER_INCH = 122
"""The size of a figure on the page: two columns of a journal fill it."""
MAX_COMPARED = 12
"""Runs whose curves are drawn over one another."""
MAX_MAPS = 4
"""Runs of a comparison whose landscapes are shown."""
Progress = Callable[[int, int], object]


def figures_of(records: Sequence[RunRecord], among: Sequence[RunRecord]) -> list[Figure]:
    """Return the figures of a report: all of a single run, of several runs those that compare them."""
    if len(records) == 1:
        figures = [figure_of(records[0], name, None, among) for name in figure_names()]
        return [figure for figure in figures if figure is not None and _concerns(figure, records[0])]
    scopes = ("run", "session") if len(records) <= MAX_COMPARED else ("session",)
    compared = [
        cls.from_records(records, None, records) for cls in figure_classes().values() if cls.scope in scopes
    ]
    if len(records) > MAX_COMPARED:
        return [figure for figure in compared if figure is not None]
    maps = [figure_of(record, "landscape", None, among) for record in records[:MAX_MAPS]]
    return [figure for figure in (*compared, *maps) if figure is not None]


def picture(figure: Figure) -> Html:
    """Return an image of a figure; its caption is the text for those who do not see it."""
    from wganstudio.figures.mpl import render_files  # imports matplotlib

    svg = render_files([FigurePanel(figure)], ["svg"], "figure")["figure.svg"]
    if len(svg) <= MAX_SVG:
        return image(svg, "svg", figure.title, figure.caption, follows_theme=not figure.on_light_ground)
    png = render_files([FigurePanel(figure)], ["png"], "figure", DPI)["figure.png"]
    return image(png, "png", figure.title, figure.caption)


def image(content: bytes, file_format: str, title: str, caption: str, *, follows_theme: bool = False) -> Html:
    """Return the content of an image file as an element; nothing in an image is executed.

    An SVG of matplotlib can follow the theme of the page; any other image is dimmed on a dark one.
    """
    kind = {"svg": "image/svg+xml", "png": "image/png"}[file_format]
    content = follow_theme(content) if follows_theme else content
    text = one_line(f"{title}. {caption}", 2000)
    source = f"data:{kind};base64,{b64encode(content).decode()}"
    width = f"{_inches(content, file_format) * PIXELS_PER_INCH:.0f}"
    kept = "" if follows_theme else ' class="fixed"'
    return Html(f'<figure{kept}><img alt="{_attribute(text)}" width="{width}" src="{source}"></figure>')


def pictures(figures: Sequence[Figure], progress: Progress | None) -> list[Html]:
    """Return all figures as images; `progress` gets the number of drawn figures before each, and all."""
    drawn: list[Html] = []
    for number, figure in enumerate(figures):
        if progress is not None:
            progress(number, len(figures))
        drawn.append(picture(figure))
    if progress is not None:
        progress(len(figures), len(figures))
    return drawn


def _inches(content: bytes, file_format: str) -> float:
    """Return the width of an image file of matplotlib."""
    if file_format == "png":
        return int.from_bytes(content[16:20], "big") / DPI
    width = re.search(rb'<svg[^>]*? width="([0-9.]+)pt"', content)
    return float(width[1]) / 72 if width else 7.0


def _attribute(text: str) -> str:
    return element("p", text)[len("<p>") : -len("</p>")]


def _concerns(figure: Figure, record: RunRecord) -> bool:
    """Return False for a figure that compares other runs of the session."""
    return not isinstance(figure, SessionFigure) or record.run in figure.runs
