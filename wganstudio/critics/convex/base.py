"""ConvexPotential: a critic u(x) = |x|^2 - 2 f(x) with f strongly convex."""

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic, Sampler

INITIAL_SAMPLES = 4096
"""Number of samples of P and of Q from which a potential is initialized."""


class ConvexPotential(Critic):
    """A convex potential f: R^D -> R as a critic.

    grad f maps P to Q, and grad f* maps Q to P. With the ground cost |x - y|^2 the Kantorovich potential on P
    is u = |x|^2 - 2 f: mass moves from x to grad f(x) = x - grad u(x) / 2, down u, so that u is high on P and
    low on Q like every other critic.

    References
    ----------
    Taghvaei & Jalali, arXiv 1902.07197, equation 4.
    """

    alpha: float
    """f - alpha |x|^2 / 2 is convex, alpha > 0."""

    def potential(self, points: Tensor) -> Tensor:
        """Return f [n] at points [n, D]."""
        raise NotImplementedError

    def value_and_gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return f [n] and grad f [n, D] at points [n, D], differentiable in points and weights in grad mode.

        The default needs double backward to be differentiated; a class with a closed form overrides it.
        """
        grad_mode = torch.is_grad_enabled()
        with torch.enable_grad():
            if not (grad_mode and points.requires_grad):
                points = points.detach().requires_grad_(True)
            values = self.potential(points)
            (slopes,) = torch.autograd.grad(values.sum(), points, create_graph=grad_mode)
        return (values, slopes) if grad_mode else (values.detach(), slopes)

    def inverse(self, points: Tensor) -> Tensor | None:
        """Return grad f* [n, D] at points [n, D] in closed form; None where there is none."""
        return None

    def forward(self, points: Tensor) -> Tensor:
        """Return u = |x|^2 - 2 f [n] at points [n, D]."""
        return points.square().sum(1) - 2 * self.potential(points)

    def gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u = 2 (x - grad f) [n, D] at points [n, D]."""
        values, slopes = self.value_and_gradient(points)
        return points.square().sum(1) - 2 * values, 2 * (points - slopes)


class GradientMap(nn.Module):
    """The map grad f."""

    def __init__(self, potential: ConvexPotential) -> None:
        super().__init__()
        self.potential = potential

    def forward(self, points: Tensor) -> Tensor:
        """Return grad f [n, D] at points [n, D]."""
        return self.potential.value_and_gradient(points)[1]


def means_and_deviations(p: Sampler, q: Sampler) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return mean and standard deviation [D] of samples of P, then of Q."""
    x, y = p(INITIAL_SAMPLES), q(INITIAL_SAMPLES)
    return x.mean(0), x.std(0), y.mean(0), y.std(0)
