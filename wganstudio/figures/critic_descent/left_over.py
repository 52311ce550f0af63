"""The W1 left over after each step of a descent, with the truth before it and the level of sampling noise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from wganstudio.figures.types import Float, Range, Table
from wganstudio.training.declarations.critic_descent import DescentAttributes
from wganstudio.truths import Truth

WIDTH = 2
"""Standard errors on either side of an estimate."""
LABELS = {
    "upper": f"between samples, ± {WIDTH} SE",
    "lower": "from below on fresh samples",
    "gap": "gap of the critic",
    "truth": "W₁ of P and Q",
    "reference": "two samples of Q",
}
X_LABEL, Y_LABEL = "descent steps", "W₁ left over"


@dataclass(frozen=True, eq=False)
class LeftOver:
    """Bounds of the W1 left over in each of m + 1 states; both hold for the means over samples."""

    lower: Float
    lower_se: Float
    upper: Float
    upper_se: Float
    gaps: Float
    """The critic's gap between the moved samples and Q, divided by the mean of |grad u| [m + 1]."""
    mean_norms: Float
    lengths: Float
    """Mean displacement of each step [m]."""
    reference: float
    """Mean W1 between two samples of Q: the upper bound where nothing is left over."""
    reference_se: float
    truth: tuple[float, float] | None
    """Bounds of the W1 of P and Q; None where it is not known."""

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, Float], attributes: DescentAttributes, truth: Truth | None
    ) -> Self:
        """Return the bounds of a snapshot."""
        names = ("lower", "lower_se", "upper", "upper_se", "gaps", "mean_norms", "lengths")
        columns = {name: np.asarray(arrays[name], float) for name in names}
        norms = np.maximum(columns["mean_norms"], 1e-300)
        columns["gaps"] = np.where(columns["mean_norms"] > 0, columns["gaps"] / norms, 0.0)
        return cls(
            **columns,
            reference=attributes.reference,
            reference_se=attributes.reference_se,
            truth=None if truth is None else (truth.lower, truth.upper),
        )

    @property
    def steps(self) -> Float:
        """0, 1, ..., m."""
        return np.arange(len(self.upper), dtype=float)

    @property
    def x_range(self) -> Range:
        """Range of the steps."""
        return -0.25, len(self.upper) - 0.75

    @property
    def y_range(self) -> Range:
        """Range of all that is drawn."""
        tops = [*(self.upper + WIDTH * self.upper_se), self.reference + WIDTH * self.reference_se, *self.gaps]
        top = float(max(*tops, 0.0 if self.truth is None else self.truth[1], 1e-12))
        low = min(float((self.lower - WIDTH * self.lower_se).min()), float(self.gaps.min()), 0.0)
        return low - 0.04 * (top - low), top + 0.06 * (top - low)

    def text(self, state: int) -> str:
        """Return the W1 left over in a state, in one sentence."""
        upper, lower = self.upper[state], max(float(self.lower[state]), 0.0)
        errors = WIDTH * self.upper_se[state], WIDTH * self.lower_se[state]
        when = f"After {state} step{'' if state == 1 else 's'}" if state else "Before the first step"
        what = "W₁ left over" if state else "W₁"
        text = (
            f"{when}: {what} from {lower:.3g} (± {errors[1]:.1g}) to {upper:.3g} (± {errors[0]:.1g}) between "
            f"samples; two samples of Q {self.reference:.3g}."
        )
        if state:
            step = f" Step {state} moved the samples by {self.lengths[state - 1]:.3g} in the mean, at a mean "
            text += f"{step}|∇u| of {self.mean_norms[state - 1]:.3g}."
        return text

    def readout(self, x: float) -> str | None:
        """Return the text on the nearest state; None outside."""
        state = round(x)
        return self.text(state) if 0 <= state < len(self.upper) and abs(x - state) < 0.4 else None

    def table(self) -> Table:
        """Return the numbers, one row per state."""
        table: Table = {"steps": np.arange(len(self.upper))}
        table |= {name: getattr(self, name) for name in ("lower", "lower_se", "upper", "upper_se")}
        table |= {"gap_over_norm": self.gaps, "mean_norm": self.mean_norms}
        table["next_length"] = np.append(self.lengths, np.nan)
        table["reference"] = np.full(len(self.upper), self.reference)
        table["reference_se"] = np.full(len(self.upper), self.reference_se)
        return table
