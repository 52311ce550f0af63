"""Descent of samples of P down the critic, at a few steps of a run and at its end."""

from collections.abc import Iterator, Sequence

import torch

from wganstudio.pairs.base import Distribution
from wganstudio.solvers.base import Solver
from wganstudio.training.declarations.critic_descent import BOUNDS, DescentAttributes
from wganstudio.training.events import Snapshot
from wganstudio.training.frames import QTracker
from wganstudio.training.producers import NotFinite, RunContext
from wganstudio.training.topics import as_float32
from wganstudio.truths.closed_forms import closed_form_w1
from wganstudio.truths.critic_descent import ReferenceLevel, descend, reference_level
from wganstudio.truths.line import line_flow
from wganstudio.truths.radial import radial_flow
from wganstudio.truths.samples import SampleDraw, sample_draws

DRAWS = 4
"""Independent draws of the samples: the least whose scatter tells a standard error."""
FRESH = 2
"""Fresh samples for the lower bound, as a multiple of those transported: the critic is evaluated at all."""
SHOWN = 200
"""Samples of either distribution that are shown."""
FIRST_STEP = 1000
"""The first step of a run, beside its last one, after which samples descend its critic."""
LOWER_BOUND = "lower bound from samples"


class CriticDescentProducer:
    """The producer of critic-descent.

    It draws from a random stream of its own and the same samples at every step, so that two descents differ
    by the critic alone, or by Q where a generator moves it.
    """

    def __init__(self, context: RunContext) -> None:
        self._context, self._q = context, QTracker(context)
        self._draws: list[SampleDraw] = []
        self._reference = ReferenceLevel(0.0, 0.0)
        self._first: tuple[float | None, str] = None, ""

    def start(self) -> Iterator[Snapshot]:
        """Yield nothing."""
        return iter(())

    def snapshots(
        self, solver: Solver, step: int, *, recorded: bool, last: bool = False
    ) -> Iterator[Snapshot]:
        """Yield the descent of this step, if one is due: at 1,000, 10,000, ... and at the last step."""
        options = self._context.experiment.evaluation
        if not recorded or not options.descent_steps or not (last or _is_due(step)):
            return
        self._draw(options.descent_samples)
        plane = self._context.plane
        descent = descend(solver.critic, self._draws, self._first[0], options.descent_steps)
        if not all(torch.isfinite(points).all() for points in descent.points):
            raise NotFinite
        shown = [plane.project(points[:SHOWN].numpy()) for points in (*descent.points, self._of_q())]
        columns = {name: [getattr(each, name) for each in descent.bounds] for name in BOUNDS}
        columns |= {name: list(getattr(descent, name)) for name in ("gaps", "mean_norms", "lengths")}
        arrays = {name: as_float32(column) for name, column in columns.items()}
        yield Snapshot(
            topic="critic-descent",
            step=step,
            recorded=True,
            arrays=arrays | {"points": as_float32(shown[:-1]), "targets": as_float32(shown[-1])},
            attributes=DescentAttributes(
                samples=options.descent_samples,
                draws=DRAWS,
                reference=self._reference.mean,
                reference_se=self._reference.standard_error,
                first_length=self._first[1],
            ),
        )

    def _draw(self, samples: int) -> None:
        """Draw the samples at the first descent, and again where Q has moved."""
        if not self._q.has_moved() and self._draws:
            return
        pair, rng = self._context.pair, self._context.rng("critic descent")
        p, q = (pair.sigma.clamped(each) for each in (pair.clean.p, pair.q))
        self._draws = list(sample_draws(p, q, samples, DRAWS, rng, FRESH))
        self._reference = reference_level(self._draws)
        self._first = _first_length(p, q, self._draws, self._context.device)

    def _of_q(self) -> torch.Tensor:
        return torch.cat([points for draw in self._draws for points in (draw.y, draw.fresh_y)])


def _is_due(step: int) -> bool:
    return step >= FIRST_STEP and str(step).rstrip("0") == "1"


def _first_length(
    p: Distribution, q: Distribution, draws: Sequence[SampleDraw], device: torch.device
) -> tuple[float | None, str]:
    """Return W1 where it is known, and its origin in words."""
    closed = closed_form_w1(p, q, line_flow(p, q) or radial_flow(p, q))
    if closed is not None:
        return closed.value, closed.method
    plan = p.known_plan()
    if plan is None or plan.source is not q:
        return None, LOWER_BOUND
    points = torch.cat([part for draw in draws for part in (draw.y, draw.fresh_y)])
    lengths = plan.lengths(points.float().to(device))
    return float(lengths.double().mean()), f"known plan, {len(points):,} samples"
