"""Activations of a layer, each with its Jacobian in closed form."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

Pullback = Callable[[Tensor], Tensor]
"""Maps a gradient in the activated units, [n, w] or [1, w], to the gradient in the units, [n, w]."""


class Activation:
    """A map a(h) of a layer's units h [n, w]; `lipschitz` is its Lipschitz constant."""

    lipschitz: float = 1.0

    def __call__(self, units: Tensor) -> Tensor:
        """Return a(h) [n, w]."""
        return self.linearized(units)[0]

    def linearized(self, units: Tensor) -> tuple[Tensor, Pullback]:
        """Return a(h) and the transposed Jacobian at h."""
        raise NotImplementedError


class Pointwise(Activation):
    """A function of each unit, with its derivative as a function of h and a(h)."""

    def __init__(
        self,
        function: Callable[[Tensor], Tensor],
        derivative: Callable[[Tensor, Tensor], Tensor],
        lipschitz: float = 1.0,
    ) -> None:
        self._function, self._derivative, self.lipschitz = function, derivative, lipschitz

    def __call__(self, units: Tensor) -> Tensor:
        """Return a(h) [n, w]."""
        return self._function(units)

    def linearized(self, units: Tensor) -> tuple[Tensor, Pullback]:
        """Return a(h), and multiplication by a'(h)."""
        activated = self._function(units)
        derivative = self._derivative(units, activated)
        return activated, lambda slope: slope * derivative


class FullSort(Activation):
    """The units of each point in ascending order (Anil, Lucas & Grosse, arXiv 1811.05381)."""

    def linearized(self, units: Tensor) -> tuple[Tensor, Pullback]:
        """Return the sorted units, and the inverse of the sorting permutation."""
        order = _ascending(units.detach())
        return units.gather(1, order), lambda slope: torch.zeros_like(units).scatter(
            1, order, slope.expand_as(units)
        )


def _ascending(units: Tensor) -> Tensor:
    """Return the permutations [n, w] that sort each row; on the CPU by numpy, 20 times faster than torch."""
    if units.device.type != "cpu":
        return units.argsort(dim=1)
    return torch.from_numpy(np.argsort(units.numpy(), axis=1))


class MaxMin(Activation):
    """Replace units k and k + w/2 by their maximum and minimum: sorting in groups of two, w even.

    References
    ----------
    Anil, Lucas & Grosse, arXiv 1811.05381.
    """

    def linearized(self, units: Tensor) -> tuple[Tensor, Pullback]:
        """Return the maxima followed by the minima, and the transposed exchange of units."""
        first, second = units.chunk(2, dim=1)
        ordered = first > second

        def pullback(slope: Tensor) -> Tensor:
            at_max, at_min = slope.chunk(2, dim=1)
            return torch.cat(
                (torch.where(ordered, at_max, at_min), torch.where(ordered, at_min, at_max)), dim=1
            )

        return torch.cat((torch.maximum(first, second), torch.minimum(first, second)), dim=1), pullback


def _silu_derivative(units: Tensor, activated: Tensor) -> Tensor:
    gate = torch.sigmoid(units)
    return gate * (1 + units * (1 - gate))


ACTIVATIONS: dict[str, Activation] = {
    "relu": Pointwise(torch.relu, lambda h, a: (a > 0).to(a.dtype)),
    "leaky-relu": Pointwise(
        lambda h: functional.leaky_relu(h, 0.2), lambda h, a: torch.where(h > 0, 1.0, 0.2)
    ),
    "elu": Pointwise(functional.elu, lambda h, a: a.clamp(max=0) + 1),
    "celu": Pointwise(functional.celu, lambda h, a: a.clamp(max=0) + 1),
    "softplus": Pointwise(functional.softplus, lambda h, a: torch.sigmoid(h)),
    "silu": Pointwise(functional.silu, _silu_derivative, lipschitz=1.09984),
    "tanh": Pointwise(torch.tanh, lambda h, a: 1 - a * a),
    "full-sort": FullSort(),
    "max-min": MaxMin(),
}
