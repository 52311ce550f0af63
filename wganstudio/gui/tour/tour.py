"""Tour: leads through the window in a few steps, which end by Next or by doing what they say."""

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.tour.balloon import Balloon, Highlight
from wganstudio.gui.tour.steps import STEPS, Target
from wganstudio.gui.tour.targets import TourTargets

SEEN = "tour-seen"
FOLLOW_MS = 150
"""The time between two looks at where the target is: docks, tabs and scroll areas move it."""
ADVANCE_MS = 700
"""The delay between the user's act and the next step, in which its effect is seen."""


class Tour(QObject):
    """The guided tour. It blocks nothing: the user may do anything else meanwhile."""

    def __init__(self, targets: TourTargets, window: QWidget) -> None:
        super().__init__(window)
        self._targets = targets
        self._window = window
        self._at: int | None = None
        self._target: Target | None = None
        self._placed: tuple[object, ...] = ()
        self._balloon: Balloon | None = None
        self._highlight: Highlight | None = None
        self._follow = QTimer(self, interval=FOLLOW_MS)
        self._follow.timeout.connect(self._place)
        self._advance = QTimer(self, singleShot=True, interval=ADVANCE_MS)
        self._advance.timeout.connect(self.forward)
        targets.form.preset_loaded.connect(self._preset_chosen)
        targets.run_starter.started.connect(self._run_started)
        for name in ("save", "save-as", "export"):
            targets.actions_[name].triggered.connect(self._saved)

    @property
    def step(self) -> int | None:
        """The index of the step that is shown; None while there is no tour."""
        return self._at

    @property
    def balloon(self) -> Balloon | None:
        """The balloon of the present step."""
        return self._balloon

    @Slot()
    def start(self) -> None:
        """Begin at the first step, in the gallery."""
        self._targets.settings.put(SEEN, True)
        if self._balloon is None:
            self._highlight, self._balloon = Highlight(self._window), Balloon(self._window)
            self._balloon.forward.connect(self.forward)
            self._balloon.back.connect(self.back)
            self._balloon.skipped.connect(self.end)
        self._targets.gallery.open()
        self._show(0)
        self._take_focus()

    @Slot()
    def offer(self) -> None:
        """Begin if the user has never seen the tour."""
        if not self._targets.settings.get(SEEN, False):
            self.start()

    @Slot()
    def forward(self) -> None:
        """Go to the next step; end after the last one."""
        if self._at is None:
            return
        focused = self._has_focus()
        if self._at + 1 == len(STEPS):
            self.end()
            return
        self._show(self._at + 1)
        if focused:
            self._take_focus()

    @Slot()
    def back(self) -> None:
        """Go to the step before."""
        if self._at:
            self._show(self._at - 1)
            self._take_focus()

    @Slot()
    def end(self) -> None:
        """Remove the balloon; the window is as the user left it."""
        self._at = self._target = None
        self._follow.stop()
        self._advance.stop()
        if self._balloon is not None and self._highlight is not None:
            focused = self._has_focus()
            self._balloon.hide()
            self._highlight.hide()
            if focused:
                self._targets.form.presets.setFocus()

    def _show(self, at: int) -> None:
        assert self._balloon is not None
        self._advance.stop()
        self._at, step = at, STEPS[at]
        self._balloon.tell(step.title, step.text, at + 1, len(STEPS))
        self._find()
        self._placed = ()
        self._place()
        self._follow.start()

    def _find(self) -> None:
        """Look for the target of the step, and bring it in sight."""
        self._target = None if self._at is None else STEPS[self._at].target(self._targets)

    @Slot()
    def _place(self) -> None:
        """Move balloon and highlight to where the target is now."""
        if self._balloon is None or self._highlight is None:
            return
        whole, place = self._window.rect(), self._target_place()
        placed = (whole, place, self._balloon.size(), self._at)
        if placed == self._placed:
            return
        self._placed = placed
        if place is None:
            self._highlight.hide()
        else:
            self._highlight.surround(place)
        self._balloon.place_beside(place, whole)

    def _target_place(self) -> QRect | None:
        """Return the visible part of the target in the window; None where it is not in sight."""
        if self._target is None:
            return None
        widget, part = self._target
        if widget.window() is not self._window or not widget.isVisible():
            return None
        place = QRect(widget.mapTo(self._window, QPoint(0, 0)) + part.topLeft(), part.size())
        holder = widget.parentWidget()
        while holder is not None and holder is not self._window:  # scroll areas cut what they hold
            place &= QRect(holder.mapTo(self._window, QPoint(0, 0)), holder.size())
            holder = holder.parentWidget()
        return None if place.isEmpty() else place

    @Slot()
    def _preset_chosen(self) -> None:
        self._done("preset")

    @Slot()
    def _run_started(self) -> None:
        self._done("run")

    @Slot()
    def _saved(self) -> None:
        self._done("save")

    def _done(self, act: str) -> None:
        """Go on if the step waits for this act; a run also ends the choice of a preset."""
        if self._at is None:
            return
        wanted = STEPS[self._at].done_by
        if wanted == "preset" and act == "run":
            self._at += 1
            wanted = STEPS[self._at].done_by
        if wanted == act:
            self._advance.start()

    def _has_focus(self) -> bool:
        now = self._window.focusWidget()
        return self._balloon is not None and now is not None and self._balloon.isAncestorOf(now)

    def _take_focus(self) -> None:
        assert self._balloon is not None
        self._balloon.next_button.setFocus(Qt.FocusReason.OtherFocusReason)
