"""`wganstudio report`, `cite` and `table`: what a session holds, for readers."""

from argparse import Namespace

from wganstudio.cli.messages import print_result
from wganstudio.cli.progress import ProgressBar
from wganstudio.cli.reading import ReadingProgress
from wganstudio.comparison.columns import FACTS, Column, column_of
from wganstudio.comparison.run_table import RUN, default_columns, rows_with_means, run_table
from wganstudio.experiment.text_tables import TABLE_FORMATS
from wganstudio.export import ExportError
from wganstudio.export.citations import bibtex, cited_entries, methods_paragraph
from wganstudio.export.report import ReportTable, write_report
from wganstudio.session import Document, RunRecord
from wganstudio.suites.heatmap import suite_pages


def report(options: Namespace) -> int:
    """Write a report and print the name of the file."""
    document = open_session(options)
    path = options.out or options.session.with_suffix(".html")
    title, pages = "", list[ReportTable]()
    if options.run or not document.suite:
        records = chosen(document, options.run) or document.records()[-1:]
    else:
        title, tables = suite_pages(document)
        records, pages = document.records(), [*tables]
    bar = ProgressBar()
    try:
        write_report(
            records,
            path,
            among=document.records(),
            title=title,
            tables=pages,
            progress=lambda done, total: bar.update(f"drawing figures: {done} of {total}"),
        )
    finally:
        bar.close()
    print_result(str(path))
    return 0


def cite(options: Namespace) -> int:
    """Print the methods paragraph and the BibTeX entries."""
    document = open_session(options)
    records = chosen(document, options.run) or document.records()[-1:]
    entries = bibtex(cited_entries(record.experiment for record in records))
    paragraph = methods_paragraph(records, "latex" if options.latex else "text")
    print_result((entries if options.bibtex else f"{paragraph}\n{entries}").rstrip())
    return 0


def table(options: Namespace) -> int:
    """Print a table of runs."""
    document = open_session(options)
    records = chosen(document, options.run) or document.records()
    columns: list[Column] = [RUN, *default_columns(records)]
    if options.columns is not None:
        columns = [_column(key.strip()) for key in options.columns.split(",") if key.strip()]
    if not columns:
        raise ExportError("--columns names no column; leave it out, or give keys separated by commas.")
    rows = rows_with_means(records) if options.groups else [(record,) for record in records]
    print_result(TABLE_FORMATS[options.format](run_table(rows, columns)).rstrip())
    return 0


def open_session(options: Namespace) -> Document:
    """Return the session of a command, closed again; ExportError if it has no runs."""
    with ReadingProgress(options.session) as progress:
        document = Document.open(options.session, progress=progress)
    document.close()
    if not document.records():
        raise ExportError(f"{options.session} has no runs; record one with `wganstudio run --session`.")
    return document


def chosen(document: Document, runs: list[int]) -> list[RunRecord]:
    """Return the records of these runs, in their order; ExportError if one is missing."""
    records = {record.run: record for record in document.records()}
    for run in runs:
        if run not in records:
            numbers = ", ".join(map(str, records))
            raise ExportError(f"{document.path} has no run {run}; choose from {numbers}.")
    return [records[run] for run in dict.fromkeys(runs)]


def _column(key: str) -> Column:
    column = RUN if key == RUN.key else column_of(key)
    if column is None:
        kinds = "setting:GROUP.FIELD, final:METRIC, last:METRIC, best:METRIC, truth:QUANTITY"
        raise ExportError(f"There is no column {key!r}; choose from {kinds}, run, {', '.join(FACTS)}.")
    return column
