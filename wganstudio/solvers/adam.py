"""AdamSolver: base of the solvers that ascend an objective by Adam."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor

from wganstudio.experiment import BadExperiment, Problem, solvers
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import Solver, SolverContext

_NOTHING_TO_TRAIN = "the critic has no parameters to train; set the steps to 0, which judges it as it is"


class AdamSolver(Solver):
    """Ascends an objective by Adam, at a constant learning rate or with cosine decay to 0."""

    state_names = (*Solver.state_names, "_steps_taken", "_optimizers")
    options: solvers.AdamSolverOptions

    def __init__(self, options: solvers.AdamSolverOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        self._steps_taken = 0
        self._optimizers: list[torch.optim.Adam] = []
        trained = list(self.trained())
        if self.steps and not any(weight.requires_grad for weight in trained):
            raise BadExperiment(Problem("training.steps", _NOTHING_TO_TRAIN))
        self._adam = self.adam(trained)

    def trained(self) -> Iterable[Tensor]:
        """Return the parameters that the ascent updates."""
        return self.critic.parameters()

    def adam(self, parameters: Iterable[Tensor], *, maximize: bool = True) -> torch.optim.Adam:
        """Return an optimizer with the options' settings, whose learning rate follows the schedule."""
        options = self.options
        betas = (options.beta1, options.beta2)
        group = {"params": list(parameters)}  # unlike a list, a group may be empty
        optimizer = torch.optim.Adam(
            [group], lr=options.learning_rate, betas=betas, maximize=maximize, fused=True
        )
        self._optimizers.append(optimizer)
        return optimizer

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the objective to maximize, from one batch of each distribution."""
        raise NotImplementedError

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take one Adam step on fresh samples; return the objective before it."""
        self.follow_schedule()
        return self.ascend(self.objective(p(self.batch), q(self.batch)))

    def ascend(self, objective: Tensor) -> Tensor:
        """Take one Adam step up the objective; return the objective before it."""
        self._adam.zero_grad(set_to_none=True)
        objective.backward()
        self.take_step()
        return objective.detach()

    def take_step(self) -> None:
        """Take one Adam step along the gradients that the parameters have."""
        self._adam.step()
        self._steps_taken += 1

    def follow_schedule(self) -> None:
        """Set the learning rate of every optimizer for the next step."""
        if self.options.schedule == "cosine":
            done = min(self._steps_taken / self.steps, 1.0)
            rate = self.options.learning_rate * 0.5 * (1 + math.cos(math.pi * done))
            for optimizer in self._optimizers:
                for group in optimizer.param_groups:
                    group["lr"] = rate

    def values(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] at x and u [m] at y, in one pass."""
        at_x, at_y = self.critic(torch.cat((x, y))).split((len(x), len(y)))
        return at_x, at_y

    def gap(self, x: Tensor, y: Tensor) -> Tensor:
        """Return E_P u - E_Q u on one batch of each distribution."""
        at_x, at_y = self.values(x, y)
        return at_x.mean() - at_y.mean()
