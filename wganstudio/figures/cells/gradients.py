"""The pull of the atoms on points of Q: the gradient that training takes, and that of the true cost."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from wganstudio.figures.plane import Float
from wganstudio.ot.discrete import OTResult, solve
from wganstudio.ot.semi_discrete import Dual, Index
from wganstudio.session import RunRecord

FEW = 64
"""Atoms up to which borders are drawn, psi is solved anew, and every live picture is drawn."""
PARTICLES, PRODUCT = 64, 2000
"""Positions of Q, and positions times atoms, up to which the true cost is solved for."""
ARROWS = 16
SOLVED = 1 << 14
"""Samples of Q times atoms, at most, from which psi is solved anew."""
LEAST = 1e-3
"""Of the atoms' mean cost: eps that stands for 0 where the linear program would be too large."""
NUDGE = 1e-5
"""Of the picture's width: the step of the finite differences."""
NEAR = 0.02
"""Of the picture's width: so near a border the gradient of the other side is told too."""


class Gradients(NamedTuple):
    """At some points of Q, [k, K] each."""

    at: Float
    automatic: Float
    beyond: Float
    """What the automatic one would be just across the nearest border, at eps = 0; NaN where none is near."""
    true: Float
    """By finite differences; NaN where the true cost is not solved for."""


class DiscreteMeasure(NamedTuple):
    """Q: points [k, K] and their shares [k] of its mass."""

    points: Float
    shares: Float
    handful: bool
    """Whether these few are all that there is of it."""


def entropies(dual: Dual) -> list[float]:
    """0, ten a decade from about a thousandth to ten times the atoms' mean cost, and the dual's own."""
    decade = np.floor(np.log10(dual.spread or 1.0))
    offered = [float(f"{10 ** (decade + k / 10):.2g}") for k in range(-30, 11)]
    return sorted({0.0, *offered, dual.epsilon})


def anew(dual: Dual, q: DiscreteMeasure, epsilon: float) -> tuple[Dual, float]:
    """The dual whose psi is the best one for Q at another eps, and |nu - E p|_1, what is left of its slope.

    ValueError where there are more than FEW atoms.
    """
    if len(dual.psi) > FEW:
        raise ValueError(f"ψ is solved anew for up to {FEW} atoms; this run has {len(dual.psi):,}")
    if q.handful:
        found = _solved(dual, q, epsilon)
    else:
        found = _solved(dual, q, epsilon or LEAST * dual.spread)
    psi = found.psi - dual.weights @ found.psi
    solved = replace(dual, psi=psi, epsilon=epsilon)
    left = found.plan.sum(0) if q.handful else q.shares @ solved.shares(q.points)
    return solved, float(np.abs(dual.weights - left).sum())


def _solved(dual: Dual, q: DiscreteMeasure, epsilon: float, near: OTResult | None = None) -> OTResult:
    return solve(dual.costs(q.points), q.shares, dual.weights, epsilon, near)


def true_gradient(dual: Dual, q: DiscreteMeasure, at: Index, step: float) -> Float:
    """Of the cost of transport from Q to the atoms, in the places of some of its points, [k, K].

    By central finite differences of the exact or regularized cost, solved for anew at each place, and divided
    by the point's share of the mass, so that it is that of a unit of mass.
    """
    here = _solved(dual, q, dual.epsilon)
    slopes = np.empty((len(at), q.points.shape[1]))
    for row, index in enumerate(at):
        for axis in range(q.points.shape[1]):
            ends = []
            for side in (step, -step):
                points = q.points.copy()
                points[index, axis] += side
                ends.append(_solved(dual, q._replace(points=points), dual.epsilon, here).value)
            slopes[row, axis] = (ends[0] - ends[1]) / (2 * step * q.shares[index])
    return slopes


def mass_of(record: RunRecord, samples: Float, atoms: int) -> DiscreteMeasure:
    """Q by its samples: the whole of it where it is a handful, else some of them."""
    points, counts = np.unique(samples, axis=0, return_counts=True)
    if len(points) <= PARTICLES and len(points) * atoms <= PRODUCT:
        # A generator of so many points of equal weight has just these; else their shares are as they came.
        alike = getattr(record.experiment.generator, "count", None) == len(points)
        shares = np.full(len(points), 1 / len(points)) if alike else counts / len(samples)
        return DiscreteMeasure(points, shares, True)
    some = samples[: max(ARROWS, SOLVED // atoms)]
    return DiscreteMeasure(some, np.full(len(some), 1 / len(some)), False)


def gradients(dual: Dual, q: DiscreteMeasure, width: float) -> Gradients:
    """Those at the first points of Q, on a picture of this width."""
    at = q.points[:ARROWS]
    beyond, true = np.full_like(at, np.nan), np.full_like(at, np.nan)
    if dual.epsilon == 0 and len(dual.psi) > 1:
        close = dual.locate(at).border_distance < NEAR * width
        beyond[close] = dual.neighbor_gradient(at[close])
    if q.handful:
        true = true_gradient(dual, q, np.arange(len(at)), NUDGE * width)
    return Gradients(at, dual.gradient(at), beyond, true)
