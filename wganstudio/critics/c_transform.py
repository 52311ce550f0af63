"""The c-transform over atoms, exact or smoothed: the critic of transport to them."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic
from wganstudio.experiment import GroundCost
from wganstudio.ot.costs import Cost
from wganstudio.ot.regularizers import CTransform, regularizer_of

CHUNK = 1 << 24
"""Numbers held at once, of points times atoms: 64 MiB of float32."""


FITTED = 1 << 12
"""Atoms whose features are taken at once."""


class RegularizedCTransform(Critic):
    """u = -psi^{c,eps}: high where the atoms y_j are (arXiv 2102.05542, Section 2; 1802.08249).

    psi^{c,eps}(x) = -eps log sum_j nu_j exp((psi_j - c(x, y_j)) / eps) for the entropy,
    sup over phi of phi - sum_j nu_j (phi + psi_j - c(x, y_j))_+^2 / (4 eps) for the squared density, and
    min_j c(x, y_j) - psi_j for eps = 0, where c and eps are those of the ground. `atoms` are y [n, D],
    `weights` nu [n], of sum 1. `psi` [n], which the solver moves, counts up to a constant. `scale`, where
    given, divides c instead of its mean. `features` are those that the ground names, already fitted. Atoms
    that are `moving` are kept with psi.
    """

    psi: Tensor
    atoms: Tensor
    weights: Tensor
    _marks: Tensor
    _sizes: Tensor

    def __init__(
        self,
        atoms: Tensor,
        weights: Tensor,
        ground: GroundCost,
        scale: float | None = None,
        features: nn.Module | None = None,
        *,
        moving: bool = False,
    ) -> None:
        super().__init__()
        self.dim, self.ground, self.epsilon = atoms.shape[1], ground, ground.epsilon
        self.features = features
        self.cost = Cost(ground)
        self._smoothing = regularizer_of(ground) if ground.epsilon > 0 else None
        self.register_buffer("psi", atoms.new_zeros(len(atoms)))
        self.register_buffer("atoms", atoms, persistent=moving)
        self.register_buffer("weights", weights, persistent=False)
        for name in ("_marks", "_sizes"):
            self.register_buffer(name, atoms, persistent=False)
        self.place(atoms)
        self.size = float(self._sizes @ weights)
        """Mean cost of the atoms at x = 0, not normalized."""
        self.cost.scale = scale or (self.size if ground.normalized and self.size > 0 else 1.0)

    @property
    def scale(self) -> float:
        """What the cost is divided by."""
        return self.cost.scale

    @torch.no_grad()
    def place(self, atoms: Tensor) -> None:
        """Put the atoms at [n, D], or the features anew at the atoms; psi and the weights stay."""
        self.atoms = atoms
        self._marks = (
            atoms if self.features is None else torch.cat([self.seen(a) for a in atoms.split(FITTED)])
        )
        self._sizes = self.cost.sizes(self._marks)

    def seen(self, points: Tensor) -> Tensor:
        """What the cost sees of points [n, D]: their features [n, F], or themselves."""
        return points if self.features is None else self.features(points.float()).to(points.dtype)

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
            seen = self.seen(part)
            if self._smoothing is None:
                value, nearest = self._nearest(seen)
                shares += torch.bincount(nearest, minlength=len(shares))
            else:
                value, weighed = self._weighted(seen)
                shares += weighed.shares.sum(0)
            values.append(value)
        return torch.cat(values), shares / len(points)

    @torch.no_grad()
    def plan(self, points: Tensor) -> Tensor:
        """p_j(x) [n, atoms]: how the mass at each of the points [n, D] is shared among the atoms."""
        seen = self.seen(points)
        if self._smoothing is None:
            return nn.functional.one_hot(self._nearest(seen)[1], len(self.psi)).to(points)
        return self._weighted(seen)[1].shares

    @torch.no_grad()
    def costs(self, points: Tensor, others: Tensor | None = None) -> Tensor:
        """c(x_i, y_j) [n, m] at points [n, D] toward the atoms, or others [m, D], as `Cost.table`."""
        return self.cost.table(self.seen(points), self._marks if others is None else self.seen(others))

    def pulled(self, shares: Tensor, points: Tensor, others: Tensor | None = None) -> Tensor:
        """sum_j p_ij grad_x c(x_i, y_j) [n, D] for shares [n, m] of the mass at points [n, D] that go to the
        atoms, or to others [m, D]."""
        marks = self._marks if others is None else self.seen(others)
        return self._through(points, lambda seen: self.cost.pull(shares, seen, marks))

    def _through(self, points: Tensor, slope: Callable[[Tensor], Tensor]) -> Tensor:
        """The gradient [n, D] in the points, from that [n, F] in what is seen of them."""
        if self.features is None:
            return slope(points)
        with torch.enable_grad():
            points = points.detach().requires_grad_(True)
            seen = self.seen(points)
        (found,) = torch.autograd.grad(seen, points, slope(seen.detach()))
        return found

    def _parts(self, points: Tensor) -> tuple[Tensor, ...]:
        return points.split(max(1, CHUNK // len(self.atoms)))

    def _nearest(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """u [n], and the atom that decides at each point."""
        heights, off = self._heights(seen)
        top, nearest = heights.max(1)
        return top - off, nearest

    def _weighted(self, seen: Tensor) -> tuple[Tensor, CTransform]:
        """u [n], and the weights p_j [n, atoms]."""
        assert self._smoothing is not None
        heights, off = self._heights(seen)
        weighed = self._smoothing.weigh(heights, self.weights)
        return -weighed.value - off, weighed

    def _heights(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """psi_j - c(x_i, y_j) [n, atoms], plus what depends on i alone and comes apart, [n].

        With the squared cost that is one matrix product.
        """
        if self.cost.kind == "squared":
            level = self.psi - self._sizes / self.scale
            heights = (seen * (2 / self.scale)) @ self._marks.T
            return heights.add_(level), seen.square().sum(1) / self.scale
        return self.cost.fast(seen, self._marks).neg_().add_(self.psi), seen.new_zeros(len(seen))

    def _sloped(self, points: Tensor) -> tuple[Tensor, Tensor]:
        values = []

        def slope(seen: Tensor) -> Tensor:
            if self._smoothing is None:
                value, nearest = self._nearest(seen)
                met, which = nearest.unique(return_inverse=True)
                shares, marks = nn.functional.one_hot(which, len(met)).to(seen), self._marks[met]
            else:
                value, (_, _, shares) = self._weighted(seen)
                marks = self._marks
            values.append(value)
            return -self.cost.pull(shares, seen, marks)

        gradients = self._through(points, slope)
        return values[0], gradients


class BarycentricMap(nn.Module):
    """sum_j p_j(x) y_j: the mean of where the mass at x goes, at the squared distance of points.

    Exact, that is the optimal map to the atoms; smoothed, an estimate of it (arXiv 1711.02283, Section 4).
    """

    def __init__(self, transform: RegularizedCTransform) -> None:
        super().__init__()
        self.transform = transform

    def forward(self, points: Tensor) -> Tensor:
        """Those [n, D] of points [n, D]."""
        transform = self.transform
        return points + transform.scale / 2 * transform.gradient(points)[1]
