"""Sigma between mixtures of many Gaussians, such as the quadratures of curves with noise."""

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.gaussian_family import ComponentMixture
from wganstudio.pairs.interpolants import Interpolant, InterpolationFlow
from wganstudio.pairs.interpolants.gaussians import GaussianComponents, GaussianInterpolant

Floats = NDArray[np.float64]

KEPT = 1 << 22
"""Points of the grids that are kept: 96 MiB."""
TILE = 48
"""Points of a grid along the side of a tile."""
ORDERS = 6, 8
"""Orders of the rules in t: sigma is exact to 1e-9."""
MAX_PAIRS, MAX_TERMS = 1 << 11, 1 << 18
"""Pairs of components, and their nodes in t, up to which a grid of 128 cells a side takes seconds."""


class TiledInterpolant:
    """An interpolant between mixtures, on tiles of the plane to which few of its terms reach."""

    compact = False
    faces = (np.zeros(0), np.zeros(0))

    def __init__(self, interpolant: GaussianInterpolant) -> None:
        self._interpolant = interpolant
        self._known: dict[tuple[bytes, ...], InterpolationFlow] = {}

    def on_grid(self, *axes: Floats, fine: bool = False) -> InterpolationFlow:
        """Return sigma and the drift on a grid; the last grids are kept, since several bounds use them."""
        key = fine.to_bytes(), *(axis.tobytes() for axis in axes)
        if key not in self._known:
            flow = self._known[key] = self._on_grid(*axes, fine=fine)
            while sum(each.density.size for each in self._known.values()) > max(KEPT, flow.density.size):
                del self._known[next(iter(self._known))]
        return self._known[key]

    def _on_grid(self, x: Floats, y: Floats, *, fine: bool) -> InterpolationFlow:
        density, along_x, along_y = (np.zeros((len(x), len(y))) for _ in range(3))
        tiles = [np.array_split(np.arange(len(axis)), -(-len(axis) // TILE)) for axis in (x, y)]
        for rows, columns in itertools.product(*tiles):
            here = np.ix_(rows, columns)
            density[here], (along_x[here], along_y[here]) = self._interpolant.near(
                x[rows], y[columns], fine=fine
            )
        for part in (density, along_x, along_y):
            part.flags.writeable = False
        return InterpolationFlow(density, (along_x, along_y))


class MixtureInterpolant(NamedTuple):
    """Two mixtures and the interpolation between them."""

    p: ComponentMixture
    q: ComponentMixture
    interpolant: Interpolant


def mixture_interpolant(p: Distribution, q: Distribution) -> MixtureInterpolant | None:
    """Return two distributions as mixtures; None where they are none, hold atoms or have too many components.

    Sums of many terms take long: this is for truths, which are computed once.
    """
    one, other = _with_density(p.gaussian_components()), _with_density(q.gaussian_components())
    if one is None or other is None or len(one.weights) * len(other.weights) > MAX_PAIRS:
        return None
    interpolant = GaussianInterpolant(one, other, ORDERS)
    if interpolant.num_terms > MAX_TERMS:
        return None
    return MixtureInterpolant(ComponentMixture(one), ComponentMixture(other), TiledInterpolant(interpolant))


def _with_density(components: GaussianComponents | None) -> GaussianComponents | None:
    """Return the components that have weight; None where one of them is an atom."""
    if components is None:
        return None
    present = components.weights > 0
    if not (components.scales[present] > 0).all():
        return None
    weights, means, scales = components.weights, components.means, components.scales
    return GaussianComponents(weights[present], means[present], scales[present])
