"""Costs of moving a unit of mass from one point to another, as tables and as pulls."""

import torch
from torch import Tensor

from wganstudio.experiment import GroundCost
from wganstudio.ot.distances import distances

CHUNK = 1 << 22
"""Numbers held at once, of points times points times coordinates."""
_EXACT = "donot_use_mm_for_euclid_dist"


class Cost:
    """c(x, y) of a ground, divided by `scale`: |x - y|^2, |x - y|, |x - y|_p or 1 - cos(x, y).

    Where x = y, and for the cosine where either is 0, its gradient counts as 0.
    """

    def __init__(self, ground: GroundCost, scale: float = 1.0) -> None:
        self.kind, self.scale = ground.cost, scale
        self._p = ground.p if ground.cost == "p-norm" else 2.0

    def sizes(self, points: Tensor) -> Tensor:
        """c(0, y) [n] at points y [n, D], not divided by the scale; 1 for the cosine."""
        if self.kind == "squared":
            return points.square().sum(1)
        if self.kind == "cosine":
            return points.new_ones(len(points))
        return torch.linalg.vector_norm(points, ord=self._p, dim=1)

    def table(self, x: Tensor, y: Tensor) -> Tensor:
        """c(x_i, y_j) [n, m] of points x [n, D] and y [m, D], precise: what a matrix product would lose of
        distances, it does not lose in double precision, in which they are then given."""
        if self.kind == "cosine":
            return (_units(x)[0] @ _units(y)[0].T).neg_().add_(1).clamp_(min=0).div_(self.scale)
        if self._p == 2 and x.shape[1] > 8 and x.device.type != "mps":
            apart = distances(x.double(), y.double())
        else:
            apart = torch.cdist(x, y, p=self._p, compute_mode=_EXACT)
        return (apart.square_() if self.kind == "squared" else apart).div_(self.scale)

    def fast(self, x: Tensor, y: Tensor) -> Tensor:
        """The same [n, m], by way of a matrix product where that is in time what it loses in precision."""
        if self.kind == "distance":
            return distances(x, y).div_(self.scale)
        return self.table(x, y).to(x)

    def pull(self, weights: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """sum_j w_ij grad_x c(x_i, y_j) [n, D] for weights [n, m]."""
        if self.kind == "squared":
            return 2 / self.scale * (weights.sum(1, keepdim=True) * x - weights @ y)
        if self.kind == "cosine":
            (of_x, lengths), (of_y, _) = _units(x), _units(y)
            toward = weights @ of_y
            away = (toward * of_x).sum(1, keepdim=True) * of_x - toward
            return torch.where(lengths > 0, away / lengths, 0.0) / self.scale
        if self._p == 2:
            apart = distances(x, y)
            weights = torch.where(
                apart > 0, weights / apart, 0.0
            )  # no direction leads from a point to itself
            return (weights.sum(1, keepdim=True) * x - weights @ y) / self.scale
        return self._coordinates(weights, x, y) / self.scale

    def _coordinates(self, weights: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """The p-norm's, whose powers of the differences are sums over no product of x and y."""
        size = self.table(x, y).mul_(self.scale)[..., None]
        wide, found = max(1, CHUNK // weights.numel()), []
        for of_x, of_y in zip(x.split(wide, 1), y.split(wide, 1), strict=True):
            away = of_x[:, None] - of_y
            slope = (away.abs() / size).pow(self._p - 1) * away.sign()
            found.append(torch.einsum("ij,ijd->id", weights, torch.where(size > 0, slope, 0.0)))
        return torch.cat(found, dim=1)


def _units(points: Tensor) -> tuple[Tensor, Tensor]:
    """The points [n, D] on the unit sphere, 0 where they are 0, and their lengths [n, 1]."""
    lengths = torch.linalg.vector_norm(points, dim=1, keepdim=True)
    return torch.where(lengths > 0, points / lengths, 0.0), lengths
