"""Grid: the truth kind that solves congested transport in the plane and certifies it."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.truths import GridOptions, GridTruthOptions
from wganstudio.pairs.base import Pair
from wganstudio.pairs.custom_sigma import CustomSigma, GridSigma
from wganstudio.pairs.interpolants import interpolant_between
from wganstudio.truths.certificate import Quantity, Truth
from wganstudio.truths.grid.discretization import GridProblem, discretize
from wganstudio.truths.grid.piecewise_constant import CellwiseProblem, cellwise_problem
from wganstudio.truths.grid.refine import COARSEST, GridLevel, refine_grid, w1_bounds
from wganstudio.truths.grid.smoothed import smoothed_problem

LAW = "the laws themselves"
W1_CELLS = 128


class GridTruth:
    """All three truths from a grid, whatever else is known of the pair."""

    def __init__(self, options: GridTruthOptions) -> None:
        self.options = options

    def truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """W1, then with a penalty the congested cost and the gap's limit; each again when it is tighter.

        With own speed limits without W1, which knows none. BadExperiment where the pair is not of the plane,
        its laws have no known densities, or no finite cost leads through the speed limits.
        """
        found = custom_sigma_truths(pair, penalty, self.options)
        if found is None and not isinstance(pair.sigma, CustomSigma):
            found = grid_truths(pair, penalty, self.options)
        if found is None:
            problem = "the grid needs two laws of the plane with known densities; choose `best` or `samples`"
            raise BadExperiment(Problem("truth.kind", problem))
        yield from found


def custom_sigma_truths(pair: Pair, penalty: float | None, limits: GridOptions) -> Iterator[Truth] | None:
    """Congested cost and gap limit under own speed limits; None where the grid cannot hold them."""
    found = cellwise_problem(pair)
    if found is None or penalty is None:
        return None
    assert isinstance(pair.sigma, GridSigma)
    cells = " x ".join(map(str, found.sigma.shape))
    law = f"the laws, constant on each of {cells} cells, with {pair.sigma.name}"
    return _of_streets(found, law, penalty, limits)


def smoothed_truths(pair: Pair, penalty: float, limits: GridOptions, seed: int) -> Iterator[Truth]:
    """Congested cost and gap limit of the smoothed laws: for pairs of the plane known by samples alone."""
    known, bandwidth, samples = smoothed_problem(pair, seed)
    law = (
        f"laws and sigma smoothed by a Gaussian of standard deviation {bandwidth:.2g}, of {samples:,} samples"
    )
    yield from _of_streets(known, law, penalty, limits)


def _of_streets(known: CellwiseProblem, law: str, penalty: float, limits: GridOptions) -> Iterator[Truth]:
    start = time.perf_counter()
    base = max(known.sigma.shape)
    cells = max(limits.cells, base)
    for level in refine_grid(known.lay, penalty, limits.tolerance, cells, limits.seconds, coarsest=base):
        for truth in _congested(level, start):
            yield truth.model_copy(update={"law": law})


def grid_truths(
    pair: Pair, penalty: float | None, limits: GridOptions, known_w1: float | None = None
) -> Iterator[Truth] | None:
    """The truths of a pair, each again when a finer grid knows it better; None where it is not for a grid.

    Without W1 where a lower bound of it is `known_w1`.
    """
    between = interpolant_between(pair.p, pair.q) if pair.dim == 2 else None
    if between is None:
        return None
    return _truths(partial(discretize, pair.p, pair.q, between), penalty, limits, known_w1)


def _truths(
    ground: Callable[[int], GridProblem], penalty: float | None, limits: GridOptions, known_w1: float | None
) -> Iterator[Truth]:
    coarse = min(COARSEST, limits.cells)
    lower = upper = known_w1 or 0.0
    if known_w1 is None:
        start = time.perf_counter()
        lower, upper = w1_bounds(ground(coarse), limits.tolerance)
        yield _w1(lower, upper, coarse, start)
    if penalty is not None:
        start = time.perf_counter()
        for level in refine_grid(ground, penalty, limits.tolerance, limits.cells, limits.seconds, lower):
            yield from _congested(level, start)
    fine = min(W1_CELLS, limits.cells)
    if known_w1 is None and fine > coarse and upper - lower > limits.tolerance * upper:
        start = time.perf_counter()
        found = w1_bounds(ground(fine), limits.tolerance)
        yield _w1(max(lower, found[0]), min(upper, found[1]), fine, start)


def _w1(lower: float, upper: float, cells: int, start: float) -> Truth:
    method = f"the least of many cones from below, the shortest flow from above, on {cells} cells a side"
    return _truth("w1", (lower + upper) / 2, lower, upper, method, start)


def _congested(level: GridLevel, start: float) -> Iterator[Truth]:
    n, m = level.ground.live.shape
    estimated = level.bracket.lower_error + level.bracket.upper_error
    grid = f"on {n} x {m} cells"
    proof = f"of their distance {estimated:.1e} is the estimated error of quadrature, the rest is proved"
    yield _truth(
        "congested",
        (level.lower + level.upper) / 2,
        level.lower,
        level.upper,
        f"a potential from below, a flow from above, {grid}; {proof}",
        start,
    )
    value, lower, upper = level.gap_limit()
    method = f"the flow {grid}; bounds from how far it can be from the optimal one at most"
    yield _truth("gap-limit", value, lower, upper, method, start)


def _truth(quantity: Quantity, value: float, lower: float, upper: float, method: str, start: float) -> Truth:
    return Truth(
        quantity=quantity,
        value=value,
        lower=lower,
        upper=upper,
        method=method,
        law=LAW,
        seconds=time.perf_counter() - start,
    )
