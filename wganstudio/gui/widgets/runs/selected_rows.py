"""SelectedRows: the selected rows of the table of runs, which stay selected while rows move."""

from typing import NamedTuple

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QTableView

from wganstudio.gui.widgets.runs.model import NAME_COLUMN, RunTableModel
from wganstudio.gui.widgets.runs.rows import ranges


class KeptRows(NamedTuple):
    """The runs of the selected rows and of the current one, and its place."""

    selected: set[tuple[int, ...]]
    current: tuple[int, ...]
    place: int


class SelectedRows:
    """Reads and restores the selection of a table."""

    def __init__(self, view: QTableView, model: RunTableModel) -> None:
        self._view, self._model = view, model

    def places(self) -> list[int]:
        """Return the selected rows, ascending."""
        selection = self._view.selectionModel().selection()
        parts = [selection.at(index) for index in range(selection.count())]
        return sorted({place for part in parts for place in range(part.top(), part.bottom() + 1)})

    def keep(self) -> KeptRows:
        """Return what is selected now."""
        rows, current = self._model.rows, self._view.currentIndex().row()
        return KeptRows(
            {rows[place].runs for place in self.places() if place < len(rows)},
            rows[current].runs if 0 <= current < len(rows) else (),
            current,
        )

    def restore(self, kept: KeptRows) -> None:
        """Select the rows of the same runs, without signals; where none is left, the one at that place."""
        rows, model = self._model.rows, self._view.selectionModel()
        places = sorted({place for runs in kept.selected for place in self._model.places_of(runs)})
        if not places and rows:
            places = [min(kept.place, len(rows) - 1) if kept.place >= 0 else len(rows) - 1]
        selection = QItemSelection()
        last = self._model.columnCount() - 1
        for first, end in ranges(places):
            selection.select(self._model.index(first, 0), self._model.index(end, last))
        at = next((n for n in places if rows[n].runs == kept.current), places[0] if places else -1)
        model.blockSignals(True)
        flag = QItemSelectionModel.SelectionFlag
        model.select(selection, flag.ClearAndSelect)
        if at >= 0:
            model.setCurrentIndex(self._model.index(at, NAME_COLUMN), flag.NoUpdate)
        model.blockSignals(False)
        self._view.viewport().update()
