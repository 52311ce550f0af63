"""The pair whose P is data, split into training rows and held-out rows."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.data import DataPairOptions
from wganstudio.pairs import classics
from wganstudio.pairs.base import Distribution, Pair, make_rng
from wganstudio.pairs.data.coordinates import Floats, Rescaling, Rows
from wganstudio.pairs.data.data_set import DataSet, ImageShape, read_data
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.data.fitted import FittedGaussian
from wganstudio.pairs.data.images import DIGITS
from wganstudio.pairs.data.table_choice import TableChoice
from wganstudio.pairs.data.untrusted_files import attribute_to
from wganstudio.pairs.distributions import Box, Gaussian

DRAWN = 2048
"""Points drawn from a 2-D test distribution."""
NOISE = 0.1
MAX_LABEL = 60
"""Characters of the name and unit of a column that an axis shows."""
_PARTNERS = {
    "gaussian": "Gaussian with their mean and covariance",
    "standard": "N(0, I)",
    "box": "uniform on the smallest box that holds them",
}


class RowSplit(NamedTuple):
    """Training rows and held-out rows of one data set."""

    training: Rows
    held_out: Rows

    def rescaled(self, rescaling: Rescaling | None) -> "RowSplit":
        """Return the rows in other coordinates."""
        return self if rescaling is None else RowSplit(rescaling(self.training), rescaling(self.held_out))


class DataPair(Pair):
    """P uniform over the training rows of a data set; Q fitted to those rows, other data, or the rest.

    `held_out` is the same pair over the rows that were held out; there is none where these are Q.
    """

    options: DataPairOptions
    shape: ImageShape | None
    """Channels, height and width where the rows are images."""

    def __init__(self, options: DataPairOptions, *, device: torch.device | str = "cpu") -> None:
        o = options
        data = _drawn(o) if o.p_file is None and o.p != DIGITS else _read("p", o)
        other = _read("q", o) if o.has_q_rows else None
        splits = [_split(data.values, o, "p")]
        if other is not None:
            other = other.in_order_of(data) if o.columns is None else other
            self._same_space(data, other)
            splits.append(_split(other.values, o, "q"))
        self.options, self.shape = o, data.shape
        rescaling = self._rescaling(*(split.training for split in splits))
        of_p, *of_others = (split.rescaled(rescaling) for split in splits)
        self.p = EmpiricalDistribution(of_p.training, o.smoothing)
        rest: Distribution | None = None
        if other is not None:
            (of_q,) = of_others
            self.q = EmpiricalDistribution(of_q.training, o.smoothing)
            rest = EmpiricalDistribution(of_q.held_out, o.smoothing)
            partner = f"uniform over {_counted(of_q)} {other.description}"
        elif o.q == "held-out":
            self.q = EmpiricalDistribution(of_p.held_out, o.smoothing)
            partner = "uniform over the rows held out"
        else:
            self.q = rest = _partner(o.q, self.p.points, self.origin)
            partner = _PARTNERS[o.q]
        if rest is not None and len(of_p.held_out):
            self.held_out = Pair()
            self.held_out.options, self.held_out.origin = o, self.origin
            self.held_out.p, self.held_out.q = EmpiricalDistribution(of_p.held_out, o.smoothing), rest
        self.axis_labels = _axis_labels(data, o.standardize)
        parts = [f"P uniform over {_counted(of_p)} {data.description}", f"Q {partner}"]
        parts += [rescaling.describe(data.names)] if o.standardize and rescaling is not None else []
        parts += [f"smoothed by a standard deviation of {o.smoothing:g}"] if o.smoothing > 0 else []
        self.description = "; ".join(parts)

    def _rescaling(self, of_p: Rows, *of_q: Rows) -> Rescaling | None:
        """Return the standardization of the training rows of P, or the shift of all rows by the origin."""
        if self.options.standardize:
            standardization = Rescaling.standardization(of_p)
            self.rounding = standardization.rounding
            return standardization
        if self.shape is not None:
            return None
        ends = [end for rows in (of_p, *of_q) for end in (rows.min(axis=0), rows.max(axis=0))]
        if self.options.q == "standard" and not of_q:
            ends += [-np.ones(of_p.shape[1]), np.ones(of_p.shape[1])]
        origin = self.set_origin(*ends, advice="standardize the data")
        return Rescaling(origin, np.ones_like(origin)) if origin.any() else None

    def _same_space(self, data: DataSet, other: DataSet) -> None:
        one, two = data.values.shape[1], other.values.shape[1]
        if one != two or data.shape != other.shape:
            images = data.shape is not None and other.shape is not None
            hint = "give one image size for both" if images else "choose the same columns in both"
            raise BadExperiment(Problem("pair.q_file", f"Q has {two:,} columns but P {one:,}; {hint}"))


def _counted(rows: RowSplit) -> str:
    others = f" ({len(rows.held_out):,} others held out)" if len(rows.held_out) else ""
    return f"{len(rows.training):,}{others} of"


def _read(side: str, options: DataPairOptions) -> DataSet:
    field = "q_file" if side == "q" and options.q_file is not None else "p_file"
    path = getattr(options, field)
    choice = TableChoice.from_options(options, side)
    with attribute_to("pair.p" if path is None else f"pair.{field}"):
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


def _split(values: Rows, options: DataPairOptions, side: str) -> RowSplit:
    """Return shuffled training rows, at least two, and held-out rows."""
    rng = make_rng("cpu", options.seed, *side.encode(), *b"split")
    order = torch.randperm(len(values), generator=rng).numpy()[: options.rows]
    count = round(options.held_out * len(order))
    if len(order) - count < 2 or (options.held_out > 0 and count == 0):
        left = f"{len(order) - count} for training and {count} held out"
        problem = f"{len(order)} rows of {side.upper()} leave {left}; at least 2 and 1 are needed"
        raise BadExperiment(Problem("pair.held_out", problem))
    return RowSplit(values[order[count:]], values[order[:count]])


def _axis_labels(data: DataSet, standardized: bool) -> tuple[str, ...]:
    """Return the labels of the axes on one line each; none where the columns have only numbers."""
    shown = (" ".join(label.split())[:MAX_LABEL] for label in data.axis_labels())
    return tuple(f"{label}, standardized" if standardized else label for label in shown)


def _partner(kind: str, rows: NDArray[np.float32], origin: Floats) -> Distribution:
    """Return the distribution Q that is fitted to the training rows of P."""
    dim = rows.shape[1]
    if kind == "standard":
        return Gaussian(np.zeros(dim) - origin, np.ones(dim))
    if kind == "box":
        return Box(rows.min(axis=0).astype(np.float64), rows.max(axis=0).astype(np.float64))
    try:
        return FittedGaussian(rows)
    except ValueError as error:
        problem = "all training rows of P are equal, so no Gaussian fits them; choose standard"
        raise BadExperiment(Problem("pair.q", problem)) from error
