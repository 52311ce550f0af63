"""Semi-discrete transport: stochastic ascent of a dual over all atoms of P, from fresh samples of Q."""

import math

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.c_transform import CHUNK
from wganstudio.critics.parts import Parts
from wganstudio.critics.training_state import Stateful
from wganstudio.experiment.regularized import RegularizedOTOptions
from wganstudio.experiment.semi_discrete import SemiDiscreteOptions
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import SolverContext
from wganstudio.solvers.semi_discrete_base import SemiDiscreteBase

DEFAULT_ATOMS = 4096
MIN_LEARNING_RATE = 0.1
ADAM_LEARNING_RATE = 1e-3


class SemiDualAscent(SemiDiscreteBase):
    """max over psi of E_Q psi^{c,eps} + sum_j nu_j psi_j.

    The ascent follows nu_j - E p_j, estimated on one batch of Q. psi is normalized to sum_j nu_j psi_j = 0:
    the dual is E_Q psi^{c,eps} = -E_Q u for the critic u = -psi^{c,eps}. psi is kept when Q changes.

    References
    ----------
    Houdard et al., arXiv 2102.05542, Algorithm 1.
    """

    state_names = (*SemiDiscreteBase.state_names, "_dual", "_steps_on_q")
    decays = True
    """The learning rate decays with the square root of the number of steps since Q last changed."""

    def __init__(self, options: SemiDiscreteOptions | RegularizedOTOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        self._steps_on_q = 0

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Use the atoms of P, or samples where P has none."""
        self.set_atoms(p, q, *atoms_of(p, self.options.atoms, self.rng))
        self.begin_dual()
        self.critic.psi.copy_(self._dual.psi)

    def begin_dual(self) -> None:
        """Start the ascent from the initial psi."""
        self._dual = self.make_potential()

    def make_potential(self) -> "FreePotential | NeuralPotential":
        """Return the parametrization of psi, here a free number for each atom."""
        mean = self.critic.mean_cost / self.critic.scale
        rate = max(self.critic.epsilon, MIN_LEARNING_RATE * mean) or MIN_LEARNING_RATE
        least = min(1.0, self.batch / len(self.critic.psi))  # one sample moves an atom by rate / (batch nu_j)
        return FreePotential(
            self.critic.weights,
            self.options.learning_rate or rate,
            1.0 if self.options.learning_rate else least,
        )

    def on_q_changed(self) -> None:
        """Restart the decay of the learning rate and the average; psi stays."""
        self._steps_on_q = 0

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take one step of ascent; return the dual on its batch before it."""
        dual, average = self.critic, self.critic.psi
        points = q(self.batch)
        if self.options.iterate == "averaged":
            average = average.clone()
            dual.psi.copy_(self._dual.psi)
        u, shares = dual.marginal(points)
        self._steps_on_q += 1
        factor = 1 / math.sqrt(self._steps_on_q) if self.decays else 1.0
        self._dual.ascend(dual.weights - shares, factor)
        if self.options.iterate == "averaged":
            dual.psi.copy_(average.lerp_(self._dual.psi, 1 / self._steps_on_q))
        else:
            dual.psi.copy_(self._dual.psi)
        return -u.mean()

    @torch.no_grad()
    def cost_in_parts(self, p: Sampler, q: Sampler, count: int) -> Parts[dict[str, float]]:
        """Return gap and gap_se, the dual on `count` fresh samples of Q, and marginal, |nu - E p|_1.

        The marginal error includes the sampling error of the samples.
        """
        u, shares = yield from self.critic.marginal_in_parts(q(count))
        u = u.double()
        return {
            "gap": -float(u.mean()),
            "gap_se": float(u.std() / math.sqrt(count)),
            "marginal": float((self.critic.weights - shares).abs().sum()),
        }


class SemiDiscreteSolver(SemiDualAscent):
    """The ascent with the schedule and the parametrization of psi that its options choose."""

    options: SemiDiscreteOptions

    def __init__(self, options: SemiDiscreteOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        self.decays = options.schedule == "root"
        self._network: Critic = context.critic

    def make_potential(self) -> "FreePotential | NeuralPotential":
        """Return a free number for each atom, or a network."""
        if self.options.potential == "points":
            return super().make_potential()
        dual = self.critic
        return NeuralPotential(
            self._network, dual.atoms, dual.weights, self.options.learning_rate or ADAM_LEARNING_RATE
        )


class FreePotential(Stateful):
    """A free number for each atom.

    The step is the learning rate, shortened to no less than the share `least` of it where some psi_j would
    move by more.
    """

    state_names = ("psi",)

    def __init__(self, weights: Tensor, rate: float, least: float) -> None:
        self.psi = torch.zeros_like(weights)
        self._weights, self._rate, self._least = weights, rate, least

    def ascend(self, gradient: Tensor, factor: float) -> None:
        """Take one step in the metric of nu: entries of the gradient scale with nu_j, psi_j with c."""
        moves = gradient / self._weights
        share = min(1.0, max(self._least, 1 / float(moves.abs().max().clamp(min=1))))
        self.psi += share * self._rate * factor * moves
        self.psi -= self.psi @ self._weights


class NeuralPotential(Stateful):
    """The values of a network at the atoms, trained by Adam."""

    state_names = ("_network", "_adam", "psi")

    def __init__(self, network: Critic, atoms: Tensor, weights: Tensor, rate: float) -> None:
        self._network, self._atoms, self._weights, self._rate = network, atoms, weights, rate
        self._adam = torch.optim.Adam(network.parameters(), lr=rate, maximize=True, fused=True)
        self._evaluate()

    def ascend(self, gradient: Tensor, factor: float) -> None:
        """Take one Adam step up sum_j gradient_j psi_j, whose gradient in the weights is that of the dual."""
        self._adam.param_groups[0]["lr"] = self._rate * factor
        self._adam.zero_grad(set_to_none=True)
        for part, slope in zip(self._chunks(self._atoms), self._chunks(gradient), strict=True):
            (self._network(part) @ slope).backward()
        self._adam.step()
        self._evaluate()

    @torch.no_grad()
    def _evaluate(self) -> None:
        psi = torch.cat([self._network(part) for part in self._chunks(self._atoms)])
        self.psi = psi - psi @ self._weights

    def _chunks(self, values: Tensor) -> tuple[Tensor, ...]:
        return values.split(max(1, CHUNK // 1024))


def atoms_of(p: Sampler, count: int | None, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return atoms of P with their weights, or samples where P has no atoms.

    Parameters
    ----------
    p : Sampler
        Stream of samples of P.
    count : int or None
        Number of atoms, chosen at random; None for all atoms or 4,096 samples.
    rng : torch.Generator
        Random generator of the choice.

    Returns
    -------
    atoms, weights : Tensor
        Points [n, D] and weights [n] of sum 1.
    """
    discrete = p.atoms()
    if discrete is None:
        samples = p(count or DEFAULT_ATOMS)
        return samples, samples.new_full((len(samples),), 1 / len(samples))
    atoms, weights = discrete
    if count is not None and count < len(atoms):
        chosen = torch.randperm(len(atoms), generator=rng, device=rng.device)[:count]
        atoms, weights = atoms[chosen], weights[chosen]
    positive = weights > 0
    if not positive.all():
        atoms, weights = atoms[positive], weights[positive]
    return atoms, weights / weights.sum()
