"""The c-transform over atoms, exact or smoothed by entropy: the critic of semi-discrete transport."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.distances import distances, unit
from wganstudio.experiment import Ground

CHUNK = 1 << 24
"""Numbers held at once, of points times atoms: 64 MiB of float32."""


class SmoothedTransform(Critic):
    """u = -psi^{c,eps}: high where the atoms y_j are (arXiv 2102.05542, Section 2).

    psi^{c,eps}(x) = -eps log sum_j nu_j exp((psi_j - c(x, y_j)) / eps), and min_j c(x, y_j) - psi_j for
    eps = 0, where c and eps are those of the ground. `atoms` are y [n, D], `weights` nu [n], of sum 1. `psi`
    [n], which the solver moves, counts up to a constant. `scale`, where given, divides c instead of its mean.
    """

    psi: Tensor
    atoms: Tensor
    weights: Tensor
    _squares: Tensor
    _logs: Tensor

    def __init__(self, atoms: Tensor, weights: Tensor, ground: Ground, scale: float | None = None) -> None:
        super().__init__()
        self.dim = atoms.shape[1]
        self.epsilon, self.cost = ground.epsilon, ground.cost
        squares = atoms.square().sum(1)
        self.size = float((squares if ground.cost == "squared" else squares.sqrt()) @ weights)
        """Mean cost of the atoms at x = 0, not normalised."""
        self.scale = scale or (self.size if ground.normalised and self.size > 0 else 1.0)
        """What the cost is divided by."""
        self.register_buffer("psi", atoms.new_zeros(len(atoms)))
        for name, known in (
            ("atoms", atoms), ("weights", weights), ("_squares", squares), ("_logs", weights.log()),
        ):  # fmt: skip
            self.register_buffer(name, known, persistent=False)

    def forward(self, points: Tensor) -> Tensor:
        """u [n] at points [n, D]."""
        return self.marginal(points)[0]

    @torch.no_grad()
    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """u [n] and grad u [n, D] = -sum_j p_j(x) grad_x c(x, y_j), from the weights alone.

        For eps = 0 all weight is on the atom whose Laguerre cell holds x; on a boundary, where u has no
        gradient, on one of those that meet there.
        """
        values, gradients = zip(*(self._sloped(part) for part in self._parts(points)), strict=True)
        return torch.cat(values), torch.cat(gradients)

    @torch.no_grad()
    def marginal(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """u [n] at points [n, D], and E p_j [atoms], what share of their mass each atom takes."""
        shares = torch.zeros_like(self.psi)
        values = []
        for part in self._parts(points):
            if self.epsilon == 0:
                value, nearest = self._nearest(part)
                shares += torch.bincount(nearest, minlength=len(shares))
            else:
                value, weights = self._weighted(part)
                shares += weights.sum(0)
            values.append(value)
        return torch.cat(values), shares / len(points)

    @torch.no_grad()
    def plan(self, points: Tensor) -> Tensor:
        """p_j(x) [n, atoms]: how the mass at each of the points [n, D] is shared among the atoms."""
        if self.epsilon == 0:
            return torch.nn.functional.one_hot(self._nearest(points)[1], len(self.psi)).to(points)
        return self._weighted(points)[1]

    def costs(self, points: Tensor) -> Tensor:
        """c(x_i, y_j) [n, atoms] at points [n, D], without the loss of precision of a matrix product."""
        apart = torch.cdist(points, self.atoms, compute_mode="donot_use_mm_for_euclid_dist")
        return (apart.square_() if self.cost == "squared" else apart).div_(self.scale)

    def _parts(self, points: Tensor) -> tuple[Tensor, ...]:
        return points.split(max(1, CHUNK // len(self.atoms)))

    def _nearest(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """u [n], and the atom that decides at each point."""
        heights, off = self._heights(points)
        top, nearest = heights.max(1)
        return top - off, nearest

    def _weighted(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """u [n], and the weights p_j [n, atoms]."""
        heights, off = self._heights(points)
        heights.div_(self.epsilon).add_(self._logs)
        top = heights.amax(1, keepdim=True)
        weights = heights.sub_(top).exp_()
        sums = weights.sum(1, keepdim=True)
        u = self.epsilon * (sums.log() + top).squeeze(1) - off
        return u, weights.div_(sums)

    def _heights(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """psi_j - c(x_i, y_j) [n, atoms], plus what depends on i alone and comes apart, [n].

        With the squared cost that is one matrix product.
        """
        if self.cost == "squared":
            level = self.psi - self._squares / self.scale
            heights = (points * (2 / self.scale)) @ self.atoms.T
            return heights.add_(level), points.square().sum(1) / self.scale
        heights = distances(points, self.atoms).div_(-self.scale).add_(self.psi)
        return heights, points.new_zeros(len(points))

    def _sloped(self, points: Tensor) -> tuple[Tensor, Tensor]:
        if self.epsilon == 0:
            value, nearest = self._nearest(points)
            towards = self.atoms[nearest] - points
            return value, (2 * towards if self.cost == "squared" else unit(towards)) / self.scale
        value, weights = self._weighted(points)
        if self.cost == "squared":
            return value, 2 / self.scale * (weights @ self.atoms - points)
        apart = distances(points, self.atoms)
        weights = torch.where(apart > 0, weights / apart, 0.0)  # no direction leads from a point to itself
        return value, (weights @ self.atoms - weights.sum(1, keepdim=True) * points) / self.scale
