"""Painting: speed limits painted with the mouse over the two laws, saved as an image, put into the form."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from wganstudio.experiment import Experiment, override, read
from wganstudio.gui.widgets.canvas import Canvas
from wganstudio.training.events import Failed, Snapshot
from wganstudio.training.job import Job
from wganstudio.training.process import Child

if TYPE_CHECKING:
    from wganstudio.gui.window import MainWindow

LISTEN_MS = 50
MARGIN = 0.25
"""Room about the samples, relative to the longer side."""
ROOM = 300
"""Samples of each law that are shown: more would hide what is painted."""


class PaintDialog(QDialog):
    """The canvas and its tools; `path` is where the picture was saved.

    The samples come from a process of its own, for the window's knows no laws.
    """

    def __init__(self, parent: QWidget, experiment: Experiment, folder: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Paint speed limits")
        self.path: Path | None = None
        self._experiment, self._folder = experiment, folder
        self.canvas = Canvas()
        self.canvas.setEnabled(False)
        self.speed, self.speed_text = self._slider(0, 100, 20)
        self.brush, self.brush_text = self._slider(1, 48, 8)
        self.fill = QPushButton("&Fill all")
        self.undo = QPushButton("&Undo")
        self.undo.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
        self.load = QPushButton("&Load image\u2026")
        self.told = QLabel("Drawing samples of the two laws\u2026")
        self.told.setWordWrap(True)
        self.place = QLabel()
        self.place.setProperty("role", "dim")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = self.buttons.addButton("&Save and use\u2026", QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setEnabled(False)
        self._connect()
        self._lay_out()
        self._retune()
        self._child = Child("train", polite=True)
        self._child.send(Job(1, "train", scouting(experiment), event_kinds=frozenset({"plane", "failed"})))
        self._timer = QTimer(self, interval=LISTEN_MS)
        self._timer.timeout.connect(self._listen)
        self._timer.start()

    def settings(self) -> dict[str, Any]:
        """The group sigma as painted."""
        low, high = ([float(f"{x:.6g}") for x in corner] for corner in (self.canvas.low, self.canvas.high))
        return {"kind": "image", "file": str(self.path), "low": low, "high": high}

    def save_to(self, path: Path) -> bool:
        """Save the picture and be done; whether it could be saved."""
        if not self.canvas.image.save(str(path), "PNG"):  # type: ignore[call-overload]
            self.told.setText(f"{path} cannot be written; choose another place.")
            return False
        self.path = path
        super().accept()
        return True

    def accept(self) -> None:
        """Ask where to save the picture; without a place, go on painting."""
        start = str(Path(self._folder) / "speed-limits.png")
        chosen, _ = QFileDialog.getSaveFileName(self, "Save speed limits", start, "PNG images (*.png)")
        if chosen:
            self.save_to(Path(chosen) if chosen.lower().endswith(".png") else Path(f"{chosen}.png"))

    def reject(self) -> None:
        """Leave; what was painted is not lost without a question."""
        if self.canvas.can_undo:
            kind = QMessageBox.StandardButton
            answer = QMessageBox.question(
                self, "Paint speed limits", "Discard what was painted?", kind.Discard | kind.Cancel
            )
            if answer != kind.Discard:
                return
        super().reject()

    def done(self, result: int) -> None:
        """End the process that draws samples, if it still does."""
        self._timer.stop()
        self._child.end(0.0)
        super().done(result)

    @Slot()
    def _listen(self) -> None:
        for _, event in self._child.receive():
            if isinstance(event, Snapshot):
                self._timer.stop()
                self._show(event)
                return
            if isinstance(event, Failed):
                self._give_up(event.message)
                return
        if not self._child.alive:
            self._give_up("The process that draws samples died; close this and try again.")

    def _show(self, plane: Snapshot) -> None:
        arrays = plane.arrays
        if arrays["axes"].shape != (2, 2):
            self._give_up("Only the plane can be painted; for other dimensions choose a formula.")
            return
        samples = [arrays[name][:ROOM].astype(float) for name in ("samples_p", "samples_q")]
        sigma, chosen = self._experiment.sigma.settings(), ""
        if "low" in sigma and "high" in sigma:
            low, high = (np.broadcast_to(np.array(sigma[name], float), (2,)) for name in ("low", "high"))
        else:
            every = np.concatenate([arrays["samples_p"], arrays["samples_q"]]).astype(float)
            margin = MARGIN * float(np.ptp(every, axis=0).max())
            low, high = every.min(axis=0) - margin, every.max(axis=0) + margin
            step = 10.0 ** np.floor(np.log10((high - low).max()) - 1)
            low, high = np.floor(low / step) * step, np.ceil(high / step) * step
        self.canvas.show_plane(low, high, *samples)
        if sigma["kind"] == "image" and Path(str(sigma["file"])).is_file():
            chosen = self.canvas.load(str(sigma["file"]))
        self.canvas.setEnabled(True)
        self.told.setText(
            chosen or "Black is closed, white is fastest; the right button erases. P is orange, Q blue."
        )
        self._retune()

    def _give_up(self, message: str) -> None:
        self._timer.stop()
        self.told.setText(message)

    @Slot()
    def _retune(self) -> None:
        self.canvas.level, self.canvas.brush = self.speed.value() / 100, self.brush.value()
        size = (
            self.brush.value()
            * float((self.canvas.high - self.canvas.low).max())
            / max(self.canvas.image.width(), self.canvas.image.height())
        )
        self.speed_text.setText(f"{self.speed.value()} %" if self.speed.value() else "closed")
        self.brush_text.setText(f"{size:.2g} wide")
        ready = self.canvas.isEnabled()
        for widget in (self.fill, self.load, self.save):
            widget.setEnabled(ready)
        self.undo.setEnabled(self.canvas.can_undo)
        self.canvas.update()

    @Slot()
    def _load(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Load speed limits", self._folder, "Images (*.png *.jpg *.jpeg *.bmp)"
        )
        if chosen and (problem := self.canvas.load(chosen)):
            self.told.setText(problem)

    def _connect(self) -> None:
        self.speed.valueChanged.connect(self._retune)
        self.brush.valueChanged.connect(self._retune)
        self.canvas.changed.connect(self._retune)
        self.canvas.pointed.connect(self.place.setText)
        self.fill.clicked.connect(self.canvas.fill)
        self.undo.clicked.connect(self.canvas.undo)
        self.load.clicked.connect(self._load)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        tools = QGridLayout()
        tools.setVerticalSpacing(6)
        for row, (title, slider, text) in enumerate(
            (("Speed", self.speed, self.speed_text), ("Brush", self.brush, self.brush_text))
        ):
            tools.addWidget(QLabel(title), 2 * row, 0)
            tools.addWidget(text, 2 * row, 1, Qt.AlignmentFlag.AlignRight)
            tools.addWidget(slider, 2 * row + 1, 0, 1, 2)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addLayout(tools)
        for button in (self.fill, self.undo, self.load):
            button.setAutoDefault(False)
            side.addWidget(button)
        side.addWidget(self.told)
        side.addStretch(1)
        panel = QWidget()
        panel.setLayout(side)
        panel.setFixedWidth(210)
        side.setContentsMargins(0, 0, 0, 0)
        upper = QHBoxLayout()
        upper.setSpacing(14)
        upper.addWidget(self.canvas, 1)
        upper.addWidget(panel)
        foot = QHBoxLayout()
        foot.addWidget(self.place, 1)
        foot.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.addLayout(upper, 1)
        column.addLayout(foot)

    @staticmethod
    def _slider(low: int, high: int, value: int) -> tuple[QSlider, QLabel]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(low, high)
        slider.setValue(value)
        label = QLabel()
        label.setProperty("role", "dim")
        return slider, label


class SigmaPainter(QObject):
    """Works on the window: has speed limits painted and puts them into the form."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def ask(self) -> None:
        """Paint speed limits for the form's pair."""
        window = self._window
        experiment = window.experiment_of_form()
        if experiment is None:
            return
        if getattr(experiment.solver, "penalty", None) is None:
            window.fault("Speed limits act through a gradient penalty; choose the solver LP or GP.")
            return
        folder = window.settings.get("folder", str(Path.home()))
        dialog = PaintDialog(window, experiment, folder)
        accepted = dialog.exec() == PaintDialog.DialogCode.Accepted
        dialog.deleteLater()
        if accepted:
            group = window.form.groups["sigma"]
            group.fill(dialog.settings())
            group.set_folded(False)
            QTimer.singleShot(0, self._go_there)  # once the group has laid out its new fields
            window.note(f"Speed limits were painted into {dialog.path}; Run solves them by grid and network.")

    @Slot()
    def _go_there(self) -> None:
        form = self._window.form
        form.scroll_area.ensureWidgetVisible(form.groups["sigma"].focus("file"), 0, 40)


def scouting(experiment: Experiment) -> Experiment:
    """The least run that shows the pair's samples."""
    changes = [
        ("sigma.kind", "segments"),
        ("solver.kind", "lp"),
        ("critic.kind", "mlp"),
        ("training.steps", 0),
        ("training.stopping", "steps"),
        ("evaluation.resolution", 8),
    ]
    return read(override(experiment.settings(), changes))
