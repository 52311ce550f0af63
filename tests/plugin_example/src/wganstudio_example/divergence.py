"""The solver: WGAN-div."""

import math

import torch
from torch import Tensor

from wganstudio.critics.parts import Parts
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.solvers.adam import AdamSolver
from wganstudio.solvers.running_mean import RunningMean
from wganstudio_example.options import DivergenceOptions

CHUNK = 2048
"""Points at a time in estimates."""


class DivergencePenalty(AdamSolver):
    """max E_P u - E_Q u - k E_sigma |grad u|^p.

    For p = 2 the supremum over all u is the minimum of INT |w|^2 / (4 k sigma) over the flows w from P to Q;
    the gap of the optimal u is twice that.

    References
    ----------
    Wu, Huang, Thoma, Acharya & Van Gool, Wasserstein divergence for GANs, arXiv 1712.01026.
    """

    options: DivergenceOptions

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the gap minus the penalty, from one batch of each distribution."""
        return self.gap(x, y) - self.options.coefficient * self._powers(x, y, self.rng).mean()

    def cost_in_parts(self, p: Sampler, q: Sampler, count: int) -> Parts[dict[str, float]]:
        """Return gap and divergence from fresh samples, with standard errors.

        The penalty has samples of its own, so that the squared errors of the two means add.
        """
        at_p, at_q, penalty = RunningMean(), RunningMean(), RunningMean()
        rng = make_rng(self.rng.device, 0)  # the training must not depend on how often it is measured
        for start in range(0, count, CHUNK):
            yield start / count
            size = min(CHUNK, count - start)
            at_p.add(self.critic(p(size)))
            at_q.add(self.critic(q(size)))
            penalty.add(self._powers(p(size), q(size), rng))
        k, gap = self.options.coefficient, at_p.mean - at_q.mean
        squared_error = at_p.squared_error + at_q.squared_error
        return {
            "gap": gap,
            "gap_se": math.sqrt(squared_error),
            "divergence": gap - k * penalty.mean,
            "divergence_se": math.sqrt(squared_error + k**2 * penalty.squared_error),
        }

    def _powers(self, x: Tensor, y: Tensor, rng: torch.Generator) -> Tensor:
        """Return |grad u|^p [n] at points of sigma, times their weights."""
        points, weights = self.sigma.points(x, y, rng)
        _, gradients = self.critic.gradient(points)
        powers: Tensor = torch.linalg.vector_norm(gradients, dim=1) ** self.options.power
        return powers if weights is None else powers * weights
