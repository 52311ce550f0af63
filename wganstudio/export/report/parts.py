"""The sections of a report."""

from collections.abc import Sequence

from wganstudio.comparison.run_table import RUN, default_columns, rows_with_means, run_table
from wganstudio.experiment import Experiment, compare, differing_fields, preset_of, read, to_toml
from wganstudio.experiment.difference_tables import difference_table
from wganstudio.experiment.text_tables import FileCell, FileTable
from wganstudio.export.citations import bibtex, cited_entries, methods_paragraph
from wganstudio.export.report.html import Html, code, definitions, element, section, table
from wganstudio.export.report.repeating import FILE, command
from wganstudio.export.run_content import InspectorEntry, outcome_sections, state_text
from wganstudio.session import RunRecord
from wganstudio.truths.certificate import NAMES

MAX_DETAILED = 12
"""Runs whose experiments are written out."""


def summary(records: Sequence[RunRecord]) -> Html:
    """Return what came of the run, or the table of the compared runs."""
    if len(records) > 1:
        return section(
            "Runs", table(run_table(rows_with_means(records), [RUN, *default_columns(records)])), name="runs"
        )
    record = records[0]
    rows = [(entry.label, entry.value) for entry in _entries(record, "outcome") if entry.label]
    texts = [element("p", entry.value) for entry in _entries(record, "outcome") if not entry.label]
    note = [element("p", line) for line in record.labels.note.splitlines() if line.strip()]
    tags = [element("p", f"Tags: {', '.join(record.labels.tags)}")] if record.labels.tags else []
    numbers = [definitions(rows)] if rows else []
    return section(
        "Outcome", element("p", state_text(record)), *texts, *numbers, *tags, *note, name="outcome"
    )


def warnings(records: Sequence[RunRecord]) -> Html | None:
    """Return the signs that runs have not reached their optima; None without any."""
    texts = [(record, entry.value) for record in records for entry in _entries(record, "warnings")]
    texts += [(record, record.failed.message) for record in records if record.failed is not None]
    named = len(records) > 1
    items = [element("li", f"{record.name}: {text}" if named else text) for record, text in texts]
    return section("Warnings", element("ul", *items, class_="warnings"), name="warnings") if items else None


def certificates(records: Sequence[RunRecord]) -> Html | None:
    """Return the reference costs with bounds, methods and times; None where nothing is known of them."""
    rows: dict[tuple[FileCell, ...], tuple[list[str], float]] = {}
    for record in records:
        for quantity, truth in record.truths.items():
            numbers = (_number(value, 6) for value in (truth.value, truth.lower, truth.upper))
            row = (FileCell(NAMES[quantity]), *numbers, FileCell(truth.method), FileCell(truth.law))
            runs, seconds = rows.get(row, ([], 0.0))
            rows[row] = [*runs, f"{record.run}"], max(seconds, truth.seconds)
    missing = dict.fromkeys(record.truth_missing for record in records if record.truth_missing)
    notes = [element("p", text) for text in missing]
    if not rows:
        return section("Reference values", *notes, name="truths") if notes else None
    lines = tuple((FileCell(", ".join(runs)), *row, _number(s, 2)) for row, (runs, s) in rows.items())
    head = ("Quantity", "Value", "Lower bound", "Upper bound", "Method", "Valid for", "Time (s)")
    whole = FileTable(("Runs", *head), lines)
    if len(records) == 1:
        whole = FileTable(head, tuple(line[1:] for line in lines))
    return section("Reference values", table(whole), *notes, name="truths")


def differences(records: Sequence[RunRecord]) -> Html | None:
    """Return the settings in which the runs differ, or those of a single run that differ from its preset."""
    if len(records) > 1:
        fields = differing_fields([record.experiment for record in records])
        names = [f"{record.run}: {record.name}" for record in records]
        title = "Differences between the runs"
    else:
        preset = preset_of(records[0].requested)
        if preset is None:
            return None
        fields = differing_fields([read(preset.settings), records[0].requested])
        names, title = [f"Preset {preset.name}", "This run"], "Differences from the preset"
    if not fields:
        return section(title, element("p", "All settings are the same."), name="differences")
    return section(title, table(difference_table(fields, names)), name="differences")


def settings(record: RunRecord) -> Html:
    """Return all settings of a run; of compared runs the first one's, as the differences stand before."""
    fields = compare([record.experiment])
    rows = [(field.group.capitalize(), field.label, field.text(), field.path) for field in fields]
    head = ("Group", "Setting", "Value", "Name in files")
    return section("Settings", table(FileTable.of_texts(head, rows)), name="settings")


def repeating(records: Sequence[RunRecord]) -> Html:
    """Return how to repeat the runs: commands, versions, seeds and experiments."""
    shown = records[:MAX_DETAILED]
    commands = "\n".join(command(record.requested) for record in shown)
    text = f"Each command trains one run again; {FILE} is the text below. "
    text += "The same seed, versions, threads and device repeat a run on the CPU bit for bit."
    more = len(records) - len(shown)
    notes = [element("p", f"{more:,} more runs are left out.")] if more else []
    machines = [_machine(record, len(records) > 1) for record in shown]
    files = [_experiment(record.requested, record.name) for record in shown]
    return section(
        "How to repeat", element("p", text), code(commands), *notes, *machines, *files, name="repeat"
    )


def citing(records: Sequence[RunRecord]) -> Html:
    """Return the methods paragraph and the BibTeX entries."""
    entries = cited_entries(record.experiment for record in records)
    return section(
        "Methods and references",
        element("p", methods_paragraph(records)),
        element(
            "details",
            element("summary", "Methods paragraph in LaTeX"),
            code(methods_paragraph(records, "latex")),
        ),
        element("details", element("summary", "BibTeX"), code(bibtex(entries)), open="open"),
        name="methods",
    )


def _machine(record: RunRecord, named: bool) -> Html:
    entries = _entries(record, "machine") + _entries(record, "resources")
    rows = [(entry.label, entry.value) for entry in entries]
    title = [element("h3", record.name)] if named else []
    return element("div", *title, definitions(rows)) if rows else Html("")


def _experiment(experiment: Experiment, name: str) -> Html:
    return element("details", element("summary", f"TOML of {name}"), code(to_toml(experiment)))


def _entries(record: RunRecord, name: str) -> list[InspectorEntry]:
    return [entry for one in outcome_sections(record) if one.name == name for entry in one.entries]


def _number(value: float, digits: int) -> FileCell:
    return FileCell(f"{value:.{digits}g}", value)
