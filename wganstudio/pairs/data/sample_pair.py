"""The pair of two lists of samples that are given as arrays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.atoms import DiscreteDistribution
from wganstudio.pairs.base import Distribution, Pair
from wganstudio.pairs.data.empirical import EmpiricalDistribution

Floats = NDArray[np.float64]


class GivenSamples(NamedTuple):
    """Finite samples with their weights."""

    points: Floats
    """[n, D], n >= 1."""
    weights: Floats | None = None
    """[n], at least 0 and not all 0; None where they are equal."""


class WeightedSamples(DiscreteDistribution):
    """Weighted samples, which represent a distribution with a density as the rows of data do."""

    has_point_masses = False


class SamplePair(Pair):
    """P and Q each a list of samples."""

    def __init__(self, p: GivenSamples, q: GivenSamples) -> None:
        ends = [end for each in (p, q) for end in (each.points.min(axis=0), each.points.max(axis=0))]
        origin = self.set_origin(*ends)
        self.p, self.q = (_distribution(each, origin) for each in (p, q))
        self.description = f"P uniform over {_counted(p)}, Q over {_counted(q)}"
        if p.weights is not None or q.weights is not None:
            self.description = f"P over {_counted(p)}, Q over {_counted(q)}"


def _distribution(samples: GivenSamples, origin: Floats) -> Distribution:
    points = samples.points - origin if origin.any() else samples.points
    if samples.weights is None:
        return EmpiricalDistribution(points)
    present = samples.weights > 0
    return WeightedSamples(points[present], samples.weights[present])


def _counted(samples: GivenSamples) -> str:
    count = len(samples.points)
    weighted = "" if samples.weights is None else "weighted "
    return f"{count:,} {weighted}sample{'s' * (count != 1)}"
