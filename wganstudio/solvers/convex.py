"""Squared W2 by potentials: convex ones with their conjugate solved or learned, and a maximin map.

All of them maximize E_P u + E_Q min_x (|x - y|^2 - u(x)) for the critic u = |x|^2 - 2 f, which is
E|X|^2 + E|Y|^2 - 2 (E_P f + E_Q f*): twice the value of arXiv 1902.07197, and at its optimum W2^2.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Critic
from wganstudio.critics.convex.base import ConvexPotential, GradientMap
from wganstudio.critics.convex.conjugate import ConjugateMap
from wganstudio.critics.convex.quadratic import Moments, Quadratic
from wganstudio.experiment import convex as options_of
from wganstudio.pairs.base import Sampler
from wganstudio.solvers.adam import AdamSolver
from wganstudio.solvers.base import Solver
from wganstudio.solvers.maximin import Maximin
from wganstudio.solvers.running_mean import RunningMean

CHUNK = 1 << 12
MOST = 1 << 16
"""Samples that a cost is measured on at most: each needs a conjugate."""


class ConjugateResult(NamedTuple):
    """Where the conjugate's supremum is taken for points y, and how nearly."""

    points: Tensor
    """x [n, D]."""
    residuals: Tensor | None = None
    """|grad f(x) - y| [n], where f is convex."""
    converged: Tensor | None = None
    """Whether that is below the tolerance, [n]."""


class ConjugateSolver(Solver):
    """What the solvers share that say where the conjugate's supremum is taken."""

    def place(self, points: Tensor) -> ConjugateResult:
        """Nearly grad f* at points [n, D] of Q."""
        raise NotImplementedError

    def cost(self, p: Sampler, q: Sampler, count: int) -> dict[str, float]:
        """gap, gap_se; where the critic is convex gap_lower, conjugate_residual, converged (`dual_cost`)."""
        return dual_cost(self.critic, self.place, p, q, count)

    @torch.no_grad()
    def cost_gradient(self, points: Tensor) -> Tensor:
        """2 (y - grad f*(y)) [n, D] at points y of Q."""
        return 2 * (points - self.place(points).points)

    @torch.no_grad()
    def to_p(self, points: Tensor) -> Tensor:
        """grad f* [n, D] at points [n, D] of Q, as nearly as it is known."""
        return self.place(points).points


class ConvexSolver(ConjugateSolver, AdamSolver):
    """What the solvers share whose critic is a convex potential, by the envelope rule: x is held fixed."""

    options: options_of.PotentialSolverOptions
    critic: ConvexPotential

    def objective(self, x: Tensor, y: Tensor) -> Tensor:
        """E_P u + E_Q (|x - y|^2 - u(x)), x where the conjugate's supremum is taken."""
        return self.envelope(x, y, self.place(y).points)

    def envelope(self, x: Tensor, y: Tensor, placed: Tensor) -> Tensor:
        """The dual with the conjugate taken at given points."""
        at_x, at_placed = self.values(x, placed)
        return at_x.mean() + ((placed - y).square().sum(1) - at_placed).mean()

    def judged_by(self, points: Tensor, y: Tensor) -> ConjugateResult:
        """What holds of points [n, D] that were guessed for y."""
        residuals = torch.linalg.vector_norm(self.critic.mapped(points)[1] - y, dim=1)
        bound = self.options.tolerance * y.square().sum(1).mean().sqrt()
        return ConjugateResult(points, residuals, residuals <= bound)

    @torch.no_grad()
    def to_q(self, points: Tensor) -> Tensor:
        """grad f [n, D] at points [n, D] of P."""
        return self.critic.mapped(points)[1]


class ConvexPotentialSolver(ConvexSolver):
    """min over convex f of E_P f + E_Q f*, with the conjugate solved for each point (arXiv 1902.07197).

    A quadratic potential may be refitted after each batch to the moments of all samples so far: P's from the
    first on, Q's since it last moved.
    """

    options: options_of.ConvexOTOptions

    def __init__(
        self,
        options: options_of.ConvexOTOptions,
        critic: Critic,
        *,
        steps: int,
        batch: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self._of_p, self._of_q = _Moments(), _Moments()

    def moved(self) -> None:
        """Q has moved: its moments are gathered anew."""
        self._of_q = _Moments()

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """One step of Adam, or the optimum for the moments so far; the objective before it."""
        critic = self.critic
        if not (isinstance(critic, Quadratic) and self.options.quadratic == "moments"):
            return super().step(p, q)
        x, y = p(self.batch), q(self.batch)
        with torch.no_grad():
            before = self.objective(x, y)
        self._of_p.add(x)
        self._of_q.add(y)
        if min(self._of_p.count, self._of_q.count) > 2 * critic.dim:
            critic.fit(self._of_p.moments, self._of_q.moments)
        return before

    def place(self, points: Tensor) -> ConjugateResult:
        """grad f* at points [n, D] of Q, as closely as asked."""
        found = self.map_to_p().solve(points)
        return ConjugateResult(found.points, found.residuals, found.converged)

    def map_to_p(self) -> ConjugateMap:
        """grad f*, solved for at each point."""
        options = self.options
        return ConjugateMap(self.critic, options.conjugate, options.tolerance, options.max_iterations)


class _Amortized(ConvexSolver):
    """The conjugate's supremum is taken at grad g(y), g a second network of the critic's class."""

    def __init__(
        self,
        options: options_of.PotentialSolverOptions,
        critic: Critic,
        *,
        steps: int,
        batch: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(options, critic, steps=steps, batch=batch, generator=generator)
        self.second: ConvexPotential = self.critic.options.build(critic.dim)
        self.second.to(next(critic.parameters()).device)
        self._second_adam = self.adam(self.second.parameters())

    def begin(self, p: Sampler, q: Sampler) -> None:
        """Both potentials start from samples, the second with P and Q exchanged."""
        self.critic.begin(p, q)
        self.second.begin(q, p)

    @torch.no_grad()
    def place(self, points: Tensor) -> ConjugateResult:
        """grad g at points [n, D] of Q."""
        return self.judged_by(self.second.mapped(points)[1], points)

    def map_to_p(self) -> GradientMap:
        """grad g."""
        return GradientMap(self.second)


class ConvexPair(_Amortized):
    """min_f max_g E_P f + E_Q <y, grad g(y)> - f(grad g(y)), f and g convex (arXiv 1908.10962, equation 6).

    One batch serves all steps of g and the step of f after them.
    """

    options: options_of.ConvexPairOptions

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """The Adam steps of g, then one of f; the objective before that."""
        self.follow_schedule()
        x, y = p(self.batch), q(self.batch)
        for _ in range(self.options.inner_steps):
            placed = self.second.mapped(y)[1]
            reward = ((placed * y).sum(1) - self.critic.potential(placed)).mean()
            _ascend(self._second_adam, self.second, reward)
        with torch.no_grad():
            placed = self.second.mapped(y)[1]
        return self.ascend(self.envelope(x, y, placed))


class CycleConsistent(_Amortized):
    """E_P f + E_Q <y, x> - f(x) with x = grad g(y) held fixed, and lambda E_Q |grad f(grad g(y)) - y|^2.

    f and g go down together; only the cycle moves g (arXiv 1909.13082, equation 15).
    """

    options: options_of.CycleConsistentOptions

    def step(self, p: Sampler, q: Sampler) -> Tensor:
        """One Adam step of both; the objective before it, without the cycle."""
        self.follow_schedule()
        x, y = p(self.batch), q(self.batch)
        placed = self.second.mapped(y)[1]
        missed = (self.critic.mapped(placed)[1] - y).square().sum(1).mean()
        weight = self.options.cycle_weight or self.critic.dim
        objective = self.envelope(x, y, placed.detach())
        self._second_adam.zero_grad(set_to_none=True)
        self.ascend(objective - 2 * weight * missed)
        self._second_adam.step()
        return objective.detach()


class MaximinMap(ConjugateSolver, Maximin):
    """max_u min_H E_P u + E_Q (|H(y) - y|^2 - u(H(y))) for any critic u (arXiv 2106.03812, 2106.01954).

    H stands for grad f*; as far as it is not the minimum, the cost shown is too large, and nothing says by
    how much.
    """

    options: options_of.MaximinMapOptions

    def build_mover(self) -> nn.Module:
        """H(y) = y + a network: a random map would start far above the minimum."""
        return _Displacement(super().build_mover())

    def costs(self, ways: Tensor) -> Tensor:
        """The squared lengths [n] of ways [n, D]."""
        return ways.square().sum(1)

    @torch.no_grad()
    def place(self, points: Tensor) -> ConjugateResult:
        """H at points [n, D] of Q."""
        return ConjugateResult(self.mover(points))

    @torch.no_grad()
    def to_q(self, points: Tensor) -> Tensor:
        """x - grad u / 2 [n, D] at points [n, D] of P."""
        return points - self.critic.gradient(points)[1] / 2

    def map_to_p(self) -> nn.Module:
        """H."""
        return self.mover


@torch.no_grad()
def dual_cost(
    critic: Critic, place: Callable[[Tensor], ConjugateResult], p: Sampler, q: Sampler, count: int
) -> dict[str, float]:
    """gap, gap_se: W2^2's dual E_P u + E_Q (|x - y|^2 - u(x)) on fresh samples, `count` or 65,536 at most.

    Where the critic is a convex potential also conjugate_residual, the mean |grad f(x) - y|; converged, the
    share of points where that is below the tolerance; and gap_lower = gap - E |grad f(x) - y|^2 / alpha. The
    potential's true dual value, which is at most W2^2, lies in [gap_lower, gap]: the gap alone bounds nothing
    unless all has converged.
    """
    count = min(count, MOST)
    at_p, at_q, residual, slack, converged = (RunningMean() for _ in range(5))
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        at_p.add(critic(p(size)))
        y = q(size)
        found = place(y)
        at_q.add((found.points - y).square().sum(1) - critic(found.points))
        if (
            found.residuals is not None
            and found.converged is not None
            and isinstance(critic, ConvexPotential)
        ):
            residual.add(found.residuals)
            slack.add(found.residuals.square() / critic.alpha)
            converged.add(found.converged)
    gap = at_p.mean + at_q.mean
    numbers = {"gap": gap, "gap_se": (at_p.error + at_q.error) ** 0.5}
    if residual.count:
        numbers |= {
            "gap_lower": gap - slack.mean,
            "conjugate_residual": residual.mean,
            "converged": converged.mean,
        }
    return numbers


class _Moments:
    """Mean and covariance of all samples so far, in float64 (Chan's update)."""

    def __init__(self) -> None:
        self.count = 0
        self.moments = Moments(torch.zeros(0), torch.zeros(0))

    def add(self, points: Tensor) -> None:
        """Take in samples [n, D]."""
        new, total = Moments.of(points.cpu()), self.count + len(points)
        if self.count:
            mean, covariance = self.moments
            share, apart = len(points) / total, new.mean - self.moments.mean
            joint = covariance.lerp(new.covariance, share) + share * (1 - share) * torch.outer(apart, apart)
            new = Moments(mean + share * apart, joint)
        self.count, self.moments = total, new


class _Displacement(nn.Module):
    """y + network(y)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, points: Tensor) -> Tensor:
        moved: Tensor = points + self.network(points)
        return moved


def _ascend(adam: torch.optim.Adam, network: ConvexPotential, reward: Tensor) -> None:
    """One Adam step of a network up a reward, whatever else that depends on."""
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    for weight, gradient in zip(
        weights, torch.autograd.grad(reward, weights, allow_unused=True), strict=True
    ):
        weight.grad = gradient
    adam.step()
