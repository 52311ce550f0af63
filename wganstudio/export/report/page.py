"""The report as a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import wganstudio
from wganstudio import resources
from wganstudio.experiment.text_tables import FileTable
from wganstudio.export.files import ExportError
from wganstudio.export.report import parts
from wganstudio.export.report.html import Html, element, markup, section, table
from wganstudio.export.report.pictures import Progress, figures_of, image, pictures
from wganstudio.session import RunRecord
from wganstudio.temporary import write


class ReportTable(Protocol):
    """A table of a suite with a picture of it as SVG."""

    @property
    def title(self) -> str: ...
    @property
    def table(self) -> FileTable: ...
    @property
    def picture(self) -> bytes: ...


def write_report(
    records: Sequence[RunRecord],
    path: Path,
    *,
    among: Sequence[RunRecord] = (),
    title: str = "",
    tables: Sequence[ReportTable] = (),
    progress: Progress | None = None,
) -> None:
    """Write a report of one run or several into a file; ExportError if that is not possible.

    Parameters
    ----------
    records
        The runs, at least one.
    path
        The file; it is replaced if there is one.
    among
        The runs of the session, for figures of a single run that compare it with others.
    title
        The title; by default the name of the run.
    tables
        Tables of a suite; they come first.
    progress
        Called with the number of figures drawn and that of all. What it raises ends the report.
    """
    text = render_report(records, among=among, title=title, tables=tables, progress=progress)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, text.encode())
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{path} could not be written: {reason}; choose another place.") from error


def render_report(
    records: Sequence[RunRecord],
    *,
    among: Sequence[RunRecord] = (),
    title: str = "",
    tables: Sequence[ReportTable] = (),
    progress: Progress | None = None,
) -> str:
    """Return the HTML of a report; the same runs give the same text."""
    if not records:
        raise ExportError("There is no run to report on; choose at least one.")
    drawn = pictures(figures_of(records, among or records), progress)
    sections = [
        *(_suite_table(number, one) for number, one in enumerate(tables)),
        parts.summary(records),
        parts.warnings(records),
        parts.certificates(records),
        section("Figures", *drawn, name="figures") if drawn else None,
        parts.differences(records),
        parts.settings(records[0]),
        parts.repeating(records),
        parts.citing(records),
    ]
    shown = [one for one in sections if one is not None]
    heading = title or (records[0].name if len(records) == 1 else f"Comparison of {len(records)} runs")
    return _document(heading, shown)


def _suite_table(number: int, one: ReportTable) -> Html:
    drawn = image(one.picture, "svg", one.title, one.table.caption, follows_theme=True)
    return section(one.title, table(one.table), drawn, name=f"table-{number + 1}")


def _document(title: str, sections: Sequence[Html]) -> str:
    style = resources.path("report.css").read_text(encoding="utf-8")
    head = [
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content=f"WGAN Studio {wganstudio.__version__}"),
        element("title", title),
        Html(f"<style>\n{style}</style>"),
    ]
    foot = element("footer", f"Written by WGAN Studio {wganstudio.__version__}.")
    body = element("main", element("h1", title), *sections)
    whole = element("html", element("head", *head), element("body", body, foot), lang="en")
    return f"<!DOCTYPE html>\n{markup(whole)}\n"
