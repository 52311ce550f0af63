"""AdamSolver: what every solver shares that climbs an objective by Adam."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import solvers
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver


class AdamSolver(Solver):
    """Ascends an objective by Adam, at a constant rate or one that falls to 0 along a cosine."""

    options: solvers.AdamSolverOptions

    def __init__(
        self,
        options: solvers.AdamSolverOptions,
        critic: Critic,
        *,
        steps: int,
        batch: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self._done = 0
        self._optimizers: list[torch.optim.Adam] = []
        self._adam = self.adam(self.trained())

    def trained(self) -> Iterable[Tensor]:
        """The leaves that the ascent moves."""
        return self.critic.parameters()

    def adam(self, leaves: Iterable[Tensor], *, maximize: bool = True) -> torch.optim.Adam:
        """An optimizer with the options' settings, whose rate follows the schedule."""
        options = self.options
        betas = (options.beta1, options.beta2)
        made = torch.optim.Adam(leaves, lr=options.learning_rate, betas=betas, maximize=maximize)
        self._optimizers.append(made)
        return made

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """What is to be maximal, from one batch of each law."""
        raise NotImplementedError

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """One Adam step on fresh samples; the objective before it."""
        self.follow_schedule()
        return self.ascend(self.objective(p(self.batch), q(self.batch)))

    def ascend(self, objective: Tensor) -> Tensor:
        """One Adam step up the objective; the objective before it."""
        self._adam.zero_grad(set_to_none=True)
        objective.backward()
        self._adam.step()
        self._done += 1
        return objective.detach()

    def follow_schedule(self) -> None:
        """Set the rate of every optimizer for the step to come."""
        if self.options.schedule == "cosine":
            done = min(self._done / self.steps, 1.0)
            rate = self.options.learning_rate * 0.5 * (1 + math.cos(math.pi * done))
            for optimizer in self._optimizers:
                for group in optimizer.param_groups:
                    group["lr"] = rate

    def values(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """u [n] at x and u [m] at y, in one pass."""
        at_x, at_y = self.critic(torch.cat((x, y))).split((len(x), len(y)))
        return at_x, at_y

    def gap(self, x: Tensor, y: Tensor) -> Tensor:
        """E_P u - E_Q u on one batch of each law."""
        at_x, at_y = self.values(x, y)
        return at_x.mean() - at_y.mean()
