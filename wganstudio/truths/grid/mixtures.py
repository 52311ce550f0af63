"""Sigma between mixtures of many Gaussians, such as the quadratures of curves with noise."""

from typing import NamedTuple

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.gaussian_family import ComponentMixture
from wganstudio.pairs.interpolants import Interpolant
from wganstudio.pairs.interpolants.gaussians import GaussianComponents, GaussianInterpolant

ORDERS = 6, 8
"""Orders of the rules in t: sigma is exact to 1e-9."""
MAX_PAIRS, MAX_TERMS = 1 << 11, 1 << 18
"""Pairs of components, and their nodes in t, up to which a grid of 128 cells a side takes seconds."""


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
    return MixtureInterpolant(ComponentMixture(one), ComponentMixture(other), interpolant)


def _with_density(components: GaussianComponents | None) -> GaussianComponents | None:
    """Return the components that have weight; None where one of them is an atom."""
    if components is None:
        return None
    present = components.weights > 0
    if not (components.scales[present] > 0).all():
        return None
    weights, means, scales = components.weights, components.means, components.scales
    return GaussianComponents(weights[present], means[present], scales[present])
