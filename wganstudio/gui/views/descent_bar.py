"""DescentBar: a slider over the steps of a walk down the critic, with a button that plays it."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QWidget

from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.plain_text import Label

TICKS = 20
"""Positions of the slider for each step of the walk."""
FRAME_MILLISECONDS = 40


class DescentBar(QWidget):
    """Chooses how many steps of the walk are shown; between two steps the samples are on their way."""

    state_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.play = QToolButton()
        self.play.setAutoRaise(True)
        self.play.clicked.connect(self._toggle)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Steps down the critic")
        self.slider.setToolTip("Choose how far the samples have walked down the critic.")
        self.slider.setPageStep(TICKS)
        self.slider.setTickInterval(TICKS)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setMinimumWidth(60)
        self.slider.valueChanged.connect(self._moved)
        self.text = Label()
        self.text.setMinimumWidth(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.play)
        row.addWidget(self.slider, 1)
        row.addWidget(self.text)
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._advance)
        self._state: float | None = None
        self._show_playing()
        self.set_count(1)

    @property
    def state(self) -> float | None:
        """The number of steps that are shown; None for all of them."""
        return self._state

    def set_state(self, state: float | None) -> None:
        """Show another number of steps, or all of them."""
        self._state = state
        self._show_state()

    def set_count(self, count: int) -> None:
        """Offer a walk of so many steps."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, TICKS * count)
        self._show_state()

    def stop(self) -> None:
        """Stop playing."""
        self._timer.stop()
        self._show_playing()

    @Slot()
    def _toggle(self) -> None:
        if self._timer.isActive():
            self.stop()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._timer.start()
        self._show_playing()

    @Slot()
    def _advance(self) -> None:
        self.slider.setValue(self.slider.value() + 1)
        if self.slider.value() == self.slider.maximum():
            self.stop()

    @Slot(int)
    def _moved(self, value: int) -> None:
        self._state = None if value == self.slider.maximum() else value / TICKS
        self._show_state()
        self.state_changed.emit()

    def _show_state(self) -> None:
        last = self.slider.maximum()
        value = last if self._state is None else min(round(TICKS * self._state), last)
        with QSignalBlocker(self.slider):
            self.slider.setValue(value)
        self.text.setText(f"step {round(value / TICKS, 1):g} of {last // TICKS}")

    def _show_playing(self) -> None:
        playing = self._timer.isActive()
        tip = "Stop the walk" if playing else "Play the walk"
        set_icon(self.play, "pause" if playing else "run")
        self.play.setToolTip(tip)
        self.play.setAccessibleName(tip)
