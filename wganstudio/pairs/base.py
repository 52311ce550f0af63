"""Law, Pair and Sigma: what can be sampled, what is known of it, and where a penalty looks."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from wganstudio.experiment import PairOptions, SigmaOptions


class Distribution(Protocol):
    """A probability law on R^D."""

    dim: int

    def sample(self, count: int, make_rng: torch.Generator) -> Tensor:
        """`count` independent samples, float32 [count, D] on the generator's device."""
        ...


class Potential(Protocol):
    """A known optimal critic: 1-Lipschitz, high on P, low on Q."""

    def value(self, points: Tensor) -> Tensor:
        """Its value [n] at points [n, D]."""
        ...

    def gradient(self, points: Tensor) -> Tensor:
        """Its gradient [n, D] by direct differences, exact to rounding."""
        ...

    def published_gradient(self, points: Tensor) -> Tensor:
        """The gradient as the published tables took it, with its artifact near the centers."""
        ...


class Sigma(Protocol):
    """Where a penalty looks: a density on R^D that integrates to 1."""

    def points(self, x: Tensor, y: Tensor, make_rng: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """As many points z [n, D] as there are samples x of P and y of Q, and their weights [n], None for 1.

        The mean of weight * f(z) is an unbiased estimate of INT f sigma.
        """
        ...

    def clamped(self, law: Distribution) -> Distribution:
        """The law as it is transported where sigma holds."""
        ...


class SegmentsSigma:
    """sigma is the law of (1 - t) x + t y with x ~ P, y ~ Q and t ~ U[0, 1]."""

    def __init__(self, options: SigmaOptions | None = None, pair: "Pair | None" = None) -> None:
        pass

    def points(self, x: Tensor, y: Tensor, make_rng: torch.Generator) -> tuple[Tensor, None]:
        """One point on each segment from x to y."""
        return interpolate(x, y, make_rng), None

    def clamped(self, law: Distribution) -> Distribution:
        """The law itself."""
        return law


class Pair:
    """Two laws P and Q on the same R^D, and the options they were made from, every `auto` filled in."""

    options: PairOptions
    p: Distribution
    q: Distribution
    potential: Potential | None = None
    move: Callable[[Tensor], Tensor] | None = None
    """The known optimal map at the squared distance: points [n, D] of P to points of Q."""
    sigma: Sigma = SegmentsSigma()
    held_out: "Pair | None" = None
    """The same laws over data that training never sees, where they are data."""
    words: str = ""
    """What the laws are made of, where the options alone do not tell."""
    unperturbed: "Pair | None" = None
    """The pair as it was before the P that is trained on was perturbed."""

    @property
    def dim(self) -> int:
        """Dimension D of the space."""
        return self.p.dim

    @property
    def clean(self) -> "Pair":
        """The pair that truths and likeness are of: the one before it was perturbed, mostly itself."""
        return self if self.unperturbed is None else self.unperturbed


class Sampler:
    """Fresh samples of one law, call by call, and its atoms: all a solver ever sees of a pair."""

    __slots__ = ("_generator", "_law")

    def __init__(self, law: Distribution, make_rng: torch.Generator) -> None:
        self._law = law
        self._generator = make_rng

    def __call__(self, count: int) -> Tensor:
        """The next `count` samples, float32 [count, D]."""
        return self._law.sample(count, self._generator)

    def of(self, law: Distribution) -> "Sampler":
        """Another law's samples, from the same chance."""
        return Sampler(law, self._generator)

    def atoms(self) -> tuple[Tensor, Tensor] | None:
        """The points [n, D] and weights [n] of a law that is made of atoms; None for any other."""
        found = getattr(self._law, "atoms", None)
        device = self._generator.device
        return None if found is None else (found[0].to(device), found[1].to(device))


def interpolate(x: Tensor, y: Tensor, make_rng: torch.Generator) -> Tensor:
    """Samples of sigma: z = (1 - t) x + t y with t ~ U[0, 1], row by row, shaped like x and y."""
    return torch.lerp(x, y, torch.rand((len(x), 1), generator=make_rng, device=x.device))


def make_rng(device: torch.device | str, *seed: int) -> torch.Generator:
    """A random generator on a device whose seed depends on every number given."""
    mixed = 0x9E3779B97F4A7C15
    for number in seed:
        mixed = (mixed ^ (number + 0x9E3779B9)) * 0xBF58476D1CE4E5B9 & (2**64 - 1)
        mixed ^= mixed >> 31
    return torch.Generator(device).manual_seed(mixed & (2**63 - 1))
