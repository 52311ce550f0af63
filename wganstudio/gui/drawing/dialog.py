"""DrawDialog: P and Q are drawn with the mouse, and become the pair of the form."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.dialogs.canvas_parts import may_close, place, undo_buttons
from wganstudio.gui.drawing.canvas import HIGH, LOW, DrawingCanvas
from wganstudio.gui.drawing.drawing import MAX_PARTS, Drawing
from wganstudio.gui.drawing.image import BadImage, image_parts
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.widgets.buttons import ChoiceButton, button_box
from wganstudio.gui.widgets.file_drop import FileDropFilter
from wganstudio.gui.widgets.plain_text import Label

SIDES = (("p", "P (orange)"), ("q", "Q (blue)"))
TOOLS = (
    ("stroke", "&Stroke", "Drag: Gaussians along a line"),
    ("blob", "&Gaussian", "Click, or drag from the center to two standard deviations"),
    ("point", "P&oint", "Click: a point mass"),
    ("eraser", "&Eraser", "Drag over what is to go"),
)
HINT = (
    "Draw P and Q: the critic learns to tell them apart. Drop an image on the plane to use it as a density."
)
IMAGE_BOX = 0.8
"""Share of the plane that an image fills."""
WIDTH_SCALE = 100
RUN = 2
"""The result of the dialog if the drawing is to be trained at once."""


class _Change(QUndoCommand):
    """One act: the drawing before and after it."""

    def __init__(self, text: str, canvas: DrawingCanvas, after: Drawing) -> None:
        super().__init__(text)
        self._canvas, self._before, self._after = canvas, canvas.drawing, after

    def redo(self) -> None:
        """Show the drawing after the act."""
        self._canvas.show_drawing(self._after)

    def undo(self) -> None:
        """Show the drawing before the act."""
        self._canvas.show_drawing(self._before)


class DrawDialog(QDialog):
    """The canvas and its tools. Accepted: the drawing is to be used; RUN: and trained at once."""

    def __init__(self, parent: QWidget, drawing: Drawing, folder: str, *, can_run: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle("Draw distributions")
        self.folder = folder
        self._can_run = can_run
        self.canvas = DrawingCanvas()
        self.canvas.show_drawing(drawing)
        self.stack = QUndoStack(self)
        self.sides = self._buttons([(name, text, "") for name, text in SIDES])
        self.tools = self._buttons(list(TOOLS))
        self.width_slider = QSlider(Qt.Orientation.Horizontal)
        self.width_slider.setRange(5, 100)
        self.width_slider.setValue(round(self.canvas.width_ * WIDTH_SCALE))
        self.width_slider.setAccessibleName("Width")
        self.width_text = Label()
        self.mass = QDoubleSpinBox()
        self.mass.setRange(0.1, 100)
        self.mass.setValue(1)
        self.mass.setAccessibleName("Mass")
        self.mass.setToolTip(
            "Mass of what is drawn next. The masses of a distribution are divided by their sum."
        )
        self.undo_button, self.redo_button = undo_buttons(self, self.stack)
        self.clear_button = QPushButton("&Clear")
        self.image_button = QPushButton("&Image\u2026")
        self.light = QCheckBox("&Light pixels have mass")
        self.message = Label(HINT)
        self.message.setWordWrap(True)
        self.readout = Label()
        set_role(self.readout, "dim")
        self.buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        self.use_button = self.buttons.addButton("Use i&n form", QDialogButtonBox.ButtonRole.AcceptRole)
        self.run_button = self.buttons.addButton("Use and &run", QDialogButtonBox.ButtonRole.ActionRole)
        self._build_layout()
        self._connect()
        self._tools_changed()
        self._drawing_changed()
        self.canvas.setFocus()

    def settings(self) -> dict[str, Any]:
        """Return the settings of the group pair."""
        return self.canvas.drawing.settings()

    @Slot(object)
    def load_image(self, path: Path) -> None:
        """Add an image to the distribution that is being drawn."""
        box = [tuple(IMAGE_BOX * number for number in corner) for corner in (LOW, HIGH)]
        try:
            parts = image_parts(
                str(path),
                low=(box[0][0], box[0][1]),
                high=(box[1][0], box[1][1]),
                mass=self.canvas.mass,
                light=self.light.isChecked(),
            )
        except BadImage as error:
            self.message.setText(str(error))
            return
        self.folder = str(path.parent)
        self._draw(f"Add image to {self.canvas.side.upper()}", self._added(parts))

    def reject(self) -> None:
        """Close, after a question if something was drawn."""
        if may_close(self, self.stack, "Discard the drawing?"):
            super().reject()

    def _added(self, parts: list[Any]) -> Drawing:
        return self.canvas.drawing.added(self.canvas.side, parts)

    @Slot(str, object)
    def _draw(self, text: str, drawing: Drawing) -> None:
        self.stack.push(_Change(text, self.canvas, drawing))

    @Slot()
    def _clear(self) -> None:
        side = self.canvas.side
        self._draw(f"Clear {side.upper()}", self.canvas.drawing.with_parts(side, ()))

    @Slot()
    def _ask_for_image(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Image as a density", self.folder, "Images (*.png *.jpg *.jpeg *.bmp *.gif)"
        )
        if chosen:
            self.load_image(Path(chosen))

    @Slot()
    def _tools_changed(self) -> None:
        canvas = self.canvas
        canvas.side = self._chosen(self.sides)
        canvas.tool = self._chosen(self.tools)
        canvas.width_ = self.width_slider.value() / WIDTH_SCALE
        canvas.mass = self.mass.value()
        self.width_text.setText(f"{canvas.width_:.2f}")
        self.width_slider.setEnabled(canvas.tool != "point")
        self.mass.setEnabled(canvas.tool != "eraser")
        self._drawing_changed()
        canvas.update()

    @Slot()
    def _drawing_changed(self) -> None:
        drawing = self.canvas.drawing
        self.use_button.setEnabled(drawing.complete)
        self.run_button.setEnabled(drawing.complete and self._can_run)
        self.clear_button.setEnabled(bool(drawing.of(self.canvas.side)))
        counts = " ".join(
            f"{name.upper()}: {count:,} part{'s' * (count != 1)}{' (the most)' * (count == MAX_PARTS)}."
            for name, count in (("p", len(drawing.p)), ("q", len(drawing.q)))
        )
        missing = [name.upper() for name in ("p", "q") if not drawing.of("p" if name == "p" else "q")]
        self.message.setText(
            HINT if len(missing) == 2 else counts + (f" Draw {missing[0]} too." if missing else "")
        )

    @Slot()
    def _run(self) -> None:
        self.done(RUN)

    def _buttons(self, choices: list[tuple[str, str, str]]) -> QButtonGroup:
        """Return a group of buttons of which one is down."""
        group = QButtonGroup(self)
        for number, (name, text, tip) in enumerate(choices):
            button = ChoiceButton(text)
            button.setObjectName(f"draw-{name}")
            button.setToolTip(tip)
            button.setChecked(number == 0)
            group.addButton(button)
        group.buttonClicked.connect(self._tools_changed)
        return group

    @staticmethod
    def _chosen(group: QButtonGroup) -> Any:
        button = group.checkedButton()
        assert button is not None  # a group of buttons that exclude each other
        return button.objectName().removeprefix("draw-")

    def _connect(self) -> None:
        self.canvas.drawn.connect(self._draw)
        self.canvas.hovered.connect(self.readout.setText)
        self.width_slider.valueChanged.connect(self._tools_changed)
        self.mass.valueChanged.connect(self._tools_changed)
        self.stack.indexChanged.connect(self._drawing_changed)
        self.clear_button.clicked.connect(self._clear)
        self.image_button.clicked.connect(self._ask_for_image)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.run_button.clicked.connect(self._run)
        FileDropFilter(self).dropped.connect(self.load_image)

    def _build_layout(self) -> None:
        tools = QGridLayout()
        tools.setSpacing(6)
        for row, group in enumerate(
            (self.sides.buttons(), self.tools.buttons()[:2], self.tools.buttons()[2:])
        ):
            for column, button in enumerate(group):
                tools.addWidget(button, row, column)
        tools.addWidget(Label("Width"), 3, 0)
        tools.addWidget(self.width_text, 3, 1, Qt.AlignmentFlag.AlignRight)
        tools.addWidget(self.width_slider, 4, 0, 1, 2)
        tools.addWidget(Label("Mass"), 5, 0)
        tools.addWidget(self.mass, 5, 1)
        for row, pair in enumerate(
            ((self.undo_button, self.redo_button), (self.clear_button, self.image_button))
        ):
            for column, button in enumerate(pair):
                button.setAutoDefault(False)
                tools.addWidget(button, 6 + row, column)
        tools.addWidget(self.light, 8, 0, 1, 2)
        side = QVBoxLayout()
        side.addLayout(tools)
        side.addSpacing(6)
        side.addWidget(self.message)
        side.addStretch(1)
        panel = place(self, self.canvas, side, (self.readout, self.buttons))
        panel.setFixedWidth(max(220, panel.minimumSizeHint().width()))
