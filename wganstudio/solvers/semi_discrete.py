"""Semi-discrete transport: a dual over all atoms of P, climbed from fresh samples of Q."""

import math
from typing import Any

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.c_transform import CHUNK
from wganstudio.experiment.semi_discrete import SemiDiscreteOptions as Options
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.semi_discrete_base import SemiDiscreteBase

DRAWN = 4096
LEAST_RATE = 0.1
ADAM_RATE = 1e-3


class SemiDualAscent(SemiDiscreteBase):
    """max over psi of E_Q psi^{c,eps} + sum_j nu_j psi_j (arXiv 2102.05542, Algorithm 1).

    The ascent follows nu_j - E p_j, estimated on one batch of Q. psi is kept at sum_j nu_j psi_j = 0, so that
    the dual is E_Q psi^{c,eps} = -E_Q u for the critic u = -psi^{c,eps}. It stays warm when Q moves.
    """

    decays = True
    """Whether the step shrinks by the root of the steps since Q last moved."""

    def __init__(self, options: Any, critic: Critic, *, steps: int, batch: int, generator: torch.Generator):
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self._seen = 0

    def begin(self, p: Sampler, q: Sampler) -> None:
        """Take the atoms of P, or as many samples of it as are wanted."""
        self.lay(p, q, *atoms_of(p, self.options.atoms, self.generator))
        self._dual = self.held()
        self.critic.psi.copy_(self._dual.psi)

    def held(self) -> "FreePotential | NeuralPotential":
        """How psi is held: a free number for each atom."""
        mean = self.critic.size / self.critic.scale
        rate = max(self.critic.epsilon, LEAST_RATE * mean) or LEAST_RATE
        least = min(1.0, self.batch / len(self.critic.psi))  # one sample moves an atom by rate / (batch nu_j)
        return FreePotential(
            self.critic.weights,
            self.options.learning_rate or rate,
            1.0 if self.options.learning_rate else least,
        )

    def moved(self) -> None:
        """Q has moved: psi stays, the decay of the step and the average begin anew."""
        self._seen = 0

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """One step of ascent; the dual on its batch before it."""
        dual, seen = self.critic, self.critic.psi
        points = q(self.batch)
        if self.options.iterate == "averaged":
            seen = seen.clone()
            dual.psi.copy_(self._dual.psi)
        u, shares = dual.marginal(points)
        self._seen += 1
        self._dual.ascend(dual.weights - shares, 1 / math.sqrt(self._seen) if self.decays else 1.0)
        if self.options.iterate == "averaged":
            dual.psi.copy_(seen.lerp_(self._dual.psi, 1 / self._seen))
        else:
            dual.psi.copy_(self._dual.psi)
        return -u.mean()

    @torch.no_grad()
    def cost(self, p: Sampler, q: Sampler, count: int) -> dict[str, float]:
        """gap, gap_se: the dual on `count` fresh samples of Q; marginal: |nu - E p|_1, with their chance."""
        u, shares = self.critic.marginal(q(count))
        u = u.double()
        return {
            "gap": -float(u.mean()),
            "gap_se": float(u.std() / math.sqrt(count)),
            "marginal": float((self.critic.weights - shares).abs().sum()),
        }


class SemiDiscreteSolver(SemiDualAscent):
    """The ascent with the step and the dual that its options choose."""

    options: Options

    def __init__(
        self, options: Options, critic: Critic, *, steps: int, batch: int, generator: torch.Generator
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self.decays = options.schedule == "root"
        self._network = critic

    def held(self) -> "FreePotential | NeuralPotential":
        """A free number for each atom, or a network."""
        if self.options.potential == "points":
            return super().held()
        dual = self.critic
        return NeuralPotential(
            self._network, dual.atoms, dual.weights, self.options.learning_rate or ADAM_RATE
        )


class FreePotential:
    """A free number for each atom.

    The step is the rate, shortened as far as to the share `least` of it where some psi_j would move by more.
    """

    def __init__(self, weights: Tensor, rate: float, least: float) -> None:
        self.psi = torch.zeros_like(weights)
        self._weights, self._rate, self._least = weights, rate, least

    def ascend(self, gradient: Tensor, factor: float) -> None:
        """In the metric of nu: the gradient's entries are of the size of nu_j, and psi_j of that of c."""
        moves = gradient / self._weights
        share = min(1.0, max(self._least, 1 / float(moves.abs().max().clamp(min=1))))
        self.psi += share * self._rate * factor * moves
        self.psi -= self.psi @ self._weights


class NeuralPotential:
    """A network's values at the atoms, moved by Adam."""

    def __init__(self, network: Critic, atoms: Tensor, weights: Tensor, rate: float) -> None:
        self._network, self._atoms, self._weights, self._rate = network, atoms, weights, rate
        self._adam = torch.optim.Adam(network.parameters(), lr=rate, maximize=True)
        self._look()

    def ascend(self, gradient: Tensor, factor: float) -> None:
        """One Adam step up sum_j gradient_j psi_j, whose gradient in the weights is that of the dual."""
        self._adam.param_groups[0]["lr"] = self._rate * factor
        self._adam.zero_grad(set_to_none=True)
        for part, slope in zip(self._parts(self._atoms), self._parts(gradient), strict=True):
            (self._network(part) @ slope).backward()
        self._adam.step()
        self._look()

    @torch.no_grad()
    def _look(self) -> None:
        psi = torch.cat([self._network(part) for part in self._parts(self._atoms)])
        self.psi = psi - psi @ self._weights

    def _parts(self, values: Tensor) -> tuple[Tensor, ...]:
        return values.split(max(1, CHUNK // 1024))


def atoms_of(p: Sampler, wanted: int | None, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Points [n, D] of P and their weights [n]: its atoms, so many of them, or samples."""
    known = p.atoms()
    if known is None:
        drawn = p(wanted or DRAWN)
        return drawn, drawn.new_full((len(drawn),), 1 / len(drawn))
    atoms, weights = known
    if wanted is not None and wanted < len(atoms):
        chosen = torch.randperm(len(atoms), generator=rng, device=rng.device)[:wanted]
        atoms, weights = atoms[chosen], weights[chosen]
    held = weights > 0
    if not held.all():
        atoms, weights = atoms[held], weights[held]
    return atoms, weights / weights.sum()
