"""Options of the solvers that compute W2 by potentials on P: convex ones, their relatives, a maximin map.

All of them show W2^2, the cost of moving mass at the squared distance |x - y|^2 without a half.
"""

from typing import ClassVar, Literal

from wganstudio.experiment import adam
from wganstudio.experiment.ground import GroundCost
from wganstudio.experiment.options import CriticOptions, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import NetworkSize, Workload
from wganstudio.experiment.solvers import BENCHMARK, AdamSolverOptions, MoverSolverOptions

PAPER = "Taghvaei & Jalali, arXiv 1902.07197"
CHUNK = 1 << 12
"""Points whose conjugates the final estimates solve for at a time."""


class _SquaredCostOptions(AdamSolverOptions):
    """Options of the solvers of W2^2."""

    learning_rate: float = adam.learning_rate(1e-3)
    beta1: float = adam.beta1(0.9)
    beta2: float = adam.beta2(0.99)
    schedule: adam.Schedule = adam.schedule("cosine")

    @property
    def ground(self) -> GroundCost:
        """The ground cost of this solver."""
        return GroundCost("squared")


class PotentialSolverOptions(_SquaredCostOptions):
    """Options of the solvers whose critic is a convex potential."""

    learning_rate: float = adam.learning_rate(
        1e-2, "Initial step size of Adam; non-negative weights need small steps."
    )
    tolerance: float = option(
        1e-4,
        "Tolerance",
        "A conjugate counts as converged where |grad f(x) - y| is at most this fraction of "
        "the root mean square of |y|.",
        gt=0,
        le=1,
    )

    def objection(self, critic: CriticOptions) -> str:
        """Refuse critics that are not convex: only the gradient of a convex potential is an optimal map."""
        if critic.convex:
            return ""
        return f"{critic.title} is not convex; choose quadratic, max-affine, icnn or conv-icnn"

    def final_size(self, load: Workload) -> int:
        """Return the size of the estimates, a conjugate of a few thousand samples at a time."""
        return self.conjugate_size(load, min(load.final_samples, CHUNK))

    def conjugate_size(self, load: Workload, points: int) -> int:
        """Return the size of the conjugate at some points: a gradient of a second network."""
        return load.critic.passes(points, 4)


@register
class ConvexOTOptions(PotentialSolverOptions):
    """min over convex f of E_P f + E_Q f*, the conjugate solved for each batch."""

    title: ClassVar[str] = "W2: convex potential"
    summary: ClassVar[str] = (
        "Squared W2 within a class of convex potentials; the conjugate is solved for each point, and "
        "its residual reported."
    )
    source: ClassVar[str] = PAPER
    implementation: ClassVar[str] = "wganstudio.solvers.convex:ConvexPotentialSolver"
    published_steps: ClassVar[int] = 10_000

    kind: Literal["convex"] = "convex"
    conjugate: Literal["l-bfgs", "newton", "adam"] = option(
        "l-bfgs",
        "Conjugate",
        "Method for sup_x <x, y> - f(x); closed form for a quadratic. "
        "Newton takes half the steps, but each costs D + 1 gradients.",
        source=PAPER,
    )
    max_iterations: int = option(
        100,
        "Conjugate steps",
        "Maximum number of steps for each point.",
        ge=0,
        le=100_000,
        unit="steps",
        formerly="iterations",
    )
    quadratic: Literal["moments", "adam"] = option(
        "moments",
        "Quadratic potentials",
        "moments: the closed-form optimum for the moments of all samples so far. adam: gradient steps.",
        source=PAPER,
    )

    def step_size(self, load: Workload) -> int:
        """Return the size of the conjugate of a batch, or of the step up the dual after it."""
        return max(self.conjugate_size(load, load.batch), load.critic.passes(2 * load.batch, 2))

    def conjugate_size(self, load: Workload, points: int) -> int:
        """Return the size of the iterates, with the vectors that the method remembers or a Hessian."""
        remembered = 4 * load.dim**2 if self.conjugate == "newton" else 40 * load.dim
        return points * remembered + load.critic.passes(points, 4)


class _AmortizedOptions(PotentialSolverOptions):
    """Options of the solvers that learn the conjugate with a second network of the critic's class."""

    def networks(self, load: Workload) -> tuple[NetworkSize, ...]:
        """Return the sizes of both networks."""
        return load.critic, load.critic

    def step_size(self, load: Workload) -> int:
        """Return the size of a step through the gradient of the second network and the first one."""
        return load.critic.passes(load.batch, 10)


@register
class ConvexPairOptions(_AmortizedOptions):
    """min_f max_g E_P f + E_Q <y, grad g(y)> - f(grad g(y)), f and g convex."""

    title: ClassVar[str] = "W2: two convex networks"
    summary: ClassVar[str] = "A second convex network learns where the conjugate's supremum is taken."
    source: ClassVar[str] = "Makkuva et al., arXiv 1908.10962"
    implementation: ClassVar[str] = "wganstudio.solvers.convex:ConvexPair"
    published_steps: ClassVar[int] = 10_000

    kind: Literal["w2-pair"] = "w2-pair"
    inner_steps: int = option(
        10,
        "Inner steps",
        "Adam steps of the second network before each step of the first, on one batch.",
        ge=1,
        le=1000,
        unit="steps",
        source="Makkuva et al., arXiv 1908.10962",
    )


@register
class CycleConsistentOptions(_AmortizedOptions):
    """min over f, g convex of E_P f + E_Q <y, x> - f(x), x = grad g(y), + lambda E_Q |grad f(x) - y|^2."""

    title: ClassVar[str] = "W2: cycle-consistent pair"
    summary: ClassVar[str] = (
        "Two convex networks trained together; a penalty makes the gradient of one undo the other's."
    )
    source: ClassVar[str] = "Korotin et al., arXiv 1909.13082 (there: W2GN)"
    implementation: ClassVar[str] = "wganstudio.solvers.convex:CycleConsistent"
    published_steps: ClassVar[int] = 10_000

    kind: Literal["w2-cycle"] = "w2-cycle"
    cycle_weight: float | None = option(
        None,
        "Cycle weight lambda",
        "Weight of the mean squared error of the cycle.",
        symbol="\u03bb",
        gt=0,
        le=1e6,
        auto="the dimension D",
        source="Korotin et al., arXiv 1909.13082",
        formerly="cycle",
    )


@register
class MaximinMapOptions(_SquaredCostOptions, MoverSolverOptions):
    """max_u min_H E_P u + E_Q (|H(y) - y|^2 - u(H(y))), any critic."""

    title: ClassVar[str] = "W2: maximin map"
    summary: ClassVar[str] = (
        "Any critic and a network H that moves Q: no convexity, and no certificate of the conjugate."
    )
    source: ClassVar[str] = "Fan et al., arXiv 2106.03812; Korotin et al., arXiv 2106.01954"
    implementation: ClassVar[str] = "wganstudio.solvers.convex:MaximinMap"
    published_steps: ClassVar[int] = 10_000

    kind: Literal["w2-mm"] = "w2-mm"
    mover_steps: int = option(
        10,
        "Mover steps",
        "Adam steps of the mover before each step of the critic, on the same batch.",
        ge=1,
        le=1000,
        unit="steps",
        source=BENCHMARK,
    )
