"""Critic values: histograms of u on P and on Q, whose means lie the gap apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from wganstudio.experiment.value_texts import counted
from wganstudio.figures import StepFigure, register_figure
from wganstudio.figures.captions import settings_text
from wganstudio.figures.frames import snapshot_at
from wganstudio.figures.types import Float, Range, Table
from wganstudio.session import RunRecord

DISTRIBUTIONS = {"p": "P", "q": "Q"}
X_LABEL, Y_LABEL = "u", "density"


@register_figure
@dataclass(frozen=True, eq=False)
class CriticValues(StepFigure):
    """Histograms of the critic at samples of P and of Q."""

    name: ClassVar[str] = "critic_values"
    position: ClassVar[int] = 55

    edges: Float
    shares: dict[str, Float]
    """The share of the samples of each distribution in every bin."""
    means: dict[str, float]
    auc: float
    auc_error: float
    x_range: Range
    y_range: Range

    @classmethod
    def from_record(
        cls, record: RunRecord, step: int | None = None, among: Sequence[RunRecord] = ()
    ) -> Self | None:
        """Build the figure at a recorded step, by default the newest; None where nothing was measured."""
        values = snapshot_at(record, "critic-values", step)
        if values is None:
            return None
        edges = np.asarray(values.arrays["edges"], float)
        shares = {name: np.asarray(values.arrays[name], float) for name in DISTRIBUTIONS}
        top = max(float((share / np.diff(edges)).max()) for share in shares.values())
        auc, auc_error = map(float, values.arrays["auc"])
        return cls(
            step=values.step,
            edges=edges,
            shares=shares,
            means=dict(zip(DISTRIBUTIONS, map(float, values.arrays["means"]), strict=True)),
            auc=auc,
            auc_error=auc_error,
            x_range=(float(edges[1]), float(edges[-2])),
            y_range=(0.0, 1.08 * top),
            title=f"Critic values on P and Q after {counted(values.step, 'step')}",
            caption=f"{record.name}. Histograms of the critic u at samples of P and of Q that it is not "
            f"trained on; dashed: their means, which lie the gap apart. {settings_text(record)}",
        )

    def density(self, name: str) -> Float:
        """Return the density of u in each bin under one of the distributions."""
        return np.asarray(self.shares[name] / np.diff(self.edges))

    @property
    def summary(self) -> str:
        """The difference of the means, and how well the critic separates the distributions."""
        difference = self.means["p"] - self.means["q"]
        return (
            f"difference of the means {difference:.4g}; "
            f"P(u(x) > u(y)) = {self.auc:.3f} ± {self.auc_error:.3f} for x from P and y from Q"
        )

    def readout(self, value: float) -> str | None:
        """Return the shares in the bin of a value of u; None beyond the bins."""
        index = int(np.searchsorted(self.edges, value, side="right")) - 1
        if not 0 <= index < len(self.edges) - 1:
            return None
        shares = ", ".join(
            f"{title} {100 * self.shares[name][index]:.1f} %" for name, title in DISTRIBUTIONS.items()
        )
        return f"u {self.edges[index]:.3g} to {self.edges[index + 1]:.3g}: {shares}"

    def tables(self) -> dict[str, Table]:
        """Return the histograms bin by bin, and the means."""
        table: Table = {"low": self.edges[:-1], "high": self.edges[1:]}
        table |= {f"{name}_share": share for name, share in self.shares.items()}
        means: Table = {
            "distribution": np.array(list(self.means)),
            "mean": np.array(list(self.means.values())),
        }
        return {"": table, "means": means}
