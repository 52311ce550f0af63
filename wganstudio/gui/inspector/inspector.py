"""Inspector: the panel that shows which settings made the selected run, and what came of it."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import Experiment
from wganstudio.export.run_content import InspectorSection, as_text, outcome_sections, state_text
from wganstudio.gui.inspector.section_box import SectionBox
from wganstudio.gui.inspector.settings_content import settings_sections
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.docks import in_sight
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session.record import RunRecord

REFRESH_MS = 250
"""The shortest time between two updates while a run trains."""
EMPTY_TEXT = "No run is selected.\n\nThe settings and the outcome of the selected run are shown here."


class Inspector(QWidget):
    """Name, state, outcome and settings of one run, with a filter over all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.record: RunRecord | None = None
        self._form: Experiment | None = None
        self._outcome: tuple[InspectorSection, ...] = ()
        self._settings: tuple[InspectorSection, ...] = ()
        self._outcome_key: object = None
        self._settings_key: object = None
        self._folds: dict[str, bool] = {}
        """Sections that the user has folded or unfolded."""
        self.boxes: dict[str, SectionBox] = {}
        self._pause = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._pause.timeout.connect(self._on_pause_over)
        self._pending = False
        self._build()

    def add_actions(self, actions: Iterable[tuple[QAction, str]]) -> None:
        """Show actions of the window as buttons with these texts."""
        for action, text in actions:
            action.setIconText(text)
            button = QToolButton()
            button.setObjectName(f"inspector-{action.objectName()}")
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            self._buttons.insertWidget(self._buttons.count() - 2, button)

    def show_record(self, record: RunRecord | None) -> None:
        """Show another run, or none."""
        self.record = record
        self._update()

    def show_form(self, form: Experiment | None) -> None:
        """Compare the run with another experiment of the form."""
        self._form = form
        self._update()

    @Slot()
    def refresh(self) -> None:
        """Show what has changed since the last time, at most once in REFRESH_MS."""
        if self._pause.isActive():
            self._pending = True
            return
        self._update()
        self._pause.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what has changed out of sight."""
        super().showEvent(event)
        self._update()

    def text(self) -> str:
        """Return everything about the run as plain text."""
        if self.record is None:
            return ""
        self._compute()
        return as_text(self.record.name, state_text(self.record), (*self._outcome, *self._settings))

    @Slot()
    def copy(self) -> None:
        """Copy everything about the run."""
        QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def _on_pause_over(self) -> None:
        if self._pending:
            self._pending = False
            self.refresh()

    @Slot()
    def _update(self) -> None:
        if self.isVisible() and in_sight(self) and self._compute():
            self._show()

    @Slot()
    def _show(self) -> None:
        """Show the entries that the filter leaves."""
        record = self.record
        self.empty.setVisible(record is None)
        self._page.setVisible(record is not None)
        if record is None:
            return
        self.title.setText(record.name)
        self.state.setText(state_text(record))
        words, only_differing = self.filter.text().lower().split(), self.only_differing.isChecked()
        shown: set[str] = set()
        for section in (*self._outcome, *self._settings):
            entries = [
                entry
                for entry in section.entries
                if entry.matches(words) and (entry.kind == "changed" or not only_differing)
            ]
            if entries:
                shown.add(section.name)
                folded = self._folds.get(section.name, section.folded) and not (words or only_differing)
                self._box(section.name).show_section(section, entries, folded=folded)
        for name, box in self.boxes.items():
            box.setVisible(name in shown)
        self.nothing.setVisible(not shown)

    def _compute(self) -> bool:
        """Make the sections anew where their sources have changed; return True if any has."""
        record = self.record
        outcome_key = record and (id(record), record.version)
        settings_key = record and (id(record.experiment), id(record.requested), id(self._form))
        changed = (outcome_key, settings_key) != (self._outcome_key, self._settings_key)
        if record is not None and outcome_key != self._outcome_key:
            self._outcome = outcome_sections(record)
        if record is not None and settings_key != self._settings_key:
            self._settings = settings_sections(record, self._form)
        self._outcome_key, self._settings_key = outcome_key, settings_key
        return changed

    def _box(self, name: str) -> SectionBox:
        """Return the box of a section; outcome above settings."""
        if name not in self.boxes:
            box = self.boxes[name] = SectionBox(name)
            box.fold_changed.connect(self._remember_fold)
            (self._settings_column if name.startswith("settings-") else self._outcome_column).addWidget(box)
        return self.boxes[name]

    @Slot(str, bool)
    def _remember_fold(self, name: str, folded: bool) -> None:
        self._folds[name] = folded

    def _build(self) -> None:
        self.title, self.state = Label(wordWrap=True), Label(wordWrap=True)
        set_role(self.title, "title")
        set_role(self.state, "dim")
        self.copy_button = QToolButton()
        self.copy_button.setText("Copy")
        self.copy_button.setToolTip("Copy everything about this run as text")
        self.copy_button.clicked.connect(self.copy)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.copy_button)
        self._buttons.addStretch(1)
        self.filter = QLineEdit(clearButtonEnabled=True)
        self.filter.setPlaceholderText("Filter settings and results")
        self.filter.setAccessibleName("Filter settings and results of the run")
        self.filter.textChanged.connect(self._show)
        self.only_differing = QCheckBox("Only settings that differ")
        self.only_differing.setToolTip("Hide the settings that the form and the preset have as well")
        self.only_differing.toggled.connect(self._show)
        self.nothing = Label("Nothing here matches the filter.", wordWrap=True)
        set_role(self.nothing, "dim")
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        self._outcome_column, self._settings_column = QVBoxLayout(), QVBoxLayout()
        column.addWidget(self.nothing)
        column.addLayout(self._outcome_column)
        column.addLayout(self._settings_column)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        page = QWidget()
        head = QVBoxLayout(page)
        head.setContentsMargins(0, 0, 0, 0)
        top = QVBoxLayout()
        top.setContentsMargins(10, 8, 10, 0)
        top.setSpacing(5)
        top.addWidget(self.title)
        top.addWidget(self.state)
        top.addLayout(self._buttons)
        top.addWidget(self.filter)
        top.addWidget(self.only_differing)
        head.addLayout(top)
        head.addWidget(area, 1)
        empty = Label(EMPTY_TEXT, wordWrap=True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(empty, "dim")
        self.empty, self._page = empty, page
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(empty)
        column.addWidget(page)
        page.hide()
        self.setMinimumWidth(240)
