"""CurveBar: the controls of a view of curves: axes, curves to show, and smoothing."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from wganstudio.figures.curve_settings import X_AXES, CurveSettings, XAxis
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.views.curve_menu import CurveMenu, menu_button
from wganstudio.gui.widgets.plain_text import Label

WEIGHTS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995)
"""Weights of the smoothing that the slider offers."""
X_TITLES: dict[XAxis, str] = {"steps": "Steps", "seconds": "Seconds", "samples": "Samples"}


class PlotBar(QWidget):
    """Logarithmic axes, and curves to show, in a row above a plot; `settings` holds what is chosen."""

    changed = Signal()
    """The user has chosen other settings."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = CurveSettings()
        self.axes = menu_button("Axes", "Whether the axes are logarithmic")
        self.log_x = self._log_action("Logarithmic x axis", self._log_x_chosen)
        self.log_y = self._log_action("Logarithmic y axis", self._log_y_chosen)
        self.curves = CurveMenu()
        self.curves.toggled_curve.connect(self.toggle)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        for widget in (self.axes, self.curves):
            self.row.addWidget(widget)

    def show_settings(self, settings: CurveSettings) -> None:
        """Take over settings, and show them, without a signal."""
        self.settings = settings
        for action, is_on in ((self.log_x, settings.log_x), (self.log_y, settings.log_y)):
            action.setChecked(is_on)

    def offer(self, curves: Sequence[tuple[str, str]]) -> None:
        """List curves to show or hide, each with its key and its title."""
        self.curves.offer(curves, self.settings.hidden)

    @Slot(str)
    def toggle(self, key: str) -> None:
        """Hide a curve, or show it again."""
        self._choose(replace(self.settings, hidden=self.settings.hidden ^ {key}))

    def _choose(self, settings: CurveSettings) -> None:
        if settings != self.settings:
            self.show_settings(settings)
            self.changed.emit()

    def _log_action(self, text: str, slot: object) -> QAction:
        action = QAction(text, self, checkable=True)
        action.triggered.connect(slot)
        self.axes.menu().addAction(action)
        return action

    @Slot(bool)
    def _log_x_chosen(self, on: bool) -> None:
        self._choose(replace(self.settings, log_x=on))

    @Slot(bool)
    def _log_y_chosen(self, on: bool) -> None:
        self._choose(replace(self.settings, log_y=on))


class CurveBar(PlotBar):
    """The bar above curves over a run: also what the horizontal axis shows, and smoothing."""

    def __init__(self, settings: CurveSettings) -> None:
        super().__init__()
        self.axes.setToolTip("What the axes show, and whether they are logarithmic")
        self.x_actions = {axis: self._x_action(axis) for axis in X_AXES}
        group = QActionGroup(self)
        for action in self.x_actions.values():
            group.addAction(action)
        self.axes.menu().insertActions(self.log_x, list(self.x_actions.values()))
        self.axes.menu().insertSeparator(self.log_x)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Smoothing")
        self.slider.setRange(0, len(WEIGHTS) - 1)
        self.slider.setPageStep(2)
        self.slider.setMinimumWidth(50)
        self.slider.setMaximumWidth(140)
        self.slider.setToolTip(
            "Smoothing: the weight that a value keeps over one interval between points. The curve as it was "
            "measured stays behind the smoothed one."
        )
        self.slider.valueChanged.connect(self._smoothing_chosen)
        self.weight = Label()
        set_role(self.weight, "dim")
        self.weight.setMinimumWidth(self.weight.fontMetrics().horizontalAdvance("0.995"))
        caption = Label("Smoothing")
        set_role(caption, "dim")
        caption.setMinimumWidth(1)
        for widget in (caption, self.slider, self.weight):
            self.row.addWidget(widget)
        self.row.addStretch(1)
        self.show_settings(settings)

    def show_settings(self, settings: CurveSettings) -> None:
        """Take over settings, and show them, without a signal."""
        super().show_settings(settings)
        self.x_actions[settings.x].setChecked(True)
        self.axes.setText(f"Axes: {settings.x}")
        nearest = min(range(len(WEIGHTS)), key=lambda k: abs(WEIGHTS[k] - settings.smoothing))
        with QSignalBlocker(self.slider):
            self.slider.setValue(nearest)
        self.weight.setText(f"{settings.smoothing:g}" if settings.smoothing else "off")

    def _x_action(self, axis: XAxis) -> QAction:
        action = QAction(f"{X_TITLES[axis]} on the x axis", self, checkable=True)
        action.setData(axis)
        action.triggered.connect(self._x_chosen)
        return action

    @Slot()
    def _x_chosen(self) -> None:
        chosen = next(axis for axis, action in self.x_actions.items() if action.isChecked())
        self._choose(replace(self.settings, x=chosen))

    @Slot(int)
    def _smoothing_chosen(self, place: int) -> None:
        self._choose(replace(self.settings, smoothing=WEIGHTS[place]))
