"""Figures and tables of a run as files, each written atomically."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from wganstudio.figures import Figure, NoSuchStep, SessionFigure, StepFigure, figure_names, figure_of, zoomed
from wganstudio.figures.heatmap import HeatMap, render_heatmap
from wganstudio.figures.tables import to_csv
from wganstudio.figures.types import Range
from wganstudio.session import RunRecord
from wganstudio.temporary import write

IMAGE_FORMATS = ("png", "svg", "pdf")
FORMATS = (*IMAGE_FORMATS, "csv")


class ExportError(Exception):
    """An export failed; the message is one sentence that says why."""


def export(
    record: RunRecord,
    to: Path,
    formats: Sequence[str] = FORMATS,
    *,
    dpi: int = 300,
    figures: Sequence[str | Figure] | None = None,
    step: int | None = None,
    ranges: Mapping[str, Mapping[str, Range]] | None = None,
    among: Sequence[RunRecord] = (),
    progress: Callable[[int, int], object] | None = None,
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
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ExportError(
            f"There is no format {', '.join(unknown) or 'given'}; choose from {', '.join(FORMATS)}."
        )
    if not 30 <= dpi <= 2400:
        raise ExportError(f"{dpi} dpi is not a valid resolution. Choose a value from 30 to 2400.")
    selected = _figures(record, figures, step, ranges or {}, among)
    if not selected:
        raise ExportError(f"The run {record.name!r} has nothing to show: it ended before its first frame.")
    written: list[Path] = []
    try:
        to.mkdir(parents=True, exist_ok=True)
        for number, figure in enumerate(selected):
            if progress is not None:
                progress(number, len(selected))
            for name, content in _contents(figure, _stem(record, figure, step), formats, dpi):
                write(to / name, content)
                written.append(to / name)
        if progress is not None:
            progress(len(selected), len(selected))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"The figures could not be written to {to}: {reason}; choose another folder."
        ) from error
    return written


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
    plain = unicodedata.normalize("NFKD", record.name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:60].strip('-') or 'run'}-{record.run}"


def _stem(record: RunRecord, figure: Figure, step: int | None) -> str:
    suffix = f"-step-{figure.step}" if step is not None and isinstance(figure, StepFigure) else ""
    return f"{file_stem(record)}-{figure.name.replace('_', '-')}{suffix}"


def _figures(
    record: RunRecord,
    figures: Sequence[str | Figure] | None,
    step: int | None,
    ranges: Mapping[str, Mapping[str, Range]],
    among: Sequence[RunRecord],
) -> list[Figure]:
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


def _contents(figure: Figure, stem: str, formats: Sequence[str], dpi: int) -> list[tuple[str, bytes]]:
    contents: list[tuple[str, bytes]] = []
    images = [name for name in dict.fromkeys(formats) if name != "csv"]
    if images:
        from wganstudio.figures.mpl import render_files  # imports matplotlib

        files = render_files(figure, images, dpi)
        contents += [(f"{stem}.{name}", content) for name, content in files.items()]
    if "csv" in formats:
        for name, table in figure.tables().items():
            contents.append((f"{stem}-{name}.csv" if name else f"{stem}.csv", to_csv(table)))
    return contents
