"""The error of a trained critic's momentum against the true flow."""

import math

import torch

from wganstudio.pairs.base import Pair
from wganstudio.solvers.base import Solver
from wganstudio.truths.field import compare_momentum, optimal_field

CHUNK = 1 << 11
CELLS = 128


@torch.no_grad()
def flow_error(pair: Pair, solver: Solver, device: torch.device) -> dict[str, float]:
    """Compare the critic's momentum with the true one.

    The critic's momentum is that of the one-sided penalty: -2 lambda sigma (|grad u| - 1)_+ grad u / |grad u|
    (arXiv 2109.00528, Theorem 1).

    Returns
    -------
    l2, angle and weighted_l2 (`truths.field.FlowError`); empty without a penalty or a known flow.
    """
    if solver.penalty is None or solver.penalty <= 0:
        return {}
    truth = optimal_field(pair, solver.penalty, tolerance=2e-3, cells=CELLS)
    if truth is None:
        return {}
    points, weights = truth.grid()
    parts = torch.as_tensor(points, dtype=torch.float32, device=device).split(CHUNK)
    gradients = torch.cat([solver.critic.gradient(part)[1] for part in parts]).cpu().double().numpy()
    errors = compare_momentum(truth, gradients, points, weights)._asdict()
    return {name: number for name, number in errors.items() if math.isfinite(number)}
