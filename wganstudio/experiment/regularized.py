"""Options of regularized transport: entropy or squared density, three forms of the dual, any ground cost."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from wganstudio.experiment.ground import Cost, GroundCost, RegularizerName, Space
from wganstudio.experiment.options import SolverOptions, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.semi_discrete import atom_count
from wganstudio.experiment.sizes import NetworkSize, Workload, table_size

PAPER = "Sanjabi, Ba, Razaviyayn, Lee, arXiv 1802.08249"
BATCH_TABLES = 16
"""Size of the dual of a batch: float32 numbers for each pair of its samples."""


@register
class RegularizedOTOptions(SolverOptions):
    """max over phi, psi of E_Q phi + E_P psi - E_QxP h(phi + psi - c), solved to a certified accuracy.

    h is lambda exp(. / lambda) - lambda for the entropy, (.)_+^2 / (4 lambda) for the squared density.
    """

    title: ClassVar[str] = "Regularized transport"
    summary: ClassVar[str] = (
        "Transport regularized by entropy or squared density; the dual is solved to a certified accuracy, "
        "and the generator follows the weights of the plan."
    )
    source: ClassVar[str] = PAPER
    implementation: ClassVar[str] = "wganstudio.solvers.regularized_ot:regularized_solver"
    published_steps: ClassVar[int] = 3000

    formerly: ClassVar[str] = "regularised"
    kind: Literal["regularized"] = "regularized"
    regularizer: RegularizerName = option(
        "entropy",
        "Regularizer",
        "Entropy: lambda KL(plan | P x Q). l2: lambda times the mean squared density of the plan.",
        source=PAPER,
        formerly="regulariser",
    )
    epsilon: float = option(
        0.05,
        "Epsilon",
        "Weight lambda of the regularizer, in units of the cost.",
        symbol="\u03b5",
        gt=0,
        le=1e6,
        source=PAPER,
        formerly="strength",
    )
    cost: Cost = option(
        "squared", "Cost", "|x - y|^2, |x - y|, the p-norm of x - y, or 1 - cos(x, y).", source=PAPER
    )
    p: float = option(2.0, "p", "Exponent of the p-norm.", ge=1, le=64)
    normalize: bool = option(
        True,
        "Normalize the cost",
        "Divide the cost by its mean over the data for x = 0, so that lambda has the same meaning in all "
        "units. Where a large offset is subtracted from the coordinates, x = 0 is that offset.",
        formerly="normalise",
    )
    features: Space = option(
        "none",
        "Features",
        "Space of the cost: the points, their principal components, random features, the code of a trained "
        "encoder, or 1-Lipschitz features trained to maximize the cost.",
        source=PAPER,
    )
    feature_dim: int | None = option(
        None,
        "Number of features",
        "Dimension of the features.",
        ge=1,
        le=4096,
        auto="D, at most 32; 256 for random features",
    )
    potential: Literal["batch", "networks", "atoms"] = option(
        "batch",
        "Potential",
        "Solved for each batch by Sinkhorn and Newton steps; two networks, trained over all pairs of a "
        "batch; or one variable per data point of P, by averaged ascent.",
        source=PAPER,
        formerly="dual",
    )
    accuracy: float = option(
        1e-3,
        "Dual accuracy",
        "Certified gap of the dual on the batch at which the inner steps stop, in "
        "units of the cost. Over data points the steps alone decide.",
        gt=0,
        le=1e6,
        source=f"{PAPER}, Theorem 4.1",
    )
    inner_steps: int | None = option(
        None,
        "Inner steps",
        "Maximum number of steps of the dual in one step of the run.",
        ge=1,
        le=100_000,
        auto="200 on a batch, otherwise 10",
        unit="steps",
    )
    warm_start: bool = option(
        True,
        "Warm start",
        "Start from the previous dual (on a batch: from its c-transform). Otherwise restart whenever Q has "
        "moved.",
        formerly="warm",
    )
    atoms: int | None = option(
        None,
        "Data points",
        "Number of data points of P; a smaller number draws a random subset.",
        ge=1,
        le=10_000_000,
        auto="all, or 4,096 samples of a distribution without atoms",
        unit="points",
    )
    learning_rate: float | None = option(
        None,
        "Learning rate",
        "Step size of the ascent over data points, or of Adam for networks. Unused on a batch.",
        gt=0,
        le=1e6,
        auto="lambda or a tenth of the mean cost for data points, less for long moves; 0.001 for networks",
        formerly="rate",
    )
    iterate: Literal["last", "averaged"] = option(
        "averaged",
        "Iterate",
        "Use the average of the dual variables since Q last moved, or their last values.",
        source=PAPER,
    )
    debias: bool = option(
        False,
        "Debias",
        "Follow half the Sinkhorn loss 2 d(P, Q) - d(P, P) - d(Q, Q), which is 0 at P = Q. "
        "The gap shown stays d(P, Q).",
        source="Feydy et al., arXiv 1810.08278",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.potential == "atoms" and self.features == "learned":
            raise ValueError("a dual over data points needs fixed features; choose batch or networks")
        return self

    @property
    def ground(self) -> GroundCost:
        """The ground cost of this solver."""
        return GroundCost(
            self.cost,
            self.epsilon,
            self.normalize,
            self.regularizer,
            self.p,
            self.features,
            self.feature_dim,
        )

    @property
    def uses_critic(self) -> bool:
        """True for a dual made of networks."""
        return self.potential == "networks"

    @property
    def over_atoms(self) -> bool:
        """True for a dual of free numbers, over data points or those of a batch."""
        return not self.uses_critic

    def networks(self, load: Workload) -> tuple[NetworkSize, ...]:
        """Return the sizes of both networks, if there are any."""
        return (load.critic, load.critic) if self.uses_critic else ()

    def step_size(self, load: Workload) -> int:
        """Return the size of a step: tables of a batch with itself, or with the data points."""
        if self.potential == "atoms":
            return table_size(load.batch, atom_count(self.atoms, load), load.dim)
        return BATCH_TABLES * load.batch**2 + sum(size.passes(load.batch, 2) for size in self.networks(load))

    def final_size(self, load: Workload) -> int:
        """Return the size of the estimates: batches like those of a step, or all samples at once."""
        if self.potential == "atoms":
            return table_size(load.final_samples, atom_count(self.atoms, load), load.dim)
        return BATCH_TABLES * load.batch**2
