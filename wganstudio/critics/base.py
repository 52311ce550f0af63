"""Critic: a network u with values and gradients."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from wganstudio.experiment import CriticOptions

Sampler = Callable[[int], Tensor]
"""Fresh samples [n, D] of a law, call by call."""


class Critic(nn.Module):
    """A critic u: R^D -> R, high on P, low on Q, made from its options, every `auto` filled in."""

    options: CriticOptions
    dim: int

    def forward(self, points: Tensor) -> Tensor:
        """u at points [n, D], as [n]."""
        raise NotImplementedError

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """u [n] and grad u [n, D] at points [n, D], differentiable in the weights where grad mode is on.

        This one differentiates twice; a network that can write its gradient out should.
        """
        keep = torch.is_grad_enabled()
        with torch.enable_grad():
            points = points.detach().requires_grad_(True)
            values = self(points)
            (gradients,) = torch.autograd.grad(values.sum(), points, create_graph=keep)
        return (values, gradients) if keep else (values.detach(), gradients)

    def begin(self, p: Sampler, q: Sampler) -> None:
        """Start from samples of P and Q, where it is a critic that does: mostly there is nothing to do."""

    def lipschitz(self) -> float | None:
        """A bound of |grad u| on all of R^D that the architecture certifies; None where it gives none."""
        return None
