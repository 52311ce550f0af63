"""Results: the numbers of finished runs that a figure of several runs can show."""

from collections.abc import Sequence
from dataclasses import dataclass

from wganstudio.session import RunRecord
from wganstudio.training.metric_registry import metrics

FIRST = ("estimates.value", "estimates.gap")
"""The results that are offered first."""
ERROR = "_se"
"""End of the name of a standard error."""


@dataclass(frozen=True)
class SweepResult:
    """A number that every finished run may have."""

    key: str
    """Its place and name: "estimates.gap", "gradient.cos", or "curve.NAME" for the last point of a curve."""
    title: str


def results_of(records: Sequence[RunRecord]) -> list[SweepResult]:
    """Return the results that any of the runs has: value and gap, further final results, ends of curves."""
    keys: dict[str, None] = {}
    for record in records:
        if record.ended is not None:
            keys |= dict.fromkeys(f"estimates.{name}" for name in record.ended.estimates)
            keys |= dict.fromkeys(f"gradient.{name}" for name in record.ended.gradient)
    final = {key.partition(".")[2] for key in keys}
    for record in records:
        names = record.curve_names if record.ended is not None else []
        keys |= dict.fromkeys(f"curve.{name}" for name in names if name not in final)
    shown = [key for key in keys if not key.endswith(ERROR)]
    shown.sort(key=lambda key: (key not in FIRST, FIRST.index(key) if key in FIRST else 0))
    titles = _titles()
    return [SweepResult(key, titles.get(key) or _plain_title(key)) for key in shown]


def result_of(record: RunRecord, key: str) -> tuple[float, float] | None:
    """Return a result of a finished run with its standard error, NaN if it has none; None without it."""
    place, _, name = key.partition(".")
    if record.ended is None:
        return None
    if place == "curve":
        value, error = record.last(name), record.last(name + ERROR)
    else:
        numbers = record.ended.estimates if place == "estimates" else record.ended.gradient
        value, error = numbers.get(name), numbers.get(name + ERROR)
    return None if value is None else (float(value), float("nan") if error is None else float(error))


def _titles() -> dict[str, str]:
    """Return the titles of registered metrics by key, without those that compare with a truth."""
    registered = [*metrics().values(), *metrics("accuracy").values()]
    return {metric.source: metric.title for metric in registered if not metric.is_cost}


def _plain_title(key: str) -> str:
    place, _, name = key.partition(".")
    return name.replace("_", " ") + ("" if place != "curve" else ", last point of its curve")
