"""Convex: a critic u(x) = |x|^2 - 2 f(x) with f strongly convex."""

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic, Sampler

SEEN = 4096
"""Samples of each law that a potential starts from."""


class ConvexPotential(Critic):
    """A class of convex potentials f: R^D -> R, seen as critics (arXiv 1902.07197, equation 4).

    grad f maps P to Q, and grad f* Q to P. With the ground |x - y|^2 the Kantorovich potential on P is
    u = |x|^2 - 2 f: mass moves from x to grad f(x) = x - grad u(x) / 2, down u, so that it is high on P and
    low on Q like every other critic.
    """

    alpha: float
    """f - alpha |x|^2 / 2 is convex, alpha > 0."""

    def potential(self, points: Tensor) -> Tensor:
        """f [n] at points [n, D]."""
        raise NotImplementedError

    def mapped(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """f [n] and grad f [n, D] at points [n, D], differentiable in points and weights in grad mode.

        This one differentiates twice; a class that can write its gradient out should.
        """
        keep = torch.is_grad_enabled()
        with torch.enable_grad():
            if not (keep and points.requires_grad):
                points = points.detach().requires_grad_(True)
            values = self.potential(points)
            (slopes,) = torch.autograd.grad(values.sum(), points, create_graph=keep)
        return (values, slopes) if keep else (values.detach(), slopes)

    def inverse(self, points: Tensor) -> Tensor | None:
        """grad f* [n, D] at points [n, D] in closed form; None where it has to be looked for."""
        return None

    def forward(self, points: Tensor) -> Tensor:
        """u = |x|^2 - 2 f [n] at points [n, D]."""
        return points.square().sum(1) - 2 * self.potential(points)

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """u [n] and grad u = 2 (x - grad f) [n, D] at points [n, D]."""
        values, slopes = self.mapped(points)
        return points.square().sum(1) - 2 * values, 2 * (points - slopes)


class GradientMap(nn.Module):
    """grad f as a map."""

    def __init__(self, potential: ConvexPotential) -> None:
        super().__init__()
        self.potential = potential

    def forward(self, points: Tensor) -> Tensor:
        """grad f [n, D] at points [n, D]."""
        return self.potential.mapped(points)[1]


def scales(p: Sampler, q: Sampler) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Mean and standard deviation [D] of samples of P, then of Q."""
    x, y = p(SEEN), q(SEEN)
    return x.mean(0), x.std(0), y.mean(0), y.std(0)
