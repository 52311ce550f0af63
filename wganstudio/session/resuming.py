"""Resumption: the training state from which a run continues, and the new number of steps."""

from dataclasses import dataclass

from wganstudio.experiment import Experiment
from wganstudio.session.record import RunRecord
from wganstudio.session.training_states import SavedState
from wganstudio.training.events import TrainingState

TRUTH_KINDS = ("truth", "truth-missing", "flow", "flow-missing")
"""Events of the process that computes the truths, which no interruption of the run makes wrong."""


@dataclass(frozen=True)
class Resumption:
    """An interrupted or finished run that is continued."""

    run: int
    experiment: Experiment
    """As requested, with the new number of steps."""
    saved: SavedState | None
    """None for a run that ended before its first state: it begins again."""
    truths_known: bool
    """All truths were found before."""
    note: str = ""
    """A sentence where the result differs from that of a run that was planned this long."""

    @property
    def event(self) -> int:
        """The last entry of the session that stays."""
        return 0 if self.saved is None else self.saved.event

    @property
    def number(self) -> int:
        """The number of the state."""
        return 0 if self.saved is None else self.saved.number

    @property
    def state(self) -> TrainingState | None:
        """The state to continue from."""
        return None if self.saved is None else self.saved.state


def obstacle(
    record: RunRecord, saved: SavedState | None, has_just_begun: bool, steps: int | None, of_suite: bool
) -> str:
    """Return one sentence that says why a run cannot be resumed with these steps; empty if it can."""
    if not record.experiment.solver.offered:
        return f"Run {record.run} was recorded by another program, which alone can continue it."
    begins_again = record.step == 0 or (has_just_begun and record.ended is None and not of_suite)
    if saved is None and not begins_again:
        again = "resume its suite with `wganstudio suite run --resume`" if of_suite else "start it anew"
        return f"Run {record.run} has no saved training state; {again}."
    if steps is None:
        return ""
    if record.experiment.solver.published_steps == 0:
        return f"{record.experiment.solver.title} takes no steps; leave out --steps."
    least = 0 if saved is None else saved.state.step
    if steps < least:
        return f"Run {record.run} is at step {least:,}; give --steps {least} or more."
    return ""


def resumption(
    record: RunRecord, requested: Experiment, saved: SavedState | None, steps: int | None
) -> Resumption:
    """Return how a run goes on: to the end of its plan, or to `steps`."""
    before, note = record.experiment.steps, ""
    experiment = requested
    if steps is not None and steps != before:
        training = requested.training.model_copy(update={"steps": steps})
        experiment = requested.model_copy(update={"training": training})
        if saved is not None and requested.depends_on_steps(before, steps):
            note = (
                f"Up to step {saved.state.step:,} the run followed the schedule of {before:,} steps: its "
                f"result differs from that of a new run of {steps:,} steps."
            )
        if requested.generator.stage_length(before) is not None:  # the stages stay as long as planned
            experiment = experiment.model_copy(update={"generator": record.experiment.generator})
    truths_known = record.truths_computed and not record.truths_failed
    return Resumption(record.run, experiment, saved, truths_known, note)
