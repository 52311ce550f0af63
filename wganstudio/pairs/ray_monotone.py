"""The Wasserstein-1 benchmark's pairs: mass moved along the rays of a MinFunnel (arXiv 2206.07767)."""

from typing import NamedTuple

import torch
from torch import Tensor

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.pairs import RayMonotoneOptions
from wganstudio.pairs.base import Distribution, KnownPlan, Pair, make_rng
from wganstudio.pairs.distributions import Box
from wganstudio.pairs.published import read_pair_file

HALF_WIDTH = 2.5
"""The published vectors are uniform on [-HALF_WIDTH, HALF_WIDTH]^D, and the rays end on that box's faces."""
BIAS_SCALE = 0.1
_CHUNK = 1 << 16  # distances in memory at once: 256 KiB of float32 stay in a core's cache
_MAX_COORDINATES = 1 << 22  # of the points in memory at once, several times: 16 MiB of float32
_PUBLISHED_CHUNK = 1 << 22
_TINY = 1e-30
_FAR = 1e6  # distance of the upper end from a center itself, which has no direction
_MATMUL_FROM_DIM = 9


class Rays(NamedTuple):
    """The positions of n points on the rays of a MinFunnel."""

    lower: Tensor
    """Lower ends [n, D]: each point's center."""
    direction: Tensor
    """Unit vectors [n, D] from the lower end to the point; 0 at a center itself."""
    below: Tensor
    """Distances [n] from the lower end to the point."""
    above: Tensor
    """Distances [n] from the point to the upper end."""


class MinFunnel:
    """u(x) = min_n (|x - a_n| + b_n), 1-Lipschitz (arXiv 2206.07767, Definition 1).

    `centers` a [N, D], `biases` b [N]; distances are in the units of the data.
    """

    def __init__(self, centers: Tensor, biases: Tensor) -> None:
        self.centers = centers
        self.biases = biases

    def to(self, device: torch.device) -> "MinFunnel":
        """Return the same funnel on a device."""
        if self.centers.device == device:
            return self
        return MinFunnel(self.centers.to(device), self.biases.to(device))

    def value(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        return torch.cat([self._costs(part).amin(1) for part in self._parts(points)])

    def gradient(self, points: Tensor) -> Tensor:
        """Return grad u [n, D] by direct differences: the unit vector from the center of the cone."""
        return torch.cat([_unit(part - self._lower(part))[0] for part in self._parts(points)])

    def published_gradient(self, points: Tensor) -> Tensor:
        """Return grad u [n, D] as the published metric did: by automatic differentiation of float32 cdist.

        Its default mode expands |x - a|^2 by a matrix product, which cancels to 0 near a center; the gradient
        is 0 there.
        """
        gradients = []
        centers, biases = self.centers.float(), self.biases.float()
        # parts of equal size: a short last one could fall to 25 points, of which cdist takes differences
        parts = max(1, -(-len(points) * len(centers) // _CHUNK)) if len(points) else 1
        with torch.enable_grad():
            for part in points.detach().float().tensor_split(parts):
                leaf = part.clone().requires_grad_()
                u = (torch.cdist(leaf, centers) + biases).amin(1)
                gradients.append(torch.autograd.grad(u.sum(), leaf)[0])
        return torch.cat(gradients)

    def rays(self, points: Tensor, half_width: float = HALF_WIDTH) -> Rays:
        """Return the rays through points [n, D] of [-L, L]^D (arXiv 2206.07767, Section 4.1).

        The upper end is the nearest of the box's face and the places where another cone takes over,
        r_m = (|x-a_m|^2 - d_m^2) / (2 (d_m - <x-a_m, v>)), d_m = u(x) - b_m. The paper keeps r_m if
        r_m > 0 and r_m > -d_m, that is where d_m > <x-a_m, v>: the height of cone m above the ray is
        convex along the ray and starts above 0, so it comes down to 0 just where it ends below.
        """
        parts = [self._rays(part, half_width) for part in self._parts(points)]
        if len(parts) == 1:
            return parts[0]
        return Rays(*(torch.cat(column) for column in zip(*parts, strict=True)))

    def _rays(self, points: Tensor, half_width: float) -> Rays:
        distances = self._distances(points)
        heights = distances + self.biases
        u, nearest = heights.min(1)
        lower = self.centers[nearest]
        direction, below = _unit(points - lower)
        # Largest 1/r, not smallest r: parallel is 0. Squares are factored through heights above u, never
        # negative: rounding cannot push a near tie's end below 0, which would send mass across the border.
        heights -= u[:, None]
        drop = distances - heights
        squares = distances.add_(drop).mul_(heights).clamp_min_(_TINY)
        along = (points * direction).sum(1, keepdim=True) - direction @ self.centers.T
        ends = drop.sub_(along).mul_(2).div_(squares).scatter_(1, nearest[:, None], 0.0).amax(1)
        face = (direction.abs() / (half_width - direction.sign() * points).clamp_min_(_TINY)).amax(1)
        return Rays(lower, direction, below, 1 / torch.maximum(ends, face).clamp_min_(1 / _FAR))

    def _parts(self, points: Tensor) -> tuple[Tensor, ...]:
        count, dim = self.centers.shape
        return torch.split(points, max(1, min(_CHUNK // count, _MAX_COORDINATES // dim)))

    def _lower(self, points: Tensor) -> Tensor:
        return self.centers[self._costs(points).argmin(1)]

    def _costs(self, points: Tensor) -> Tensor:
        return torch.cdist(points, self.centers, compute_mode="donot_use_mm_for_euclid_dist") + self.biases

    def _distances(self, points: Tensor) -> Tensor:
        """Return |x - a_m| [n, N]; they only decide where rays end, and `below` is a direct difference.

        From 9 dimensions on, uniform points keep away from the centers (half a unit from a given one with
        probability below 4e-9), and images from uniform centers, so expanding the square loses about 1e-6 and
        costs a fifth.
        """
        if points.shape[1] < _MATMUL_FROM_DIM:
            return torch.cdist(points, self.centers, compute_mode="donot_use_mm_for_euclid_dist")
        norms = (self.centers * self.centers).sum(1)
        squares = torch.addmm(norms, points, self.centers.T, alpha=-2)
        return squares.add_((points * points).sum(1, keepdim=True)).clamp_min_(0).sqrt_()


class MovedDistribution(Distribution):
    """The distribution of T(x) = a + t^p (|x-a| + R) v along the rays of a MinFunnel, x ~ `base`.

    t = |x-a| / (|x-a| + R) and p >= 1, so that mass moves toward the lower end: u(x) - u(T x) = |x - T x|,
    and x -> T x is an optimal plan (arXiv 2206.07767, Theorem 1).
    """

    def __init__(
        self, base: Distribution, funnel: MinFunnel, power: float, half_width: float = HALF_WIDTH
    ) -> None:
        self.base = base
        self.funnel = funnel
        self.power = power
        self.half_width = half_width
        self.dim = base.dim

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples of T(x), float32 [count, D]."""
        return self.move(self.base.sample(count, rng))

    def move(self, points: Tensor) -> Tensor:
        """Return T(x) [n, D] at points x [n, D] of the box."""
        rays = self.funnel.to(points.device).rays(points, self.half_width)
        length = rays.below + rays.above
        moved = (rays.below / length).nan_to_num_(0).pow_(self.power).mul_(length)
        return torch.addcmul(rays.lower, moved[:, None], rays.direction)

    def known_plan(self) -> KnownPlan:
        """Return the plan x -> T x from the base distribution."""
        return KnownPlan(self.base, self.lengths, len(self.funnel.centers) * (self.dim + 16))

    def lengths(self, points: Tensor) -> Tensor:
        """Return |x - T x| [n] at points x [n, D] of the box."""
        rays = self.funnel.to(points.device).rays(points, self.half_width)
        length = rays.below + rays.above
        return rays.below - (rays.below / length).nan_to_num_(0).pow_(self.power).mul_(length)


class _FunnelPotential:
    """f* = -u, high on the moved distribution: the orientation of the published tables."""

    def __init__(self, funnel: MinFunnel) -> None:
        self._funnel = funnel

    def value(self, points: Tensor) -> Tensor:
        """Return f* [n] at points [n, D]."""
        return -self._funnel.to(points.device).value(points)

    def gradient(self, points: Tensor) -> Tensor:
        """Return grad f* [n, D] by direct differences; 0 at a center itself."""
        return -self._funnel.to(points.device).gradient(points)

    def published_gradient(self, points: Tensor) -> Tensor:
        """Return grad f* [n, D] as the published tables took it, 0 near the centers."""
        return -self._funnel.to(points.device).published_gradient(points)


class FunnelPair(Pair):
    """P = T#Q on the box [-L, L]^D, which holds Q: plan, W1 and the optimal critic's gradient are known."""

    p: MovedDistribution

    def set_distributions(
        self, base: Distribution, funnel: MinFunnel, power: float, half_width: float
    ) -> None:
        """Set both distributions and the potential from Q, the funnel, p and L."""
        self.q = base
        self.p = MovedDistribution(base, funnel, power, half_width)
        self.potential = _FunnelPotential(funnel)


class RayMonotonePair(FunnelPair):
    """P = T#Q, Q uniform on [-2.5, 2.5]^D, the box where rays end."""

    def __init__(self, options: RayMonotoneOptions, *, device: torch.device | str = "cpu") -> None:
        if options.file is not None:
            centers, biases = read_pair_file(options.file)
            for field, asked, actual in (
                ("dim", options.dim, centers.shape[1]),
                ("funnels", options.funnels, centers.shape[0]),
            ):
                if asked is not None and asked != actual:
                    message = f"{field} is {asked} but the pair file has {actual}; leave it at auto"
                    raise BadExperiment(Problem(f"pair.{field}", message))
        else:
            box = cube(options.dim or 2, HALF_WIDTH)
            centers, biases = draw_funnels(box, options.funnels or 4, options.seed)
        funnels, dim = centers.shape
        self.options = options.model_copy(update={"dim": dim, "funnels": funnels})
        funnel = MinFunnel(centers.to(device), biases.to(device))
        self.set_distributions(cube(dim, HALF_WIDTH), funnel, options.power, HALF_WIDTH)


def draw_funnels(distribution: Distribution, funnels: int, seed: int) -> tuple[Tensor, Tensor]:
    """Draw centers [N, D] from a distribution and biases [N] from 0.1 N(0, 1), the same on every device."""
    rng = make_rng("cpu", seed)
    return distribution.sample(funnels, rng), BIAS_SCALE * torch.randn(funnels, generator=rng)


def cube(dim: int, half_width: float) -> Box:
    """Return the uniform distribution on [-L, L]^D."""
    return Box([-half_width] * dim, [half_width] * dim)


def _unit(vectors: Tensor) -> tuple[Tensor, Tensor]:
    """Return unit vectors and lengths; the unit vector of 0 is 0."""
    lengths = torch.linalg.vector_norm(vectors, dim=1)
    return torch.where(lengths[:, None] > 0, vectors / lengths[:, None], 0.0), lengths
