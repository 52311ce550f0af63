"""Regularized transport: the dual of each batch, as networks, or over all data points."""

import math
from copy import deepcopy

import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.critics.parts import Parts
from wganstudio.experiment.regularized import RegularizedOTOptions
from wganstudio.ot.regularized import MAX_ITERATIONS, DualCertificate, RegularizedOT
from wganstudio.ot.regularizers import regularizer_of
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.base import SolverContext
from wganstudio.solvers.semi_discrete import ADAM_LEARNING_RATE, SemiDualAscent, atoms_of
from wganstudio.solvers.semi_discrete_base import SemiDiscreteBase

BETAS = 0.5, 0.9
INNER_STEPS = 10
MAX_BATCHES = 64
MAX_COSTS = 1 << 22
SOLVED_FRACTION = 8
"""Samples of a cost estimate per sample in a batch that is solved."""


def regularized_solver(options: RegularizedOTOptions, context: SolverContext) -> "RegularizedOTSolver":
    """Return the solver for the parametrization of the dual that the options choose."""
    kinds = {"batch": SolvedDual, "networks": NeuralDual, "atoms": FullDual}
    return kinds[options.potential](options, context)


class RegularizedOTSolver(SemiDiscreteBase):
    """max over phi, psi of E_Q phi + E_P psi - E_QxP h*(phi + psi - c), h* the regularizer's conjugate.

    For every parametrization of psi, phi is its c-transform over the critic's points of P, as at the optimum:
    the density r of each generated point has mean 1, and the dual bounds the cost from below.

    References
    ----------
    Sanjabi et al., arXiv 1802.08249.
    """

    options: RegularizedOTOptions

    def __init__(self, options: RegularizedOTOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        self.regularizer = regularizer_of(options.ground)

    def problem(self, points: Tensor) -> RegularizedOT:
        """Return the transport of points [n, D] of Q, of equal weight, to the critic's points of P."""
        return RegularizedOT(self.critic.costs(points), self.regularizer, columns=self.critic.weights)

    def certify(self, points: Tensor) -> DualCertificate:
        """Return what the dual certifies for the transport of points [n, D] of Q to the critic's points."""
        raise NotImplementedError

    def losses(self, p: Sampler, q: Sampler, count: int) -> Parts[list[float]]:
        """Return 2 d(P, Q) - d(P, P) - d(Q, Q) on fresh batches of the training's size, each solved."""
        losses: list[float] = []
        batches = _num_batches(count, self.batch)
        for number in range(batches):
            yield number / batches
            x, y = q(self.batch), p(self.batch)
            accuracy = self.options.accuracy
            costs = self.critic.costs
            across = RegularizedOT(costs(x, y), self.regularizer).solve(accuracy)
            within = (RegularizedOT(costs(z, z), self.regularizer).solve_symmetric(accuracy) for z in (x, y))
            losses.append(2 * across.lower - sum(certificate.lower for certificate in within))
        return losses

    def debiased(self, p: Sampler, q: Sampler, count: int) -> Parts[dict[str, float]]:
        """Return sinkhorn_loss and its standard error if the options ask for it, otherwise nothing."""
        if not self.options.debias:
            return {}
        losses = yield from self.losses(p, q, count)
        return {"sinkhorn_loss": _mean(losses), "sinkhorn_loss_se": _standard_error(losses)}


class MinibatchDual(RegularizedOTSolver):
    """Base of the duals over a batch of P, whose points are the critic's atoms."""

    moving_atoms = True

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Determine the scale of the cost, and set the first batch."""
        self.set_atoms(p, q, *atoms_of(p, None, self.rng))
        y = p(self.batch)
        equal = y.new_full((len(y),), 1 / len(y))
        self.critic = self.make_critic(y, equal, self.scale, moving=True)

    def set_potential(self, psi: Tensor) -> None:
        """Set the critic's psi [n], normalized to mean 0."""
        self.critic.psi.copy_(psi - psi.mean())

    def update_features(self, x: Tensor, plan: Tensor) -> None:
        """Take one step of learned features up the cost between x of Q and the present batch y of P [n, D].

        The shares [n, n] of the plan are constants. Debiased, the step ascends half the Sinkhorn loss.
        """
        if self.features is None or self.options.features != "learned":
            return
        features, gradient_of, y = self.features, self.critic.cost.weighted_gradient, self.critic.atoms
        sides = [(x, plan, y), (y, plan.T, x)]
        symmetric = [
            self.solve_symmetric(z).transform.shares.to(z) if self.options.debias else None for z in (x, y)
        ]

        def loss() -> Tensor:
            """Return the cost to first order in the features."""
            total = x.new_zeros(())
            for (points, shares, others), own_shares in zip(sides, symmetric, strict=True):
                embedded = features(points)
                constant = embedded.detach()
                slope = gradient_of(shares, constant, features(others).detach())
                if own_shares is not None:
                    slope = slope - gradient_of(own_shares, constant, constant)
                total = total + (embedded * slope).sum() / len(points)
            return total

        with torch.enable_grad():
            features.ascend(loss)
        self.critic.set_atoms(y)

    @torch.no_grad()
    def cost_in_parts(self, p: Sampler, q: Sampler, count: int) -> Parts[dict[str, float]]:
        """Return gap, gap_se, marginal and dual_gap on fresh batches of the training's size.

        gap is the dual, dual_gap the certified distance to its optimum, marginal |nu - E p|_1. The critic's
        points of P are restored afterwards.
        """
        atoms, psi = self.critic.atoms, self.critic.psi.clone()
        certificates: list[DualCertificate] = []
        batches = _num_batches(count, self.batch)
        try:
            for number in range(batches):
                yield number / batches
                self.critic.set_atoms(p(self.batch))
                certificates.append(self.certify(q(self.batch)))
        finally:
            self.critic.set_atoms(atoms)
            self.critic.psi.copy_(psi)
        values = [certificate.lower for certificate in certificates]
        return {
            "gap": _mean(values),
            "gap_se": _standard_error(values),
            "marginal": _mean([certificate.marginal for certificate in certificates]),
            "dual_gap": _mean([certificate.gap for certificate in certificates]),
        } | (yield from self.debiased(p, q, count))


class SolvedDual(MinibatchDual):
    """The dual of each batch, solved to the accuracy by c-transforms and Newton steps.

    A warm start is the c-transform, on the new points of P, of the phi of the last batch of Q.
    """

    state_names = (*MinibatchDual.state_names, "_last")

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Set the first batch; there is no warm start for it."""
        super().setup(p, q)
        self._last: tuple[Tensor, Tensor] | None = None

    def certify(self, points: Tensor) -> DualCertificate:
        """Solve the problem for points [n, D] of Q, from the warm start if there is one."""
        return self._solve(self._start(), points)

    def _solve(self, psi: Tensor | None, points: Tensor) -> DualCertificate:
        max_iterations = self.options.inner_steps or MAX_ITERATIONS
        return self.problem(points).solve(self.options.accuracy, psi, max_iterations)

    def _start(self) -> Tensor | None:
        if self._last is None or not self.options.warm_start:
            return None
        points, phi = self._last
        return self.problem(points).c_transform_rows(phi)

    @torch.no_grad()
    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Solve the dual of fresh batches; return its value."""
        self.critic.set_atoms(p(self.batch))
        points = q(self.batch)
        certificate = self.certify(points)
        self.set_potential(certificate.psi)
        self._last = points, certificate.transform.phi
        self.update_features(points, certificate.transform.shares.to(points))
        return points.new_tensor(certificate.lower)

    def transport_gradient(self, points: Tensor) -> Tensor:
        """Return the gradient [n, D] by the plan between these points and the present batch of P."""
        psi = self.critic.psi if self.options.warm_start else None
        shares = self._solve(psi, points).transform.shares
        return self.critic.weighted_gradient(shares.to(points), points)


class NeuralDual(MinibatchDual):
    """psi = u, the critic's network, and phi = g, a second network, trained over all pairs of a batch.

    g serves the ascent only: estimates and gradients use u's c-transform over the batch of P, which bounds g
    from above.
    """

    state_names = (*MinibatchDual.state_names, "networks", "_adam")

    def __init__(self, options: RegularizedOTOptions, context: SolverContext) -> None:
        super().__init__(options, context)
        critic = context.critic
        device = next(critic.parameters()).device
        partner: Critic = critic.options.build(critic.dim).to(device)
        self._psi, self._phi = critic, partner
        self.networks = torch.nn.ModuleList((critic, partner))
        self._initial_state = None if options.warm_start else deepcopy(self.networks.state_dict())
        self._reset_optimizer()

    def _reset_optimizer(self) -> None:
        rate = self.options.learning_rate or ADAM_LEARNING_RATE
        self._adam = torch.optim.Adam(
            self.networks.parameters(), lr=rate, betas=BETAS, maximize=True, fused=True
        )

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Initialize u from samples and set the first batch."""
        super().setup(p, q)
        self._psi.setup(p, q)
        self._update_potential()

    def on_q_changed(self) -> None:
        """Reset the networks unless the options ask for a warm start."""
        if self._initial_state is not None:
            self.networks.load_state_dict(self._initial_state)
            self._reset_optimizer()

    def certify(self, points: Tensor) -> DualCertificate:
        """Return what u certifies for points [n, D] of Q."""
        self._update_potential()
        return self.problem(points).certify(self.critic.psi)

    @torch.no_grad()
    def _update_potential(self) -> None:
        self.set_potential(self._psi(self.critic.atoms))

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take Adam steps on fresh batches until u is accurate on one or the steps are used up.

        Returns the dual on the last batch.
        """
        for _ in range(self.options.inner_steps or INNER_STEPS):
            self.critic.set_atoms(p(self.batch))
            x, y = q(self.batch), self.critic.atoms
            psi, phi = self._psi(y), self._phi(x)
            excess = phi[:, None] + psi - self.critic.costs(x)
            dual = phi.mean() + psi.mean() - self.regularizer.conjugate(excess).mean()
            self._adam.zero_grad(set_to_none=True)
            dual.backward()
            self._adam.step()
            certificate = self.certify(x)
            if certificate.gap <= self.options.accuracy:
                break
        self.update_features(x, certificate.transform.shares.to(x))
        return x.new_tensor(certificate.lower)


class FullDual(SemiDualAscent, RegularizedOTSolver):
    """psi over all data points of P, by averaged stochastic ascent.

    References
    ----------
    Genevay et al., arXiv 1605.08527, Algorithm 2.
    """

    def on_q_changed(self) -> None:
        """Restart the average and, without a warm start, psi."""
        super().on_q_changed()
        if not self.options.warm_start:
            self.begin_dual()
            self.critic.psi.zero_()

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take the inner steps of ascent; return the dual before the last."""
        for _ in range(self.options.inner_steps or INNER_STEPS):
            value = super().step(p, q)
        return value

    def certify(self, points: Tensor) -> DualCertificate:
        """Return what psi certifies for these points of Q, sampling error included."""
        return self.problem(points).certify(self.critic.psi)

    @torch.no_grad()
    def cost_in_parts(self, p: Sampler, q: Sampler, count: int) -> Parts[dict[str, float]]:
        """Return the metrics of the ascent and dual_gap, the certified distance to the optimal dual.

        dual_gap uses as many samples as make a table of 2^22 costs, and includes their sampling error.
        """
        few = min(count, max(2, MAX_COSTS // len(self.critic.psi)))
        gap = {"dual_gap": self.certify(q(few)).gap}
        ascent = yield from super().cost_in_parts(p, q, count)
        return ascent | gap | (yield from self.debiased(p, q, count))


def _num_batches(count: int, batch: int) -> int:
    return min(max(count // (SOLVED_FRACTION * batch), 4), MAX_BATCHES)


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def _standard_error(values: list[float]) -> float:
    mean = _mean(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values))
