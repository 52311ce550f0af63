"""ValueObjective: base of the solvers whose objective is a weighted sum of values of u, less a penalty."""

from functools import cache, cached_property

import torch
from torch import Tensor

from wganstudio.critics.perceptron import MLP
from wganstudio.critics.perceptron_pass import PerceptronPass
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.adam import AdamSolver

TINY = 1e-30
"""A length below which a gradient counts as 0."""


@cache
def _gap_weights(x: int, y: int, device: torch.device) -> Tensor:
    return torch.cat((torch.full((x,), 1 / x), torch.full((y,), -1 / y))).to(device)


def _defined_together(kind: type, first: str, second: str) -> bool:
    """Return True if a class inherits two methods from one class, so that they belong together."""
    owners = [next(base for base in kind.__mro__ if name in vars(base)) for name in (first, second)]
    return owners[0] is owners[1]


class ValueObjective(AdamSolver):
    """max sum_i w_i u(x_i) + c - lambda E_sigma phi(|grad u|), with w and c constant within a step.

    A subclass chooses the points and their weights, by default those of the gap, and if its options have a
    gradient penalty, phi by `penalty_of` and `penalty_derivative`. For a perceptron on the CPU the gradients
    are those of `PerceptronPass`; autograd computes those of other critics, and of a subclass with an
    `objective` of its own.
    """

    _pass: PerceptronPass | None = None
    """The buffers, once a step has needed them."""

    def value_points(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the points at which the objective depends on u, from one batch of each distribution."""
        return torch.cat((x, y))

    def weigh(self, values: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return the weights w of u at `value_points`, and c, None for 0. The default is the gap."""
        return _gap_weights(len(x), len(y), values.device), None

    def penalty_derivative(self, lengths: Tensor) -> Tensor:
        """Return phi' at each point from |grad u| there; only for solvers with a `penalty`."""
        raise NotImplementedError

    def evaluate(self, points: Tensor) -> Tensor:
        """Return u at points, differentiable in what is trained."""
        values: Tensor = self.critic(points)
        return values

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the objective on one batch of each distribution."""
        values = self.evaluate(self.value_points(x, y))
        objective = self._weighted(values, *self.weigh(values.detach(), x, y))
        if self.penalty is None:
            return objective
        points, weights = self.sigma.points(x, y, self.rng)
        _, gradients = self.critic.gradient(points)
        return objective - self._penalty(torch.linalg.vector_norm(gradients, dim=1), weights)

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take one Adam step on fresh samples; return the objective before it."""
        if not self._is_written_out:
            return super().step(p, q)
        self.follow_schedule()
        objective = self.write_gradients(p(self.batch), q(self.batch))
        self.take_step()
        return objective

    @cached_property
    def _is_written_out(self) -> bool:
        weights, kind = list(self.critic.parameters()), type(self)
        return (
            type(self.critic) is MLP
            and kind.objective is ValueObjective.objective
            and _defined_together(kind, "evaluate", "adopt_gradients")
            and (self.penalty is None or _defined_together(kind, "penalty_of", "penalty_derivative"))
            and all(weight.requires_grad and weight.device.type == "cpu" for weight in weights)
        )

    @torch.no_grad()
    def write_gradients(self, x: Tensor, y: Tensor) -> Tensor:
        """Write the gradient of the objective into the parameters, and return the objective."""
        at_values = self.value_points(x, y)
        at_sigma, sigma_weights = (None, None) if self.penalty is None else self.sigma.points(x, y, self.rng)
        network = self._pass_of(len(at_values), 0 if at_sigma is None else len(at_sigma))
        network.points[: len(at_values)] = at_values
        if at_sigma is not None:
            network.points[len(at_values) :] = at_sigma
        values = network.values()[: len(at_values)]
        weights, constant = self.weigh(values, x, y)
        objective = self._weighted(values, weights, constant)
        of_gradients = None
        if at_sigma is not None:
            assert self.penalty is not None
            of_gradients = network.input_gradients()
            lengths = torch.linalg.vector_norm(of_gradients, dim=1)
            objective -= self._penalty(lengths, sigma_weights)
            factors = self.penalty_derivative(lengths).mul_(-self.penalty / len(lengths))
            if sigma_weights is not None:
                factors *= sigma_weights
            # Where grad u is 0 the product is 0, as autograd takes the gradient of a norm there.
            of_gradients *= (factors / lengths.clamp_(min=TINY))[:, None]
        network.backward(weights, of_gradients)
        self.adopt_gradients(network)
        return objective

    def adopt_gradients(self, network: PerceptronPass) -> None:
        """Hand the gradients of a pass to the optimizer."""
        for weight, gradient in network.parameter_gradients.items():
            weight.grad = gradient

    def _pass_of(self, at_values: int, at_sigma: int) -> PerceptronPass:
        assert isinstance(self.critic, MLP)
        shape = at_values + at_sigma, at_sigma
        if self._pass is None or self._pass.shape != shape:
            self._pass = PerceptronPass(self.critic, *shape)
        return self._pass

    def _weighted(self, values: Tensor, weights: Tensor, constant: Tensor | None) -> Tensor:
        objective = torch.dot(values, weights)
        return objective if constant is None else objective + constant

    def _penalty(self, lengths: Tensor, weights: Tensor | None) -> Tensor:
        """Return lambda times the mean penalty at points of sigma."""
        penalties = self.penalty_of(lengths)
        penalties = penalties if weights is None else penalties * weights
        assert self.penalty is not None
        return self.penalty * penalties.mean()
