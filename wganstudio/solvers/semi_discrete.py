"""Semi-discrete transport: a dual over all atoms of P, climbed from fresh samples of Q."""

import math

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.smoothed import CHUNK, SmoothedTransform
from wganstudio.experiment.semi_discrete import SemiDiscrete as Options
from wganstudio.pairs.base import Stream
from wganstudio.solvers.base import Solver

DRAWN = 4096
LEAST_RATE = 0.1
ADAM_RATE = 1e-3
SELF_STEPS = 30


class SemiDiscrete(Solver):
    """max over psi of E_Q psi^{c,eps} + sum_j nu_j psi_j (arXiv 2102.05542, Algorithm 1).

    The ascent follows nu_j - E p_j, estimated on one batch of Q. psi is kept at sum_j nu_j psi_j = 0, so that
    the dual is E_Q psi^{c,eps} = -E_Q u for the critic u = -psi^{c,eps}. It stays warm when Q moves.
    """

    options: Options
    critic: SmoothedTransform

    def __init__(
        self, options: Options, critic: Critic, *, steps: int, batch: int, generator: torch.Generator
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self._network = critic
        self._seen = 0

    def begin(self, p: Stream, q: Stream) -> None:
        """Take the atoms of P, or as many samples of it as are wanted."""
        options = self.options
        atoms, weights = _atoms(p, options.atoms, self.generator)
        self.critic = SmoothedTransform(atoms, weights, options.ground)
        self.scale = self.critic.scale
        if options.potential == "network":
            self._dual: _Points | _Network = _Network(
                self._network, atoms, weights, options.rate or ADAM_RATE
            )
        else:
            mean = self.critic.size / self.critic.scale
            rate = max(options.epsilon, LEAST_RATE * mean) or LEAST_RATE
            rate *= min(1.0, self.batch / len(atoms))  # one sample moves an atom by rate / (batch nu_j)
            self._dual = _Points(weights, options.rate or rate)
        self.critic.psi.copy_(self._dual.psi)

    def moved(self) -> None:
        """Q has moved: psi stays, the decay of the step and the average begin anew."""
        self._seen = 0

    def step(self, p: Stream, q: Stream) -> Tensor:
        """One step of ascent; the dual on its batch before it."""
        dual, seen = self.critic, self.critic.psi
        points = q(self.batch)
        if self.options.iterate == "averaged":
            seen = seen.clone()
            dual.psi.copy_(self._dual.psi)
        u, shares = dual.marginal(points)
        self._seen += 1
        self._dual.ascend(
            dual.weights - shares, 1 / math.sqrt(self._seen) if self.options.decay == "root" else 1.0
        )
        if self.options.iterate == "averaged":
            dual.psi.copy_(seen.lerp_(self._dual.psi, 1 / self._seen))
        else:
            dual.psi.copy_(self._dual.psi)
        return -u.mean()

    @torch.no_grad()
    def cost_gradient(self, points: Tensor) -> Tensor:
        """sum_j p_j(x) grad_x c(x, y_j) [n, D]; debiased, less that towards the other points of the batch.

        The latter from the symmetric dual of the batch, psi <- (psi + psi^{c,eps}) / 2 (arXiv 1810.08278,
        equation 25), which a few steps solve.
        """
        found = -self.critic.gradient(points)[1]
        if not (self.options.debias and self.options.epsilon > 0):
            return found
        evenly = points.new_full((len(points),), 1 / len(points))
        own = SmoothedTransform(points, evenly, self.options.ground, self.critic.scale).to(points.device)
        for _ in range(SELF_STEPS):
            own.psi.lerp_(-own(points), 0.5)
        return found + own.gradient(points)[1]

    @torch.no_grad()
    def cost(self, p: Stream, q: Stream, count: int) -> dict[str, float]:
        """gap, gap_se: the dual on `count` fresh samples of Q; marginal: |nu - E p|_1, with their chance."""
        u, shares = self.critic.marginal(q(count))
        u = u.double()
        return {
            "gap": -float(u.mean()),
            "gap_se": float(u.std() / math.sqrt(count)),
            "marginal": float((self.critic.weights - shares).abs().sum()),
        }


class _Points:
    """A free number for each atom."""

    def __init__(self, weights: Tensor, rate: float) -> None:
        self.psi = torch.zeros_like(weights)
        self._weights, self._rate = weights, rate

    def ascend(self, gradient: Tensor, factor: float) -> None:
        """In the metric of nu: the gradient's entries are of the size of nu_j, and psi_j of that of c."""
        self.psi += self._rate * factor * gradient / self._weights
        self.psi -= self.psi @ self._weights


class _Network:
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


def _atoms(p: Stream, wanted: int | None, chance: torch.Generator) -> tuple[Tensor, Tensor]:
    known = p.atoms()
    if known is None:
        drawn = p(wanted or DRAWN)
        return drawn, drawn.new_full((len(drawn),), 1 / len(drawn))
    atoms, weights = known
    if wanted is not None and wanted < len(atoms):
        chosen = torch.randperm(len(atoms), generator=chance, device=chance.device)[:wanted]
        atoms, weights = atoms[chosen], weights[chosen]
    held = weights > 0
    if not held.all():
        atoms, weights = atoms[held], weights[held]
    return atoms, weights / weights.sum()
