"""Displacement interpolation of independent couplings: sigma, the density of (1-t) x + t y, and its flow."""

from abc import ABC, abstractmethod
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class InterpolationFlow(NamedTuple):
    """Density and momentum at the points of a grid of one or two axes, over the time 0 <= t <= 1.

    `density` is sigma, in 1 / length^K. `drift` holds, one array for each axis, sigma(z) E[y - x | z]: the
    time-averaged momentum of masses that go straight from x to y, independent of each other. Its divergence
    is P - Q exactly, and |drift|^2 <= sigma(z) E[|x - y|^2 ; z passed] (Cauchy and Schwarz): an admissible
    flow of finite congested cost (arXiv 2109.00528, Theorem 1), with no mass where sigma vanishes.
    """

    density: Floats
    drift: tuple[Floats, ...]


class Interpolant(Protocol):
    """The interpolation between two independent distributions with densities on R^K, K = 1 or 2."""

    compact: bool
    """True if all segments lie in a bounded set, at whose edge sigma vanishes."""

    @property
    def faces(self) -> tuple[Floats, ...]:
        """Coordinates on each axis at which densities jump and sigma is not smooth."""
        ...

    def on_grid(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """Return sigma and the drift on the grid that the axes [n], [m] span, arrays [n, m].

        By quadrature in t; `fine` takes a finer rule. The difference of both estimates the error.
        """
        ...


class InterpolationFamily(ABC):
    """The parameters of a distribution of a family within which sigma is known exactly.

    `Distribution.interpolation_family` returns them; two distributions of one family have an interpolant. The
    certified grid also needs `hat_masses`, `density_grid`, `support_box` and `tail_moments` of both.
    """

    @abstractmethod
    def interpolant(self, other: Self) -> Interpolant | None:
        """Return the interpolant to another distribution of this family; None where it is too costly."""


def tensor_sum(factors: list[Floats], weights: Floats) -> Floats:
    """Return sum_r weights[r] of the products over the axes of factors [n, r], [m, r], as [n] or [n, m]."""
    if len(factors) == 1:
        return np.asarray(factors[0] @ weights)
    return np.asarray((factors[0] * weights) @ factors[1].T)
