"""TimeBar: the controls of the step that all views show."""

from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from wganstudio.gui.theme import set_icon
from wganstudio.gui.widgets.plain_text import Label

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0)
FRAMES_A_SECOND = 5
"""Frames a second at speed 1."""
TICKS = 50
"""Most ticks of the slider."""
WIDEST_TEXT = "live, step 999,999 of 999,999"


class TimeState(NamedTuple):
    """The contents of the bar."""

    positions: int = 0
    """Recorded frames before the newest one, which is the position after the last of them."""
    position: int = 0
    text: str = ""
    follows: bool = True
    """The views show the newest frame, now and later."""
    over: bool = True
    """No frame will be added."""
    playing: bool = False


class TimeBar(QWidget):
    """A slider over the recorded frames of the shown runs, with buttons to go, play and follow the run."""

    position_wanted = Signal(int)
    moved = Signal(int)
    """Emitted with the number of frames to go forward."""
    first_wanted = Signal()
    last_wanted = Signal()
    live_wanted = Signal()
    play_wanted = Signal()
    """Emitted to play, and to stop playing."""
    speed_changed = Signal(float)
    loop_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("time-bar")
        self.first = self._button("first", "First frame (Home)", self.first_wanted)
        self.previous = self._button("previous", "Previous frame (Left; ten frames: Shift+Left)")
        self.play = self._button("run", "Play the recorded frames (Space)", self.play_wanted)
        self.next = self._button("next", "Next frame (Right; ten frames: Shift+Right)")
        self.last = self._button("last", "Last recorded frame (End)", self.last_wanted)
        self.previous.clicked.connect(self._go_back)
        self.next.clicked.connect(self._go_forward)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setPageStep(10)
        self.slider.setMinimumWidth(60)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setToolTip("Choose a recorded frame. At the right end, the views follow the run.")
        self.slider.setAccessibleName("Step that the views show")
        self.slider.valueChanged.connect(self.position_wanted)
        self.text = Label()
        self.text.setMinimumWidth(1)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.speed = QComboBox()
        for factor in SPEEDS:
            self.speed.addItem(f"{factor:g}\u00d7", factor)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.setToolTip(f"Speed of playing. 1\u00d7 is {FRAMES_A_SECOND} frames a second.")
        self.speed.setAccessibleName("Speed of playing")
        self.speed.currentIndexChanged.connect(self._speed_chosen)
        self.loop = self._button("loop", "Begin again at the end")
        self.loop.setCheckable(True)
        self.loop.toggled.connect(self.loop_changed)
        self.live = self._button("", "Follow the newest frame (Ctrl+End)", self.live_wanted)
        self.live.setCheckable(True)
        self.live.setAccessibleName("Follow the newest frame")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 2)
        row.setSpacing(2)
        for widget in (self.first, self.previous, self.play, self.next, self.last):
            row.addWidget(widget)
        row.addSpacing(4)
        row.addWidget(self.slider, 3)
        row.addSpacing(4)
        row.addWidget(self.text, 2)
        for control in (self.live, self.speed, self.loop):
            row.addWidget(control)
        self.text.setMaximumWidth(self.text.fontMetrics().horizontalAdvance(WIDEST_TEXT))
        self._state = TimeState()
        self.show_state(self._state)

    def show_state(self, state: TimeState) -> None:
        """Show a state."""
        self._state = state
        if (state.positions, state.position) != (self.slider.maximum(), self.slider.value()):
            with QSignalBlocker(self.slider):
                self.slider.setRange(0, state.positions)
                self.slider.setValue(state.position)
                self.slider.setTickInterval(max(1, -(-state.positions // TICKS)))
            self.slider.update()
        self.text.setText(state.text)
        self.text.setToolTip(state.text)
        is_first, is_last = state.position == 0, state.position == state.positions
        for widget, enabled in (
            (self.slider, state.positions > 0),
            (self.play, state.positions > 0),
            (self.first, not is_first),
            (self.previous, not is_first),
            (self.next, not is_last),
            (self.last, not is_last),
            (self.live, bool(state.text)),
        ):
            widget.setEnabled(enabled)
        self.live.setChecked(state.follows and bool(state.text))
        self.live.setText("Newest" if state.over else "Live")
        icon, tip = ("pause", "Stop playing") if state.playing else ("run", "Play the recorded frames")
        if self.play.property("iconName") != icon:
            set_icon(self.play, icon)
            self.play.setToolTip(f"{tip} (Space)")
            self.play.setAccessibleName(tip)

    def _button(self, icon: str, tip: str, signal: SignalInstance | None = None) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if icon:
            set_icon(button, icon)
        if signal is not None:
            button.clicked.connect(signal)
        return button

    @Slot()
    def _go_back(self) -> None:
        self.moved.emit(-1)

    @Slot()
    def _go_forward(self) -> None:
        self.moved.emit(1)

    @Slot(int)
    def _speed_chosen(self, _: int) -> None:
        self.speed_changed.emit(float(self.speed.currentData()))
