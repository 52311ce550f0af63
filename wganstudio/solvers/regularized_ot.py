"""Regularized transport, solved approximately: its dual anew on each batch, as networks, or over the data."""

import math
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment.regularized import RegularizedOTOptions as Options
from wganstudio.ot.regularized import CAP, DualCertificate, RegularizedOT
from wganstudio.ot.regularizers import regularizer_of
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.semi_discrete import ADAM_RATE, SemiDualAscent, atoms_of
from wganstudio.solvers.semi_discrete_base import SemiDiscreteBase

BETAS = 0.5, 0.9
INNER = 10
MOST_BATCHES = 64
MOST = 1 << 22
SHARE = 8
"""Of the samples of a measurement, one in so many goes into batches that are solved."""


def regularized_solver(options: Options, critic: Critic, **settings: Any) -> "RegularizedOTSolver":
    """The solver whose dual is held as the options say."""
    return {"batch": SolvedDual, "networks": NeuralDual, "atoms": FullDual}[options.potential](
        options, critic, **settings
    )


class RegularizedOTSolver(SemiDiscreteBase):
    """max over phi, psi of E_Q phi + E_P psi - E_QxP h(phi + psi - c) (arXiv 1802.08249).

    However psi is held, phi is its c-transform over the critic's points of P, as it is at the optimum: so the
    weights r of each generated point have mean 1, and the dual bounds the cost from below.
    """

    options: Options

    def __init__(
        self, options: Options, critic: Critic, *, steps: int, batch: int, generator: torch.Generator
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self.smoothing = regularizer_of(options.ground)

    def problem(self, points: Tensor) -> RegularizedOT:
        """The transport of points [n, D] of Q, of equal weight, to the critic's points of P."""
        return RegularizedOT(self.critic.costs(points), self.smoothing, columns=self.critic.weights)

    def look(self, points: Tensor) -> DualCertificate:
        """What the dual proves of the transport of points [n, D] of Q to the critic's points of P."""
        raise NotImplementedError

    def losses(self, p: Sampler, q: Sampler, count: int) -> list[float]:
        """2 d(P, Q) - d(P, P) - d(Q, Q) on fresh batches of the training's size, each solved."""
        found = []
        for _ in range(_batches(count, self.batch)):
            x, y = q(self.batch), p(self.batch)
            accuracy = self.options.accuracy
            costs = self.critic.costs
            across = RegularizedOT(costs(x, y), self.smoothing).solve(accuracy)
            own = (RegularizedOT(costs(z, z), self.smoothing).own(accuracy) for z in (x, y))
            found.append(2 * across.lower - sum(look.lower for look in own))
        return found

    def debiased(self, p: Sampler, q: Sampler, count: int) -> dict[str, float]:
        """sinkhorn_loss and its standard error, where it is asked for."""
        if not self.options.debias:
            return {}
        losses = self.losses(p, q, count)
        return {"sinkhorn_loss": _mean(losses), "sinkhorn_loss_se": _error(losses)}


class MinibatchDual(RegularizedOTSolver):
    """What the duals share that are over a batch of P: its points are the critic's."""

    def begin(self, p: Sampler, q: Sampler) -> None:
        """Find what the cost is divided by, and lay the first batch."""
        known, weights = atoms_of(p, None, self.generator)
        self.lay(p, q, known, weights)
        y = p(self.batch)
        evenly = y.new_full((len(y),), 1 / len(y))
        self.critic = type(self.critic)(
            y, evenly, self.options.ground, self.scale, self.features, moving=True
        )

    def hold(self, psi: Tensor) -> None:
        """Make psi [n] the critic's, of mean 0."""
        self.critic.psi.copy_(psi - psi.mean())

    def climb(self, x: Tensor, plan: Tensor) -> None:
        """One step of the features up the cost between x of Q and the present batch y of P [n, D], where they
        are learned; the shares [n, n] are held fixed. Debiased, up half the Sinkhorn loss."""
        if self.features is None or self.options.features != "learned":
            return
        features, pull, y = self.features, self.critic.cost.pull, self.critic.atoms
        sides = [(x, plan, y), (y, plan.T, x)]
        own = [self.own(z).weighed.shares.to(z) if self.options.debias else None for z in (x, y)]

        def loss() -> Tensor:
            """The cost to first order in the features."""
            found = x.new_zeros(())
            for (here, shares, there), among in zip(sides, own, strict=True):
                seen = features(here)
                still = seen.detach()
                slope = pull(shares, still, features(there).detach())
                if among is not None:
                    slope = slope - pull(among, still, still)
                found = found + (seen * slope).sum() / len(here)
            return found

        with torch.enable_grad():
            features.ascend(loss)
        self.critic.place(y)

    @torch.no_grad()
    def cost(self, p: Sampler, q: Sampler, count: int) -> dict[str, float]:
        """gap, gap_se: the dual on fresh batches of the training's size; dual_gap: by how much at most it
        falls short there; marginal: |nu - E p|_1. The points of P are put back."""
        before, looks = (self.critic.atoms, self.critic.psi.clone()), []
        for _ in range(_batches(count, self.batch)):
            self.critic.place(p(self.batch))
            looks.append(self.look(q(self.batch)))
        self.critic.place(before[0])
        self.critic.psi.copy_(before[1])
        values = [look.lower for look in looks]
        return {
            "gap": _mean(values),
            "gap_se": _error(values),
            "marginal": _mean([look.marginal for look in looks]),
            "dual_gap": _mean([look.gap for look in looks]),
        } | self.debiased(p, q, count)


class SolvedDual(MinibatchDual):
    """The dual of each batch, solved to the accuracy by c-transforms and Newton steps.

    Warm, it begins at the c-transform, on the new points of P, of what the last batch of Q was told.
    """

    def begin(self, p: Sampler, q: Sampler) -> None:
        """Nothing is known of phi."""
        super().begin(p, q)
        self._before: tuple[Tensor, Tensor] | None = None

    def look(self, points: Tensor) -> DualCertificate:
        """Solve it, from what is known."""
        return self._solve(self._start(), points)

    def _solve(self, psi: Tensor | None, points: Tensor) -> DualCertificate:
        return self.problem(points).solve(self.options.accuracy, psi, self.options.inner_steps or CAP)

    def _start(self) -> Tensor | None:
        if self._before is None or not self.options.warm_start:
            return None
        points, phi = self._before
        return self.problem(points).turned(phi)

    @torch.no_grad()
    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Solve the dual of fresh batches; its value."""
        self.critic.place(p(self.batch))
        points = q(self.batch)
        found = self.look(points)
        self.hold(found.psi)
        self._before = points, found.weighed.level
        self.climb(points, found.weighed.shares.to(points))
        return points.new_tensor(found.lower)

    def toward(self, points: Tensor) -> Tensor:
        """By the plan between these points and the present batch of P."""
        shares = self._solve(self.critic.psi if self.options.warm_start else None, points).weighed.shares
        return self.critic.pulled(shares.to(points), points)


class NeuralDual(MinibatchDual):
    """psi = u, the critic's network, and phi = g, its twin, trained by Adam over all pairs of a batch.

    g serves the ascent alone: what is measured and followed is u's c-transform over the batch of P, which no
    g exceeds.
    """

    def __init__(
        self, options: Options, critic: Critic, *, steps: int, batch: int, generator: torch.Generator
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        device = next(critic.parameters()).device
        twin: Critic = critic.options.build(critic.dim).to(device)
        self._psi, self._phi = critic, twin
        self.networks = torch.nn.ModuleList((critic, twin))
        self._first = None if options.warm_start else deepcopy(self.networks.state_dict())
        self._ready()

    def _ready(self) -> None:
        rate = self.options.learning_rate or ADAM_RATE
        self._adam = torch.optim.Adam(self.networks.parameters(), lr=rate, betas=BETAS, maximize=True)

    def begin(self, p: Sampler, q: Sampler) -> None:
        """The networks start as they are."""
        super().begin(p, q)
        self._psi.begin(p, q)
        self._told()

    def moved(self) -> None:
        """Without a warm start, begin anew."""
        if self._first is not None:
            self.networks.load_state_dict(self._first)
            self._ready()

    def look(self, points: Tensor) -> DualCertificate:
        """What u proves."""
        self._told()
        return self.problem(points).look(self.critic.psi)

    @torch.no_grad()
    def _told(self) -> None:
        self.hold(self._psi(self.critic.atoms))

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Steps of Adam on fresh batches, until u is accurate on one or there were enough; the dual there."""
        for _ in range(self.options.inner_steps or INNER):
            self.critic.place(p(self.batch))
            x, y = q(self.batch), self.critic.atoms
            psi, phi = self._psi(y), self._phi(x)
            excess = phi[:, None] + psi - self.critic.costs(x)
            dual = phi.mean() + psi.mean() - self.smoothing.conjugate(excess).mean()
            self._adam.zero_grad(set_to_none=True)
            dual.backward()
            self._adam.step()
            found = self.look(x)
            if found.gap <= self.options.accuracy:
                break
        self.climb(x, found.weighed.shares.to(x))
        return x.new_tensor(found.lower)


class FullDual(SemiDualAscent, RegularizedOTSolver):
    """psi over all data points of P, by averaged stochastic ascent (arXiv 1605.08527, Algorithm 2)."""

    def moved(self) -> None:
        """The average begins anew; without a warm start, psi too."""
        super().moved()
        if not self.options.warm_start:
            self._dual = self.held()
            self.critic.psi.zero_()

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Steps of ascent; the dual before the last."""
        for _ in range(self.options.inner_steps or INNER):
            value = super().step(p, q)
        return value

    def look(self, points: Tensor) -> DualCertificate:
        """What psi proves of the transport of these points, with their chance."""
        return self.problem(points).look(self.critic.psi)

    @torch.no_grad()
    def cost(self, p: Sampler, q: Sampler, count: int) -> dict[str, float]:
        """Those of the ascent; dual_gap: by how much at most psi falls short on as many of the samples as
        make a table of 2^22 costs, chance and all."""
        few = min(count, max(2, MOST // len(self.critic.psi)))
        gap = {"dual_gap": self.look(q(few)).gap}
        return super().cost(p, q, count) | gap | self.debiased(p, q, count)


def _batches(count: int, batch: int) -> int:
    return min(max(count // (SHARE * batch), 4), MOST_BATCHES)


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _error(values: list[float]) -> float:
    mean = _mean(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values))
