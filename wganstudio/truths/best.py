"""The best that is known of a pair: a known plan, a closed form, a grid of the plane, bounds from samples."""

import time
from collections.abc import Iterator
from copy import copy

from wganstudio.experiment.truths import BestAvailableOptions as BestOptions
from wganstudio.pairs.atoms import DiscreteDistribution
from wganstudio.pairs.base import Pair, SegmentsSigma
from wganstudio.pairs.custom_sigma import CustomSigma, GridSigma
from wganstudio.pairs.ray_monotone import MovedDistribution
from wganstudio.truths.certificate import Quantity, Truth
from wganstudio.truths.flow import FlowIntegrals
from wganstudio.truths.grid.piecewise_constant import cellwise_problem
from wganstudio.truths.grid.reference import custom_sigma_truths, grid_truths, smoothed_truths
from wganstudio.truths.known_plans import (
    discrete_cost,
    equal_points,
    equal_points_cost,
    one_coordinate_flow,
    sampled_plan_cost,
    translation_cost,
)
from wganstudio.truths.line import custom_sigma_flow, line_flow
from wganstudio.truths.radial import radial_flow
from wganstudio.truths.samples import sample_truth

LAW = "the laws themselves"
_ROUNDING = 1e-12
_ROUNDED = 1e-7
"""Share of W1 between points that are rounded to float32."""


class BestAvailable:
    """Known plan, closed form, certified grid, or bounds from samples, in this order."""

    def __init__(self, options: BestOptions) -> None:
        self.options = options

    def truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """W1, then, where they are known and there is a penalty, the congested cost and the gap's limit.

        From a grid they come again, tighter, as it is refined: the last of each is the best.

        `penalty` is lambda as WGAN-GP code counts it (Milne and Nachman's own is twice that).
        """
        if isinstance(pair.sigma, CustomSigma):
            yield from self._limited(pair, pair.sigma, penalty)
            return
        start = time.perf_counter()
        p, q = pair.p, pair.q
        if isinstance(p, MovedDistribution) and p.base is q:
            points = equal_points(p)
            if points is not None:
                mean, error = equal_points_cost(p, points)
                method = f"known plan, all {len(points):,} points of Q"
            else:
                mean, standard_error, count = sampled_plan_cost(p, self.options.seed)
                error = self.options.confidence * standard_error
                method = f"known plan, {count} samples, bounds at {self.options.confidence:g} standard errors"
            yield _truth("w1", mean, error, method, start)
            if pair.dim == 2 and penalty is not None:
                yield from smoothed_truths(pair, penalty, self.options, self.options.seed)
            return
        shift = translation_cost(p, q)
        found = line_flow(p, q) or radial_flow(p, q)
        if shift is not None:
            method = "closed form: a translation costs the distance of the means"
            w1 = _truth("w1", shift, 0.0, method, start)
        elif found is not None:
            w1 = _truth("w1", found.w1, found.w1_error, f"closed form, {_how(pair)}", start)
        elif (line := one_coordinate_flow(p, q)) is not None:
            method = "closed form on the line of the one coordinate in which the laws differ, quadrature"
            w1 = _truth("w1", line.w1, line.w1_error, method, start)
        elif (cost := discrete_cost(p, q)) is not None:
            w1 = _truth("w1", cost, _ROUNDED * cost, "a linear program over all atoms", start)
        else:
            on_grid = grid_truths(pair, penalty, self.options)
            if on_grid is not None:
                yield from on_grid
                return
            w1 = sample_truth(p, q, self.options)
        yield w1
        if penalty is None or isinstance(p, DiscreteDistribution):  # no flow of finite cost ends in a point
            return
        if found is not None and found.congestion_cost is not None:
            yield from _congested(found, found.congestion_cost, penalty, f"closed form, {_how(pair)}", start)
        elif pair.dim == 2:
            on_grid = grid_truths(pair, penalty, self.options, known_w1=w1.lower)
            yield from on_grid or smoothed_truths(pair, penalty, self.options, self.options.seed)

    def _limited(self, pair: Pair, limits: CustomSigma, penalty: float | None) -> Iterator[Truth]:
        """W1, which knows no speed limits, then the other two under them: on the line and in the plane."""
        free = copy(pair)
        free.sigma = SegmentsSigma()
        for truth in self.truths(free, None):
            yield truth.model_copy(update={"law": f"{truth.law}, without speed limits"})
        if penalty is None:
            return
        start = time.perf_counter()
        if pair.dim == 1 and isinstance(limits, GridSigma):
            found = custom_sigma_flow(pair.p, pair.q, limits)
            if found is None or found.congestion_cost is None:
                return
            law = f"the laws, with {limits.name}, constant on each of {len(limits.values)} cells"
            for truth in _congested(
                found, found.congestion_cost, penalty, f"closed form, {_how(pair)}", start
            ):
                yield truth.model_copy(update={"law": law})
        else:
            yield from custom_sigma_truths(pair, penalty, self.options) or ()


def require_open_path(pair: Pair) -> None:
    """BadExperiment where own speed limits let no mass through, as far as that is known: for D <= 2."""
    if pair.dim == 1 and isinstance(pair.sigma, GridSigma):
        custom_sigma_flow(pair.p, pair.q, pair.sigma)
    cellwise_problem(pair)


def _congested(
    found: FlowIntegrals, congestion_cost: float, penalty: float, method: str, start: float
) -> Iterator[Truth]:
    quantities: tuple[tuple[Quantity, float], ...] = (("congested", 4.0), ("gap-limit", 2.0))
    for quantity, factor in quantities:
        value = found.w1 + congestion_cost / (factor * penalty)
        error = found.w1_error + found.congestion_cost_error / (factor * penalty)
        yield _truth(quantity, value, error, method, start)
        start = time.perf_counter()


def _truth(quantity: Quantity, value: float, error: float, method: str, start: float) -> Truth:
    """A truth with bounds at value -/+ error, never tighter than rounding."""
    error = max(error, _ROUNDING * value)
    return Truth(
        quantity=quantity,
        value=value,
        lower=max(value - error, 0.0),
        upper=value + error,
        method=method,
        law=LAW,
        seconds=time.perf_counter() - start,
    )


def _how(pair: Pair) -> str:
    return (
        "the flow on the line, quadrature"
        if pair.dim == 1
        else "the radial flow about the common center, quadrature"
    )
