"""Ground costs: the cost of moving a unit of mass from one point to another, and its gradient."""

from wganstudio.experiment import GroundCost
from wganstudio.ot.backend import Array, array_namespace, maximum_in_place, pairwise_norms
from wganstudio.ot.distances import FEW_DIMENSIONS, distances, divide_or_zero

CHUNK = 1 << 22
"""Largest number of entries of one table of points times points times coordinates."""


class CostFunction:
    r"""The cost c(x, y) of a ground cost, divided by `scale`.

    c is one of

    .. math:: |x - y|^2, \quad |x - y|, \quad |x - y|_p, \quad 1 - \cos(x, y).

    Where x = y, and for the cosine where either is 0, the gradient counts as 0.

    Parameters
    ----------
    ground : GroundCost
        The kind of cost; its regularization does not matter here.
    scale : float
        The divisor of the cost.
    """

    def __init__(self, ground: GroundCost, scale: float = 1.0) -> None:
        self.kind, self.scale = ground.cost, scale
        self._p = ground.p if ground.cost == "p-norm" else 2.0

    def costs_from_origin(self, points: Array) -> Array:
        """Return c(0, y) [n] at points y [n, D], not divided by the scale; 1 for the cosine."""
        xp = array_namespace(points)
        if self.kind == "squared":
            return xp.sum(xp.square(points), axis=1)
        if self.kind == "cosine":
            return xp.ones_like(points[:, 0])
        return xp.linalg.vector_norm(points, axis=1, ord=self._p)

    def pairwise(self, x: Array, y: Array) -> Array:
        """Return c(x_i, y_j) [n, m] for points x [n, D] and y [m, D], in full precision.

        Torch tensors of more than 8 dimensions give a table in double precision, where a matrix product loses
        nothing that matters.
        """
        if self.kind == "cosine":
            table = _normalize(x)[0] @ _normalize(y)[0].T
            table *= -1
            table += 1
            table = maximum_in_place(table, 0)
            table /= self.scale
            return table
        if self._p == 2 and x.shape[1] > FEW_DIMENSIONS and _has_double(x):
            xp = array_namespace(x, y)
            table = distances(xp.astype(x, xp.float64), xp.astype(y, xp.float64))
        else:
            table = pairwise_norms(x, y, self._p)
        if self.kind == "squared":
            table *= table
        table /= self.scale
        return table

    def pairwise_fast(self, x: Array, y: Array) -> Array:
        """Return c(x_i, y_j) [n, m] by a matrix product where that gains more time than precision is lost."""
        if self.kind == "distance":
            table = distances(x, y)
            table /= self.scale
            return table
        xp = array_namespace(x, y)
        return xp.astype(self.pairwise(x, y), x.dtype, copy=False)

    def weighted_gradient(self, weights: Array, x: Array, y: Array) -> Array:
        r"""Return :math:`\sum_j w_{ij} \nabla_x c(x_i, y_j)`.

        Parameters
        ----------
        weights : array
            Weights [n, m].
        x, y : array
            Points [n, D] and [m, D].

        Returns
        -------
        array
            Gradients [n, D].
        """
        xp = array_namespace(weights, x, y)
        if self.kind == "squared":
            return 2 / self.scale * (xp.sum(weights, axis=1, keepdims=True) * x - weights @ y)
        if self.kind == "cosine":
            (unit_x, lengths), (unit_y, _) = _normalize(x), _normalize(y)
            mean = weights @ unit_y
            tangent = xp.sum(mean * unit_x, axis=1, keepdims=True) * unit_x - mean
            return divide_or_zero(tangent, lengths) / self.scale
        if self._p == 2:
            weights = divide_or_zero(weights, distances(x, y))  # where x = y there is no direction
            return (xp.sum(weights, axis=1, keepdims=True) * x - weights @ y) / self.scale
        return self._p_norm_gradient(weights, x, y) / self.scale

    def _p_norm_gradient(self, weights: Array, x: Array, y: Array) -> Array:
        """Return the gradient for the p-norm, whose powers of differences are no product of x and y."""
        xp = array_namespace(weights, x, y)
        norms = (self.pairwise(x, y) * self.scale)[..., None]
        width = max(1, CHUNK // (weights.shape[0] * weights.shape[1]))
        parts = []
        for k in range(0, x.shape[1], width):
            difference = x[:, None, k : k + width] - y[:, k : k + width]
            ratio = divide_or_zero(xp.abs(difference), norms)
            slope = ratio ** (self._p - 1) * xp.sign(difference)
            parts.append(xp.einsum("ij,ijd->id", weights, slope))
        return xp.concat(parts, axis=1)


def _normalize(points: Array) -> tuple[Array, Array]:
    """Return the points [n, D] on the unit sphere, 0 where they are 0, and their lengths [n, 1]."""
    xp = array_namespace(points)
    lengths = xp.linalg.vector_norm(points, axis=1, keepdims=True)
    return divide_or_zero(points, lengths), lengths


def _has_double(points: Array) -> bool:
    return getattr(getattr(points, "device", None), "type", "cpu") != "mps"
