"""The truth kind `grid`: certified congested transport in the plane."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.truths import GridOptions, GridTruthOptions
from wganstudio.pairs.base import Pair
from wganstudio.truths.certificate import DISTRIBUTIONS, Quantity, Truth
from wganstudio.truths.grid.discretization import GridProblem, discretize
from wganstudio.truths.grid.mixtures import mixture_interpolant
from wganstudio.truths.grid.piecewise_constant import CellwiseProblem, cellwise_problem
from wganstudio.truths.grid.refine import COARSEST, GridLevel, intersect, refine_grid, w1_bounds
from wganstudio.truths.grid.smoothed import smoothed_problem

W1_CELLS = 128
_NEGLIGIBLE = 1e-8
"""Share of moved mass that needs no mention."""


class GridTruth:
    """All three truths from a grid, even where a closed form is known."""

    def __init__(self, options: GridTruthOptions) -> None:
        self.options = options

    def truths(self, pair: Pair, penalty: float | None) -> Iterator[Truth]:
        """Yield W1, then with a penalty the congested cost and the gap limit; each again when it is tighter.

        With a custom sigma there is no W1, which does not depend on it.

        Raises
        ------
        BadExperiment
            If the pair is not of the plane, its densities are unknown, or a custom sigma makes the cost
            infinite.
        """
        truths = custom_sigma_truths(pair, penalty, self.options)
        if truths is None and not pair.sigma.is_custom:
            truths = grid_truths(pair, penalty, self.options)
        if truths is None:
            message = (
                "the grid needs two distributions of the plane with known densities; "
                "choose `best` or `samples`"
            )
            raise BadExperiment(Problem("truth.kind", message))
        yield from truths


def custom_sigma_truths(pair: Pair, penalty: float | None, limits: GridOptions) -> Iterator[Truth] | None:
    """Return congested cost and gap limit with a custom sigma; None where it is not given on cells."""
    problem, sigma = cellwise_problem(pair), pair.sigma.cells()
    if problem is None or sigma is None or penalty is None:
        return None
    cells = " x ".join(map(str, problem.sigma.shape))
    moved = "" if problem.moved < _NEGLIGIBLE else f", {problem.moved:.1g} of the mass moved to open cells,"
    distributions = (
        f"{DISTRIBUTIONS}{moved} with a sigma that is constant on each of {cells} cells: {sigma.name}"
    )
    return _cellwise_truths(problem, distributions, penalty, limits)


def smoothed_truths(
    pair: Pair, penalty: float, limits: GridOptions, seed: int, *, with_w1: bool = False
) -> Iterator[Truth]:
    """Yield congested cost and gap limit of smoothed samples, for 2-D pairs without known densities.

    W1 of the same smoothed distributions comes first where it is asked for.
    """
    smoothed = smoothed_problem(pair, seed)
    if smoothed is None:
        return
    problem, bandwidth, samples = smoothed
    smoothing = f"smoothed by a Gaussian of standard deviation {bandwidth:.2g}"
    distributions = f"distributions and sigma {smoothing}, of {samples:,} samples"
    if with_w1:
        start = time.perf_counter()
        cells = max(problem.sigma.shape)
        w1 = _w1(*w1_bounds(problem.discretize(cells), limits.tolerance), cells, start)
        yield w1.model_copy(update={"law": distributions})
    yield from _cellwise_truths(problem, distributions, penalty, limits)


def _cellwise_truths(
    problem: CellwiseProblem, distributions: str, penalty: float, limits: GridOptions
) -> Iterator[Truth]:
    start = time.perf_counter()
    base = max(problem.sigma.shape)
    cells = max(limits.cells, base)
    for level in refine_grid(
        problem.discretize, penalty, limits.tolerance, cells, limits.seconds, coarsest=base
    ):
        for truth in _congested(level, start):
            yield truth.model_copy(update={"law": distributions})


def grid_truths(
    pair: Pair, penalty: float | None, limits: GridOptions, known_w1: float | None = None
) -> Iterator[Truth] | None:
    """Return the truths of a pair of the plane, each again when a finer grid gives tighter bounds.

    Parameters
    ----------
    pair : Pair
    penalty : float or None
        lambda; None leaves W1 alone.
    limits : GridOptions
        Tolerance, cells and time.
    known_w1 : float, optional
        A lower bound of W1, which is then not computed.

    Returns
    -------
    iterator of Truth, or None
        None where sigma is not known, exactly or by a quadrature of the distributions.
    """
    if pair.dim != 2:
        return None
    p, q, interpolant = pair.p, pair.q, pair.p.interpolant_to(pair.q)
    if interpolant is None:
        mixtures = mixture_interpolant(p, q)
        if mixtures is None:
            return None
        p, q, interpolant = mixtures
    return _truths(partial(discretize, p, q, interpolant), penalty, limits, known_w1)


def _truths(
    problem_on: Callable[[int], GridProblem],
    penalty: float | None,
    limits: GridOptions,
    known_w1: float | None,
) -> Iterator[Truth]:
    coarse = min(COARSEST, limits.cells)
    lower = upper = known_w1 or 0.0
    if known_w1 is None:
        start = time.perf_counter()
        lower, upper = w1_bounds(problem_on(coarse), limits.tolerance)
        yield _w1(lower, upper, coarse, start)
    if penalty is not None:
        start = time.perf_counter()
        for level in refine_grid(problem_on, penalty, limits.tolerance, limits.cells, limits.seconds, lower):
            yield from _congested(level, start)
    fine = min(W1_CELLS, limits.cells)
    if known_w1 is None and fine > coarse and upper - lower > limits.tolerance * upper:
        start = time.perf_counter()
        finer = w1_bounds(problem_on(fine), limits.tolerance)
        yield _w1(*intersect((lower, upper), finer), fine, start)


def _w1(lower: float, upper: float, cells: int, start: float) -> Truth:
    method = f"bounds of a minimum of cones (below) and the shortest flow (above), on {cells} cells per side"
    return _truth("w1", (lower + upper) / 2, lower, upper, method, start)


def _congested(level: GridLevel, start: float) -> Iterator[Truth]:
    n, m = level.problem.live.shape
    estimated = level.bounds.lower_error + level.bounds.upper_error
    grid = f"on {n} x {m} cells"
    proof = f"certified up to an estimated quadrature error of {estimated:.1e}"
    yield _truth(
        "congested",
        (level.lower + level.upper) / 2,
        level.lower,
        level.upper,
        f"bounds of a potential (below) and a flow (above) {grid}, {proof}",
        start,
    )
    value, lower, upper = level.gap_limit()
    method = f"the flow {grid}; bounds from its maximum distance to the optimal flow"
    yield _truth("gap-limit", value, lower, upper, method, start)


def _truth(quantity: Quantity, value: float, lower: float, upper: float, method: str, start: float) -> Truth:
    return Truth(
        quantity=quantity,
        value=value,
        lower=lower,
        upper=upper,
        method=method,
        law=DISTRIBUTIONS,
        seconds=time.perf_counter() - start,
    )
