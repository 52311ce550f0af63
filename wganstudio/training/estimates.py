"""Gap and value of a critic from fresh samples, with standard errors."""

import math

import torch

from wganstudio.critics.parts import Parts, finish
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver
from wganstudio.solvers.running_mean import RunningMean

CHUNK = 1 << 11
"""Points at a time: the activations of a small network stay within the processor's cache."""


def estimate(solver: Solver, p: Sampler, q: Sampler, rng: torch.Generator, count: int) -> dict[str, float]:
    """Estimate gap and value on fresh samples.

    gap = E_P u - E_Q u; value = gap - lambda E_sigma penalty. The points of sigma are drawn independently of
    those of the gap, so that the two errors are independent and their squares add.

    Parameters
    ----------
    count : number of samples of each distribution

    Returns
    -------
    gap, gap_se and, with a penalty, penalty, value, value_se; the solver's own estimate where it has one.
    """
    return finish(estimate_in_parts(solver, p, q, rng, count))


@torch.no_grad()
def estimate_in_parts(
    solver: Solver, p: Sampler, q: Sampler, rng: torch.Generator, count: int
) -> Parts[dict[str, float]]:
    """Return what `estimate` returns, part by part."""
    own = solver.cost_in_parts(p, q, count)
    if own is not None:
        return dict((yield from own))
    at_p, at_q, penalties = RunningMean(), RunningMean(), RunningMean()
    for start in range(0, count, CHUNK):
        yield start / count
        size = min(CHUNK, count - start)
        at_p.add(solver.critic(p(size)))
        at_q.add(solver.critic(q(size)))
        if solver.penalty is not None:
            points, weights = solver.sigma.points(p(size), q(size), rng)
            _, gradients = solver.critic.gradient(points)
            penalty = solver.penalty_of(torch.linalg.vector_norm(gradients, dim=1))
            penalties.add(penalty if weights is None else penalty * weights)
    gap, gap_error = at_p.mean - at_q.mean, at_p.squared_error + at_q.squared_error
    numbers = {"gap": gap, "gap_se": math.sqrt(gap_error)}
    if solver.penalty is not None:
        numbers["penalty"] = penalties.mean
        numbers["value"] = gap - solver.penalty * penalties.mean
        numbers["value_se"] = math.sqrt(gap_error + solver.penalty**2 * penalties.squared_error)
    return numbers
