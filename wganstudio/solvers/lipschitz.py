"""Solvers that hold the critic near 1-Lipschitz functions by a penalty or by clipping."""

import math

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import solvers
from wganstudio.pairs.base import Stream, between
from wganstudio.solvers.base import Solver


class AdamSolver(Solver):
    """Ascends an objective by Adam, at a constant rate or one that falls to 0 along a cosine."""

    options: solvers.Gradient

    def __init__(
        self, options: solvers.Gradient, critic: Critic, *, steps: int, batch: int, generator: torch.Generator
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self._done = 0
        self._adam = torch.optim.Adam(
            critic.parameters(), lr=options.learning_rate, betas=(options.beta1, options.beta2), maximize=True
        )

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """What is to be maximal, from one batch of each law."""
        raise NotImplementedError

    def step(self, p: Stream, q: Stream) -> Tensor:
        """One Adam step on fresh samples; the objective before it."""
        if self.options.schedule == "cosine":
            done = min(self._done / self.steps, 1.0)
            for group in self._adam.param_groups:
                group["lr"] = self.options.learning_rate * 0.5 * (1 + math.cos(math.pi * done))
        objective = self.objective(p(self.batch), q(self.batch))
        self._adam.zero_grad(set_to_none=True)
        objective.backward()
        self._adam.step()
        self._done += 1
        return objective.detach()

    def gap(self, x: Tensor, y: Tensor) -> Tensor:
        """E_P u - E_Q u on one batch of each law."""
        at_x, at_y = self.critic(torch.cat((x, y))).split((len(x), len(y)))
        return at_x.mean() - at_y.mean()


class OneSided(AdamSolver):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)_+^2, whose supremum is the congested transport cost
    (Petzka et al., arXiv 1709.08894; Milne & Nachman, arXiv 2109.00528, Theorem 1)."""

    options: solvers.Penalty

    @property
    def penalty(self) -> float:  # type: ignore[override]
        """lambda, as WGAN-GP code counts it."""
        return self.options.penalty

    def penalised(self, lengths: Tensor) -> Tensor:
        """(|grad u| - 1)_+^2 from |grad u|."""
        return (lengths - 1).clamp(min=0).square()

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """The gap minus lambda times the mean penalty at points between the two batches."""
        _, gradients = self.critic.gradient(between(x, y, self.generator))
        lengths = torch.linalg.vector_norm(gradients, dim=1)
        return self.gap(x, y) - self.penalty * self.penalised(lengths).mean()


class TwoSided(OneSided):
    """max E_P u - E_Q u - lambda E_sigma (|grad u| - 1)^2 (Gulrajani et al., arXiv 1704.00028)."""

    def penalised(self, lengths: Tensor) -> Tensor:
        """(|grad u| - 1)^2 from |grad u|."""
        return (lengths - 1).square()


class WeightClipping(AdamSolver):
    """max E_P u - E_Q u with every weight, not bias, clipped to [-clip, clip] (arXiv 1701.07875).

    It is clipped from the start and after each step, so that a critic that is looked at is a clipped one.
    """

    options: solvers.WeightClipping

    def __init__(
        self,
        options: solvers.WeightClipping,
        critic: Critic,
        *,
        steps: int,
        batch: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self._clip()

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """The gap."""
        return self.gap(x, y)

    def step(self, p: Stream, q: Stream) -> Tensor:
        """One Adam step, then clipping."""
        objective = super().step(p, q)
        self._clip()
        return objective

    @torch.no_grad()
    def _clip(self) -> None:
        for weight in self.critic.parameters():
            if weight.ndim > 1:
                weight.clamp_(-self.options.clip, self.options.clip)
