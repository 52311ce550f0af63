"""Filters of runs: a line of free text and of terms such as `lambda>5`, `tag:paper`, `state:ended`.

All terms must hold; a minus before a term turns it around; quotes hold spaces. `key:text` looks for a part of
a text, `=` and `!=` compare whole texts or numbers, `<`, `<=`, `>`, `>=` compare numbers. Keys are settings
(by symbol, name, title or path), metrics (`gap`, `last.gap`, `best.gap`, `final.gap`), `name`, `state`,
`step`, `time`, `tag`, `note` and `is` (`is:starred`, `is:running`, `is:warned`).
"""

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import Any

from wganstudio.comparison import metrics
from wganstudio.comparison.columns import STATE_SYMBOLS
from wganstudio.comparison.settings import Setting, all_settings
from wganstudio.experiment.differences import ABSENT
from wganstudio.session import RunRecord

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
TERM = re.compile(
    r"""\s*(?P<minus>-(?=[^\s-]))?
    (?:(?P<key>[^\s"<>=!:]+)(?P<op>:|\s*(?:<=|>=|!=|<|>|=)\s*)(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]*))
    |"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))""",
    re.VERBOSE,
)


def _is_in_state(state: str, record: RunRecord) -> bool:
    return record.state == state


IS: dict[str, Callable[[RunRecord], bool]] = {
    "starred": lambda record: record.labels.starred,
    "tagged": lambda record: bool(record.labels.tags),
    "noted": lambda record: bool(record.labels.note),
    "warned": lambda record: bool(record.warnings),
    "over": lambda record: record.over,
    **{state: partial(_is_in_state, state) for state in STATE_SYMBOLS},
}
MEASURES = {"last": metrics.last, "best": metrics.best, "final": metrics.final}
Values = Callable[[RunRecord], list[Any]]
"""Returns what a key stands for in a run: numbers and texts; empty where the run has nothing."""


class FilterError(ValueError):
    """A filter that cannot be read; the message is one sentence."""


@dataclass(frozen=True)
class Term:
    """One condition."""

    key: str
    """Empty for free text."""
    operator: str
    value: str
    negated: bool = False
    values: Values = field(default=lambda _: [], compare=False, repr=False)

    def matches(self, record: RunRecord) -> bool:
        """Return True if the run meets the condition."""
        return self._holds(record) != self.negated

    def __str__(self) -> str:
        quoted = f'"{self.value}"' if not self.value or re.search(r"[\s<>=!:]|^-", self.value) else self.value
        return f"{'-' * self.negated}{self.key}{self.operator}{quoted}"

    def _holds(self, record: RunRecord) -> bool:
        present = self.values(record)
        if self.operator in OPERATORS:
            limit, compare = float(self.value), OPERATORS[self.operator]
            return any(isinstance(one, float) and compare(one, limit) for one in present)
        if self.operator == "!=":
            return not any(_equal(one, self.value) for one in present)
        if self.operator == "=":
            return any(_equal(one, self.value) for one in present)
        sought = self.value.casefold()
        return any(_equal(one, self.value) if isinstance(one, float) else sought in one for one in present)


@dataclass(frozen=True)
class Filter:
    """The conditions of a line; without any, every run matches."""

    terms: tuple[Term, ...] = ()

    def matches(self, record: RunRecord) -> bool:
        """Return True if the run meets all conditions."""
        return all(term.matches(record) for term in self.terms)

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


def parse_filter(text: str, metric_names: Callable[[], Iterable[str]] = tuple) -> Filter:
    """Return the filter of a line; FilterError if it has no meaning.

    Parameters
    ----------
    text
        The line.
    metric_names
        Returns the metrics that the runs report; called only if a key is no setting.
    """
    if text.count('"') % 2:
        raise FilterError("A quotation mark is not closed.")
    terms, place, text = [], 0, text.strip()
    while place < len(text):
        found = TERM.match(text, place)
        if found is None or found.end() == place:
            raise FilterError(f"{text[place:]!r} cannot be read.")
        place = found.end()
        terms.append(_term(found, metric_names))
    return Filter(tuple(terms))


def _term(found: "re.Match[str]", metric_names: Callable[[], Iterable[str]]) -> Term:
    parts, negated = found.groupdict(), bool(found["minus"])
    if parts["key"] is None:
        text = parts["phrase"] if parts["word"] is None else parts["word"]
        if re.match(r"[<>=!:]", text) and parts["phrase"] is None:
            raise FilterError(f"Before \u201c{text}\u201d there is no name of a column; put text in quotes.")
        return Term("", "", text, negated, _texts)
    key, sign = parts["key"].casefold(), parts["op"].strip()
    value = parts["bare"] if parts["quoted"] is None else parts["quoted"]
    if not value and parts["quoted"] is None:
        raise FilterError(f"After \u201c{parts['key']}{sign}\u201d a value is missing.")
    if sign in OPERATORS:
        _number(parts["key"] + sign, value)
    if key == "is":
        return Term(key, sign, value, negated, _is_values(value, sign))
    return Term(key, sign, value, negated, _values_of(key, metric_names))


def _number(before: str, value: str) -> None:
    try:
        valid = float(value) == float(value)
    except ValueError:
        valid = False
    if not valid:
        raise FilterError(f"\u201c{before}\u201d needs a number, and \u201c{value}\u201d is none.")


def _is_values(value: str, sign: str) -> Values:
    test = IS.get(value.casefold())
    if sign != ":" or test is None:
        raise FilterError(
            f"\u201cis{sign}{value}\u201d is not known; after \u201cis:\u201d comes {_listed(IS)}."
        )
    return lambda record: [value.casefold()] if test(record) else []


def _values_of(key: str, metric_names: Callable[[], Iterable[str]]) -> Values:
    """Return what reads the values of a key."""
    if fact := FACT_VALUES.get(key):
        return fact
    if settings := _settings_of(key):
        return lambda record: [value for one in settings for value in _setting_values(one, record)]
    measure, _, name = key.rpartition(".")
    by_name = {one.casefold(): one for one in metric_names()}
    if name in by_name and (not measure or measure in MEASURES):
        read, metric = MEASURES.get(measure, metrics.newest), by_name[name]
        return lambda record: [] if (one := read(record, metric)) is None else [float(one.value)]
    keys = [*FACT_VALUES, "is", *by_name, *(name for one in all_settings().values() for name in one.names)]
    close = get_close_matches(key, keys, n=1)
    hint = f"; did you mean \u201c{close[0]}\u201d?" if close else "; put text with such a sign in quotes."
    raise FilterError(f"There is no column \u201c{key}\u201d{hint}")


def _settings_of(key: str) -> list[Setting]:
    """Return the settings that a user calls by that name; of several those of the training alone."""
    settings = [one for one in all_settings().values() if key in one.names]
    return [one for one in settings if one.group == "training"] or settings


def _setting_values(setting: Setting, record: RunRecord) -> list[Any]:
    value = setting.value(record.experiment)
    if value is None and setting.path == "training.steps":
        value = record.steps
    if value is ABSENT:
        return []
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [float(value)]
    return [setting.text(value).casefold(), str(value).casefold()]


def _texts(record: RunRecord) -> list[Any]:
    """Return what free text is sought in."""
    labels = record.labels
    texts = (
        record.name,
        *labels.tags,
        labels.note,
        record.experiment.pair.name(),
        record.experiment.solver.name(),
    )
    return [text.casefold() for text in texts]


FACT_VALUES: dict[str, Values] = {
    "name": lambda record: [record.name.casefold()],
    "state": lambda record: [record.state],
    "step": lambda record: [float(record.step)],
    "time": lambda record: [] if record.ended is None else [float(record.ended.seconds)],
    "tag": lambda record: [tag.casefold() for tag in record.labels.tags],
    "note": lambda record: [record.labels.note.casefold()],
}


def _equal(present: Any, sought: str) -> bool:
    if isinstance(present, float):
        try:
            return present == float(sought)
        except ValueError:
            return False
    return bool(present == sought.casefold())


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}"
