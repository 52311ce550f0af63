"""Squared W2 by potentials: convex ones whose conjugate is solved or learned, and a maximin map.

All solvers maximize E_P u + E_Q min_x (|x - y|^2 - u(x)) for the critic u = |x|^2 - 2 f, which is
E|X|^2 + E|Y|^2 - 2 (E_P f + E_Q f*): twice the value of arXiv 1902.07197, and at its optimum W2^2.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic
from wganstudio.critics.convex.base import ConvexPotential, GradientMap
from wganstudio.critics.convex.conjugate import ConjugateMap
from wganstudio.critics.convex.quadratic import Quadratic
from wganstudio.critics.parts import Parts
from wganstudio.critics.training_state import State
from wganstudio.experiment import convex as options_of
from wganstudio.ot.gaussian import Moments
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.adam import AdamSolver
from wganstudio.solvers.base import Solver, SolverContext
from wganstudio.solvers.maximin import Maximin
from wganstudio.solvers.running_mean import RunningMean

CHUNK = 1 << 12
MAX_SAMPLES = 1 << 16
"""Largest number of samples of a cost estimate: each needs a conjugate."""


class ConjugateResult(NamedTuple):
    """The maximizers in the conjugate f*(y) = sup_x <x, y> - f(x) for points y, with their residuals."""

    points: Tensor
    """x [n, D]."""
    residuals: Tensor | None = None
    """|grad f(x) - y| [n], where f is convex."""
    converged: Tensor | None = None
    """Residual at most the tolerance, [n]."""


class ConjugateSolver(Solver):
    """Base of the solvers that maximize in the conjugate."""

    def conjugate(self, points: Tensor) -> ConjugateResult:
        """Return approximate maximizers grad f* for points [n, D] of Q."""
        raise NotImplementedError

    def cost_in_parts(self, p: Sampler, q: Sampler, count: int) -> Parts[dict[str, float]]:
        """Return gap, gap_se and, for a convex critic, gap_lower, conjugate_residual, converged.

        See `dual_cost`.
        """
        return dual_cost(self.critic, self.conjugate, p, q, count)

    @torch.no_grad()
    def cost_gradient(self, points: Tensor) -> Tensor:
        """Return 2 (y - grad f*(y)) [n, D] at points y of Q."""
        return 2 * (points - self.conjugate(points).points)

    @torch.no_grad()
    def to_p(self, points: Tensor) -> Tensor:
        """Return the approximate grad f* [n, D] at points [n, D] of Q."""
        return self.conjugate(points).points


class ConvexSolver(ConjugateSolver, AdamSolver):
    """Base of the solvers whose critic is a convex potential.

    By the envelope theorem the maximizer x in the conjugate is a constant when the dual is differentiated.
    """

    options: options_of.PotentialSolverOptions
    critic: ConvexPotential

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """Return E_P u + E_Q (|x - y|^2 - u(x)), x the maximizer in the conjugate."""
        return self.envelope(x, y, self.conjugate(y).points)

    def envelope(self, x: Tensor, y: Tensor, maximizers: Tensor) -> Tensor:
        """Return the dual with the conjugate of y evaluated at given points."""
        at_x, at_maximizers = self.values(x, maximizers)
        return at_x.mean() + ((maximizers - y).square().sum(1) - at_maximizers).mean()

    def certify_conjugate(self, points: Tensor, y: Tensor) -> ConjugateResult:
        """Return points [n, D] proposed as maximizers for y, with their residuals."""
        residuals = torch.linalg.vector_norm(self.critic.value_and_gradient(points)[1] - y, dim=1)
        bound = self.options.tolerance * y.square().sum(1).mean().sqrt()
        return ConjugateResult(points, residuals, residuals <= bound)

    @torch.no_grad()
    def to_q(self, points: Tensor) -> Tensor:
        """Return grad f [n, D] at points [n, D] of P."""
        return self.critic.value_and_gradient(points)[1]


class ConvexPotentialSolver(ConvexSolver):
    """min over convex f of E_P f + E_Q f*, with the conjugate solved for each point.

    A quadratic potential may be refitted after each batch to the moments of all samples so far: those of P
    from the first step on, those of Q since it last changed.

    References
    ----------
    Taghvaei & Jalali, arXiv 1902.07197.
    """

    state_names = (*ConvexSolver.state_names, "_moments_p", "_moments_q")
    options: options_of.ConvexOTOptions

    def __init__(
        self,
        options: options_of.ConvexOTOptions,
        context: SolverContext,
    ) -> None:
        super().__init__(options, context)
        self._moments_p, self._moments_q = _RunningMoments(), _RunningMoments()

    def on_q_changed(self) -> None:
        """Restart the moments of Q."""
        self._moments_q = _RunningMoments()

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take one Adam step, or fit the moments so far; return the objective before it."""
        critic = self.critic
        if not (isinstance(critic, Quadratic) and self.options.quadratic == "moments"):
            return super().step(p, q)
        x, y = p(self.batch), q(self.batch)
        with torch.no_grad():
            before = self.objective(x, y)
        self._moments_p.add(x)
        self._moments_q.add(y)
        if min(self._moments_p.count, self._moments_q.count) > 2 * critic.dim:
            critic.fit(self._moments_p.moments, self._moments_q.moments)
        return before

    def conjugate(self, points: Tensor) -> ConjugateResult:
        """Solve for grad f* at points [n, D] of Q, to the tolerance of the options."""
        solution = self.map_to_p().solve(points)
        return ConjugateResult(solution.points, solution.residuals, solution.converged)

    def map_to_p(self) -> ConjugateMap:
        """Return grad f*, solved for at each point."""
        options = self.options
        return ConjugateMap(self.critic, options.conjugate, options.tolerance, options.max_iterations)


class _Amortized(ConvexSolver):
    """Base of the solvers that predict the maximizer as grad g(y), g a second network like the critic."""

    state_names = (*ConvexSolver.state_names, "second")

    def __init__(
        self,
        options: options_of.PotentialSolverOptions,
        context: SolverContext,
    ) -> None:
        super().__init__(options, context)
        critic = self.critic
        self.second: ConvexPotential = critic.options.build(critic.dim)
        self.second.to(next(critic.parameters()).device)
        self._second_adam = self.adam(self.second.parameters())

    def setup(self, p: Sampler, q: Sampler) -> None:
        """Initialize both potentials from samples, the second with P and Q exchanged."""
        self.critic.setup(p, q)
        self.second.setup(q, p)

    @torch.no_grad()
    def conjugate(self, points: Tensor) -> ConjugateResult:
        """Return grad g at points [n, D] of Q, with its residuals."""
        return self.certify_conjugate(self.second.value_and_gradient(points)[1], points)

    def map_to_p(self) -> GradientMap:
        """Return grad g."""
        return GradientMap(self.second)


class ConvexPair(_Amortized):
    """min_f max_g E_P f + E_Q <y, grad g(y)> - f(grad g(y)), f and g convex.

    One batch serves all steps of g and the step of f after them.

    References
    ----------
    Makkuva et al., arXiv 1908.10962, equation 6.
    """

    options: options_of.ConvexPairOptions

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take the Adam steps of g, then one of f; return the objective before that one."""
        self.follow_schedule()
        x, y = p(self.batch), q(self.batch)
        for _ in range(self.options.inner_steps):
            maximizers = self.second.value_and_gradient(y)[1]
            reward = ((maximizers * y).sum(1) - self.critic.potential(maximizers)).mean()
            _ascend(self._second_adam, self.second, reward)
        with torch.no_grad():
            maximizers = self.second.value_and_gradient(y)[1]
        return self.ascend(self.envelope(x, y, maximizers))


class CycleConsistent(_Amortized):
    """E_P f + E_Q <y, x> - f(x) with x = grad g(y) held fixed, and lambda E_Q |grad f(grad g(y)) - y|^2.

    f and g minimize the sum together; only the cycle term depends on g.

    References
    ----------
    Korotin et al., arXiv 1909.13082, equation 15.
    """

    options: options_of.CycleConsistentOptions

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """Take one Adam step of both; return the objective before it, without the cycle term."""
        self.follow_schedule()
        x, y = p(self.batch), q(self.batch)
        maximizers = self.second.value_and_gradient(y)[1]
        cycle = (self.critic.value_and_gradient(maximizers)[1] - y).square().sum(1).mean()
        weight = self.options.cycle_weight or self.critic.dim
        objective = self.envelope(x, y, maximizers.detach())
        self._second_adam.zero_grad(set_to_none=True)
        self.ascend(objective - 2 * weight * cycle)
        self._second_adam.step()
        return objective.detach()


class MaximinMap(ConjugateSolver, Maximin):
    """max_u min_H E_P u + E_Q (|H(y) - y|^2 - u(H(y))) for any critic u.

    H approximates grad f*. If H is not the minimizer, the estimated cost is too large by an unknown amount.

    References
    ----------
    Fan et al., arXiv 2106.03812. Korotin et al., arXiv 2106.01954.
    """

    options: options_of.MaximinMapOptions

    def build_mover(self) -> nn.Module:
        """Return H(y) = y + network(y): a random map would start far from the minimum."""
        return _Displacement(super().build_mover())

    def costs(self, displacements: Tensor) -> Tensor:
        """Return the squared lengths [n] of displacements [n, D]."""
        return displacements.square().sum(1)

    @torch.no_grad()
    def conjugate(self, points: Tensor) -> ConjugateResult:
        """Return H at points [n, D] of Q."""
        return ConjugateResult(self.mover(points))

    @torch.no_grad()
    def to_q(self, points: Tensor) -> Tensor:
        """Return x - grad u / 2 [n, D] at points [n, D] of P."""
        return points - self.critic.gradient(points)[1] / 2

    def map_to_p(self) -> nn.Module:
        """Return H."""
        return self.mover


@torch.no_grad()
def dual_cost(
    critic: Critic, conjugate: Callable[[Tensor], ConjugateResult], p: Sampler, q: Sampler, count: int
) -> Parts[dict[str, float]]:
    """Estimate the dual of W2^2, E_P u + E_Q (|x - y|^2 - u(x)), on fresh samples.

    Parameters
    ----------
    critic : Critic
        u.
    conjugate : callable
        Returns the maximizers x for points y [n, D].
    p, q : Sampler
        Streams of fresh samples.
    count : int
        Number of samples; at most 65,536 are used.

    Returns
    -------
    dict
        gap and gap_se. For a convex potential also conjugate_residual, the mean |grad f(x) - y|; converged,
        the share of points whose residual is below the tolerance; and gap_lower, which is
        gap - E |grad f(x) - y|^2 / alpha. The potential's true dual value, which is at most W2^2, lies in
        [gap_lower, gap]: the gap alone is no bound unless every conjugate has converged.
    """
    count = min(count, MAX_SAMPLES)
    at_p, at_q, residual, slack, converged = (RunningMean() for _ in range(5))
    for start in range(0, count, CHUNK):
        yield start / count
        size = min(CHUNK, count - start)
        at_p.add(critic(p(size)))
        y = q(size)
        result = conjugate(y)
        at_q.add((result.points - y).square().sum(1) - critic(result.points))
        if (
            result.residuals is not None
            and result.converged is not None
            and isinstance(critic, ConvexPotential)
        ):
            residual.add(result.residuals)
            slack.add(result.residuals.square() / critic.alpha)
            converged.add(result.converged)
    gap = at_p.mean + at_q.mean
    numbers = {"gap": gap, "gap_se": (at_p.squared_error + at_q.squared_error) ** 0.5}
    if residual.count:
        numbers |= {
            "gap_lower": gap - slack.mean,
            "conjugate_residual": residual.mean,
            "converged": converged.mean,
        }
    return numbers


class _RunningMoments:
    """Mean and covariance of all samples so far, in float64 (Chan's update)."""

    def __init__(self) -> None:
        self.count = 0
        self.moments = Moments(torch.zeros(0), torch.zeros(0))

    def training_state(self) -> State:
        """Return the number of samples and their moments."""
        return {"count": self.count, "mean": self.moments.mean, "covariance": self.moments.covariance}

    def load_training_state(self, state: State) -> None:
        """Continue from other samples."""
        self.count, self.moments = state["count"], Moments(state["mean"], state["covariance"])

    def add(self, points: Tensor) -> None:
        """Add samples [n, D]."""
        new, total = Moments.of_samples(points.cpu()), self.count + len(points)
        if self.count:
            mean, covariance = self.moments
            share, shift = len(points) / total, new.mean - self.moments.mean
            joint = covariance.lerp(new.covariance, share) + share * (1 - share) * torch.outer(shift, shift)
            new = Moments(mean + share * shift, joint)
        self.count, self.moments = total, new


class _Displacement(nn.Module):
    """The map y + network(y)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, points: Tensor) -> Tensor:
        moved: Tensor = points + self.network(points)
        return moved


def _ascend(adam: torch.optim.Adam, network: ConvexPotential, reward: Tensor) -> None:
    """Take one Adam step of a network up a reward, leaving all other networks unchanged."""
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    for weight, gradient in zip(
        weights, torch.autograd.grad(reward, weights, allow_unused=True), strict=True
    ):
        weight.grad = gradient
    adam.step()
