"""RecordedRun: what is recorded of a run, under training or finished, in memory or in a session."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from wganstudio.api.figures import PrintableFigure, printable_figure
from wganstudio.api.html import table_html
from wganstudio.api.tables import DataTable
from wganstudio.api.truths import Truths
from wganstudio.experiment import Experiment
from wganstudio.figures.frames import snapshot_at
from wganstudio.session import RunRecord, State
from wganstudio.training.events import Snapshot
from wganstudio.truths import Truth


class RecordedRun:
    """The settings, curves, truths, estimates and figures of a run.

    Its attributes are read when they are used: those of a run under way grow.
    """

    def __init__(self, record: RunRecord, among: Callable[[], Sequence[RunRecord]]) -> None:
        """`among` returns the runs of the session."""
        self._record = record
        self._among = among

    @property
    def number(self) -> int:
        """The number of the run in its session; unlike its place, it does not change."""
        return self._record.run

    @property
    def name(self) -> str:
        """The name of the run."""
        return self._record.name

    @property
    def state(self) -> State:
        """How far the run is: waiting, running, paused, estimating, ended, stopped, failed or crashed."""
        return self._record.state

    @property
    def step(self) -> int:
        """The newest step."""
        return self._record.step

    @property
    def experiment(self) -> Experiment:
        """The experiment, with every `auto` filled in once the run has started."""
        return self._record.experiment

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of the experiment by name, such as "pair.dim"."""
        groups = self.experiment.settings().items()
        return MappingProxyType(
            {f"{group}.{field}": value for group, fields in groups for field, value in fields.items()}
        )

    @property
    def truths(self) -> Truths:
        """The reference costs by quantity."""
        truths: dict[str, Truth] = {quantity: truth for quantity, truth in self._record.truths.items()}
        return Truths(truths, self._record.truth_missing)

    @property
    def estimates(self) -> Mapping[str, float]:
        """The final estimates by name, such as "gap" and "gap_se"; empty until they are computed."""
        ended = self._record.ended
        return MappingProxyType({} if ended is None else dict(ended.estimates))

    @property
    def gradient(self) -> Mapping[str, float]:
        """The errors of the gradient at the end ("cos", "l2"); empty where the true one is not known."""
        ended = self._record.ended
        return MappingProxyType({} if ended is None else dict(ended.gradient))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Signs that a finished run has not reached its optimum, as far as the truths tell."""
        return self._record.warnings

    def curves(self) -> DataTable:
        """Return the metrics over the steps: a column "step", and one for each metric.

        A metric that was not measured at a step is NaN there.
        """
        record = self._record
        curves = {name: dict(zip(*record.curve(name), strict=True)) for name in record.curve_names}
        steps = sorted({step for values in curves.values() for step in values})
        columns = {
            name: np.array([values.get(step, np.nan) for step in steps]) for name, values in curves.items()
        }
        return DataTable({"step": np.array(steps, dtype=np.int64), **columns})

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of which snapshots are recorded, such as "critic"."""
        return tuple(self._record.recorded_topics)

    def recorded_steps(self, topic: str) -> list[int]:
        """Return the steps at which snapshots of a topic are recorded."""
        return self._record.recorded_steps(topic)

    def snapshot(self, topic: str, step: int | None = None) -> Snapshot:
        """Return the arrays of a topic at a recorded step, by default the newest.

        Parameters
        ----------
        topic : str
            One of `topics`.
        step : int, optional
            One of ``recorded_steps(topic)``.

        Returns
        -------
        Snapshot
            Its `step`, and its `arrays` by name.
        """
        snapshot = snapshot_at(self._record, topic, step)
        if snapshot is None:
            choice = ", ".join(self.topics) or "none"
            raise ValueError(f"{self.name!r} has no {topic!r}; choose from {choice}.")
        return snapshot

    def figure(
        self, name: str, step: int | None = None, *, beside: "Sequence[RecordedRun]" = (), **options: Any
    ) -> PrintableFigure:
        """Return a figure of the run, as the view of that name draws it.

        Parameters
        ----------
        name : str
            The name of a figure, such as "costs", "landscape" or "gradient_norms".
        step : int, optional
            A recorded step, for the figures of one step (default: the newest).
        beside : sequence of runs
            Further runs to draw over this one, for figures with curves.
        **options
            What can be chosen in the view, such as ``show_truth=True`` of the landscape.

        Raises
        ------
        ValueError
            If there is no such figure, step or option, or nothing to show.
        """
        records = [self._record, *(run._record for run in beside)]
        return printable_figure(name, records, step, self._among(), options)

    def __repr__(self) -> str:
        """Return the name, the state and the newest step."""
        return f"<{type(self).__name__} {self.number} {self.name!r}: {self.state} at step {self.step:,}>"

    def _repr_html_(self) -> str:
        """Return the estimates beside the truths for a notebook."""
        rows = [(name, f"{value:.6g}", "", "") for name, value in self.estimates.items()]
        rows += [(name, f"{value:.6g}", "", "") for name, value in self.gradient.items()]
        rows += [
            (f"truth: {t.quantity}", f"{t.value:.6g}", f"[{t.lower:.6g}, {t.upper:.6g}]", t.method)
            for t in self.truths.values()
        ]
        note = "; ".join(filter(None, (repr(self)[1:-1], self.truths.missing, *self.warnings)))
        return table_html(("", "value", "bounds", "method"), rows, note)
