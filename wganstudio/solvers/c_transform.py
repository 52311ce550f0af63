"""Solvers that take the c-transform of the critic over the samples of a batch."""

import torch
from torch import Tensor

from wganstudio.ot.distances import distances
from wganstudio.solvers.value_objective import ValueObjective


class BatchTransform(ValueObjective):
    """max E_P u + E_Q u^c, u^c(y) = min_x |x - y| - u(x) over the batch's samples x of P.

    References
    ----------
    Mallasto, Montufar & Gerolin, arXiv 1910.03875.
    """

    def value_points(self, x: Tensor, y: Tensor) -> Tensor:
        """Return x: u is evaluated on P alone."""
        return x

    def weigh(self, values: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return the weights of u(x) in the dual, and the mean distance to the nearest x."""
        taken, length = c_transform(values, x, y, distances(y, x))
        return 1 / len(x) - taken, length


class BidirectionalTransform(ValueObjective):
    """max of L2 where L2 < L1, else of L3 where L3 < L1, else of L1.

    L1 = E_P u - E_Q u is the gap; L2 and L3 are the duals with the batch's c-transform in either direction,
    L2 = E_P u + E_Q min_x (|x - y| - u(x)) and L3 = E_P min_y (|x - y| + u(y)) - E_Q u.

    References
    ----------
    Korotin et al., arXiv 2206.07767 (MM:Bv2).
    """

    def weigh(self, values: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return the weights of u(x) and u(y) in the branch that applies to this batch."""
        gap, _ = super().weigh(values, x, y)
        at_x, at_y = values.split((len(x), len(y)))
        costs = distances(y, x)
        level = torch.dot(values, gap)
        taken, length = c_transform(at_x, x, y, costs)
        forward = torch.cat((gap[: len(x)] - taken, torch.zeros_like(at_y)))
        if torch.dot(values, forward) + length < level:
            return forward, length
        taken, length = c_transform(-at_y, y, x, costs.T.contiguous())
        backward = torch.cat((torch.zeros_like(at_x), gap[len(x) :] + taken))
        if torch.dot(values, backward) + length < level:
            return backward, length
        return gap, None


def c_transform(values: Tensor, x: Tensor, y: Tensor, costs: Tensor) -> tuple[Tensor, Tensor]:
    r"""Return the mean over y of the c-transform of u over points x, as weights of u(x) and a mean distance.

    .. math:: \frac{1}{m} \sum_j u^c(y_j) = c - \sum_i w_i u(x_i)

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
    Tensor, Tensor
        w [n] and c.
    """
    nearest = (costs - values).argmin(1)
    weights = nearest.bincount(minlength=len(x)).to(values.dtype) / len(y)
    return weights, torch.linalg.vector_norm(x[nearest] - y, dim=1).mean()
