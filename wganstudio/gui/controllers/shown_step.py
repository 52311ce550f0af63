"""ShownStep: the step of the run that all views show, and how it moves."""

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from wganstudio.gui.widgets.time_bar import FRAMES_A_SECOND, TimeBar, TimeState
from wganstudio.session.record import RunRecord

DELAY_MS = 10
"""Time after which a new step is announced; of several steps meanwhile only the newest is."""


class ShownStep(QObject):
    """The recorded step that the views show, or the newest frame, which follows the run.

    Positions count the recorded frames of the shown runs; the newest frame is the position after the last.
    """

    changed = Signal(object)
    """The step to show; None: the newest."""
    offer_changed = Signal()
    """Emitted when there are frames to choose from, or none any more."""

    def __init__(self, bar: TimeBar) -> None:
        super().__init__()
        self._bar = bar
        self.step: int | None = None
        """The recorded step that is shown; None: the newest frame."""
        self.steps: tuple[int, ...] = ()
        """The recorded steps of the shown runs before their newest one."""
        self.loops = False
        self._records: tuple[RunRecord, ...] = ()
        self._newest: int | None = None
        self._announcing = QTimer(self)
        self._announcing.setSingleShot(True)
        self._announcing.setInterval(DELAY_MS)
        self._announcing.timeout.connect(self._announce)
        self._playing = QTimer(self)
        self._playing.timeout.connect(self._play_frame)
        self.set_speed(1.0)
        bar.position_wanted.connect(self.go_to)
        bar.moved.connect(self.move)
        bar.first_wanted.connect(self.go_to_first)
        bar.last_wanted.connect(self.go_to_last)
        bar.live_wanted.connect(self.go_live)
        bar.play_wanted.connect(self.play_or_pause)
        bar.speed_changed.connect(self.set_speed)
        bar.loop_changed.connect(self._set_loop)

    @property
    def position(self) -> int:
        """The number of the shown frame; that of the newest frame is the number of recorded steps."""
        return len(self.steps) if self.step is None else bisect_left(self.steps, self.step)

    @property
    def over(self) -> bool:
        """True if no shown run will record more frames."""
        return all(record.over for record in self._records)

    @property
    def playing(self) -> bool:
        """True while the frames are played."""
        return self._playing.isActive()

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """Show other runs: at the same step where they are over, and live where one is under way."""
        self.pause()
        self._records = tuple(records)
        step = self.step if self._records and self.over else None
        self._look()
        if step is not None and self.steps and step <= self.steps[-1]:
            step = self._recorded(step)
        else:
            step = None
        if step != self.step:
            self.step = step
            self._announce()
        self._show()

    @Slot()
    def refresh(self) -> None:
        """Offer the frames that the runs have recorded meanwhile."""
        self._look()
        self._show()

    def show_step(self, step: float) -> None:
        """Show the recorded frame that is nearest to a step."""
        places = [*self.steps, *(() if self._newest is None else (self._newest,))]
        if places:
            self.go_to(min(range(len(places)), key=lambda place: abs(places[place] - step)))

    @Slot(int)
    def go_to(self, position: int) -> None:
        """Show a position; from the last one on, the newest frame."""
        position = max(0, position)
        step = self.steps[position] if position < len(self.steps) else None
        if step != self.step:
            self.step = step
            self._announcing.start()
        self._show()

    @Slot(int)
    def move(self, frames: int) -> None:
        """Go some frames forward, or backward where the number is negative; playing stops."""
        self.pause()
        self.go_to(self.position + frames)

    @Slot()
    def go_to_first(self) -> None:
        """Show the first frame."""
        self.pause()
        self.go_to(0)

    @Slot()
    def go_to_last(self) -> None:
        """Show the last recorded frame, which stays while the run goes on."""
        self.pause()
        self.go_to(len(self.steps) - (not self.over))

    @Slot()
    def go_live(self) -> None:
        """Show the newest frame, and follow the run."""
        self.pause()
        self.go_to(len(self.steps))

    @Slot()
    def play_or_pause(self) -> None:
        """Play the frames, from the first one if the newest is shown; or stop playing."""
        if self.playing:
            self.pause()
            return
        if not self.steps:
            return
        if self.step is None:
            self.go_to(0)
        self._playing.start()
        self._show()

    @Slot()
    def pause(self) -> None:
        """Stop playing at the shown frame."""
        self._playing.stop()
        self._show()

    @Slot(float)
    def set_speed(self, speed: float) -> None:
        """Choose how fast the frames are played; 1: FRAMES_A_SECOND."""
        self._playing.setInterval(round(1000 / (speed * FRAMES_A_SECOND)))

    def close(self) -> None:
        """Stop all timers."""
        self._playing.stop()
        self._announcing.stop()

    @Slot(bool)
    def _set_loop(self, loops: bool) -> None:
        self.loops = loops

    @Slot()
    def _play_frame(self) -> None:
        if self._announcing.isActive():  # the views still draw the frame before
            return
        position = self.position + 1
        if position > len(self.steps):
            if not self.loops:
                return self.pause()
            position = 0
        self.go_to(position)
        if position >= len(self.steps) and not self.loops:
            self.pause()

    @Slot()
    def _announce(self) -> None:
        self._announcing.stop()
        self.changed.emit(self.step)

    def _look(self) -> None:
        """Read the recorded steps and the newest one of the shown runs."""
        had_any = bool(self.steps)
        frames = [critic.step for one in self._records if (critic := one.snapshot("critic")) is not None]
        self._newest = max(frames, default=None)
        recorded = {step for record in self._records for step in record.recorded_steps("critic")}
        self.steps = tuple(sorted(recorded - {self._newest}))
        if self.step is not None and self.step not in recorded:
            self.step = self._recorded(self.step)
            self._announcing.start()
        if bool(self.steps) != had_any:
            self.offer_changed.emit()

    def _recorded(self, step: int) -> int | None:
        """Return the last recorded step up to a step, or else the first one; None if there is none."""
        if not self.steps:
            return None
        earlier = [one for one in self.steps if one <= step]
        return earlier[-1] if earlier else self.steps[0]

    def _show(self) -> None:
        self._bar.show_state(
            TimeState(
                positions=len(self.steps),
                position=self.position,
                text=self._text(),
                follows=self.step is None,
                over=self.over,
                playing=self.playing,
            )
        )

    def _text(self) -> str:
        step = self._newest if self.step is None else self.step
        if step is None:
            return ""
        prefix = "live, " if self.step is None and not self.over else ""
        planned = max(record.steps for record in self._records)
        return f"{prefix}step {step:,} of {max(planned, step):,}"
