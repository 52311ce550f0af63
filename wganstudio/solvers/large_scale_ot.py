"""Large-scale regularized transport: two potentials, and a penalty on pairs that violate the constraint."""

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import solvers
from wganstudio.solvers.adam import AdamSolver
from wganstudio.solvers.base import SolverContext


class LargeScaleOT(AdamSolver):
    """max E_P u + E_Q g - E_PxQ (u(x) + g(y) - |x - y|)_+^2 / (4 eps), g a second network like the critic.

    The expectation over P x Q is taken over pairs of equal index: the two batches are independent.

    References
    ----------
    Seguy et al., arXiv 1711.02283, with the L2 penalty.
    """

    state_names = (*AdamSolver.state_names, "partner")
    options: solvers.LargeScaleOTOptions

    def __init__(self, options: solvers.LargeScaleOTOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        device = next(self.critic.parameters()).device
        self.partner: Critic = self.critic.options.build(self.critic.dim).to(device)
        """g."""
        self._adam.add_param_group({"params": list(self.partner.parameters())})

    def cost_gradient(self, points: Tensor) -> Tensor:
        """Return grad g [n, D] at points [n, D] of Q."""
        with torch.no_grad():
            return self.partner.gradient(points)[1]

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the regularized dual on one batch of each distribution."""
        at_x, at_y = self.critic(x), self.partner(y)
        excess = (at_x + at_y - torch.linalg.vector_norm(x - y, dim=1)).clamp(min=0)
        return at_x.mean() + at_y.mean() - excess.square().mean() / (4 * self.options.epsilon)
