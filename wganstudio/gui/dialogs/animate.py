"""AnimateDialog: which figure to animate, over what, and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import Options, option
from wganstudio.export.animation import (
    AnimationOptions,
    animated_figures,
    frames_of_run,
    frames_of_runs,
    write_animation,
)
from wganstudio.export.files import file_stem
from wganstudio.gui.controllers.background_job import Report
from wganstudio.gui.dialogs.file_choice import ask_to_save
from wganstudio.gui.form.field_box import FieldBox
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session.record import RunRecord

KINDS = {"gif": "Animation (*.gif)", "mp4": "Video (*.mp4)"}


class LookOptions(Options):
    """The look of an animation."""

    fps: int = option(10, "Speed", "Frames per second.", unit="frames/s", ge=1, le=50)
    width: int = option(720, "Width", "Width of the frames.", unit="pixels", ge=120, le=3840)
    frames: int = option(
        120, "Frames", "Most frames; of a run with more, evenly spread ones are shown.", ge=2, le=2000
    )


@dataclass(frozen=True)
class AnimationRequest:
    """An animation to write."""

    records: Sequence[RunRecord]
    figure: str
    over_runs: bool
    options: AnimationOptions
    path: Path

    def write(self, report: Report) -> list[Path]:
        """Draw the frames and write the file."""
        if self.over_runs:
            figures = frames_of_runs(self.records, self.figure)
        else:
            figures = frames_of_run(self.records[0], self.figure, self.options.frames)
        write_animation(figures, self.path, self.options, report)
        return [self.path]


class AnimateDialog(QDialog):
    """The choice of figure, frames, format and look; Save asks for the file."""

    def __init__(self, parent: QWidget, records: Sequence[RunRecord], settings: Settings) -> None:
        super().__init__(parent)
        self.setWindowTitle("Animate")
        self._records, self._settings = records, settings
        self._path = Path()
        self.figure = QComboBox()
        self.figure.setAccessibleName("Figure")
        for name in animated_figures():
            self.figure.addItem(name.replace("_", " ").capitalize(), name)
        self.over = QComboBox()
        self.over.setAccessibleName("Over")
        self.over.addItem("Steps of the run", False)
        if len(records) > 1:
            self.over.addItem(f"The {len(records)} selected runs", True)
            self.over.setCurrentIndex(1)
        self.file_format = QComboBox()
        self.file_format.setAccessibleName("Format")
        self.file_format.addItem("GIF: plays everywhere", "gif")
        self.file_format.addItem("MP4: smaller, all colors", "mp4")
        self.boxes = {
            name: FieldBox(LookOptions, name, self._remembered(name)) for name in LookOptions.model_fields
        }
        self.loop = QCheckBox("Begin again at the end")
        self.loop.setChecked(settings.get("animation/loop", "yes") == "yes")
        buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self.save_button = buttons.addButton("Save\u2026", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("Figure", self.figure)
        form.addRow("Over", self.over)
        form.addRow("Format", self.file_format)
        for name, box in self.boxes.items():
            form.addRow(LookOptions.model_fields[name].title or name, box)
            box.changed.connect(self._check)
        form.addRow("", self.loop)
        head = Label(f"Main run: \u201c{records[0].name}\u201d. All frames have the same axes and colors.")
        head.setWordWrap(True)
        head.setMinimumWidth(self.fontMetrics().averageCharWidth() * 52)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(14)
        column.addWidget(head)
        column.addLayout(form)
        column.addWidget(buttons)
        self.file_format.currentIndexChanged.connect(self._check)
        self._check()

    def request(self) -> AnimationRequest:
        """Return the choice of the user."""
        values = {name: box.value() for name, box in self.boxes.items()}
        options = AnimationOptions(loop=self.loop.isChecked(), **values)
        over_runs = bool(self.over.currentData())
        return AnimationRequest(self._records, self.figure.currentData(), over_runs, options, self._path)

    @Slot()
    def _check(self) -> None:
        self.save_button.setEnabled(all(box.valid for box in self.boxes.values()))
        self.loop.setEnabled(self.file_format.currentData() == "gif")

    @Slot()
    def _save(self) -> None:
        kind = self.file_format.currentData()
        name = f"{file_stem(self._records[0])}-{self.figure.currentData().replace('_', '-')}.{kind}"
        path = ask_to_save(self, self._settings, "Save animation", name, KINDS[kind])
        if path is None:
            return
        self._path = path
        self._settings.put("folder", str(path.resolve().parent))
        for field, box in self.boxes.items():
            self._settings.put(f"animation/{field}", str(box.value()))
        self._settings.put("animation/loop", "yes" if self.loop.isChecked() else "no")
        self.accept()

    def _remembered(self, name: str) -> int:
        default = LookOptions.model_fields[name].default
        text = self._settings.get(f"animation/{name}", str(default))
        return int(text) if text.isdecimal() else default
