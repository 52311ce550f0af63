"""Perturbed laws: outliers, noise, a missing mode, in what is sampled and in what is made of atoms.

What is drawn once, as the rows of outliers among data or the start of k-means, is the same in every run.
"""

from collections.abc import Callable
from copy import copy

import numpy as np
import torch
from torch import Tensor

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.perturbations import (
    MissingModeOptions,
    NoiseOptions,
    NoPerturbationOptions,
    OutliersOptions,
)
from wganstudio.pairs.atoms import Atoms
from wganstudio.pairs.base import Distribution, Pair, make_rng
from wganstudio.pairs.data.empirical import Empirical
from wganstudio.pairs.distributions import Gaussian, Mixture

LOOKED_AT = 4096
"""Samples from which the mean, the spread and the clusters of a law are taken."""
ROUNDS = 50
"""Of k-means, at most."""


def none(options: NoPerturbationOptions, pair: Pair) -> Pair:
    """The pair itself."""
    return pair


def outliers(options: OutliersOptions, pair: Pair) -> Pair:
    """Some of P on a sphere about its mean; among data, rows of their own that are the share."""
    seen = _samples(pair.p, "outliers")
    mean = seen.mean(0)
    radius = options.radius * float((seen - mean).square().sum(1).mean().sqrt())

    def sphere(count: int, rng: torch.Generator) -> Tensor:
        away = torch.randn(count, pair.dim, generator=rng, device=rng.device)
        away = away / torch.linalg.vector_norm(away, dim=1, keepdim=True).clamp_min(1e-30)
        return away.mul_(radius).add_(mean.to(away.device))

    words = f"{options.share:.0%} outliers at distance {radius:.3g} from its mean"
    p, rng = pair.p, _rng("where")
    if isinstance(p, Empirical):
        count = round(options.share / (1 - options.share) * len(p))
        rows = np.concatenate((p.points, sphere(count, rng).numpy()))
        return _perturbed(pair, Empirical(rows, p.width), words)
    if isinstance(p, Atoms):
        points, weights = (part.double() for part in p.atoms)
        more = torch.cat((points, sphere(len(points), rng).double()))
        evenly = torch.full_like(weights, options.share / len(points))
        law: Distribution = Atoms(more.numpy(), torch.cat((weights * (1 - options.share), evenly)).numpy())
        return _perturbed(pair, law, words)
    return _perturbed(pair, Contaminated(p, options.share, sphere), words)


def noise(options: NoiseOptions, pair: Pair) -> Pair:
    """All of P blurred; every row of data, and every atom, moved once."""
    p, deviation = pair.p, options.deviation
    words = f"noise of standard deviation {deviation:g}"
    law: Distribution
    if isinstance(p, Mixture):
        law = Mixture(p.means, np.hypot(p.scales, deviation), p.weights)
    elif isinstance(p, Gaussian):
        law = Gaussian(p.mean, np.hypot(p.scale, deviation))
    elif isinstance(p, Empirical):
        law = Empirical(_moved(torch.from_numpy(p.points), deviation).numpy(), p.width)
    elif isinstance(p, Atoms):
        points, weights = p.atoms
        law = Atoms(_moved(points, deviation).double().numpy(), weights.double().numpy())
    else:
        law = Noisy(p, deviation)
    return _perturbed(pair, law, words)


def missing_mode(options: MissingModeOptions, pair: Pair) -> Pair:
    """P without a share of a component's mass, or of a cluster's."""
    p, left = pair.p, 1 - options.share
    words = f"{options.share:.0%} of mode {options.mode} missing"
    if isinstance(p, Mixture):
        _exists(options.mode, len(p.weights), "components")
        weights = p.weights.copy()
        weights[options.mode] *= left
        if weights.sum() == 0:
            _nothing_left()
        return _perturbed(pair, Mixture(p.means, p.scales, weights), words)
    if isinstance(p, Empirical):
        points = torch.from_numpy(p.points)
        (inside,) = torch.where(_inside(points, options))
        order = torch.randperm(len(inside), generator=_rng("gone"))[: round(options.share * len(inside))]
        kept = torch.ones(len(points), dtype=torch.bool)
        kept[inside[order]] = False
        if not kept.any():
            _nothing_left()
        return _perturbed(pair, Empirical(p.points[kept.numpy()], p.width), words)
    if isinstance(p, Atoms):
        points, held = p.atoms
        inside = _inside(points, options)
        held = torch.where(inside, held * left, held)
        if not held.any():
            _nothing_left()
        return _perturbed(pair, Atoms(points.double().numpy(), held.double().numpy()), words)
    cells = Cells(_samples(p, "cells"), options.clusters)
    _exists(options.mode, len(cells.centers), "clusters")
    return _perturbed(pair, Thinned(p, cells, options.mode, options.share), words)


class Contaminated:
    """(1 - share) law + share other."""

    def __init__(
        self, law: Distribution, share: float, other: Callable[[int, torch.Generator], Tensor]
    ) -> None:
        self.dim, self._law, self._share, self._other = law.dim, law, share, other

    def sample(self, count: int, make_rng: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D]."""
        unit = torch.rand((count, 1), generator=make_rng, device=make_rng.device)
        inner, outer = self._law.sample(count, make_rng), self._other(count, make_rng)
        return torch.where(unit < self._share, outer, inner)


class Noisy:
    """A law convolved with N(0, deviation^2 I)."""

    def __init__(self, law: Distribution, deviation: float) -> None:
        self.dim, self._law, self._deviation = law.dim, law, deviation

    def sample(self, count: int, make_rng: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D]."""
        points = self._law.sample(count, make_rng)
        normal = torch.randn(points.shape, generator=make_rng, device=make_rng.device)
        return points.add(normal, alpha=self._deviation)


class Thinned:
    """A law without a share of the mass in one cell, by rejection."""

    def __init__(self, law: Distribution, cells: "Cells", cell: int, share: float) -> None:
        self.dim, self._law, self._cells, self._cell, self._share = law.dim, law, cells, cell, share

    def sample(self, count: int, make_rng: torch.Generator) -> Tensor:
        """`count` samples, float32 [count, D]."""
        found: list[Tensor] = []
        while (missing := count - sum(map(len, found))) > 0:
            points = self._law.sample(missing, make_rng)
            unit = torch.rand(missing, generator=make_rng, device=make_rng.device)
            found.append(points[(self._cells.of(points) != self._cell) | (unit >= self._share)])
        return torch.cat(found)


class Cells:
    """The cells of at most k centers, found by k-means (from k-means++), those of most points first."""

    def __init__(self, points: Tensor, count: int) -> None:
        rng = _rng("centers")
        some = points[torch.randperm(len(points), generator=rng)[:LOOKED_AT]].double()
        self.centers = _spread(some, count, rng)
        for _ in range(ROUNDS):
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
        """The cell [n] of each of the points [n, D]."""
        centers = self.centers.to(points)
        parts = points.split(1 << 16)
        return torch.cat([torch.cdist(part, centers).argmin(1) for part in parts])


def _spread(points: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """At most so many of the points, each drawn by its squared distance to those before (k-means++)."""
    chosen = points[:1]
    while len(chosen) < count:
        away = torch.cdist(points, chosen, compute_mode="donot_use_mm_for_euclid_dist").amin(1).square()
        if not away.any():
            break
        chosen = torch.cat((chosen, points[torch.multinomial(away, 1, generator=rng)]))
    return chosen


def _perturbed(pair: Pair, law: Distribution, words: str) -> Pair:
    found = copy(pair)
    found.p, found.unperturbed = law, pair
    found.words = "; ".join(filter(None, (pair.words, f"P perturbed: {words}")))
    return found


def _moved(points: Tensor, deviation: float) -> Tensor:
    return points + deviation * torch.randn(points.shape, generator=_rng("noise"))


def _samples(law: Distribution, purpose: str) -> Tensor:
    return law.sample(LOOKED_AT, _rng(purpose))


def _rng(purpose: str) -> torch.Generator:
    return make_rng("cpu", *purpose.encode())


def _inside(points: Tensor, options: MissingModeOptions) -> Tensor:
    """Which of the points lie in the cell that is meant."""
    cells = Cells(points, options.clusters)
    _exists(options.mode, len(cells.centers), "clusters")
    return cells.of(points) == options.mode


def _exists(which: int, count: int, of: str) -> None:
    if which >= count:
        message = f"P has no such mode; its {of} are counted from 0 to {count - 1}"
        raise BadExperiment(Problem("perturbation.mode", message))


def _nothing_left() -> None:
    raise BadExperiment(Problem("perturbation.share", "nothing would be left of P; give less than 1"))
