"""Critic descent: samples of P that walk down the critic by W1, and the W1 left over after each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment import Experiment
from wganstudio.figures.base import StepFigure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.critic_descent.left_over import LeftOver
from wganstudio.figures.frames import last_snapshot, plane_grid
from wganstudio.figures.grid import PlaneGrid
from wganstudio.figures.ranges import finite_range, padded
from wganstudio.figures.registry import register_figure
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord
from wganstudio.training.declarations.critic_descent import DescentAttributes

MAX_PATHS = 100
"""Number of samples whose path is drawn, so that each can be followed."""
TAIL = 0.005
"""Share of the points that may be out of sight on either side."""


@register_figure
@dataclass(frozen=True, eq=False)
class CriticDescent(StepFigure):
    """Samples on the plane after some descent steps, and W1 left over (arXiv 2211.00820, Algorithm 1).

    Over a line the vertical axis is the number of descent steps, with samples of Q in a row at the top.
    """

    name: ClassVar[str] = "critic_descent"
    position: ClassVar[int] = 95
    source: ClassVar[str] = "Milne, Bilocq & Nachman, arXiv 2211.00820"

    states: Float
    """Samples before the first of m steps and after each, [m + 1, k, 2]."""
    targets: Float
    """Samples of Q, [t, 2]."""
    state: float
    """The number of steps that are shown; between two numbers the samples are on their way."""
    left: LeftOver
    grid: PlaneGrid
    labels: tuple[str, str]
    rows: tuple[tuple[float, str], ...]
    """Over a line, height and name of each row; else empty."""
    validity: str
    """How far theory covers the step for this solver."""
    summary_lines: tuple[str, ...]
    x_range: Range
    y_range: Range

    @classmethod
    def applies_to(cls, experiment: Experiment, among: Sequence[Experiment] = ()) -> bool:
        """Return True where samples descend the critic."""
        return experiment.evaluation.descent_steps > 0

    @classmethod
    def from_record(
        cls,
        record: RunRecord,
        step: int | None = None,
        among: Sequence[RunRecord] = (),
        *,
        state: float | None = None,
    ) -> Self | None:
        """Build the figure at the last descent up to a step, by default the newest; None without any.

        Parameters
        ----------
        state
            The number of descent steps to show; the last one by default.
        """
        snapshot, grid = last_snapshot(record, "critic-descent", step), plane_grid(record)
        if snapshot is None or grid is None:
            return None
        states, targets = (np.asarray(snapshot.arrays[name], float) for name in ("points", "targets"))
        attributes = snapshot.attributes_as(DescentAttributes)
        last = len(states) - 1
        state = float(last if state is None else min(max(state, 0), last))
        rows: tuple[tuple[float, str], ...] = ()
        if grid.is_line:
            heights = np.broadcast_to(np.arange(last + 1.0)[:, None, None], states.shape)
            states = np.concatenate((states, heights), axis=2)
            targets = np.column_stack((targets, np.full(len(targets), last + 1.0)))
            rows = ((0.0, "P"), *((float(k), str(k)) for k in range(1, last + 1)), (last + 1.0, "Q"))
        left = LeftOver.from_arrays(snapshot.arrays, attributes, record.truths.get("w1"))
        validity = validity_text(record.experiment)
        summary = (left.text(int(state)), validity)
        x_range, y_range = (_window(states[..., k], targets[:, k]) for k in (0, 1))
        return cls(
            step=snapshot.step,
            states=states,
            targets=targets,
            state=state,
            left=left,
            grid=grid,
            labels=(grid.labels[0], "descent steps" if rows else grid.labels[-1]),
            rows=rows,
            validity=validity,
            summary_lines=summary,
            title=f"Descent of samples of P down the critic after {snapshot.step:,} steps",
            caption=_caption(record, states, left, attributes, summary),
            x_range=x_range,
            y_range=(-0.4, last + 1.4) if rows else y_range,
        )

    @property
    def points(self) -> Float:
        """The samples where they are shown, [k, 2]."""
        done = min(int(self.state), len(self.states) - 2)
        share = self.state - done
        return np.asarray((1 - share) * self.states[done] + share * self.states[done + 1])

    @property
    def paths(self) -> Float:
        """The paths of the first samples up to where they are shown [n, 2], a row of NaN after each."""
        parts = [*self.states[: int(np.ceil(self.state))], self.points]
        tracks = np.stack([part[:MAX_PATHS] for part in parts], axis=1)
        broken = np.concatenate((tracks, np.full((len(tracks), 1, 2), np.nan)), axis=1)
        return np.asarray(broken.reshape(-1, 2))

    @property
    def equal_aspect(self) -> bool:
        """True where both axes of the plane have the same scale."""
        return not self.rows

    def pick(self, x: float, y: float, reach: tuple[float, float]) -> int | None:
        """Return the sample nearest to (x, y), if it is within `reach` on both axes."""
        distance = np.linalg.norm((self.points - (x, y)) / reach, axis=1)
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= 1 else None

    def describe(self, number: int) -> str:
        """Return one line of text on a sample."""
        axes = slice(1) if self.rows else slice(2)
        start, end = self.states[0, number, axes], self.points[number, axes]
        place = self.grid.point_text(*end)
        return (
            f"sample {number + 1}:  {place},  {np.linalg.norm(end - start):.3g} from its start on the plane"
        )

    def tables(self) -> dict[str, Table]:
        """Return the W1 left over step by step, and the samples in each state."""
        axes = ("x",) if self.rows else ("x", "y")
        count, samples = self.states.shape[:2]
        points: Table = {
            "sample": np.tile(np.arange(1, samples + 1), count),
            "steps": np.repeat(np.arange(count), samples),
        }
        flat = self.states.reshape(-1, 2)
        points |= {name: self.grid.along(k, flat[:, k]) for k, name in enumerate(axes)}
        targets = {name: self.grid.along(k, self.targets[:, k]) for k, name in enumerate(axes)}
        return {"": self.left.table(), "points": points, "samples-q": targets}


def validity_text(experiment: Experiment) -> str:
    """Return how far theory covers a descent step of the critics of a solver, in one sentence."""
    ground = experiment.solver.ground
    if ground is not None:
        return f"Heuristic: this solver's critic belongs to {ground.description}, not to W₁."
    if experiment.solver.gradient_penalty is not None:
        return (
            "Heuristic: with a gradient penalty the slopes exceed 1 where mass flows. The step is divided by "
            "the mean of |∇u|."
        )
    return (
        "This solver seeks a W₁ potential. From a true one, one step leaves at most the mean of "
        "|W₁ − transport distance|."
    )


def _window(states: Float, targets: Float) -> Range:
    parts = [np.quantile(part, (TAIL, 1 - TAIL)) for part in (*states, targets)]
    return padded(*finite_range(np.concatenate(parts)))


def _caption(
    record: RunRecord,
    states: Float,
    left: LeftOver,
    attributes: DescentAttributes,
    summary: tuple[str, ...],
) -> str:
    return (
        f"{record.name}. {states.shape[1]:,} samples of P, moved down the critic in {len(states) - 1} steps "
        f"(first length: {left.lengths[0]:.4g}, {attributes.first_length}), and samples of Q; the W₁ left "
        f"over by exact transport between {attributes.samples:,} samples, {attributes.draws} draws, with ± 2 "
        f"standard errors, and by the gap of its potential on fresh samples. {' '.join(summary)} "
        f"{settings_text(record)}"
    )
