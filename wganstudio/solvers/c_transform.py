"""Solvers that take the c-transform of the critic over the samples of a batch."""

import torch
from torch import Tensor

from wganstudio.ot.distances import distances
from wganstudio.solvers.adam import AdamSolver


def c_transform(values: Tensor, x: Tensor, y: Tensor, costs: Tensor) -> Tensor:
    r"""Return the c-transform of u over points x, differentiable in u.

    .. math:: u^c(y_j) = \min_i |x_i - y_j| - u(x_i)

    Parameters
    ----------
    values : Tensor
        u(x) [n].
    x, y : Tensor
        Points [n, D] and [m, D].
    costs : Tensor
        Distances [m, n], contiguous and precise enough to choose i; the chosen distance is computed again.

    Returns
    -------
    Tensor
        u^c [m].
    """
    nearest = (costs - values.detach()).argmin(1)
    return torch.linalg.vector_norm(x[nearest] - y, dim=1) - values.gather(0, nearest)


class BatchTransform(AdamSolver):
    """max E_P u + E_Q u^c, u^c(y) = min_x |x - y| - u(x) over the batch's samples x of P.

    References
    ----------
    Mallasto, Montufar & Gerolin, arXiv 1910.03875.
    """

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the dual on one batch of each distribution; u is evaluated on P alone."""
        at_x = self.critic(x)
        return at_x.mean() + c_transform(at_x, x, y, distances(y, x)).mean()


class BidirectionalTransform(AdamSolver):
    """max of L2 where L2 < L1, else of L3 where L3 < L1, else of L1.

    L1 = E_P u - E_Q u is the gap; L2 and L3 are the duals with the batch's c-transform in either direction,
    L2 = E_P u + E_Q min_x (|x - y| - u(x)) and L3 = E_P min_y (|x - y| + u(y)) - E_Q u.

    References
    ----------
    Korotin et al., arXiv 2206.07767 (MM:Bv2).
    """

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the branch that applies to this batch."""
        at_x, at_y = self.values(x, y)
        costs = distances(y, x)
        gap = at_x.mean() - at_y.mean()
        forward = at_x.mean() + c_transform(at_x, x, y, costs).mean()
        if forward < gap:
            return forward
        backward = c_transform(-at_y, y, x, costs.T.contiguous()).mean() - at_y.mean()
        return backward if backward < gap else gap
