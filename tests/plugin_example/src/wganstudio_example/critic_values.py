"""The producer of the topic critic-values, which the trainer imports."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from wganstudio.solvers.base import Solver
from wganstudio.training.events import Snapshot
from wganstudio.training.frames import QTracker
from wganstudio.training.probe_samples import ProbeSamples, probe_samples_of_run
from wganstudio.training.producers import NotFinite, RunContext
from wganstudio.training.topics import as_float32

Floats = NDArray[np.float64]
BINS = 60
TAIL = 0.005
"""Share of the values in the first bin, and in the last one: far values must not widen the others."""


class CriticValueSampler:
    """Evaluates the critic at samples of P and Q that no solver trains on."""

    def __init__(self, context: RunContext) -> None:
        self._context, self._q = context, QTracker(context)
        self._samples: ProbeSamples | None = None

    def start(self) -> Iterator[Snapshot]:
        """Yield nothing."""
        return iter(())

    @torch.no_grad()
    def snapshots(
        self, solver: Solver, step: int, *, recorded: bool, last: bool = False
    ) -> Iterator[Snapshot]:
        """Yield the histograms of a step; NotFinite where a recorded value is not finite."""
        if self._q.has_moved() or self._samples is None:
            self._samples = probe_samples_of_run(self._context)
        at_p, at_q = (
            solver.critic(points).double().cpu().numpy() for points in (self._samples.x, self._samples.y)
        )
        if not np.isfinite(at_p.sum() + at_q.sum()):
            if recorded:
                raise NotFinite
            return
        arrays = {name: as_float32(array) for name, array in value_arrays(at_p, at_q).items()}
        yield Snapshot(topic="critic-values", step=step, arrays=arrays, recorded=recorded)


def value_arrays(at_p: Floats, at_q: Floats) -> dict[str, Floats]:
    """Return the arrays of the topic from values [n] on P and [m] on Q."""
    both = np.concatenate((at_p, at_q))
    margin = 1e-3 * max(1e-3, float(abs(both).max()))  # float32 must tell the edges apart
    low, high = np.quantile(both, (TAIL, 1 - TAIL))
    inner = np.linspace(low - margin, high + margin, BINS - 1)
    edges = np.array([both.min() - 2 * margin, *inner, both.max() + 2 * margin])
    shares = {
        name: np.histogram(values, edges)[0] / len(values) for name, values in (("p", at_p), ("q", at_q))
    }
    return {
        "edges": edges,
        **shares,
        "means": np.array([at_p.mean(), at_q.mean()]),
        "auc": np.array(rank_probability(at_p, at_q)),
    }


def rank_probability(at_p: Floats, at_q: Floats) -> tuple[float, float]:
    """Return P(u(x) > u(y)) + P(u(x) = u(y)) / 2 and its standard error.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988): the error from the placements of both samples.
    """
    of_p, of_q = _placements(at_p, at_q), 1 - _placements(at_q, at_p)
    variance = of_p.var(ddof=1) / len(of_p) + of_q.var(ddof=1) / len(of_q)
    return float(of_p.mean()), float(np.sqrt(variance))


def _placements(values: Floats, others: Floats) -> Floats:
    """Return the share of the others below each value; equal ones count half."""
    others = np.sort(others)
    below = np.searchsorted(others, values, "left") + np.searchsorted(others, values, "right")
    return np.asarray(below / (2 * len(others)))
