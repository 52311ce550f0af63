"""StepView: a view of one step of a run, the newest or the recorded one that is shown."""

from collections.abc import Hashable
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from wganstudio.figures.base import Figure, StepFigure
from wganstudio.figures.request import FigureRequest
from wganstudio.gui.text_roles import set_role
from wganstudio.gui.views.base import SameObject, View
from wganstudio.gui.widgets.plain_text import Label
from wganstudio.session import RunRecord


class StepView(View):
    """A view that follows the shown step, and says which one it draws where that is another one.

    The subclass adds `step_note` to its layout.
    """

    step_topic: ClassVar[str] = "critic"
    """The topic whose recorded steps can be drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step_note = Label()
        set_role(self.step_note, "dim")
        self.step_note.setMinimumWidth(1)
        self.step_note.hide()

    def step_of(self, record: RunRecord) -> int | None:
        """Return the step of a run to draw: the last recorded one up to the shown step; None: the newest."""
        if self.shown_step is None:
            return None
        steps = record.recorded_steps(self.step_topic)
        earlier = [step for step in steps if step <= self.shown_step]
        return earlier[-1] if earlier else steps[0] if steps else None

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the recorded steps of the run."""
        return () if self.record is None else tuple(self.record.recorded_steps(self.step_topic))

    def request(self, record: RunRecord) -> FigureRequest:
        """Return what the figure of a run at the shown step is built from."""
        return replace(super().request(record), step=self.step_of(record))

    def _show(self, figure: Figure) -> None:
        self._update_note(figure)
        super()._show(figure)

    def _update_note(self, figure: Figure) -> None:
        shown, drawn = self.shown_step, figure.step if isinstance(figure, StepFigure) else None
        is_other = None not in (shown, drawn) and shown != drawn
        self.step_note.setText(f"at step {drawn:,}" if is_other else "")
        self.step_note.setToolTip(f"Nothing is recorded here at step {shown:,}." if is_other else "")
        self.step_note.setVisible(is_other)

    @Slot()
    def _settings_changed(self) -> None:
        if self.record is not None:
            self._drawn_key = self._cache_key(self.record)
            self._redraw()

    def _drawn_snapshot(self, record: RunRecord) -> SameObject:
        """Return the snapshot that is drawn, as a part of the cache key."""
        return SameObject(record.snapshot(self.step_topic, self.step_of(record)))

    def _cache_key(self, record: RunRecord) -> Hashable:
        others = tuple(SameObject(record.snapshot(topic)) for topic in ("plane", "flow"))
        return (
            self._drawn_snapshot(record),
            self.shown_step,
            others,
            record.state,
            record.flow_missing,
            record.truth_missing,
        )
