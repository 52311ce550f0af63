"""Generator gradient at points of Q: as used in training, and by finite differences of the exact cost."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from wganstudio.figures.types import Float
from wganstudio.ot.discrete import OTResult, solve
from wganstudio.ot.semi_discrete import Dual, Index
from wganstudio.session import RunRecord

MAX_SOLVED_ATOMS = 64
"""Number of atoms up to which borders are drawn, psi is solved again, and every live frame is drawn."""
MAX_PARTICLES, MAX_PAIRS = 64, 2000
"""Number of points of Q, and of points times atoms, up to which the true cost is solved."""
ARROWS = 16
"""Number of points of Q at which gradients are evaluated."""
MAX_SAMPLE_PAIRS = 1 << 14
"""Largest number of samples of Q times atoms for which psi is solved again."""
ZERO_EPSILON = 1e-3
"""Epsilon that replaces 0 where the linear program would be too large, as a share of the mean atom cost."""
FD_STEP = 1e-5
"""Step of the finite differences, as a share of the width of the plane."""
NEAR_BORDER = 0.02
"""Distance to a border, as a share of the width, below which the gradient across it is shown."""


class Gradients(NamedTuple):
    """Gradients of the cost at some points of Q, [k, K] each."""

    points: Float
    automatic: Float
    across_border: Float
    """The automatic gradient just across the nearest border, at epsilon = 0; NaN where none is near."""
    true: Float
    """Gradient by finite differences; NaN where the true cost is not solved."""


class DiscreteMeasure(NamedTuple):
    """Points [k, K] of Q and their shares [k] of its mass."""

    points: Float
    shares: Float
    is_complete: bool
    """True where these points are all of Q, not a sample."""


def epsilon_choices(dual: Dual) -> list[float]:
    """Return 0, ten values per decade around the mean cost of the atoms, and epsilon of the dual."""
    decade = np.floor(np.log10(dual.spread or 1.0))
    choices = [float(f"{10 ** (decade + k / 10):.2g}") for k in range(-30, 11)]
    return sorted({0.0, *choices, dual.epsilon})


def resolve_dual(dual: Dual, q: DiscreteMeasure, epsilon: float) -> tuple[Dual, float]:
    """Solve psi for Q at another epsilon.

    Parameters
    ----------
    dual
        Atoms, weights and ground cost.
    q
        The points of Q.
    epsilon
        Entropic regularization; 0 for exact transport.

    Returns
    -------
    dual, error
        The dual with the optimal psi, and its marginal error |nu - E p|_1.

    Raises
    ------
    ValueError
        If there are more than MAX_SOLVED_ATOMS atoms.
    """
    if len(dual.psi) > MAX_SOLVED_ATOMS:
        raise ValueError(
            f"ψ is solved again for up to {MAX_SOLVED_ATOMS} atoms; this run has {len(dual.psi):,}"
        )
    if q.is_complete:
        solution = _solve(dual, q, epsilon)
    else:
        solution = _solve(dual, q, epsilon or ZERO_EPSILON * dual.spread)
    psi = solution.psi - dual.weights @ solution.psi
    solved = replace(dual, psi=psi, epsilon=epsilon)
    marginal = solution.plan.sum(0) if q.is_complete else q.shares @ solved.shares(q.points)
    return solved, float(np.abs(dual.weights - marginal).sum())


def _solve(dual: Dual, q: DiscreteMeasure, epsilon: float, near: OTResult | None = None) -> OTResult:
    return solve(dual.costs(q.points), q.shares, dual.weights, epsilon, near)


def true_gradient(dual: Dual, q: DiscreteMeasure, indices: Index, step: float) -> Float:
    """Return the gradient of the transport cost from Q to the atoms at some points of Q, [k, K].

    Central finite differences of the exact or regularized cost, solved at each shifted point and divided by
    the share of the point, so that the gradient is per unit of mass.
    """
    here = _solve(dual, q, dual.epsilon)
    slopes = np.empty((len(indices), q.points.shape[1]))
    for row, index in enumerate(indices):
        for axis in range(q.points.shape[1]):
            ends = []
            for side in (step, -step):
                points = q.points.copy()
                points[index, axis] += side
                ends.append(_solve(dual, q._replace(points=points), dual.epsilon, here).value)
            slopes[row, axis] = (ends[0] - ends[1]) / (2 * step * q.shares[index])
    return slopes


def discrete_measure(record: RunRecord, samples: Float, atoms: int) -> DiscreteMeasure:
    """Return Q by its samples: all of its points where they are few, else some of them."""
    points, counts = np.unique(samples, axis=0, return_counts=True)
    if len(points) <= MAX_PARTICLES and len(points) * atoms <= MAX_PAIRS:
        # A generator of as many particles has equal weights; else the shares are relative frequencies.
        equal = getattr(record.experiment.generator, "num_particles", None) == len(points)
        shares = np.full(len(points), 1 / len(points)) if equal else counts / len(samples)
        return DiscreteMeasure(points, shares, True)
    some = samples[: max(ARROWS, MAX_SAMPLE_PAIRS // atoms)]
    return DiscreteMeasure(some, np.full(len(some), 1 / len(some)), False)


def gradients_at(dual: Dual, q: DiscreteMeasure, width: float) -> Gradients:
    """Return the gradients at the first points of Q, on a plane of this width."""
    points = q.points[:ARROWS]
    across_border, true = np.full_like(points, np.nan), np.full_like(points, np.nan)
    if dual.epsilon == 0 and len(dual.psi) > 1:
        close = dual.locate(points).border_distance < NEAR_BORDER * width
        across_border[close] = dual.neighbor_gradient(points[close])
    if q.is_complete:
        true = true_gradient(dual, q, np.arange(len(points)), FD_STEP * width)
    return Gradients(points, dual.gradient(points), across_border, true)
