"""ExperimentForm: the experiment as a form, built from the options classes of any kind."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import BadExperiment, Experiment, Problem, presets, read
from wganstudio.experiment.parsing import Settings
from wganstudio.gui.form.editors import ScrollSafeComboBox
from wganstudio.gui.form.group import Group
from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.training.memory import available_memory, size_text
from wganstudio.training.memory_estimate import MemoryEstimate, estimate_on_host

FOLDED = ("sigma", "perturbation", "truth", "evaluation")
"""Groups that are folded at first."""
VALIDATE_MS = 350
"""The delay between a key press and the validation."""


class ExperimentForm(QWidget):
    """The preset chooser, the groups, and a summary of their problems."""

    changed = Signal()
    """The user changed something."""
    validated = Signal()
    """The settings were validated, some time after they were changed."""
    preset_loaded = Signal()
    """A preset was chosen."""
    gallery_wanted = Signal()
    """The user wants to see all presets."""

    def __init__(self) -> None:
        super().__init__()
        self._loaded: Settings = {}
        self.valid_experiment: Experiment | None = None
        """The experiment as it was last validated; None if it had problems."""
        names = [name for name in Experiment.model_fields if name != "about"]
        self.groups = {name: Group(name, folded=name in FOLDED) for name in names}

        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head, body = self._head(), self._body()
        self.scroll_area.setWidget(body)
        self.summary = Label()
        self.summary.setProperty("role", "problem")
        self.summary.setWordWrap(True)
        self.summary.setContentsMargins(10, 5, 10, 5)
        self.summary.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.scroll_area, 1)
        column.addWidget(self.summary)
        self.memory = Label()
        self.memory.setContentsMargins(10, 3, 10, 4)
        self.memory.setToolTip("Memory that the run and its truths need, estimated from the settings")
        column.addWidget(self.memory)

        self._validation = QTimer(self, singleShot=True, interval=VALIDATE_MS)
        self._validation.timeout.connect(self._validate)
        for group in self.groups.values():
            group.changed.connect(self._edited)
        self.name.textEdited.connect(self._edited)
        self.load_preset(next(iter(presets())))
        bar = self.scroll_area.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(max(body.minimumSizeHint().width() + bar, head.minimumSizeHint().width()))

    def sizeHint(self) -> QSize:
        """Return a size wide enough for labels beside editors."""
        hint = super().sizeHint()
        hint.setWidth(max(hint.width(), self.fontMetrics().averageCharWidth() * 50))
        return hint

    def settings(self) -> Settings:
        """Return the settings of the form as nested plain values.

        A modified preset loses its summary and its expected results; a name that the user typed stays.
        """
        about = dict(self._loaded.get("about", {})) if not self.modified else {}
        typed = self.name.text().strip()
        if self.modified and typed == self._loaded_name:
            typed = ""
        about["name"] = typed
        return {"about": about} | {name: group.settings() for name, group in self.groups.items()}

    def experiment(self) -> Experiment:
        """The experiment that the form shows; BadExperiment lists every problem."""
        return read(self.settings())

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems of the settings."""
        try:
            self.experiment()
        except BadExperiment as error:
            return error.problems
        return ()

    @property
    def modified(self) -> bool:
        """True if a setting differs from the loaded ones."""
        return any(group.modified for group in self.groups.values())

    def load(self, settings: Settings, origin: str = "") -> None:
        """Show settings; `origin` is their name in the preset chooser."""
        self._loaded = settings
        self.name.setText(self._loaded_name)
        self.name.setCursorPosition(0)
        for name, group in self.groups.items():
            values = settings.get(name, {})
            group.load(values if isinstance(values, dict) else {})
        with QSignalBlocker(self.presets):
            while self.presets.count() > len(presets()):
                self.presets.removeItem(self.presets.count() - 1)
            index = self.presets.findData(origin)
            if index < 0:
                self.presets.addItem(origin or self._loaded_name or "Custom experiment", origin)
                index = self.presets.count() - 1
            self.presets.setCurrentIndex(index)
        self._show_about()
        self._validate()

    def load_preset(self, name: str) -> None:
        """Show a shipped experiment."""
        self.load(presets()[name].settings, name)
        self.preset_loaded.emit()

    def focus_problem(self) -> Problem | None:
        """Show all problems, go to the first field, and return its problem."""
        problems = self.problems()
        self._validate()
        if not problems:
            return None
        first = problems[0]
        name, _, field = first.path.partition(".")
        if name in self.groups:
            widget = self.groups[name].focus(field)
            self.body_column.activate()
            self.scroll_area.ensureWidgetVisible(widget, 0, 40)
        return first

    @property
    def _loaded_name(self) -> str:
        about = self._loaded.get("about", {})
        return str(about.get("name", "")) if isinstance(about, dict) else ""

    def _head(self) -> QWidget:
        """Return the preset chooser, which stays in sight while the form scrolls."""
        self.presets = ScrollSafeComboBox()
        self.presets.setObjectName("presets")
        for name, preset in presets().items():
            self.presets.addItem(preset.about.name or name, name)
            self.presets.setItemData(
                self.presets.count() - 1, preset.about.summary, Qt.ItemDataRole.ToolTipRole
            )
        self.presets.activated.connect(self._preset_chosen)
        self.reset_button = QToolButton()
        self.reset_button.setAutoRaise(True)
        self.reset_button.setToolTip("Restore the loaded settings of the whole experiment")
        self.reset_button.clicked.connect(self.reset)
        set_icon(self.reset_button, "reset")
        self.gallery_button = QToolButton()
        self.gallery_button.setObjectName("button-gallery")
        self.gallery_button.setAutoRaise(True)
        self.gallery_button.setToolTip("Show all presets with pictures and expected results")
        self.gallery_button.setAccessibleName("Preset gallery")
        self.gallery_button.clicked.connect(self.gallery_wanted)
        set_icon(self.gallery_button, "gallery")
        head = QFrame()
        head.setProperty("role", "head")
        row = QHBoxLayout(head)
        row.setContentsMargins(10, 6, 6, 6)
        row.setSpacing(2)
        row.addWidget(self.presets, 1)
        row.addWidget(self.gallery_button)
        row.addWidget(self.reset_button)
        return head

    def _body(self) -> QWidget:
        self.about = Label()
        self.about.setWordWrap(True)
        self.about.setProperty("role", "dim")
        self.expected = Label()
        self.expected.setWordWrap(True)
        self.note = QFrame()
        self.note.setProperty("role", "note")
        inside = QVBoxLayout(self.note)
        inside.setContentsMargins(9, 6, 8, 6)
        inside.addWidget(self.expected)
        self.name = QLineEdit()
        self.name.setObjectName("about.name")
        self.name.setPlaceholderText("named after pair and solver")
        self.name.setToolTip("Name of the next run in the list of runs")
        name_row = QHBoxLayout()
        label = Label("Run name")
        label.setBuddy(self.name)
        name_row.addWidget(label)
        name_row.addWidget(self.name, 1)

        body = QWidget()
        self.body_column = column = QVBoxLayout(body)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(7)
        column.addWidget(self.about)
        column.addWidget(self.note)
        column.addLayout(name_row)
        for group in self.groups.values():
            column.addWidget(group)
        column.addStretch(1)
        return body

    def _show_about(self) -> None:
        about = self._loaded.get("about", {})
        about = about if isinstance(about, dict) else {}
        summary, expected = str(about.get("summary", "")), str(about.get("expected", about.get("claim", "")))
        if self.modified and expected:
            expected = "You have changed this preset; its stated results may no longer apply."
        self.about.setText(summary)
        self.about.setVisible(bool(summary))
        self.expected.setText(expected)
        self.note.setVisible(bool(expected))

    @Slot()
    def reset(self) -> None:
        """Return to the loaded settings."""
        self.load(self._loaded, self.presets.currentData())
        self.changed.emit()

    @Slot(int)
    def _preset_chosen(self, index: int) -> None:
        name = self.presets.itemData(index)
        if name in presets():
            self.load_preset(name)
        else:
            self.load(self._loaded, name)
        self.changed.emit()

    @Slot()
    def _edited(self) -> None:
        self._show_about()
        self._validation.start()
        self.changed.emit()

    @Slot()
    def _validate(self) -> None:
        problems: tuple[Problem, ...] = ()
        self.valid_experiment = None
        try:
            self.valid_experiment = self.experiment()
        except BadExperiment as error:
            problems = error.problems
        for name, group in self.groups.items():
            group.show_problems(p for p in problems if p.path.partition(".")[0] == name)
        elsewhere = [str(p) for p in problems if p.path.partition(".")[0] not in self.groups]
        where = sorted({p.path.partition(".")[0] for p in problems} & set(self.groups))
        if where:
            count = len(problems) - len(elsewhere)
            elsewhere.insert(0, f"{count} setting{'s' * (count > 1)} to correct: {', '.join(where)}.")
        self.summary.setText("\n".join(elsewhere))
        self.summary.setVisible(bool(elsewhere))
        valid = self.valid_experiment
        self._show_memory(None if valid is None else estimate_on_host(valid))
        self.validated.emit()

    def _show_memory(self, estimate: MemoryEstimate | None) -> None:
        """Show what the run needs, and what is free where that is less."""
        self.memory.setVisible(estimate is not None)
        if estimate is None:
            return
        free = available_memory()
        enough = estimate.bytes <= free
        self.memory.setText(f"Memory: {estimate}" + ("" if enough else f", {size_text(free)} free"))
        self.memory.setProperty("role", "dim" if enough else "warning")
        self.memory.style().unpolish(self.memory)
        self.memory.style().polish(self.memory)
