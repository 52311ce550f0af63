"""UseBox: which distribution a file becomes, and how its rows are used."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from wganstudio.experiment import group_options
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.widgets.plain_text import Label

P, Q, BOTH, SPLIT = "Use as P", "Use as Q", "Use as both", "Split into P and Q"
USES = {
    P: "P is uniform over the rows of the file; Q stays as it is.",
    Q: "Q is uniform over the rows of the file; P stays as it is.",
    BOTH: "P and Q are both uniform over the rows of the file.",
    SPLIT: "The values of one column tell which rows belong to P and which to Q.",
}
NO_SPLIT: dict[str, Any] = dict.fromkeys(("split_column", "p_values", "q_values"))


class UseBox(QWidget):
    """The use of the file; `use_changed` is emitted for another use, `changed` for other rows."""

    use_changed = Signal()
    changed = Signal()

    def __init__(self, current: dict[str, Any]) -> None:
        super().__init__()
        options = group_options("pair", "data")
        self.use = QComboBox()
        for use, tip in USES.items():
            self.use.addItem(use)
            self.use.setItemData(self.use.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.use.setToolTip("Which distribution the file becomes")
        self.standardize = QCheckBox("Standardize")
        self.standardize.setToolTip(
            "Subtract the mean of each column and divide by its standard deviation, both of the rows of P"
        )
        self.standardize.setChecked(bool(current.get("standardize")))
        self.held_out = FieldBox(options, "held_out", current.get("held_out"))
        self.held_out.editor.setMaximumWidth(10 * self.fontMetrics().averageCharWidth())
        self.held_out.message.setMinimumWidth(30 * self.fontMetrics().averageCharWidth())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.use)
        row.addSpacing(8)
        row.addWidget(Label("Held-out fraction"))
        row.addWidget(self.held_out)
        row.addSpacing(8)
        row.addWidget(self.standardize)
        self.use.activated.connect(self.use_changed)
        self.held_out.changed.connect(self.changed)
        self.set_table(False)

    @property
    def chosen(self) -> str:
        """The use: one of USES."""
        return self.use.currentText()

    def set_table(self, is_table: bool) -> None:
        """Offer a split by a column for tables alone."""
        if not is_table and self.chosen == SPLIT:
            self.use.setCurrentIndex(0)
        model = self.use.model()
        assert isinstance(model, QStandardItemModel)
        model.item(self.use.findText(SPLIT)).setEnabled(is_table)

    def summary(self) -> str:
        """Return the beginning of the sentence that says what the file is used for."""
        return {P: "P now uses", Q: "Q now uses"}.get(self.chosen, "P and Q now use")

    def setting(self, path: str) -> dict[str, Any]:
        """Return the settings of the pair for a file; those not named stay as they are."""
        files: dict[str, dict[str, Any]] = {
            P: {"p_file": path},
            Q: {"q_file": path},
            BOTH: {"p_file": path, "q_file": path},
            SPLIT: {"p_file": path, "q_file": None},
        }
        rows = {"standardize": self.standardize.isChecked(), "held_out": self.held_out.value()}
        return files[self.chosen] | NO_SPLIT | rows
