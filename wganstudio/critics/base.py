"""Critic: a network u with values and gradients."""

import torch
from torch import Tensor, nn

from wganstudio.experiment import CriticOptions


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

    def lipschitz(self) -> float | None:
        """A bound of |grad u| on all of R^D that the architecture certifies; None where it gives none."""
        return None
