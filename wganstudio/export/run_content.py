"""The content of the inspector and of reports as plain data: sections of entries on one run."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wganstudio.comparison.numbers import duration_text, with_error
from wganstudio.experiment import preset_of
from wganstudio.figures.flow import suboptimality
from wganstudio.session import RunRecord
from wganstudio.training.memory import size_text
from wganstudio.training.metric_registry import metrics
from wganstudio.truths.certificate import NAMES, Truth

ENDINGS = {
    "done": "Finished",
    "plateau": "Finished at a plateau",
    "truth": "Finished at the truth",
    "stopped": "Stopped by the user",
}
STATES = {
    "waiting": "Waiting to start",
    "running": "Training",
    "paused": "Paused",
    "estimating": "Computing the final estimates",
    "failed": "Failed",
    "crashed": "Crashed: its process ended without a last word",
}
TITLES = {
    "true_lower": "True cost to held-out data, lower bound",
    "gap_lower": "Gap, lower bound",
    "converged": "Converged fraction",
    "cos_published": "Cosine, as published",
    "l2_published": "Mean squared distance, as published",
    "angle": "Angle to the true flow",
    "weighted_l2": "1/\u03c3-weighted error",
}
"""Titles of estimates that no registered metric has."""
VERSIONS = {
    "wganstudio": "WGAN Studio",
    "python": "Python",
    "torch": "PyTorch",
    "numpy": "NumPy",
    "system": "System",
}


EntryKind = Literal["", "dim", "changed", "warning", "problem"]


@dataclass(frozen=True)
class InspectorEntry:
    """One line: a label and its value, or a sentence where the label is empty."""

    label: str
    value: str
    notes: tuple[str, ...] = ()
    """Other values of a setting, such as "form: 1"."""
    kind: EntryKind = ""
    """"changed" for a setting that differs, "warning" or "problem" for a sentence."""
    tip: str = ""
    keywords: str = ""
    """Further words by which the filter finds it."""

    def matches(self, words: Iterable[str]) -> bool:
        """Return True if the entry contains all words, in lower case."""
        text = " ".join((self.label, self.value, self.keywords, *self.notes)).lower()
        return all(word in text for word in words)


@dataclass(frozen=True)
class InspectorSection:
    """A titled group of entries."""

    name: str
    title: str
    entries: tuple[InspectorEntry, ...]
    folded: bool = False
    """Folded until the user unfolds it."""


def state_text(record: RunRecord) -> str:
    """Return state and steps of a run, and the preset that it started from."""
    state = ENDINGS[record.ended.reason] if record.ended is not None else STATES[record.state]
    steps = f", {record.step:,} of {record.steps:,} steps" if record.started and record.steps else ""
    preset = preset_of(record.requested)
    origin = "" if preset is None else f" Started from the preset \u201c{preset.about.name}\u201d."
    return f"{state}{steps}.{origin}"


def outcome_sections(record: RunRecord) -> tuple[InspectorSection, ...]:
    """Return all sections about what came of a run; those without entries are left out."""
    sections = (
        InspectorSection("outcome", "Outcome", tuple(_outcome(record))),
        InspectorSection("warnings", "Warnings", tuple(_warnings(record))),
        InspectorSection("truths", "Truths", tuple(_truths(record))),
        InspectorSection("resources", "Time and memory", tuple(_resources(record))),
        InspectorSection("machine", "Machine and versions", tuple(_machine(record)), folded=True),
    )
    return tuple(section for section in sections if section.entries)


def as_text(title: str, state: str, sections: Sequence[InspectorSection]) -> str:
    """Return the whole content as lines of text."""
    lines = [title, state]
    for section in sections:
        lines += ["", section.title]
        for entry in section.entries:
            notes = f" ({'; '.join(entry.notes)})" if entry.notes else ""
            lines.append(f"  {entry.label}: {entry.value}{notes}" if entry.label else f"  {entry.value}")
    return "\n".join(lines) + "\n"


def _outcome(record: RunRecord) -> Iterator[InspectorEntry]:
    if record.failed is not None:
        yield InspectorEntry("", record.failed.message, kind="problem")
    numbers = _final_numbers(record)
    if not numbers and (live := _live(record)):
        yield from _estimates(live)
        yield InspectorEntry(
            "", "These are the newest points of the curves, not final estimates.", kind="dim"
        )
    yield from _estimates(numbers)
    if record.ended is not None and (missed := suboptimality(record)) is not None:
        text = with_error(missed.value, missed.error)
        yield InspectorEntry("Suboptimality", text, tip="Congested cost minus value: what training has left.")
    lipschitz = record.ended.lipschitz if record.ended is not None else None
    if lipschitz is not None:
        certified = lipschitz.certified
        above = "no upper bound certified" if certified is None else f"at most {certified:.4g} certified"
        least = max(lipschitz.largest_slope, lipschitz.empirical)
        yield InspectorEntry("Lipschitz constant", f"at least {least:.4g}; {above}")


def _final_numbers(record: RunRecord) -> dict[str, float]:
    ended = record.ended
    return {} if ended is None else {**ended.estimates, **ended.gradient, **ended.flow}


def _live(record: RunRecord) -> dict[str, float]:
    names = ("gap", "gap_se", "value", "value_se")
    return {name: value for name in names if (value := record.last(name)) is not None}


def _estimates(numbers: dict[str, float]) -> Iterator[InspectorEntry]:
    """Yield an entry for each estimate, with its standard error where it has one."""
    for name, value in numbers.items():
        if name.endswith("_se") and name.removesuffix("_se") in numbers:
            continue
        yield InspectorEntry(
            estimate_title(name), with_error(value, numbers.get(f"{name}_se", 0.0)), keywords=name
        )


def estimate_title(name: str) -> str:
    """Return the title of a number that a run reports."""
    return _titles().get(name) or name.replace("_", " ").capitalize()


@cache
def _titles() -> dict[str, str]:
    found = (metric for usage in ("accuracy", "table") for metric in metrics(usage).values())
    registered = {one.key: f"{one.title[:1].upper()}{one.title[1:]}" for one in found if not one.is_cost}
    return TITLES | registered


def _warnings(record: RunRecord) -> Iterator[InspectorEntry]:
    for warning in record.warnings:
        yield InspectorEntry("", warning, kind="warning")
    if record.truths_failed and (record.failed is None or record.failed.message != record.truth_missing):
        yield InspectorEntry("", record.truth_missing, kind="warning")
    if "moved_from" in record.environment:
        before, here = record.environment["moved_from"], record.environment.get("device")
        yield InspectorEntry("", f"The run was on {before} before, and continued on {here}.", kind="warning")


def _truths(record: RunRecord) -> Iterator[InspectorEntry]:
    for quantity, truth in record.truths.items():
        yield InspectorEntry(NAMES[quantity], _bounds(truth), (_certificate(truth),))
    if record.truth_missing and not record.truths_failed:
        yield InspectorEntry("", record.truth_missing, kind="dim")
    elif not record.truths and record.started and not record.over:
        yield InspectorEntry("", "The truths are being computed\u2026", kind="dim")


def _bounds(truth: Truth) -> str:
    return f"{truth.value:.6g} in [{truth.lower:.6g}, {truth.upper:.6g}]"


def _certificate(truth: Truth) -> str:
    return f"{truth.method}; for {truth.law}; {truth.seconds:.2g} s"


def _resources(record: RunRecord) -> Iterator[InspectorEntry]:
    ended, progress = record.ended, record.progress
    if ended is not None:
        yield InspectorEntry("Time", duration_text(ended.seconds))
        if ended.processor_seconds is not None:
            yield InspectorEntry("CPU time", duration_text(ended.processor_seconds))
        if ended.step and ended.seconds > 0:
            yield InspectorEntry(
                "Speed", f"{ended.step / ended.seconds:,.0f} steps/s", tip="Mean, final estimates included"
            )
        if ended.memory_peak is not None:
            yield InspectorEntry(
                "Memory peak", size_text(ended.memory_peak), tip="Of the process that trained"
            )
        if ended.device_memory_peak is not None:
            yield InspectorEntry("GPU memory peak", size_text(ended.device_memory_peak), tip="Of its tensors")
    elif progress is not None and not record.over:
        yield InspectorEntry("Speed", f"{progress.rate:,.0f} steps/s")
        yield InspectorEntry("Time left", duration_text(progress.eta))


def _machine(record: RunRecord) -> Iterator[InspectorEntry]:
    environment = record.environment
    if not environment:
        return
    device = f"{environment.get('device', '')} {_in_brackets(environment.get('device_name'))}".strip()
    yield InspectorEntry("Device", device)
    yield InspectorEntry(
        "Threads", f"{environment.get('threads', '?')} of {environment.get('cores', '?')} cores"
    )
    yield InspectorEntry("Seed", str(record.experiment.training.seed))
    for key, title in VERSIONS.items():
        if key in environment:
            yield InspectorEntry(title, str(environment[key]))


def _in_brackets(text: object) -> str:
    return f"({text})" if text else ""
