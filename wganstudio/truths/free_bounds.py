"""Bounds of W1 and of squared W2 that follow from exact moments, coordinates and components alone."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import GroundCost
from wganstudio.ot.exact import exact_transport
from wganstudio.ot.gaussian import EPS, Moments, gaussian_cost
from wganstudio.pairs.base import Distribution
from wganstudio.pairs.interpolants.gaussians import GaussianComponents
from wganstudio.pairs.line_pieces import LinePiece
from wganstudio.truths.certificate import Bounds, Truth
from wganstudio.truths.flow import FlowIntegrals, integrate_flow
from wganstudio.truths.inequalities import intersect
from wganstudio.truths.line import pieces_profile

Floats = NDArray[np.float64]

_ROUNDING = 1e-12
"""Relative rounding error of the moments and of sums of them."""
_MAX_COMPONENTS = 1 << 20


class NamedBound(NamedTuple):
    """A bound and the theorem that it follows from."""

    value: float
    source: str


_NOTHING = NamedBound(math.inf, "nothing")


class FreeBounds(NamedTuple):
    """The best lower and upper bound known without sampling."""

    lower: NamedBound
    upper: NamedBound

    def tighten(self, truth: Truth) -> Truth:
        """Return the truth within these bounds; its method names those that are tighter than its own."""
        for bound, name in ((self.lower, "below"), (self.upper, "above")):
            one_sided = (
                Bounds(bound.value, math.inf) if bound is self.lower else Bounds(-math.inf, bound.value)
            )
            truth = intersect(truth, one_sided, f"; bounded from {name} by {bound.source}")
        return truth


def w1_bounds(p: Distribution, q: Distribution) -> FreeBounds:
    """Return bounds of W1 of any two distributions.

    Below: the difference of the means, since coordinates are 1-Lipschitz; and the root of the sum of the
    squared W1 of the coordinates, since sum_k c_k u_k(x_k) is 1-Lipschitz for potentials u_k and |c| = 1.
    Above: W1 <= W2 (`squared_bounds`).
    """
    squared = squared_bounds(p, q)
    of_p, of_q = p.moments(), q.moments()
    lower = [NamedBound(0.0, "0")]
    if of_p is not None and of_q is not None:
        shift = float(np.linalg.norm(of_p.mean - of_q.mean))
        lost = _ROUNDING * (shift + sum(math.sqrt(_second_moment(moments)) for moments in (of_p, of_q)))
        lower.append(NamedBound(max(shift - lost, 0.0), "the difference of the means"))
    pieces_p, pieces_q = p.coordinate_pieces(), q.coordinate_pieces()
    if pieces_p is not None and pieces_q is not None:
        of_coordinates = [max(flow.w1 - flow.w1_error, 0.0) for flow in _coordinate_flows(pieces_p, pieces_q)]
        root = math.hypot(*of_coordinates) * (1 - _ROUNDING)
        lower.append(NamedBound(root, "the W1 of the coordinates"))
    upper = NamedBound(math.sqrt(squared.upper.value), squared.upper.source)
    return FreeBounds(max(lower, key=lambda bound: bound.value), upper)


def squared_bounds(p: Distribution, q: Distribution) -> FreeBounds:
    """Return bounds of W2^2 of any two distributions.

    Below: W2^2 of the Gaussians of the same moments (Gelbrich, 1990). Above: that one too, where the map
    between those Gaussians carries one distribution to the other; the optimal plan between the components of
    mixtures at their W2^2; and the independent coupling, |m - n|^2 + tr cov P + tr cov Q.
    """
    of_p, of_q = p.moments(), q.moments()
    lower, upper = [NamedBound(0.0, "0")], [_NOTHING]
    if of_p is not None and of_q is not None:
        value, rounding = gaussian_cost(of_p, of_q, 0.0)
        rounding += _ROUNDING * value
        lower.append(NamedBound(max(value - rounding, 0.0), "Gaussians of these moments"))
        if (family := p.linear_family()) is not None and family == q.linear_family():
            upper.append(NamedBound(value + rounding, "the linear map"))
        upper.append(_independent(of_p, of_q))
    parts_p, parts_q = p.gaussian_components(), q.gaussian_components()
    if parts_p is not None and parts_q is not None:
        cost = _components_cost(parts_p, parts_q)
        if cost is not None:
            upper.append(NamedBound(cost * (1 + _ROUNDING), "a plan between the components"))
    return FreeBounds(max(lower, key=lambda bound: bound.value), min(upper, key=lambda bound: bound.value))


def transport_bounds(p: Distribution, q: Distribution, ground: GroundCost) -> FreeBounds | None:
    """Return bounds of the cost at a ground cost; None for others than plain distances and their squares.

    A regularizer only adds to the exact cost, the squared density at least its strength, and of the
    independent coupling nothing more than that.
    """
    of_p, of_q = p.moments(), q.moments()
    if ground.features != "none" or ground.cost not in ("squared", "distance"):
        return None
    if ground.normalized and (ground.cost == "distance" or of_p is None):
        return None
    bounds = squared_bounds(p, q) if ground.cost == "squared" else w1_bounds(p, q)
    # a mean cost of 0 normalizes nothing, as in RegularizedCTransform
    scale = (_second_moment(of_p) if ground.normalized and of_p is not None else 0.0) or 1.0
    added = ground.epsilon if ground.regularizer == "l2" else 0.0
    if ground.epsilon > 0:
        above = _NOTHING if of_p is None or of_q is None else _independent(of_p, of_q)
        value = above.value if ground.cost == "squared" else math.sqrt(above.value)
        bounds = bounds._replace(upper=above._replace(value=value))
    lower, upper = (
        bound._replace(value=(bound.value / scale + added) * (1 + sign * _ROUNDING))
        for bound, sign in zip(bounds, (-1, 1), strict=True)
    )
    return FreeBounds(lower, upper)


def _independent(p: Moments, q: Moments) -> NamedBound:
    square = float(np.sum((p.mean - q.mean) ** 2) + np.trace(p.covariance) + np.trace(q.covariance))
    return NamedBound(square * (1 + _ROUNDING), "the independent coupling")


def _second_moment(moments: Moments) -> float:
    return float(moments.mean @ moments.mean + np.trace(moments.covariance))


def _coordinate_flows(p: Sequence[list[LinePiece]], q: Sequence[list[LinePiece]]) -> list[FlowIntegrals]:
    """Return the flow of each coordinate; equal coordinates are computed once."""
    flows: list[tuple[tuple[list[LinePiece], list[LinePiece]], FlowIntegrals]] = []
    result = []
    for pieces in zip(p, q, strict=True):
        flow = next((flow for earlier, flow in flows if earlier == pieces), None)
        if flow is None:
            flow = integrate_flow(pieces_profile(*pieces)._replace(speed=None))
            flows.append((pieces, flow))
        result.append(flow)
    return result


def _components_cost(p: GaussianComponents, q: GaussianComponents) -> float | None:
    """Return the least cost of a plan between components at their W2^2; None where there are too many."""
    if len(p.weights) * len(q.weights) > _MAX_COMPONENTS:
        return None
    costs = np.zeros((len(p.weights), len(q.weights)))
    for one, other in ((p.means, q.means), (p.scales, q.scales)):
        for k in range(one.shape[1]):
            costs += (one[:, k, None] - other[:, k]) ** 2
    plan = exact_transport(costs, q.weights, p.weights).plan
    # what rounding leaves of the marginals travels no further than the dearest pair of components
    lost = float(np.abs(plan.sum(1) - p.weights).sum() + np.abs(plan.sum(0) - q.weights).sum()) + EPS
    return float((plan * costs).sum()) + lost * float(costs.max())
