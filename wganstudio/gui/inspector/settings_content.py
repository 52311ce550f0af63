"""The settings of a run as sections of the inspector, and what differs from the form and from the preset."""

from wganstudio.experiment import ABSENT, ComparedField, Experiment, compare, preset_of, read
from wganstudio.export.run_content import EntryKind, InspectorEntry, InspectorSection
from wganstudio.session.record import RunRecord

FOLDED = ("sigma", "perturbation", "truth", "evaluation")
MAX_VALUE = 80
"""Characters of a value; the tooltip shows the rest."""
RUN, REQUESTED = 0, 1
"""Columns of the compared experiments."""


def settings_sections(record: RunRecord, form: Experiment | None) -> tuple[InspectorSection, ...]:
    """Return the settings of a run in the groups of the form, with the values of form and preset beside.

    Parameters
    ----------
    record
        The run.
    form
        The experiment that the form describes; None if it describes none.
    """
    preset = preset_of(record.requested)
    references: dict[str, Experiment] = {}
    if form is not None:
        references["form"] = form
    if preset is not None:
        references["preset"] = read(preset.settings)
    groups: dict[str, list[InspectorEntry]] = {}
    for field in compare([record.experiment, record.requested, *references.values()]):
        if field.values[RUN] is not ABSENT:
            groups.setdefault(field.group, []).append(_entry(field, list(references)))
    return tuple(
        InspectorSection(f"settings-{group}", _title(group, entries), tuple(entries), folded=group in FOLDED)
        for group, entries in groups.items()
    )


def differing_count(sections: tuple[InspectorSection, ...]) -> int:
    """Return the number of settings that differ from the form or the preset."""
    return sum(entry.kind == "changed" for section in sections for entry in section.entries)


def _title(group: str, entries: list[InspectorEntry]) -> str:
    count = sum(entry.kind == "changed" for entry in entries)
    return (
        f"{group.capitalize()} \u2013 {count} {'differs' if count == 1 else 'differ'}"
        if count
        else group.capitalize()
    )


def _entry(field: ComparedField, references: list[str]) -> InspectorEntry:
    value = field.text(RUN)
    if field.values[REQUESTED] is None and field.values[RUN] is not None:
        value = f"{value} (auto)"
    notes = tuple(
        f"\u2260 {name}: {_shortened(_other(field, column))}"
        for column, name in enumerate(references, start=REQUESTED + 1)
        if field.values[column] not in field.values[:2]
    )
    label = "Kind" if field.name == "kind" else field.title
    role: EntryKind = "changed" if notes else ""
    return InspectorEntry(label, _shortened(value), notes, role, f"{field.path} = {value}", field.path)


def _other(field: ComparedField, column: int) -> str:
    return "not in its kind" if field.values[column] is ABSENT else field.text(column)


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_VALUE else f"{text[: MAX_VALUE - 1]}\u2026"
