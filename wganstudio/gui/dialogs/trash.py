"""TrashDialog: the runs in the trash, to be restored or deleted for good."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label, tooltip
from wganstudio.session import RunRecord
from wganstudio.training.memory import size_text

COLUMNS = ("Run", "Steps", "Deleted", "Size")
RUN = Qt.ItemDataRole.UserRole
EMPTY = "The trash is empty. Runs that you delete are kept here, also in the saved session."
FULL = "Deleted runs stay in the session, and take space in its file, until the trash is emptied."
READ_ONLY = "The session is shown read-only: its trash cannot be changed."


class TrashDialog(QDialog):
    """The list and its buttons; what they do is done by those who listen."""

    restore_wanted = Signal(object)
    """The numbers of runs."""
    deletion_wanted = Signal(object)
    """The numbers of runs that are to be removed for good."""
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Trash")
        self.sentence = Label()
        self.sentence.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Deleted runs")
        self.tree.setHeaderLabels(COLUMNS)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.itemSelectionChanged.connect(self._update_buttons)
        self.progress = QProgressBar()
        self.progress.hide()
        self.restore = QPushButton("&Restore")
        self.delete = QPushButton("&Delete for good\u2026")
        self.empty = QPushButton("&Empty trash\u2026")
        self.buttons = button_box(QDialogButtonBox.StandardButton.Close)
        self.restore.clicked.connect(self._restore)
        self.delete.clicked.connect(self._delete)
        self.empty.clicked.connect(self._empty)
        self.buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        for button in (self.restore, self.delete, self.empty):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.buttons)
        column = QVBoxLayout(self)
        for widget in (self.sentence, self.tree, self.progress):
            column.addWidget(widget)
        column.addLayout(row)
        self._read_only = self._busy = False
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * 96, metrics.lineSpacing() * 20)

    def show_records(
        self, records: Sequence[RunRecord], sizes: Mapping[int, int], *, read_only: bool = False
    ) -> None:
        """Show runs; the selected ones stay selected."""
        selected, self._read_only = set(self.selected()), read_only
        self.tree.clear()
        items = [_item(record, sizes.get(record.run)) for record in records]
        for item in items:
            item.setSizeHint(0, QSize(0, self.fontMetrics().height() + 8))
        self.tree.addTopLevelItems(items)
        for item in items:
            item.setSelected(item.data(0, RUN) in selected)
        for column in range(1, len(COLUMNS)):
            self.tree.resizeColumnToContents(column)
            width = self.tree.columnWidth(column) + 2 * self.fontMetrics().averageCharWidth()
            self.tree.setColumnWidth(column, width)
        self.sentence.setText((READ_ONLY if read_only else FULL) if records else EMPTY)
        self._update_buttons()

    def show_progress(self, text: str, done: int, count: int) -> None:
        """Show how many runs have been deleted, with Cancel in place of Close; nothing once all are."""
        self._busy = done < count
        self.progress.setVisible(self._busy)
        self.progress.setRange(0, count)
        self.progress.setValue(done)
        self.progress.setFormat(text)
        kind = QDialogButtonBox.StandardButton
        self.buttons.setStandardButtons(kind.Cancel if self._busy else kind.Close)
        self._update_buttons()

    def selected(self) -> list[int]:
        """Return the numbers of the selected runs."""
        return [item.data(0, RUN) for item in self.tree.selectedItems()]

    def reject(self) -> None:
        """Close; while runs are being deleted, ask for an end of that."""
        if self._busy:
            self.cancel_wanted.emit()
        else:
            super().reject()

    @Slot()
    def _update_buttons(self) -> None:
        enabled = not self._read_only and not self._busy
        selected = enabled and bool(self.tree.selectedItems())
        self.restore.setEnabled(selected)
        self.delete.setEnabled(selected)
        self.empty.setEnabled(enabled and self.tree.topLevelItemCount() > 0)
        self.tree.setEnabled(not self._busy)

    @Slot()
    def _restore(self) -> None:
        self.restore_wanted.emit(self.selected())

    @Slot()
    def _delete(self) -> None:
        self.deletion_wanted.emit(self.selected())

    @Slot()
    def _empty(self) -> None:
        items = (self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount()))
        self.deletion_wanted.emit([item.data(0, RUN) for item in items if item is not None])


def _item(record: RunRecord, size: int | None) -> QTreeWidgetItem:
    texts = [record.name, f"{record.step:,}", _time_text(record.labels.trashed_at), ""]
    if size is not None:
        texts[-1] = size_text(size)
    item = QTreeWidgetItem(texts)
    item.setData(0, RUN, record.run)
    item.setToolTip(0, tooltip(record.name))
    for column in (1, 3):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def _time_text(time: datetime | None) -> str:
    """Return a time in the user's zone and notation."""
    if time is None:
        return "unknown"
    local = QDateTime.fromSecsSinceEpoch(round(time.timestamp()))
    return QLocale().toString(local, QLocale.FormatType.ShortFormat)
