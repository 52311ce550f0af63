"""Solvers of regularized transport: two potentials, and a penalty on pairs that they overcharge."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import solvers
from wganstudio.solvers.adam import AdamSolver


class LargeScaleOT(AdamSolver):
    """max E_P u + E_Q g - E_PxQ (u(x) + g(y) - |x - y|)_+^2 / (4 eps), g a second network of the critic's
    kind (Seguy et al., arXiv 1711.02283, with the L2 penalty).

    The expectation over P x Q is taken over pairs of one index: both batches are independent.
    """

    options: solvers.LargeScaleOTOptions

    def __init__(
        self,
        options: solvers.LargeScaleOTOptions,
        critic: Critic,
        *,
        steps: int,
        batch: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        device = next(critic.parameters()).device
        self.partner: Critic = critic.options.build(critic.dim).to(device)
        """g."""
        self._adam.add_param_group({"params": list(self.partner.parameters())})

    def cost_gradient(self, points: Tensor) -> Tensor:
        """grad g [n, D] at points [n, D] of Q."""
        with torch.no_grad():
            return self.partner.gradient(points)[1]

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """The regularized dual on one batch of each law."""
        at_x, at_y = self.critic(x), self.partner(y)
        excess = (at_x + at_y - torch.linalg.vector_norm(x - y, dim=1)).clamp(min=0)
        return at_x.mean() + at_y.mean() - excess.square().mean() / (4 * self.options.epsilon)
