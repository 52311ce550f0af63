"""ScaleDialog: the fields of a color scale. What the user enters is shown at once."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from wganstudio.figures.color_scales import ScaleStyle, color_maps, is_diverging
from wganstudio.figures.grid import ColorScale
from wganstudio.figures.types import Range
from wganstudio.gui.form.group import message_label
from wganstudio.gui.views.plot_items import color_map_of
from wganstudio.gui.widgets.buttons import button_box

STRIP = QSize(96, 12)
"""Size in pixels of the colors beside the name of a color map."""


class ScaleEditor(Protocol):
    """The scale that the dialog changes."""

    def scales(self) -> Mapping[str, ColorScale]: ...
    def style(self, key: str) -> ScaleStyle: ...
    def is_locked(self, key: str) -> bool: ...
    def set_limits(self, key: str, limits: Range) -> None: ...
    def set_style(self, key: str, style: ScaleStyle) -> None: ...
    def set_locked(self, key: str, on: bool) -> None: ...
    def reset(self) -> None: ...


class ScaleDialog(QDialog):
    """Limits, lock, logarithm and colors of the scales of a view."""

    def __init__(self, parent: QWidget, editor: ScaleEditor) -> None:
        super().__init__(parent)
        self.setWindowTitle("Color scale")
        self._editor = editor
        self.choice = QComboBox()
        self.choice.setAccessibleName("Color scale to change")
        self.choice.activated.connect(self._show_fields)
        self.low, self.high = QLineEdit(), QLineEdit()
        for line, name in ((self.low, "Lower limit"), (self.high, "Upper limit")):
            line.setAccessibleName(name)
            line.setMinimumWidth(160)
            line.editingFinished.connect(self._limits_typed)
        self.problem = message_label()
        self.locked = QCheckBox("Keep these limits")
        self.locked.setToolTip("The limits stay while another run, step or newer data are shown.")
        self.locked.clicked.connect(self._lock_clicked)
        self.log = QCheckBox("Logarithmic")
        self.log.clicked.connect(self._style_chosen)
        self.colors = QComboBox()
        self.colors.setAccessibleName("Color map")
        self.colors.setIconSize(STRIP)
        self.colors.activated.connect(self._style_chosen)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        self.reset_button = buttons.addButton("Reset", QDialogButtonBox.ButtonRole.ResetRole)
        self.reset_button.setToolTip("Give all scales of the view their own limits and colors.")
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self._reset)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        self.form = form = QFormLayout()
        form.addRow("Scale", self.choice)
        form.addRow("Upper limit", self.high)
        form.addRow("Lower limit", self.low)
        form.addRow("", self.problem)
        form.addRow("", self.locked)
        form.addRow("", self.log)
        form.addRow("Colors", self.colors)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(buttons)

    @property
    def key(self) -> str:
        """The name of the scale whose fields are shown."""
        return str(self.choice.currentData() or "")

    def show_scales(self, key: str = "") -> None:
        """Show the present scales, with the fields of one of them; by default of the same as before."""
        scales = self._editor.scales()
        if not scales:
            self.reject()
            return
        key = key or self.key
        with QSignalBlocker(self.choice):
            self.choice.clear()
            for name, scale in scales.items():
                self.choice.addItem(scale.label, name)
            self.choice.setCurrentIndex(max(0, self.choice.findData(key)))
        self.form.setRowVisible(self.choice, len(scales) > 1)
        self._show_fields()

    @Slot()
    def _show_fields(self) -> None:
        scale = self._editor.scales()[self.key]
        for line, value in ((self.low, scale.low), (self.high, scale.high)):
            if not (line.hasFocus() and line.isModified()):
                line.setText(f"{value:.6g}")
        self.problem.hide()
        self.locked.setChecked(self._editor.is_locked(self.key))
        self.log.setChecked(scale.is_log)
        self.log.setEnabled(scale.log_low is not None)
        self.log.setToolTip(
            "Colors that are linear in the logarithm, for a quantity that spans decades."
            if scale.log_low is not None
            else "This quantity may be negative, so that it has no logarithm."
        )
        maps = color_maps(scale)
        if list(maps) != [self.colors.itemData(index) for index in range(self.colors.count())]:
            self.colors.clear()
            for name, title in maps.items():
                self.colors.addItem(_strip(name), title, name)
        self.colors.setCurrentIndex(self.colors.findData(scale.name))

    @Slot()
    def _limits_typed(self) -> None:
        if not (self.low.isModified() or self.high.isModified()):
            return
        scale = self._editor.scales()[self.key]
        low, high = _number(self.low.text()), _number(self.high.text())
        if is_diverging(scale):
            low, high = (-high, high) if self.high.isModified() else (low, -low)
        problem = limits_problem(low, high, is_log=scale.is_log)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if not problem:
            for line in (self.low, self.high):
                line.setModified(False)
            self._editor.set_limits(self.key, (low, high))
            self._show_fields()

    @Slot()
    def _lock_clicked(self) -> None:
        self._editor.set_locked(self.key, self.locked.isChecked())

    @Slot()
    def _style_chosen(self) -> None:
        style = replace(
            self._editor.style(self.key),
            color_map=str(self.colors.currentData()),
            is_log=self.log.isChecked(),
        )
        self._editor.set_style(self.key, style)
        self._show_fields()

    @Slot()
    def _reset(self) -> None:
        self._editor.reset()
        self._show_fields()


def limits_problem(low: float, high: float, *, is_log: bool) -> str:
    """Return one sentence on limits that no scale can have; empty if one can."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "Type a number, such as 0.5 or 1e-3."
    if is_log and low <= 0:
        return "The lower limit of a logarithmic scale must be above 0."
    return "" if low < high else "The lower limit must be below the upper one."


def _number(text: str) -> float:
    try:
        return float(text.strip().replace("\u2212", "-"))
    except ValueError:
        return math.nan


def _strip(color_map: str) -> QIcon:
    """Return the colors of a map from left to right."""
    pixels = color_map_of(color_map).getLookupTable(nPts=STRIP.width(), alpha=True)[None]
    image = pg.functions.ndarray_to_qimage(pixels.copy(), pg.QtGui.QImage.Format.Format_RGBA8888)
    return QIcon(QPixmap.fromImage(image).scaled(STRIP, Qt.AspectRatioMode.IgnoreAspectRatio))
