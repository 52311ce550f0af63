"""Solvers that take the c-transform of the critic over the samples of a batch."""

import torch
from torch import Tensor

from wganstudio.ot.distances import distances
from wganstudio.solvers.adam import AdamSolver


def transform(values: Tensor, x: Tensor, y: Tensor, costs: Tensor) -> Tensor:
    """min_i |x_i - y_j| - u(x_i) [m] for values u(x) [n] and points x [n, D], y [m, D], differentiable in u.

    `costs` [m, n] are the distances, row by row in memory and good enough to choose i; the one chosen is
    measured again.
    """
    nearest = (costs - values.detach()).argmin(1)
    return torch.linalg.vector_norm(x[nearest] - y, dim=1) - values.gather(0, nearest)


class BatchTransform(AdamSolver):
    """max E_P u + E_Q u^c, u^c(y) = min_x |x - y| - u(x) over the batch's samples x of P
    (Mallasto, Montufar & Gerolin, arXiv 1910.00535)."""

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """The dual on one batch of each law; u is asked for on P alone."""
        at_x = self.critic(x)
        return at_x.mean() + transform(at_x, x, y, distances(y, x)).mean()


class BidirectionalTransform(AdamSolver):
    """max of L2 where L2 < L1, else of L3 where L3 < L1, else of L1: the gap L1 = E_P u - E_Q u, and the dual
    with the batch's c-transform in either direction, L2 = E_P u + E_Q min_x (|x - y| - u(x)) and
    L3 = E_P min_y (|x - y| + u(y)) - E_Q u (arXiv 2206.07767, MM:Bv2)."""

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """The branch that holds for this batch."""
        at_x, at_y = self.values(x, y)
        costs = distances(y, x)
        gap = at_x.mean() - at_y.mean()
        forward = at_x.mean() + transform(at_x, x, y, costs).mean()
        if forward < gap:
            return forward
        backward = transform(-at_y, y, x, costs.T.contiguous()).mean() - at_y.mean()
        return backward if backward < gap else gap
