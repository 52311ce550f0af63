"""Critic: a network u with values and gradients."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from wganstudio.experiment import CriticOptions

Sampler = Callable[[int], Tensor]
"""Returns fresh samples [n, D] of a distribution at each call."""


class Critic(nn.Module):
    """A critic u: R^D -> R, high on P and low on Q, built from its options.

    `options` holds the value in use for every option that was left at `auto`.
    """

    options: CriticOptions
    dim: int

    def forward(self, points: Tensor) -> Tensor:
        """Return u [n] at points [n, D]."""
        raise NotImplementedError

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u [n, D] at points [n, D], differentiable in the weights in grad mode.

        The default needs double backward to be differentiated; a network with a closed form overrides it.
        """
        grad_mode = torch.is_grad_enabled()
        with torch.enable_grad():
            points = points.detach().requires_grad_(True)
            values = self(points)
            (gradients,) = torch.autograd.grad(values.sum(), points, create_graph=grad_mode)
        return (values, gradients) if grad_mode else (values.detach(), gradients)

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Initialize from samples of P and Q. The default does nothing."""

    def lipschitz(self) -> float | None:
        """Return a bound of |grad u| on R^D certified by the architecture; None where there is none."""
        return None
