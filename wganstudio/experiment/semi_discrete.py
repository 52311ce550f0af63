"""Options of the semi-discrete solver: transport to atoms, exact or with entropy."""

from typing import ClassVar, Literal

from wganstudio.experiment.ground import GroundCost
from wganstudio.experiment.options import SolverOptions, option
from wganstudio.experiment.registry import register
from wganstudio.experiment.sizes import Workload, table_size

PAPER = "Houdard, Leclaire, Papadakis, Rabin, arXiv 2102.05542"
DEFAULT_ATOMS = 4096
"""Samples that take the place of data points where P is not data."""


@register
class SemiDiscreteOptions(SolverOptions):
    """max over psi of E_Q psi^{c,eps} + sum_j nu_j psi_j, one dual value psi_j for each atom y_j of P."""

    title: ClassVar[str] = "Semi-discrete transport"
    summary: ClassVar[str] = (
        "One dual value per data point, maximized by averaged stochastic ascent; with epsilon > 0 the "
        "gradient of the generator always exists."
    )
    source: ClassVar[str] = PAPER
    implementation: ClassVar[str] = "wganstudio.solvers.semi_discrete:SemiDiscreteSolver"
    published_steps: ClassVar[int] = 30_000

    kind: Literal["semi-discrete"] = "semi-discrete"
    epsilon: float = option(
        0.05,
        "Epsilon",
        "Entropic regularization in units of the cost. 0: exact transport, whose gradient need not exist.",
        symbol="\u03b5",
        ge=0,
        le=1e6,
        source=f"{PAPER}, Section 2",
    )
    cost: Literal["squared", "distance"] = option(
        "squared", "Cost", "|x - y|^2, as published, or |x - y|.", source=PAPER
    )
    normalize: bool = option(
        True,
        "Normalize the cost",
        "Divide the cost by its mean over the data for x = 0, so that epsilon has the same meaning in all "
        "units. Where a large offset is subtracted from the coordinates, x = 0 is that offset.",
        source=f"{PAPER}, Section 5",
        formerly="normalise",
    )
    potential: Literal["points", "network"] = option(
        "points", "Potential", "One variable per data point, or the critic's network at the data points."
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
        "Step size of the ascent: psi_j moves by rate (1 - E p_j / nu_j). For a network, that of Adam.",
        gt=0,
        le=1e6,
        auto="epsilon or a tenth of the mean cost, less where a psi_j would move far; for a network 0.001",
        formerly="rate",
    )
    schedule: Literal["root", "constant"] = option(
        "root",
        "Schedule",
        "Divide the learning rate by the square root of the steps since Q last moved, or keep it constant.",
        source="Genevay, Cuturi, Peyré, Bach, arXiv 1605.08527",
        formerly="decay",
    )
    iterate: Literal["last", "averaged"] = option(
        "last",
        "Iterate",
        "Use the last psi, as in the code of the authors, or its average since Q last moved.",
        source=PAPER,
    )

    debias: bool = option(
        False,
        "Debias",
        "Subtract half the entropic cost between Q and itself from the cost of the generator; otherwise "
        "entropy contracts Q. The gap shown does not change.",
        source="Feydy et al., arXiv 1810.08278",
    )

    @property
    def ground(self) -> GroundCost:
        """The ground cost of this solver."""
        return GroundCost(self.cost, self.epsilon, self.normalize)

    @property
    def uses_critic(self) -> bool:
        """True for a dual that is a network."""
        return self.potential == "network"

    @property
    def over_atoms(self) -> bool:
        """True: the dual is over data points, also where a network represents it."""
        return True

    def step_size(self, load: Workload) -> int:
        """Return the size of the costs between a batch and the data points."""
        return table_size(load.batch, atom_count(self.atoms, load), load.dim)

    def final_size(self, load: Workload) -> int:
        """Return the size of all final samples, and of their costs in tables of bounded size."""
        return table_size(load.final_samples, atom_count(self.atoms, load), load.dim)


def atom_count(wanted: int | None, load: Workload) -> int:
    """Return the number of data points that a solver uses."""
    rows = load.pair.rows
    return min(wanted or rows, rows) if rows is not None else wanted or DEFAULT_ATOMS
