"""Figures and tables of a run as files, each written atomically."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wganstudio.bad_input import BadInput
from wganstudio.figures import Figure, NoSuchStep, SessionFigure, StepFigure, figure_names, figure_of, zoomed
from wganstudio.figures.families import suite_of
from wganstudio.figures.heatmap import HeatMap, render_heatmap
from wganstudio.figures.mathematics import to_latex
from wganstudio.figures.panels import FigurePanel, panel_letter, panels_caption
from wganstudio.figures.print_style import PrintStyle
from wganstudio.figures.tables import to_csv
from wganstudio.figures.types import Range
from wganstudio.plain_text import one_line
from wganstudio.session import RunRecord
from wganstudio.temporary import write

IMAGE_FORMATS = ("png", "svg", "pdf")
FORMATS = (*IMAGE_FORMATS, "pgf", "csv")
DEFAULT_FORMATS = (*IMAGE_FORMATS, "csv")
DEFAULT_STYLE = PrintStyle()
Progress = Callable[[int, int], object]
MAX_CAPTION = 4000
"""Characters of a caption in a .tex file."""


class ExportError(BadInput):
    """An export failed; the message is one sentence that says why."""


@dataclass(frozen=True)
class Print:
    """One printed figure: the name of its files without the extension, and its panels."""

    stem: str
    panels: tuple[FigurePanel, ...]


def export(
    record: RunRecord,
    to: Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    *,
    dpi: int = 300,
    style: PrintStyle = DEFAULT_STYLE,
    caption_file: bool = False,
    figures: Sequence[str | Figure] | None = None,
    step: int | None = None,
    ranges: Mapping[str, Mapping[str, Range]] | None = None,
    among: Sequence[RunRecord] = (),
    progress: Progress | None = None,
) -> list[Path]:
    """Write the figures of a run into a folder, which is created if needed.

    Parameters
    ----------
    record
        The run.
    to
        The folder.
    formats
        File formats, of `FORMATS`.
    dpi
        Resolution of PNG files.
    style
        Width, fonts and colors.
    caption_file
        True for a .tex file with the caption of each figure.
    figures
        Names, or figures as a view shows them (default: all that have something to show).
    step
        A recorded step (default: the newest).
    ranges
        Ranges that replace those of figures, such as {"costs": {"y": (0, 3)}}.
    among
        The runs of the session. A figure that compares runs is written with the last run in it.
    progress
        Called with the number of figures written and that of all, before each and at the end. What it
        raises ends the export; the files written so far stay.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    ExportError
        If an argument is invalid, there is nothing to show, or a file cannot be written.
    """
    _check(formats, dpi)
    selected = select_figures(record, figures, step, ranges or {}, among)
    if not selected:
        raise ExportError(f"The run {record.name!r} has nothing to show: it ended before its first frame.")
    prints = [Print(_stem(record, figure, step), (FigurePanel(figure),)) for figure in selected]
    return write_prints(prints, to, formats, dpi, style, caption_file, progress)


def export_panels(
    figures: Sequence[tuple[RunRecord, Figure]],
    to: Path,
    formats: Sequence[str] = DEFAULT_FORMATS,
    *,
    dpi: int = 300,
    style: PrintStyle = DEFAULT_STYLE,
    caption_file: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write figures of one or several runs as the panels of one; see `export`.

    Raises
    ------
    ExportError
        If an argument is invalid, there is no figure, or a file cannot be written.
    """
    _check(formats, dpi)
    if not figures:
        raise ExportError("There is no figure to print. Choose one or more.")
    return write_prints([as_panels(figures)], to, formats, dpi, style, caption_file, progress)


def as_panels(figures: Sequence[tuple[RunRecord, Figure]]) -> Print:
    """Return several figures as the panels of one, with the names of their runs where these differ."""
    records = {record.run: record for record, _ in figures}
    panels = tuple(FigurePanel(figure, record.name if len(records) > 1 else "") for record, figure in figures)
    names = "-".join(dict.fromkeys(figure.name.replace("_", "-") for _, figure in figures))
    runs = "".join(f"-{run}" for run in records if run != figures[0][0].run)
    return Print(f"{file_stem(figures[0][0])}{runs}-{names}", panels)


def write_heatmap(figure: HeatMap, path: Path, dpi: int = 300) -> None:
    """Write a heat map into a .png, .svg or .pdf file; raise ExportError if that is not possible."""
    file_format = path.suffix.lstrip(".").lower()
    if file_format not in IMAGE_FORMATS:
        raise ExportError(f"{path} must end in .png, .svg or .pdf.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, render_heatmap(figure, file_format, dpi))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{path} could not be written: {reason}; choose another place.") from error


def file_stem(record: RunRecord) -> str:
    """Return the name of the run as a portable file name, with its number."""
    return f"{slug(record.name) or 'run'}-{record.run}"


def slug(name: str) -> str:
    """Return a name in small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def write_prints(
    prints: Sequence[Print],
    to: Path,
    formats: Sequence[str],
    dpi: int,
    style: PrintStyle,
    caption_file: bool,
    progress: Progress | None,
) -> list[Path]:
    """Write figures into a folder; see `export`."""
    written: list[Path] = []
    try:
        to.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(prints):
            if progress is not None:
                progress(number, len(prints))
            for name, content in _contents(one, formats, dpi, style, caption_file):
                write(to / name, content)
                written.append(to / name)
        if progress is not None:
            progress(len(prints), len(prints))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"The figures could not be written to {to}: {reason}; choose another folder."
        ) from error
    return written


def _check(formats: Sequence[str], dpi: int) -> None:
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ExportError(
            f"There is no format {', '.join(unknown) or 'given'}; choose from {', '.join(FORMATS)}."
        )
    if not 30 <= dpi <= 2400:
        raise ExportError(f"{dpi} dpi is not a valid resolution. Choose a value from 30 to 2400.")


def _stem(record: RunRecord, figure: Figure, step: int | None) -> str:
    """Return the name of a file: after the run, or after the sweep or suite for a figure of several runs."""
    suffix = f"-step-{figure.step}" if step is not None and isinstance(figure, StepFigure) else ""
    name = file_stem(record)
    if isinstance(figure, SessionFigure):
        suite = suite_of(record.experiment)
        name = slug(suite) if suite else f"runs-{min(figure.runs)}-to-{max(figure.runs)}"
    of = f"{figure.name}_{figure.variant}" if figure.variant else figure.name
    return f"{name}-{of.replace('_', '-')}{suffix}"


def select_figures(
    record: RunRecord,
    figures: Sequence[str | Figure] | None,
    step: int | None,
    ranges: Mapping[str, Mapping[str, Range]],
    among: Sequence[RunRecord],
) -> list[Figure]:
    """Return the figures of a run by name, or all that have something to show; see `export`."""
    selected: list[Figure] = []
    for choice in figure_names() if figures is None else figures:
        try:
            figure = figure_of(record, choice, step, among) if isinstance(choice, str) else choice
        except (NoSuchStep, ValueError) as error:
            text = str(error)
            raise ExportError(text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")) from error
        if figures is None and isinstance(figure, SessionFigure) and record.run != figure.runs[-1]:
            continue
        if figure is not None:
            selected.append(zoomed(figure, ranges.get(figure.name, {})))
    return selected


def _contents(
    one: Print, formats: Sequence[str], dpi: int, style: PrintStyle, caption_file: bool
) -> list[tuple[str, bytes]]:
    contents: list[tuple[str, bytes]] = []
    images = [name for name in dict.fromkeys(formats) if name != "csv"]
    if images:
        from wganstudio.figures.mpl import render_files  # imports matplotlib

        contents += render_files(one.panels, images, one.stem, dpi, style).items()
    if "csv" in formats:
        contents += _tables(one)
    if caption_file:
        contents.append((f"{one.stem}-caption.tex", caption_tex(one).encode()))
    return contents


def _tables(one: Print) -> Iterator[tuple[str, bytes]]:
    for index, panel in enumerate(one.panels):
        letter = f"-{panel_letter(index).strip('()')}" if len(one.panels) > 1 else ""
        for name, table in panel.figure.tables().items():
            yield f"{one.stem}{letter}{f'-{name}' if name else ''}.csv", to_csv(table)


def caption_tex(one: Print) -> str:
    """Return the caption for a figure environment of LaTeX."""
    return f"\\caption{{{to_latex(one_line(panels_caption(one.panels), MAX_CAPTION))}}}\n"
