"""The pair whose P is data, split into training rows and held-out rows."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.data import DataPairOptions
from wganstudio.pairs import classics
from wganstudio.pairs.base import Distribution, Pair, make_rng
from wganstudio.pairs.data.data_set import DataSet, ImageShape, read_data
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.data.fitted import FittedGaussian
from wganstudio.pairs.data.images import DIGITS
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.table_source import BLOCK
from wganstudio.pairs.data.untrusted_files import attribute_to
from wganstudio.pairs.distributions import Box, Gaussian

DRAWN = 2048
"""Points drawn from a 2-D test distribution."""
NOISE = 0.1
FEW = 4
"""Columns up to which the description gives means and scales of the standardization."""
_PARTNERS = {
    "gaussian": "Gaussian with their mean and covariance",
    "standard": "N(0, I)",
    "box": "uniform on the smallest box that holds them",
}


Rows = NDArray[np.float32] | NDArray[np.float64]


class RowSplit(NamedTuple):
    """Training rows and held-out rows of one data set."""

    training: NDArray[np.float32]
    held_out: NDArray[np.float32]


class DataPair(Pair):
    """P uniform over the training rows of a data set; Q fitted to those rows, other data, or the rest.

    `held_out` is the same pair over the rows that were held out; there is none where these are Q.
    """

    shape: ImageShape | None
    """Channels, height and width where the rows are images."""

    def __init__(self, options: DataPairOptions, *, device: torch.device | str = "cpu") -> None:
        o = options
        data = _drawn(o) if o.p_file is None and o.p != DIGITS else _read("p", o)
        self.shape = data.shape
        scale = ", standardized" if o.standardize else ""
        self.axis_labels = tuple(f"{label}{scale}" for label in data.axis_labels())
        rows_of_p = _split(data.values, o, "p")
        standard = _Standardization(rows_of_p[0]) if o.standardize else None
        of_p = RowSplit(*map(standard or _single, rows_of_p))
        self.p = EmpiricalDistribution(of_p.training, o.smoothing)
        rest: Distribution | None = None
        if o.has_q_rows:
            other = _read("q", o)
            self._same_space(data, other)
            of_q = RowSplit(*map(standard or _single, _split(other.values, o, "q")))
            self.q = EmpiricalDistribution(of_q.training, o.smoothing)
            rest = EmpiricalDistribution(of_q.held_out, o.smoothing)
            partner = f"uniform over {_counted(of_q)} {other.description}"
        elif o.q == "held-out":
            self.q = EmpiricalDistribution(of_p.held_out, o.smoothing)
            partner = "uniform over the rows held out"
        else:
            self.q = rest = _partner(o.q, of_p.training)
            partner = _PARTNERS[o.q]
        if rest is not None and len(of_p.held_out):
            self.held_out = Pair()
            self.held_out.options = o
            self.held_out.p, self.held_out.q = EmpiricalDistribution(of_p.held_out, o.smoothing), rest
        self.options = o
        parts = [f"P uniform over {_counted(of_p)} {data.description}", f"Q {partner}"]
        parts += [standard.describe(data.names)] if standard is not None else []
        parts += [f"smoothed by a standard deviation of {o.smoothing:g}"] if o.smoothing > 0 else []
        self.description = "; ".join(parts)

    def _same_space(self, data: DataSet, other: DataSet) -> None:
        one, two = data.values.shape[1], other.values.shape[1]
        if one != two or data.shape != other.shape:
            images = data.shape is not None and other.shape is not None
            hint = "give one image size for both" if images else "choose the same columns in both"
            raise BadExperiment(Problem("pair.q_file", f"Q has {two:,} columns but P {one:,}; {hint}"))


def _single(rows: Rows) -> NDArray[np.float32]:
    return rows.astype(np.float32, copy=False)


def _counted(rows: RowSplit) -> str:
    others = f" ({len(rows.held_out):,} others held out)" if len(rows.held_out) else ""
    return f"{len(rows.training):,}{others} of"


class _Standardization:
    """Standardization of columns: less the mean of some rows, divided by the standard deviation if not 0."""

    def __init__(self, rows: Rows) -> None:
        parts = np.array_split(rows, -(-len(rows) // BLOCK))
        self._mean = sum(part.sum(axis=0, dtype=np.float64) for part in parts) / len(rows)
        square = sum(np.square(part - self._mean).sum(axis=0) for part in parts) / len(rows)
        self._scale = np.where(rows.min(axis=0) < rows.max(axis=0), np.sqrt(square), 1.0)

    def __call__(self, rows: Rows) -> NDArray[np.float32]:
        standardized = np.empty(rows.shape, np.float32)
        for start in range(0, len(rows), BLOCK):
            standardized[start : start + BLOCK] = (rows[start : start + BLOCK] - self._mean) / self._scale
        return standardized

    def describe(self, names: tuple[str, ...]) -> str:
        if not names or len(names) > FEW:
            return "each column less its mean, divided by its standard deviation"
        each = zip(names, self._mean, self._scale, strict=True)
        return "standardized: " + ", ".join(f"({name} - {m:.5g}) / {s:.5g}" for name, m, s in each)


def _read(side: str, options: DataPairOptions) -> DataSet:
    path = options.p_file if side == "p" else options.q_file or options.p_file
    choice = TableChoice.from_options(options, side)
    with attribute_to(f"pair.{side}" if path is None else f"pair.{side}_file"):
        data = read_data(DIGITS if path is None else path, choice, options.image_size, options.skip_bad)
    if data.shape is not None and options.pixels == "0 to 1":
        np.multiply(np.add(data.values, 1, out=data.values), 0.5, out=data.values)
    return data


def _drawn(options: DataPairOptions) -> DataSet:
    """Return points drawn from a 2-D test distribution."""
    assert options.p != "digits"
    count = options.rows or DRAWN
    points = (
        classics.classic_distribution(options.p, NOISE)
        .sample(count, make_rng("cpu", options.seed, *b"drawn"))
        .numpy()
    )
    return DataSet(points, ("x1", "x2"), (), None, f"{count:,} points drawn from {options.p}")


def _split(values: Rows, options: DataPairOptions, side: str) -> tuple[Rows, Rows]:
    """Return shuffled training rows, at least two, and held-out rows."""
    rng = make_rng("cpu", options.seed, *side.encode(), *b"split")
    order = torch.randperm(len(values), generator=rng).numpy()[: options.rows]
    count = round(options.held_out * len(order))
    if len(order) - count < 2 or (options.held_out > 0 and count == 0):
        left = f"{len(order) - count} for training and {count} held out"
        problem = f"{len(order)} rows of {side.upper()} leave {left}; at least 2 and 1 are needed"
        raise BadExperiment(Problem("pair.held_out", problem))
    return values[order[count:]], values[order[:count]]


def _partner(kind: str, rows: NDArray[np.float32]) -> Distribution:
    """Return the distribution Q that is fitted to the training rows of P."""
    if kind == "standard":
        return Gaussian(np.zeros(rows.shape[1]), np.ones(rows.shape[1]))
    if kind == "box":
        return Box(rows.min(axis=0).astype(np.float64), rows.max(axis=0).astype(np.float64))
    try:
        return FittedGaussian(rows)
    except ValueError as error:
        problem = "all training rows of P are equal, so no Gaussian fits them; choose standard"
        raise BadExperiment(Problem("pair.q", problem)) from error
