"""Coordinates of rows of data: standardized, or less a large offset; computed in float64."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.data.table_source import BLOCK

Floats = NDArray[np.float64]
Rows = NDArray[np.float32] | NDArray[np.float64]

FEW = 4
"""Columns up to which the description gives means and scales of the standardization."""


@dataclass(frozen=True)
class Rescaling:
    """(x - shift) / scale, column by column."""

    shift: Floats
    scale: Floats

    @classmethod
    def standardization(cls, rows: Rows) -> Self:
        """Return the standardization of some rows [n, D]; the scale of a constant column is 1."""
        parts = np.array_split(rows, -(-len(rows) // BLOCK))
        mean = sum(part.sum(axis=0, dtype=np.float64) for part in parts) / len(rows)
        square = sum(np.square(part - mean).sum(axis=0) for part in parts) / len(rows)
        return cls(mean, np.where(rows.min(axis=0) < rows.max(axis=0), np.sqrt(square), 1.0))

    def __call__(self, rows: Rows) -> Rows:
        """Return rescaled rows, in the type of the given ones."""
        rescaled = np.empty_like(rows)
        for start in range(0, len(rows), BLOCK):
            rescaled[start : start + BLOCK] = (rows[start : start + BLOCK] - self.shift) / self.scale
        return rescaled

    @property
    def rounding(self) -> float:
        """Bound of the change of W1 by the rounding of the given numbers to float64."""
        return float(2.0**-52 * np.linalg.norm(self.shift / self.scale))

    def describe(self, names: tuple[str, ...]) -> str:
        """Return the standardization in words."""
        if not names or len(names) > FEW:
            return "each column less its mean, divided by its standard deviation"
        each = zip(names, self.shift, self.scale, strict=True)
        return "standardized: " + ", ".join(f"({name} - {_digits(m, s)}) / {s:.5g}" for name, m, s in each)


def _digits(value: float, spread: float) -> str:
    """Return a number to about five digits of the spread."""
    digits = 5 + max(0, int(np.ceil(np.log10(max(abs(value) / spread, 1.0)))))
    return f"{value:.{min(digits, 15)}g}"
