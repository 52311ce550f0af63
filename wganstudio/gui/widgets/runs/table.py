"""RunTable: the runs of the session as a table with a filter; the views show the selected ones."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from wganstudio.comparison.columns import Column
from wganstudio.comparison.filters import FilterError, parse_filter
from wganstudio.comparison.metrics import metric_names
from wganstudio.comparison.settings import DifferingSettings
from wganstudio.figures.style import DARK, LIGHT, Palette
from wganstudio.gui.dialogs.inputs import ask_number
from wganstudio.gui.settings import Settings
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.buttons import MenuButton
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.runs.color_menu import color_actions
from wganstudio.gui.widgets.runs.columns_menu import FOLD, RESET, STEP, ColumnChoice, fill_columns_menu
from wganstudio.gui.widgets.runs.model import NAME_COLUMN, RunTableModel
from wganstudio.gui.widgets.runs.rows import Row
from wganstudio.gui.widgets.runs.selected_rows import KeptRows, SelectedRows
from wganstudio.gui.widgets.runs.texts import split_tags
from wganstudio.gui.widgets.runs.view import RunView
from wganstudio.session.record import RunRecord

EMPTY_TEXT = "No runs yet.\n\nPress Run and watch the critic learn."
NO_MATCH_TEXT = "No run matches the filter."
FILTER_HINT = "Filter: name, lambda>5, tag:paper, state:ended, is:starred"
FILTER_HELP = (
    "Free text is sought in names, tags and notes. Terms compare settings, metrics and marks, for example "
    "lambda>5, gap<2, seed=1, tag:paper, state:ended, is:starred, -is:warned. All terms must hold."
)
LATER_MS = 400
"""The time after which a changed run takes its place in a sorted or filtered table."""


class RunTable(QWidget):
    """The table with its filter and its menu of columns, or a hint how to start a first run."""

    chosen = Signal(object)
    """The numbers of the runs to show, the main one first."""
    renamed = Signal(int, str)
    labeled = Signal(object, object)
    """The numbers of runs, and the changes of their labels by name."""
    menu_wanted = Signal(QPoint)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.choice = ColumnChoice(settings)
        self.model = RunTableModel()
        self.view = RunView(self.model)
        self.rows = SelectedRows(self.view, self.model)
        self._palette: Palette = LIGHT
        self._differing = DifferingSettings()
        self._differing_paths: tuple[str, ...] = ()
        self._announced: list[int] = []
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(FILTER_HINT)
        self.filter.setToolTip(FILTER_HELP)
        self.filter.setAccessibleName("Filter of the runs")
        self.filter.setClearButtonEnabled(True)
        self.problem = Label(wordWrap=True)
        set_role(self.problem, "problem")
        self.problem.setContentsMargins(8, 0, 8, 2)
        self.problem.hide()
        self.columns_menu = QMenu(self)
        self.columns_button = MenuButton()
        self.columns_button.setText("Columns")
        self.columns_button.setToolTip(
            "Choose the columns of the table, and fold runs that differ only in the seed. A narrow panel "
            "shows three lines for each run instead."
        )
        self.columns_button.setMenu(self.columns_menu)
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(6, 4, 6, 3)
        row.setSpacing(4)
        row.addWidget(self.filter, 1)
        row.addWidget(self.columns_button)
        self.empty = Label(EMPTY_TEXT)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        set_role(self.empty, "dim")
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 24)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.problem)
        column.addLayout(self._stack, 1)
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._search = QTimer(self, singleShot=True, interval=0)
        """Finds the differing settings of many runs, a part at a time."""
        self.model.arrangement = replace(self.model.arrangement, folded=self.choice.folded)
        self._connect()
        self._set_columns()
        self._show_stack()

    def _connect(self) -> None:
        view, header = self.view, self.view.horizontalHeader()
        view.selectionModel().selectionChanged.connect(self._selection_changed)
        view.selectionModel().currentChanged.connect(
            self._selection_changed
        )  # Qt changes the selection first
        view.customContextMenuRequested.connect(self._menu)
        view.star_wanted.connect(self.star_selected)
        view.star_clicked.connect(self._star_row)
        view.color_clicked.connect(self._ask_for_color)
        view.fold_wanted.connect(self._fold_row)
        header.sortIndicatorChanged.connect(self._sort)
        header.customContextMenuRequested.connect(self._header_menu)
        self.model.edited.connect(self._edited)
        self.filter.textChanged.connect(self._filter_changed)
        self.columns_menu.aboutToShow.connect(self._fill_columns_menu)
        self.columns_menu.triggered.connect(self._column_triggered)
        self._later.timeout.connect(self._rearrange_later)
        self._search.timeout.connect(self._find_differing)

    def sizeHint(self) -> QSize:
        """Return a size wide enough for a line of numbers."""
        return QSize(self.fontMetrics().averageCharWidth() * 40, 300)

    # -- the selection

    @property
    def selected(self) -> list[int]:
        """The numbers of the selected runs; the main one, which was clicked last, is the first.

        While no run matches the filter, the runs that were selected before it.
        """
        if not self.model.rows and self.model.records:
            present = {record.run for record in self.model.records}
            return [run for run in self._announced if run in present]
        current = self.view.currentIndex().row()
        places = self.rows.places()
        if current in places:
            places.remove(current)
            places.insert(0, current)
        return list(dict.fromkeys(run for place in places for run in self.model.rows[place].runs))

    def choose(self, run: int) -> None:
        """Select a run, and no other, whatever keys are held; a filter that hides it is cleared."""
        if self.model.place_of(run) is None and any(record.run == run for record in self.model.records):
            self.filter.clear()
        place = self.model.place_of(run)
        if place is None:
            return
        row = self.model.rows[place]
        if row.is_group:
            self._fold_row(row, True)
            place = self.model.place_of(run) or place
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().setCurrentIndex(
            self.model.index(place, NAME_COLUMN), flags.ClearAndSelect | flags.Rows
        )

    @Slot()
    def select_all(self) -> None:
        """Select all runs that are listed."""
        self.view.setFocus()
        self.view.selectAll()

    def edit_name(self) -> None:
        """Let the user type another name for the selected run."""
        current = self.view.currentIndex()
        if current.isValid():
            self.view.setFocus()
            self.view.edit(self.model.index(current.row(), NAME_COLUMN))

    def texts(
        self, column: int = NAME_COLUMN, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole
    ) -> list[str]:
        """Return the texts of a column, from the first row to the last."""
        return [str(self.model.index(row, column).data(role)) for row in range(len(self.model.rows))]

    def tips(self) -> list[str]:
        """Return the tooltips of the names: states, steps and last estimates."""
        return self.texts(role=Qt.ItemDataRole.ToolTipRole)

    # -- the runs

    def show_records(self, records: Sequence[RunRecord]) -> None:
        """Show these runs; the selected ones stay selected if they are among them."""
        kept = self.rows.keep()
        if self.model.set_records(records):
            self._restore(kept)
        self._search.start()
        self._show_stack()

    def refresh(self, records: Sequence[RunRecord]) -> None:
        """Update the rows of the runs that have changed."""
        by = self.model.arrangement
        if self.model.refresh(records):
            self._search.start()
            if (by.column or by.filter.terms or by.folded) and not self._later.isActive():
                self._later.start()

    def show_anew(self, records: Sequence[RunRecord]) -> None:
        """Write all texts again, also where the user has typed something else."""
        self.show_records(records)
        self.model.write_anew()

    def set_read_only(self, read_only: bool) -> None:
        """Let the user rename and mark runs, or not."""
        self.model.read_only = read_only
        trigger = QAbstractItemView.EditTrigger
        self.view.setEditTriggers(
            trigger.NoEditTriggers if read_only else trigger.DoubleClicked | trigger.EditKeyPressed
        )

    def set_dark(self, dark: bool) -> None:
        """Change the theme."""
        self._palette = DARK if dark else LIGHT
        self.view.set_dark(dark)

    # -- marks

    @Slot()
    def star_selected(self) -> None:
        """Star the selected runs, or take the stars away where all have one."""
        selected = set(self.selected)
        self._star([record for record in self.model.records if record.run in selected])

    @Slot(object)
    def _star_row(self, row: Row) -> None:
        self._star(row.records)

    def _star(self, records: Sequence[RunRecord]) -> None:
        if records and not self.model.read_only:
            starred = not all(record.labels.starred for record in records)
            self.labeled.emit([record.run for record in records], {"starred": starred})

    @Slot(object, QPoint)
    def _ask_for_color(self, row: Row, place: QPoint) -> None:
        if self.model.read_only:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for color, action in color_actions(menu, self._palette, row.records[0].labels.color):
            action.triggered.connect(partial(self.labeled.emit, list(row.runs), {"color": color}))
        menu.popup(place)

    @Slot(int, str, str)
    def _edited(self, run: int, key: str, text: str) -> None:
        if key == "name":
            self.renamed.emit(run, text)
        elif key == "tags":
            self.labeled.emit([run], {"tags": split_tags(text)})
        else:
            self.labeled.emit([run], {"note": text})

    # -- rows and columns

    @Slot(object, bool)
    def _fold_row(self, row: Row, unfold: bool) -> None:
        first = row.records[0].run
        (self.model.unfolded.add if unfold else self.model.unfolded.discard)(first)
        self._rearrange()

    @Slot(str)
    def _filter_changed(self, text: str) -> None:
        try:
            chosen = parse_filter(text, self._metric_names)
        except FilterError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.problem.hide()
        self.model.arrangement = replace(self.model.arrangement, filter=chosen)
        self._rearrange()

    def _metric_names(self) -> list[str]:
        return metric_names(self.model.records)

    @Slot(int, Qt.SortOrder)
    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        column: Column | None = self.model.columns[section - 1] if section > 0 else None
        descending = order == Qt.SortOrder.DescendingOrder
        self.model.arrangement = replace(self.model.arrangement, column=column, descending=descending)
        self._rearrange()

    @Slot()
    def _rearrange_later(self) -> None:
        if self.view.state() == QAbstractItemView.State.EditingState:
            self._later.start()
        else:
            self._rearrange()

    def _rearrange(self) -> None:
        kept = self.rows.keep()
        self.model.rearrange()
        self._restore(kept)
        self._show_stack()

    @Slot()
    def _find_differing(self) -> None:
        if not self._differing.examine(self.model.records):
            self._search.start()
        elif self._differing.paths != self._differing_paths:
            self._differing_paths = self._differing.paths
            self._set_columns()

    def _set_columns(self) -> None:
        if self.view.state() == QAbstractItemView.State.EditingState:
            self._search.start()
            return
        columns = self.choice.columns(self._differing_paths)
        if [column.key for column in columns] == [column.key for column in self.model.columns[3:]]:
            titles = [column.title for column in self.model.columns[3:]]
            if [column.title for column in columns] == titles:
                return
        kept = self.rows.keep()
        self.model.set_columns(columns)
        self._restore(kept)
        self.view.hide_columns()
        header, by = self.view.horizontalHeader(), self.model.arrangement
        keys = [column.key for column in self.model.columns]
        place = keys.index(by.column.key) + 1 if by.column is not None and by.column.key in keys else -1
        if place != header.sortIndicatorSection():
            header.setSortIndicator(place, header.sortIndicatorOrder())

    @Slot()
    def _fill_columns_menu(self) -> None:
        fill_columns_menu(self.columns_menu, self.choice, self.model.records)

    @Slot(QPoint)
    def _header_menu(self, place: QPoint) -> None:
        self.columns_menu.popup(self.view.horizontalHeader().mapToGlobal(place))

    @Slot(QAction)
    def _column_triggered(self, action: QAction) -> None:
        match action.data():
            case str() as key if key == FOLD:
                self.set_folded(not self.choice.folded)
            case str() as key if key == STEP:
                title, label = "Value at step", "Step of the columns:"
                step = ask_number(self, title, label, self.choice.step, 0, 2**31 - 1)
                if step is not None:
                    self.choice.step = step
                    self.choice.save()
            case str() as key if key == RESET:
                self.choice.reset()
            case str() as key:
                self.choice.toggle(key)
        self._set_columns()

    def set_folded(self, folded: bool) -> None:
        """Show runs that differ only in the seed as one row, or each by itself."""
        self.choice.folded = folded
        self.choice.save()
        self.model.arrangement = replace(self.model.arrangement, folded=folded)
        self._rearrange()
        self.view.fit_columns()

    # -- what stays while the rows change

    def _restore(self, kept: KeptRows) -> None:
        self.rows.restore(kept)
        self._selection_changed()

    @Slot()
    def _selection_changed(self, *_: object) -> None:
        selected = self.selected
        if selected != self._announced:
            self._announced = selected
            self.chosen.emit(selected)

    def _show_stack(self) -> None:
        self._bar.setVisible(bool(self.model.records))
        self.empty.setText(NO_MATCH_TEXT if self.model.records else EMPTY_TEXT)
        self._stack.setCurrentIndex(1 if self.model.rows else 0)

    @Slot(QPoint)
    def _menu(self, place: QPoint) -> None:
        if self.view.indexAt(place).isValid():
            self.menu_wanted.emit(self.view.viewport().mapToGlobal(place))
