"""ExperimentForm: the experiment as a form, built from the options classes of any kind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import BadExperiment, Experiment, Problem, presets, read
from wganstudio.experiment.parsing import Settings
from wganstudio.gui.form.editors import ScrollSafeComboBox, TextEditor
from wganstudio.gui.form.group import Group
from wganstudio.gui.form.state import FormState
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.buttons import icon_button
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.gui.widgets.themed_frame import ThemedFrame
from wganstudio.training.memory import available_memory, size_text
from wganstudio.training.memory_estimate import MemoryEstimate, estimate_on_host
from wganstudio.training.time_estimate import TimeEstimate

FOLDED = ("sigma", "perturbation", "truth", "evaluation")
"""Groups that are folded at first."""
VALIDATE_MS = 350
"""The delay between a key press and the validation."""


class ExperimentForm(QWidget):
    """The preset chooser, the groups, and a summary of their problems."""

    changed = Signal()
    """It shows something else, because the user edits it or other settings were loaded."""
    validated = Signal()
    """The settings were loaded, or checked after a change."""
    corrected = Signal()
    """The settings have no problem."""
    preset_loaded = Signal()
    """A preset was chosen."""
    gallery_wanted = Signal()
    """The user wants to see all presets."""

    def __init__(self) -> None:
        super().__init__()
        self._loaded: Settings = {}
        self.valid_experiment: Experiment | None = None
        """The experiment as it was last validated; None if it had problems."""
        self.edited_path = ""
        """The field that was edited last, or a group; "presets" once settings were loaded."""
        self._held = False
        """`changed` is emitted once, after several changes."""
        self.change_text = ""
        """The name of the change that is being made, where it has one of its own."""
        names = [name for name in Experiment.model_fields if name != "about"]
        self.groups = {name: Group(name, folded=name in FOLDED) for name in names}

        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head, body = self._head(), self._body()
        self.scroll_area.setWidget(body)
        self.summary = Label()
        set_role(self.summary, "problem")
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
        self.memory.setContentsMargins(10, 0, 10, 4)
        self.memory.setToolTip("Memory that the run and its truths need, estimated from the settings")
        self.time = Label()
        self.time.setContentsMargins(10, 3, 10, 0)
        set_role(self.time, "dim")
        self.time.setToolTip("Time of the run with its final estimates, from earlier runs on this machine")
        column.addWidget(self.time)
        column.addWidget(self.memory)
        self.estimate_time: Callable[[Experiment], TimeEstimate | None] = _no_time
        """Returns how long an experiment will take on this machine; None where that is not known."""

        self._validation = QTimer(self, singleShot=True, interval=VALIDATE_MS)
        self._validation.timeout.connect(self._validate)
        for group in self.groups.values():
            group.changed.connect(self._edited)
        self.name.textEdited.connect(self._name_edited)
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

        A modified preset loses its name, its summary and its expected results. A name that the user typed
        wins.
        """
        loaded = self._loaded_about
        about = {"preset": loaded.get("preset", "")} if self.modified else dict(loaded)
        if typed := self.name.text().strip():
            about["name"] = typed
        return {"about": about} | {name: group.settings() for name, group in self.groups.items()}

    def experiment(self) -> Experiment:
        """The experiment that the form shows; BadExperiment lists every problem."""
        return read(self.settings())

    def loaded_experiment(self) -> Experiment | None:
        """Return the experiment that was loaded; None if it is not valid."""
        try:
            return read(self._loaded)
        except BadExperiment:
            return None

    def set_next_name(self, name: str) -> None:
        """Show the name that the next run gets if the user types none."""
        self.name.setPlaceholderText(name)

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
        self.name.clear()
        for name, group in self.groups.items():
            values = settings.get(name, {})
            group.load(values if isinstance(values, dict) else {})
        with QSignalBlocker(self.presets):
            while self.presets.count() > len(presets()):
                self.presets.removeItem(self.presets.count() - 1)
            index = self.presets.findData(origin)
            if index < 0:
                self.presets.addItem(
                    origin or str(self._loaded_about.get("name") or "Custom experiment"), origin
                )
                index = self.presets.count() - 1
            self.presets.setCurrentIndex(index)
        self._show_about()
        self._validate()
        self._announce("presets")

    def state(self) -> FormState:
        """Return all that is shown."""
        groups = {name: group.content() for name, group in self.groups.items()}
        return FormState(self._loaded, self.presets.currentData(), self.name.text(), groups)

    def restore(self, state: FormState) -> None:
        """Show again what `state` returned."""
        path = self.edited_path
        with self.named_change(self.change_text):
            if (state.loaded, state.origin) != (self._loaded, self.presets.currentData()):
                self.load(state.loaded, state.origin)
            if self.name.text() != state.name:
                self.name.setText(state.name)
            for name, group in self.groups.items():
                group.restore(state.groups[name])
            self._show_about()
            self._validate()
            self.edited_path = path

    @contextmanager
    def named_change(self, text: str) -> Iterator[None]:
        """Make everything that is changed within the block one change, and give it a name."""
        self.change_text, self._held = text, True
        try:
            yield
        finally:
            self._held = False
            self._announce(self.edited_path)
            self.change_text = ""

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
        if first.path.partition(".")[0] in self.groups:
            self.reveal(first.path)
        return first

    def reveal(self, path: str) -> None:
        """Unfold a field or group, give it the focus and scroll to it."""
        name, _, field = path.partition(".")
        if name in self.groups:
            widget = self.groups[name].focus(field)
        else:
            widget = self.name if name == "about" else self.presets
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.body_column.activate()
        self.scroll_area.ensureWidgetVisible(widget, 0, 40)

    def title(self, path: str) -> str:
        """Return the title of a field, or the name of a group."""
        name, _, field = path.partition(".")
        if name == "about":
            return "the run name"
        rows = self.groups[name].rows
        return rows[field].title if field in rows else name

    def is_typed(self, path: str) -> bool:
        """Return True for a field whose value is typed."""
        name, _, field = path.partition(".")
        if name not in self.groups:
            return name == "about"
        rows = self.groups[name].rows
        return field in rows and isinstance(rows[field].editor, TextEditor)

    @property
    def _loaded_about(self) -> Settings:
        about = self._loaded.get("about", {})
        return about if isinstance(about, dict) else {}

    def _head(self) -> QWidget:
        """Return the preset chooser, which stays in sight while the form scrolls."""
        self.presets = ScrollSafeComboBox()
        self.presets.setObjectName("presets")
        self.presets.setAccessibleName("Preset")
        for name, preset in presets().items():
            self.presets.addItem(preset.about.name or name, name)
            self.presets.setItemData(
                self.presets.count() - 1, preset.about.summary, Qt.ItemDataRole.ToolTipRole
            )
        self.presets.activated.connect(self._preset_chosen)
        self.gallery_button = icon_button(
            "gallery",
            "Preset gallery",
            self.gallery_wanted,
            "Show all presets with pictures and expected results",
        )
        self.gallery_button.setObjectName("button-gallery")
        self.reset_button = icon_button(
            "reset", "Restore the loaded settings of the whole experiment", self.reset
        )
        head = ThemedFrame("head")
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
        set_role(self.about, "dim")
        self.expected = Label()
        self.expected.setWordWrap(True)
        self.note = ThemedFrame("note")
        inside = QVBoxLayout(self.note)
        inside.setContentsMargins(9, 6, 8, 6)
        inside.addWidget(self.expected)
        self.name = QLineEdit()
        self.name.setObjectName("about.name")
        self.name.setToolTip("Name of the next run; by default it says what differs from the preset")
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
        about = self._loaded_about
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
        with self.named_change("reset of all settings"):
            self.load(self._loaded, self.presets.currentData())

    @Slot(int)
    def _preset_chosen(self, index: int) -> None:
        name = self.presets.itemData(index)
        if name in presets():
            self.load_preset(name)
        else:
            self.reset()

    @Slot(str)
    def _edited(self, path: str) -> None:
        self._show_about()
        self._validation.start()
        self._announce(path)

    @Slot()
    def _name_edited(self) -> None:
        self._edited("about.name")

    def _announce(self, path: str) -> None:
        self.edited_path = path
        if not self._held:
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
        if valid is not None:
            self.corrected.emit()
        self._show_memory(None if valid is None else estimate_on_host(valid))
        self.show_time()
        self.validated.emit()

    @Slot()
    def show_time(self) -> None:
        """Show how long the run will take, as far as that is known."""
        valid = self.valid_experiment
        self.time.setVisible(valid is not None)
        if valid is not None:
            self.time.setText(f"Time: {self.estimate_time(valid) or 'not known yet'}")

    def _show_memory(self, estimate: MemoryEstimate | None) -> None:
        """Show what the run needs, and what is free where that is less."""
        self.memory.setVisible(estimate is not None)
        if estimate is None:
            return
        free = available_memory()
        enough = estimate.bytes <= free
        self.memory.setText(f"Memory: {estimate}" + ("" if enough else f", {size_text(free)} free"))
        set_role(self.memory, "dim" if enough else "warning")


def _no_time(_: Experiment) -> None:
    return None
