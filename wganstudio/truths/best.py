"""The best available truths of a pair: known plan, closed form, grid of the plane, bounds from samples."""

import time
from collections.abc import Iterator
from copy import copy

from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.pairs.base import KnownPlan, Pair, SegmentsSigma, Sigma
from wganstudio.truths.certificate import DISTRIBUTIONS, Quantity, Truth
from wganstudio.truths.closed_forms import closed_form_w1, flow_method
from wganstudio.truths.flow import FlowIntegrals
from wganstudio.truths.free_bounds import w1_bounds
from wganstudio.truths.grid.piecewise_constant import cellwise_problem
from wganstudio.truths.grid.reference import custom_sigma_truths, grid_truths, smoothed_truths
from wganstudio.truths.inequalities import consistent
from wganstudio.truths.known_plans import (
    discrete_cost,
    equal_points,
    equal_points_cost,
    sampled_plan_cost,
)
from wganstudio.truths.line import custom_sigma_flow, line_flow
from wganstudio.truths.radial import radial_flow
from wganstudio.truths.samples import sample_truth

_ROUNDING = 1e-12


class BestAvailable:
    """Known plan, closed form, certified grid, or bounds from samples, in this order."""

    def __init__(self, options: BestAvailableOptions) -> None:
        self.options = options

    def truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """Yield W1, then the congested cost and the gap limit, if they are known and there is a penalty.

        A grid yields them again, tighter, as it is refined: the last of each is the best. Those of one law
        satisfy the inequalities between them.

        Parameters
        ----------
        pair : Pair
        penalty : float or None
            lambda as WGAN-GP code counts it (that of Milne and Nachman is twice that).
        """
        yield from consistent(self._truths(pair, penalty), penalty)

    def _truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        if pair.sigma.is_custom:
            yield from self._with_custom_sigma(pair, pair.sigma, penalty)
            return
        start = time.perf_counter()
        p, q = pair.p, pair.q
        plan = p.known_plan()
        if plan is not None and plan.source is q:
            yield self._of_plan(plan, start)
            if pair.dim == 2 and penalty is not None:
                yield from smoothed_truths(pair, penalty, self.options, self.options.seed)
            return
        flow = line_flow(p, q) or radial_flow(p, q)
        if (closed := closed_form_w1(p, q, flow)) is not None:
            w1 = _truth("w1", *closed, start)
        elif (cost := discrete_cost(p, q)) is not None:
            w1 = _truth("w1", *cost, "a linear program over all atoms", start)
        else:
            yield from self._without_closed_form(pair, penalty)
            return
        yield w1
        if penalty is None or p.has_point_masses:  # no flow of finite cost ends in a point
            return
        if flow is not None and flow.congestion_cost is not None:
            yield from _congested(
                flow, flow.congestion_cost, penalty, f"closed form, {flow_method(pair.dim)}", start
            )
        elif pair.dim == 2:
            on_grid = grid_truths(pair, penalty, self.options, known_w1=w1.lower)
            yield from on_grid or smoothed_truths(pair, penalty, self.options, self.options.seed)

    def _without_closed_form(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """Yield what a grid or samples tell, within the bounds of W1 that are known anyway.

        Samples alone do not bound the congested cost. In the plane all three truths are then those of
        smoothed distributions, so that they can be compared.
        """
        free = w1_bounds(pair.p, pair.q)
        on_grid = grid_truths(pair, penalty, self.options)
        if on_grid is not None:
            for truth in on_grid:
                yield free.tighten(truth) if truth.quantity == "w1" else truth
            return
        w1 = free.tighten(sample_truth(pair.p, pair.q, self.options))
        yield w1
        if penalty is None or pair.dim != 2 or pair.p.has_point_masses or pair.q.has_point_masses:
            return
        unsmoothed = f"that of {w1.law} is in [{w1.lower:.4g}, {w1.upper:.4g}], from samples"
        for truth in smoothed_truths(pair, penalty, self.options, self.options.seed, with_w1=True):
            if truth.quantity == "w1":
                truth = truth.model_copy(update={"method": f"{truth.method}; {unsmoothed}"})
            yield truth

    def _of_plan(self, plan: KnownPlan, start: float) -> Truth:
        """Return W1 by a known plan."""
        points = equal_points(plan)
        if points is not None:
            mean, error = equal_points_cost(plan, points)
            method = f"known plan, all {len(points):,} points of Q"
        else:
            mean, standard_error, count = sampled_plan_cost(plan, self.options.seed)
            error = self.options.confidence * standard_error
            method = f"known plan, {count} samples, bounds at {self.options.confidence:g} standard errors"
        return _truth("w1", mean, error, method, start)

    def _with_custom_sigma(self, pair: Pair, sigma: Sigma, penalty: float | None) -> Iterator[Truth]:
        """Yield W1, which no speed limits change, then the other two: on the line and in the plane."""
        free = copy(pair)
        free.sigma = SegmentsSigma()
        for truth in self._truths(free, None):
            yield truth.model_copy(update={"law": f"{truth.law}, without speed limits"})
        if penalty is None:
            return
        start = time.perf_counter()
        cells = sigma.cells()
        if pair.dim == 1 and cells is not None:
            flow = custom_sigma_flow(pair.p, pair.q, cells)
            if flow is None or flow.congestion_cost is None:
                return
            distributions = (
                f"the distributions, with {cells.name}, constant on each of {len(cells.values)} cells"
            )
            for truth in _congested(
                flow, flow.congestion_cost, penalty, f"closed form, {flow_method(pair.dim)}", start
            ):
                yield truth.model_copy(update={"law": distributions})
        else:
            yield from custom_sigma_truths(pair, penalty, self.options) or ()


def require_open_path(pair: Pair) -> None:
    """Raise BadExperiment if a custom sigma blocks all paths from P to Q; checked for D <= 2 only."""
    cells = pair.sigma.cells()
    if pair.dim == 1 and cells is not None:
        custom_sigma_flow(pair.p, pair.q, cells)
    cellwise_problem(pair)


def _congested(
    flow: FlowIntegrals, congestion_cost: float, penalty: float, method: str, start: float
) -> Iterator[Truth]:
    quantities: tuple[tuple[Quantity, float], ...] = (("congested", 4.0), ("gap-limit", 2.0))
    for quantity, factor in quantities:
        value = flow.w1 + congestion_cost / (factor * penalty)
        error = flow.w1_error + flow.congestion_cost_error / (factor * penalty)
        yield _truth(quantity, value, error, method, start)
        start = time.perf_counter()


def _truth(quantity: Quantity, value: float, error: float, method: str, start: float) -> Truth:
    """Return a truth with bounds at value -/+ error, never tighter than rounding."""
    error = max(error, _ROUNDING * value)
    return Truth(
        quantity=quantity,
        value=value,
        lower=max(value - error, 0.0),
        upper=value + error,
        method=method,
        law=DISTRIBUTIONS,
        seconds=time.perf_counter() - start,
    )
