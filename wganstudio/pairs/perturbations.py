"""Perturbed pairs: outliers, noise or a missing mode in the P that is trained on.

What is drawn once, such as the rows of outliers among data or the start of k-means, is the same in every run.
"""

from collections.abc import Callable
from copy import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.experiment.perturbations import (
    MissingModeOptions,
    NoiseOptions,
    NoPerturbationOptions,
    OutliersOptions,
)
from wganstudio.ot.gaussian import Moments
from wganstudio.pairs.base import Distribution, Pair, make_rng
from wganstudio.pairs.modes import require_mode

Floats = NDArray[np.float64]

PROBES = 4096
"""Samples from which the mean, the spread and the clusters of a distribution are taken."""
MAX_ROUNDS = 50
"""Rounds of k-means, at most."""


def none(options: NoPerturbationOptions, pair: Pair) -> Pair:
    """Return the pair itself."""
    return pair


def outliers(options: OutliersOptions, pair: Pair) -> Pair:
    """Place some of P on a sphere about its mean; among data as further rows that make up the share."""
    probes = _samples(pair.p, "outliers")
    mean = probes.mean(0)
    radius = options.radius * float((probes - mean).square().sum(1).mean().sqrt())

    def sphere(count: int, rng: torch.Generator) -> Tensor:
        offset = torch.randn(count, pair.dim, generator=rng, device=rng.device)
        offset = offset / torch.linalg.vector_norm(offset, dim=1, keepdim=True).clamp_min(1e-30)
        return offset.mul_(radius).add_(mean.to(offset.device))

    rng = _rng("where")
    p = pair.p.with_outliers(options.share, lambda count: sphere(count, rng))
    if p is None:
        p = ContaminatedDistribution(pair.p, options.share, sphere)
    return _perturbed(pair, p, f"{options.share:.0%} outliers at distance {radius:.3g} from its mean")


def noise(options: NoiseOptions, pair: Pair) -> Pair:
    """Blur all of P; move every row of data, and every atom, once."""
    p = pair.p.with_noise(options.deviation, _rng("noise"))
    if p is None:
        p = NoisyDistribution(pair.p, options.deviation)
    return _perturbed(pair, p, f"noise of standard deviation {options.deviation:g}")


def missing_mode(options: MissingModeOptions, pair: Pair) -> Pair:
    """Take a share of the mass of one component of P away, or of one cluster."""

    def in_mode(points: Tensor) -> Tensor:
        cells = KMeansCells(points, options.clusters)
        require_mode(options.mode, len(cells.centers), "clusters")
        return cells.of(points) == options.mode

    p = pair.p.without_mode(options.mode, options.share, in_mode, _rng("gone"))
    if p is None:
        cells = KMeansCells(_samples(pair.p, "cells"), options.clusters)
        require_mode(options.mode, len(cells.centers), "clusters")
        p = ThinnedDistribution(pair.p, cells, options.mode, options.share)
    return _perturbed(pair, p, f"{options.share:.0%} of mode {options.mode} missing")


class ContaminatedDistribution(Distribution):
    """(1 - share) distribution + share outliers."""

    def __init__(
        self, clean: Distribution, share: float, outliers: Callable[[int, torch.Generator], Tensor]
    ) -> None:
        self.dim, self._clean, self._share, self._outliers = clean.dim, clean, share, outliers

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        unit = torch.rand((count, 1), generator=rng, device=rng.device)
        inner, outer = self._clean.sample(count, rng), self._outliers(count, rng)
        return torch.where(unit < self._share, outer, inner)


class NoisyDistribution(Distribution):
    """A distribution convolved with N(0, deviation^2 I)."""

    def __init__(self, clean: Distribution, deviation: float) -> None:
        self.dim, self._clean, self._deviation = clean.dim, clean, deviation

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        points = self._clean.sample(count, rng)
        normal = torch.randn(points.shape, generator=rng, device=rng.device)
        return points.add(normal, alpha=self._deviation)

    def support_box(self, tail: float) -> tuple[Floats, Floats] | None:
        """Return the box of the clean distribution, wider by `tail` standard deviations of the noise."""
        box = self._clean.support_box(tail)
        return None if box is None else (box[0] - tail * self._deviation, box[1] + tail * self._deviation)

    def moments(self) -> Moments | None:
        """Return the moments of the clean distribution with the variance of the noise."""
        clean = self._clean.moments()
        if clean is None:
            return None
        return Moments(clean.mean, clean.covariance + self._deviation**2 * np.eye(self.dim))

    def project(self, origin: Floats, axes: Floats) -> Distribution | None:
        """Return the projection with the same noise, which is the same in all directions."""
        clean = self._clean.project(origin, axes)
        return None if clean is None else NoisyDistribution(clean, self._deviation)


class ThinnedDistribution(Distribution):
    """A distribution without a share of the mass in one cell, by rejection."""

    def __init__(self, clean: Distribution, cells: "KMeansCells", cell: int, share: float) -> None:
        self.dim, self._clean, self._cells, self._cell, self._share = clean.dim, clean, cells, cell, share

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Return `count` samples, float32 [count, D]."""
        accepted: list[Tensor] = []
        while (missing := count - sum(map(len, accepted))) > 0:
            points = self._clean.sample(missing, rng)
            unit = torch.rand(missing, generator=rng, device=rng.device)
            accepted.append(points[(self._cells.of(points) != self._cell) | (unit >= self._share)])
        return torch.cat(accepted)

    def support_box(self, tail: float) -> tuple[Floats, Floats] | None:
        """Return the box of the clean distribution."""
        return self._clean.support_box(tail)


class KMeansCells:
    """The cells of at most k centers, found by k-means (from k-means++), those of most points first."""

    def __init__(self, points: Tensor, count: int) -> None:
        rng = _rng("centers")
        some = points[torch.randperm(len(points), generator=rng)[:PROBES]].double()
        self.centers = _initial_centers(some, count, rng)
        for _ in range(MAX_ROUNDS):
            cell = self.of(some)
            sums = torch.zeros_like(self.centers).index_add_(0, cell, some)
            sizes = torch.bincount(cell, minlength=len(self.centers))
            centers = torch.where(sizes[:, None] > 0, sums / sizes.clamp(min=1)[:, None], self.centers)
            if torch.equal(centers, self.centers):
                break
            self.centers = centers
        sizes = torch.bincount(self.of(some), minlength=len(self.centers))
        self.centers = self.centers[sizes.argsort(descending=True, stable=True)]

    def of(self, points: Tensor) -> Tensor:
        """Return the cell [n] of each of the points [n, D]."""
        centers = self.centers.to(points)
        parts = points.split(1 << 16)
        return torch.cat([torch.cdist(part, centers).argmin(1) for part in parts])


def _initial_centers(points: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """Return at most `count` of the points, each drawn by squared distance to those before (k-means++)."""
    chosen = points[:1]
    while len(chosen) < count:
        squares = torch.cdist(points, chosen, compute_mode="donot_use_mm_for_euclid_dist").amin(1).square()
        if not squares.any():
            break
        chosen = torch.cat((chosen, points[torch.multinomial(squares, 1, generator=rng)]))
    return chosen


def _perturbed(pair: Pair, p: Distribution, description: str) -> Pair:
    perturbed = copy(pair)
    perturbed.p, perturbed.unperturbed = p, pair
    perturbed.description = "; ".join(filter(None, (pair.description, f"P perturbed: {description}")))
    return perturbed


def _samples(distribution: Distribution, purpose: str) -> Tensor:
    return distribution.sample(PROBES, _rng(purpose))


def _rng(purpose: str) -> torch.Generator:
    return make_rng("cpu", *purpose.encode())
