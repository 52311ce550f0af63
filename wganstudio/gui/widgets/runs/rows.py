"""Rows of the table: the runs that a filter lets through, sorted, and folded by seed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from wganstudio.comparison.columns import Column, TableCell
from wganstudio.comparison.filters import Filter
from wganstudio.comparison.seeds import SeedGroups
from wganstudio.session import RunRecord

ReadCell = Callable[["Row", Column], TableCell]


@dataclass(frozen=True, slots=True)
class Row:
    """One run, or runs that differ only in the seed."""

    records: tuple[RunRecord, ...]
    is_member: bool = False
    """True for a run below the row of its group."""

    @property
    def runs(self) -> tuple[int, ...]:
        """The numbers of the runs."""
        return tuple(record.run for record in self.records)

    @property
    def is_group(self) -> bool:
        """True for the row of several runs."""
        return len(self.records) > 1


@dataclass(frozen=True)
class Arrangement:
    """How the rows are chosen and sorted."""

    filter: Filter = field(default_factory=Filter)
    column: Column | None = None
    """The column that the rows are sorted by; None for the order of the session."""
    descending: bool = False
    folded: bool = False
    """Runs that differ only in the seed are one row."""


def arrange(
    records: Sequence[RunRecord],
    by: Arrangement,
    seeds: SeedGroups,
    unfolded: Collection[int],
    read: ReadCell,
) -> list[Row]:
    """Return the rows; groups whose first run is in `unfolded` are followed by their runs."""
    kept = [record for record in records if by.filter.matches(record)] if by.filter.terms else records
    groups = seeds.group(kept) if by.folded else [(record,) for record in kept]
    rows: list[Row] = []
    for row in _sorted([Row(tuple(group)) for group in groups], by, read):
        rows.append(row)
        if row.is_group and row.records[0].run in unfolded:
            rows += _sorted([Row((record,), True) for record in row.records], by, read)
    return rows


def _sorted(rows: list[Row], by: Arrangement, read: ReadCell) -> list[Row]:
    """Return the rows by the values of a column: numbers, then texts; last those without a value."""
    column = by.column
    if column is None:
        return rows
    numbers: list[tuple[float, Row]] = []
    texts: list[tuple[str, Row]] = []
    others: list[Row] = []
    for row in rows:
        value = read(row, column).value
        if value is None:
            others.append(row)
        elif isinstance(value, str):
            texts.append((value, row))
        else:
            numbers.append((value, row))
    numbers.sort(key=lambda pair: pair[0], reverse=by.descending)
    texts.sort(key=lambda pair: pair[0], reverse=by.descending)
    ordered = [row for _, row in numbers], [row for _, row in texts]
    first, second = reversed(ordered) if by.descending else ordered
    return [*first, *second, *others]


def ranges(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as ranges of consecutive ones."""
    parts: list[tuple[int, int]] = []
    for place in places:
        if parts and parts[-1][1] == place - 1:
            parts[-1] = parts[-1][0], place
        else:
            parts.append((place, place))
    return parts
