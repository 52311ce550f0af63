"""`wganstudio export`: write figures and tables of a session."""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from wganstudio.cli.messages import print_result
from wganstudio.cli.reading import ReadingProgress
from wganstudio.export import FORMATS, ExportError, export_panels, select_figures
from wganstudio.export import export as write
from wganstudio.figures import Figure, SessionFigure
from wganstudio.figures.print_style import PrintStyle, journal_style
from wganstudio.session import Document, RunRecord


def export(options: Namespace) -> int:
    """Write the chosen figures of the chosen runs and print the names of the files."""
    formats = _list(options.formats)
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ExportError(f"--formats {options.formats}: choose from {', '.join(FORMATS)}")
    style = _style(options)
    with ReadingProgress(options.session) as progress:
        document = Document.open(options.session, progress=progress)
    document.close()
    records = document.records()
    if not records:
        raise ExportError(f"{options.session} has no runs; nothing was written.")
    for file in _write(_chosen(records, options.runs), records, formats, style, options):
        print_result(str(file))
    return 0


def _write(
    chosen: Sequence[RunRecord],
    records: Sequence[RunRecord],
    formats: tuple[str, ...],
    style: PrintStyle,
    options: Namespace,
) -> list[Path]:
    names = _list(options.figures) if options.figures else None
    settings = {"dpi": options.dpi, "style": style, "caption_file": options.caption_tex}
    if options.panels:
        figures = [
            (record, figure)
            for record in chosen
            for figure in select_figures(record, names, options.step, {}, records)
        ]
        return export_panels(_once(figures), options.to, formats, **settings)
    files: list[Path] = []
    for record in chosen:
        files += write(
            record, options.to, formats, figures=names, step=options.step, among=records, **settings
        )
    return files


def _once(figures: Sequence[tuple[RunRecord, Figure]]) -> list[tuple[RunRecord, Figure]]:
    """Return the figures, a figure of several runs with one of them only."""
    kept: list[tuple[RunRecord, Figure]] = []
    for record, figure in figures:
        if isinstance(figure, SessionFigure) and any(type(one) is type(figure) for _, one in kept):
            continue
        kept.append((record, figure))
    return kept


def _style(options: Namespace) -> PrintStyle:
    """Return the style that the options ask for; raise ExportError if one is invalid."""
    try:
        style = journal_style(options.journal, options.columns) if options.journal else PrintStyle()
        changes = {
            "width": options.width,
            "family": options.font,
            "size": options.font_size,
            "color_map": options.color_map,
            "title": options.title,
            "caption": options.caption,
        }
        return replace(style, **{name: value for name, value in changes.items() if value is not None})
    except ValueError as error:
        raise ExportError(str(error)) from error


def _chosen(records: Sequence[RunRecord], numbers: str | None) -> list[RunRecord]:
    """Return the runs of these numbers, all by default."""
    if numbers is None:
        return list(records)
    by_number = {str(record.run): record for record in records}
    wanted = _list(numbers)
    unknown = [number for number in wanted if number not in by_number]
    if unknown or not wanted:
        raise ExportError(f"--runs {numbers}: choose from {', '.join(by_number)}")
    return [by_number[number] for number in wanted]


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
