"""Figures and tables of a run as files: all of one file or nothing of it."""

import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from wganstudio.figures.plane import Range
from wganstudio.figures.registry import FIGURES, Figure, NoSuchStep, OfARun, OfASession, figure_of, zoomed
from wganstudio.figures.tables import to_csv
from wganstudio.session import RunRecord

FORMATS = ("png", "svg", "pdf", "csv")


class ExportError(Exception):
    """Nothing, or not everything, could be exported: one sentence that says why."""


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
) -> list[Path]:
    """Write the figures of a run into a folder, which is made if need be; the files written.

    `figures` are names, or figures as a view holds them (default: all that have something to show); `step` is
    that of a kept picture (default: the newest); `ranges` replaces ranges, {"costs": {"y": (0, 3)}}. `among`
    are the runs of the session: a figure that compares them is written with the last of those in it.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ExportError(
            f"There is no format {', '.join(unknown) or 'given'}; choose from {', '.join(FORMATS)}."
        )
    if not 30 <= dpi <= 2400:
        raise ExportError(f"A resolution of {dpi} dpi will not do; give one from 30 to 2400.")
    shown = _figures(record, figures, step, ranges or {}, among)
    if not shown:
        raise ExportError(
            f"The run {record.name!r} has nothing to show yet: it ended before its first picture."
        )
    written: list[Path] = []
    try:
        to.mkdir(parents=True, exist_ok=True)
        for figure in shown:
            for name, content in _contents(figure, _stem(record, figure, step), formats, dpi):
                write(to / name, content)
                written.append(to / name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"The figures could not be written to {to}: {reason}; choose another folder."
        ) from error
    return written


def write(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there: a full disk leaves nothing half-written behind."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def file_stem(record: RunRecord) -> str:
    """The run's name as a file name that every system takes, and its number."""
    plain = unicodedata.normalize("NFKD", record.name).encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')[:60].strip('-') or 'run'}-{record.run}"


def _stem(record: RunRecord, figure: Figure, step: int | None) -> str:
    at = "" if step is None or isinstance(figure, OfARun | OfASession) else f"-step-{figure.step}"
    return f"{file_stem(record)}-{figure.name}{at}"


def _figures(
    record: RunRecord,
    figures: Sequence[str | Figure] | None,
    step: int | None,
    ranges: Mapping[str, Mapping[str, Range]],
    among: Sequence[RunRecord],
) -> list[Figure]:
    shown: list[Figure] = []
    for wanted in FIGURES if figures is None else figures:
        try:
            figure = figure_of(record, wanted, step, among) if isinstance(wanted, str) else wanted
        except (NoSuchStep, ValueError) as error:
            text = str(error)
            raise ExportError(text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")) from error
        if figures is None and isinstance(figure, OfASession) and record.run != figure.runs[-1]:
            continue
        if figure is not None:
            shown.append(zoomed(figure, ranges.get(figure.name, {})))
    return shown


def _contents(figure: Figure, stem: str, formats: Sequence[str], dpi: int) -> list[tuple[str, bytes]]:
    contents: list[tuple[str, bytes]] = []
    drawn = [name for name in dict.fromkeys(formats) if name != "csv"]
    if drawn:
        from wganstudio.figures.mpl import rendered  # matplotlib: only where something is drawn

        contents += [(f"{stem}.{name}", content) for name, content in rendered(figure, drawn, dpi).items()]
    if "csv" in formats:
        for name, table in figure.tables().items():
            contents.append((f"{stem}-{name}.csv" if name else f"{stem}.csv", to_csv(table)))
    return contents


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
