"""PaintSigmaDialog: a speed-limit field sigma is painted with the mouse over samples of P and Q."""

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import Experiment, override, read
from wganstudio.gui.dialogs.canvas_parts import may_close, place, undo_buttons
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.buttons import button_box
from wganstudio.gui.widgets.canvas import Canvas
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.training.declarations.frames import PlaneAttributes
from wganstudio.training.events import Failed, Snapshot
from wganstudio.training.job import Job
from wganstudio.training.process import Child

POLL_MS = 50
MARGIN = 0.25
"""Margin around the samples, relative to the longer side."""
MAX_SAMPLES = 300
"""Samples shown of each distribution: more would hide the painting."""


class PaintSigmaDialog(QDialog):
    """The canvas and its tools; `path` is the file of the saved image.

    A child process draws the samples, as the process of the window does not import torch.
    """

    def __init__(self, parent: QWidget, experiment: Experiment, folder: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Paint speed limits")
        self.path: Path | None = None
        self._experiment, self._folder = experiment, folder
        self.canvas = Canvas()
        self.canvas.setEnabled(False)
        self.canvas.setAccessibleName("Speed limits")
        self.canvas.setAccessibleDescription(
            "Painted with the mouse. By keyboard, fill all of it or load an image."
        )
        self.speed, self.speed_text = self._slider(0, 100, 20)
        self.brush, self.brush_text = self._slider(1, 48, 8)
        self.fill = QPushButton("&Fill all")
        self.undo, self.redo = undo_buttons(self, self.canvas.undo_stack)
        self.load = QPushButton("&Load image\u2026")
        self.message = Label("Drawing samples of P and Q\u2026")
        self.message.setWordWrap(True)
        self.readout = Label()
        set_role(self.readout, "dim")
        self.buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self.save = self.buttons.addButton("&Save and use\u2026", QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setEnabled(False)
        self._connect()
        self._build_layout()
        self._update_tools()
        self._child = Child("train", polite=True)
        kinds = frozenset({"plane", "failed"})
        self._child.send(Job(1, "train", preview_experiment(experiment), event_kinds=kinds))
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._timer.start()

    def settings(self) -> dict[str, Any]:
        """Return the settings of the group sigma that use the painted image."""
        low, high = ([float(f"{x:.12g}") for x in corner] for corner in (self.canvas.low, self.canvas.high))
        return {"kind": "image", "file": str(self.path), "low": low, "high": high}

    def save_to(self, path: Path) -> bool:
        """Save the image and close; return False if it cannot be saved."""
        if not self.canvas.image.save(str(path), "PNG"):  # type: ignore[call-overload]
            self.message.setText(f"{path} cannot be written; choose another place.")
            return False
        self.path = path
        super().accept()
        return True

    def accept(self) -> None:
        """Ask where to save the image; without an answer the dialog stays open."""
        start = str(Path(self._folder) / "speed-limits.png")
        chosen, _ = QFileDialog.getSaveFileName(self, "Save speed limits", start, "PNG images (*.png)")
        if chosen:
            self.save_to(Path(chosen) if chosen.lower().endswith(".png") else Path(f"{chosen}.png"))

    def reject(self) -> None:
        """Close, after a question if something was painted."""
        if may_close(self, self.canvas.undo_stack, "Discard the painted image?"):
            super().reject()

    def done(self, result: int) -> None:
        """End the process that draws samples."""
        self._timer.stop()
        self._child.end(0.0)
        super().done(result)

    @Slot()
    def _poll(self) -> None:
        for _, event in self._child.receive():
            if isinstance(event, Snapshot):
                self._timer.stop()
                self._show(event)
                return
            if isinstance(event, Failed):
                self._fail(event.message)
                return
        if not self._child.alive:
            self._fail("The process that draws samples has died. Close this dialog and try again.")

    def _show(self, plane: Snapshot) -> None:
        arrays = plane.arrays
        if arrays["axes"].shape != (2, 2):
            self._fail("Only fields on the plane can be painted; for other dimensions choose a formula.")
            return
        offset = np.array(plane.attributes_as(PlaneAttributes).offsets or (0.0, 0.0))
        samples = [arrays[name].astype(float) + offset for name in ("samples_p", "samples_q")]
        sigma, problem = self._experiment.sigma.settings(), ""
        if "low" in sigma and "high" in sigma:
            low, high = (np.broadcast_to(np.array(sigma[name], float), (2,)) for name in ("low", "high"))
        else:
            samples_pq = np.concatenate(samples)
            margin = MARGIN * float(np.ptp(samples_pq, axis=0).max())
            low, high = samples_pq.min(axis=0) - margin, samples_pq.max(axis=0) + margin
            step = 10.0 ** np.floor(np.log10((high - low).max()) - 1)
            low, high = np.floor(low / step) * step, np.ceil(high / step) * step
        self.canvas.show_plane(low, high, *(each[:MAX_SAMPLES] for each in samples))
        if sigma["kind"] == "image" and Path(str(sigma["file"])).is_file():
            problem = self.canvas.load(str(sigma["file"]))
            self.canvas.undo_stack.clear()
        self.canvas.setEnabled(True)
        self.message.setText(
            problem or "Black is closed, white is fastest. The right button erases. P is orange, Q is blue."
        )
        self._update_tools()

    def _fail(self, message: str) -> None:
        self._timer.stop()
        self.message.setText(message)

    @Slot()
    def _update_tools(self) -> None:
        self.canvas.level, self.canvas.brush = self.speed.value() / 100, self.brush.value()
        size = (
            self.brush.value()
            * float((self.canvas.high - self.canvas.low).max())
            / max(self.canvas.image.width(), self.canvas.image.height())
        )
        self.speed_text.setText(f"{self.speed.value()} %" if self.speed.value() else "closed")
        self.brush_text.setText(f"{size:.2g} wide")
        enabled = self.canvas.isEnabled()
        for widget in (self.fill, self.load, self.save):
            widget.setEnabled(enabled)
        self.canvas.update()

    @Slot()
    def _load(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Load speed limits", self._folder, "Images (*.png *.jpg *.jpeg *.bmp)"
        )
        if chosen and (problem := self.canvas.load(chosen)):
            self.message.setText(problem)

    def _connect(self) -> None:
        self.speed.valueChanged.connect(self._update_tools)
        self.brush.valueChanged.connect(self._update_tools)
        self.canvas.changed.connect(self._update_tools)
        self.canvas.hovered.connect(self.readout.setText)
        self.fill.clicked.connect(self.canvas.fill)
        self.canvas.undo_stack.indexChanged.connect(self._update_tools)
        self.load.clicked.connect(self._load)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _build_layout(self) -> None:
        tools = QGridLayout()
        tools.setVerticalSpacing(6)
        for row, (title, slider, text) in enumerate(
            (("Speed", self.speed, self.speed_text), ("Brush", self.brush, self.brush_text))
        ):
            slider.setAccessibleName(title)
            tools.addWidget(Label(title), 2 * row, 0)
            tools.addWidget(text, 2 * row, 1, Qt.AlignmentFlag.AlignRight)
            tools.addWidget(slider, 2 * row + 1, 0, 1, 2)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addLayout(tools)
        steps = QHBoxLayout()
        for button in (self.fill, self.undo, self.redo, self.load):
            button.setAutoDefault(False)
        steps.addWidget(self.undo)
        steps.addWidget(self.redo)
        side.addWidget(self.fill)
        side.addLayout(steps)
        side.addWidget(self.load)
        side.addWidget(self.message)
        side.addStretch(1)
        panel = place(self, self.canvas, side, (self.readout, self.buttons))
        panel.setFixedWidth(210)

    @staticmethod
    def _slider(low: int, high: int, value: int) -> tuple[QSlider, Label]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(low, high)
        slider.setValue(value)
        label = Label()
        set_role(label, "dim")
        return slider, label


def preview_experiment(experiment: Experiment) -> Experiment:
    """Return the smallest experiment that shows samples of the pair."""
    changes = [
        ("sigma.kind", "segments"),
        ("solver.kind", "lp"),
        ("critic.kind", "mlp"),
        ("training.steps", 0),
        ("training.stopping", "steps"),
        ("evaluation.resolution", 8),
    ]
    return read(override(experiment.settings(), changes))
