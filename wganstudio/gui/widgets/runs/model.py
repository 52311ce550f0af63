"""RunTableModel: the rows and columns of the table of runs.

It filters and sorts its rows itself: QSortFilterProxyModel would call Python for each comparison, and freeze
the window with thousands of runs.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from wganstudio.comparison.columns import NAME, NOTE, STATE, STEP, TAGS, Column, TableCell
from wganstudio.comparison.seeds import SeedGroups
from wganstudio.gui.widgets.plain_text import tooltip
from wganstudio.gui.widgets.runs.rows import Arrangement, Row, arrange
from wganstudio.gui.widgets.runs.texts import describe, describe_group
from wganstudio.session.record import RunRecord

Index = QModelIndex | QPersistentModelIndex
ROW, DETAIL = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
MARK_COLUMN, NAME_COLUMN, STATE_COLUMN = 0, 1, 2
SPACE = "\u2002"
"""Space beside numbers, which stand at the right of their cells."""
FIXED = (NAME, STATE, STEP)
"""Columns that are always there, after that of the mark."""
EDITABLE = (NAME, TAGS, NOTE)


class RunTableModel(QAbstractTableModel):
    """One row per run or group of seeds; the first column holds color and star."""

    edited = Signal(int, str, str)
    """The user typed into the row of a run: its number, the key of the column, the text."""

    def __init__(self) -> None:
        super().__init__()
        self.records: Sequence[RunRecord] = ()
        self.rows: list[Row] = []
        self.columns: list[Column] = list(FIXED)
        self.arrangement = Arrangement()
        self.unfolded: set[int] = set()
        """The first runs of the groups whose runs are shown."""
        self.read_only = False
        self._seeds = SeedGroups()
        self._cells: dict[tuple[int, ...], dict[str, TableCell]] = {}
        self._versions: dict[int, tuple[RunRecord, int]] = {}
        self._places: dict[int, list[int]] = {}
        """The rows of each run."""

    # -- what it holds

    def set_records(self, records: Sequence[RunRecord]) -> bool:
        """Show these runs; return True if the rows are others now, False if only their texts may be."""
        before = self.records
        self.records = records
        for run in self._versions.keys() - {record.run for record in records}:
            self._forget(run)
        changed = self._changed(records)
        appended = self._appended(before, records)
        if appended is None:
            self.rearrange()
            return True
        if appended:
            first = len(self.rows)
            self.beginInsertRows(QModelIndex(), first, first + len(appended) - 1)
            for record in appended:
                self._places[record.run] = [len(self.rows)]
                self.rows.append(Row((record,)))
            self.endInsertRows()
        self._announce(changed)
        return bool(appended)

    def refresh(self, records: Sequence[RunRecord]) -> bool:
        """Update the rows of the runs that have changed; return True if there are any."""
        changed = self._changed(records)
        self._announce(changed)
        return bool(changed)

    def rearrange(self) -> None:
        """Filter, fold and sort the rows again."""
        self.beginResetModel()
        self.rows = arrange(self.records, self.arrangement, self._seeds, self.unfolded, self.cell_of)
        self._places = {}
        for place, row in enumerate(self.rows):
            for record in row.records:
                self._places.setdefault(record.run, []).append(place)
        self.endResetModel()

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns after the fixed ones."""
        self.beginResetModel()
        self.columns = [*FIXED, *(column for column in columns if column not in FIXED)]
        self._cells.clear()
        self.endResetModel()

    def cell_of(self, row: Row, column: Column) -> TableCell:
        """Return the cell of a row; it is computed once until a run of the row changes."""
        cells = self._cells.setdefault(row.runs, {})
        if column.key not in cells:
            cells[column.key] = (
                column.group_cell(row.records) if row.is_group else column.cell(row.records[0])
            )
        return cells[column.key]

    def places_of(self, runs: tuple[int, ...]) -> list[int]:
        """Return the row that holds exactly these runs; of none the rows that hold one of them."""
        own = [place for place in self._places.get(runs[0], ()) if self.rows[place].runs == runs]
        return own or [place for run in runs for place in self._places.get(run, ())]

    def place_of(self, run: int) -> int | None:
        """Return the row of a run, its own if there is one, or else that of its group."""
        places = self._places.get(run)
        return places[-1] if places else None

    def write_anew(self) -> None:
        """Write all texts again, also where the user has typed something else."""
        if self.rows:
            last = self.index(len(self.rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _appended(
        self, before: Sequence[RunRecord], after: Sequence[RunRecord]
    ) -> Sequence[RunRecord] | None:
        """Return the runs that were added at the end; None where the rows must be arranged anew."""
        by, count = self.arrangement, len(before)
        same = len(after) >= count and all(one is other for one, other in zip(before, after, strict=False))
        if not same or (len(after) > count and (by.filter.terms or by.folded or by.column)):
            return None
        return after[count:]

    def _changed(self, records: Sequence[RunRecord]) -> list[int]:
        """Forget the cells of the runs that have changed, and return the numbers of these."""
        changed, versions = [], self._versions
        for record in records:
            known = versions.get(record.run)
            if known is None or known[1] != record.version or known[0] is not record:
                self._forget(record.run)
                versions[record.run] = record, record.version
                changed.append(record.run)
        return changed

    def _announce(self, changed: Sequence[int]) -> None:
        for run in changed:
            for place in self._places.get(run, ()):
                self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))

    def _forget(self, run: int) -> None:
        self._versions.pop(run, None)
        self._cells.pop((run,), None)
        for place in self._places.get(run, ()):
            if place < len(self.rows):
                self._cells.pop(self.rows[place].runs, None)

    # -- what Qt asks for

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - the signature of Qt
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - the signature of Qt
        """Return the number of columns."""
        return 0 if parent.isValid() else 1 + len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, role = self.rows[index.row()], Qt.ItemDataRole(role) if role < ROW else role
        if role == ROW:
            return row
        if role == DETAIL:
            return describe_group(row.records) if row.is_group else describe(row.records[0])
        if index.column() == MARK_COLUMN:
            return _mark_text(row) if role in _TEXT_ROLES else None
        column = self.columns[index.column() - 1]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                text = self.cell_of(row, column).text
                return f"\u2514 {text}" if row.is_member and column is NAME else text
            case Qt.ItemDataRole.EditRole:
                return _typed_text(row.records[0], column)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(self._tip(row, column))
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Report what the user typed; the model follows once the session has it."""
        row, column = self.rows[index.row()], self.columns[index.column() - 1]
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or text == _typed_text(row.records[0], column):
            return False
        self.edited.emit(row.records[0].run, column.key, text)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the user type into name, tags and note of a single run."""
        if index.isValid() and index.column() > MARK_COLUMN and not self.read_only:
            row, column = self.rows[index.row()], self.columns[index.column() - 1]
            has_lines = column is NOTE and "\n" in row.records[0].labels.note  # a line cannot hold them
            if not row.is_group and column in EDITABLE and not has_lines:
                return _EDITABLE_FLAGS
        return _FLAGS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the titles of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section <= len(self.columns):
            return None
        column = None if section == MARK_COLUMN else self.columns[section - 1]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return "" if column is None else f"{column.title}{column.numeric * SPACE}"
            case Qt.ItemDataRole.ToolTipRole:
                text = "Color and star: click to change" if column is None else column.description
                return tooltip(text)
            case Qt.ItemDataRole.TextAlignmentRole if column is not None:
                side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _tip(self, row: Row, column: Column) -> str:
        cell = self.cell_of(row, column)
        if column is NAME:
            detail = describe_group(row.records) if row.is_group else describe(row.records[0])
            return f"{cell.tooltip or cell.text}\n{detail}"
        return cell.tooltip or cell.text


_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_EDITABLE_FLAGS = _FLAGS | Qt.ItemFlag.ItemIsEditable
_TEXT_ROLES = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


def _mark_text(row: Row) -> str:
    if row.is_group:
        return f"{len(row.records)} runs that differ only in the seed"
    return "starred" if row.records[0].labels.starred else "not starred"


def _typed_text(record: RunRecord, column: Column) -> str:
    """Return the text that the user edits."""
    match column.key:
        case "name":
            return record.name
        case "tags":
            return ", ".join(record.labels.tags)
        case "note":
            return record.labels.note
    return ""
