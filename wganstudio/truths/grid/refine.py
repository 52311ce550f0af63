"""Refinement of the grid until the bounds are as tight as asked."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from wganstudio.truths.grid.admm import AdmmSolution, shortest_flow, solve
from wganstudio.truths.grid.bracket import GridBounds, congested_bounds, length_bound
from wganstudio.truths.grid.cone_bound import cone_lower_bound
from wganstudio.truths.grid.discretization import GridProblem

COARSEST = 64
GAP_TOLERANCE = 20.0
_INNER = 0.01
"""Share of the tolerance that the iterations may leave."""
_LEAST = 1e-5


@dataclass(frozen=True)
class GridLevel:
    """Problem, solution and bounds of one grid; `lower` and `upper` are the best so far."""

    problem: GridProblem
    solution: AdmmSolution
    bounds: GridBounds
    penalty: float
    lower: float
    upper: float

    @property
    def tightness(self) -> float:
        """Width of the bounds, relative to the upper one."""
        return (self.upper - self.lower) / self.upper if self.upper > 0 else 0.0  # P may be Q

    def fine_enough(self, tolerance: float) -> bool:
        """Return True if the bounds are as tight as asked, those of the gap limit within 20 times that."""
        value, lower, upper = self.gap_limit()
        return self.tightness <= tolerance and upper - lower <= GAP_TOLERANCE * tolerance * value

    def gap_limit(self) -> tuple[float, float, float]:
        """Return INT |w| + |w|^2 / (2 lambda sigma) of the flow, and proved bounds for the optimal flow.

        The cost is strongly convex: cost(w) - C >= T(w - w*), T(w) = INT |w|^2 / (4 lambda sigma), so that
        the roots of T(w*) and T(w) differ by at most the root of the width of the bounds; where T(w) is
        known but for an excess, by the root of that more.
        """
        congestion_cost = self.bounds.congestion_cost / (4 * self.penalty)
        root_gap = math.sqrt(max(self.upper - self.lower, 0.0))
        root_gap += math.sqrt(self.bounds.congestion_excess / (4 * self.penalty))
        least, most = (
            max(math.sqrt(congestion_cost) - root_gap, 0.0) ** 2,
            (math.sqrt(congestion_cost) + root_gap) ** 2,
        )
        value = self.bounds.length + 2 * congestion_cost
        return value, min(self.lower + least, value), max(self.upper + most, value)


def refine_grid(
    discretize: Callable[[int], GridProblem],
    penalty: float,
    tolerance: float,
    cells: int,
    seconds: float,
    least_w1: float = 0.0,
    coarsest: int = COARSEST,
) -> Iterator[GridLevel]:
    """Yield levels of `coarsest`, twice as many, ... `cells` cells a side, until one is as tight as asked.

    Parameters
    ----------
    discretize : callable
        Returns the problem on a grid with the given number of cells along its longer side.
    penalty : float
        lambda.
    tolerance : float
        Relative width of the bounds at which refinement stops.
    cells : int
        Cells along the longer side at most.
    seconds : float
        No grid is begun that would end later, to judge by the one before.
    least_w1 : float
        A lower bound of W1: C >= W1 + W1^2 / (4 lambda) bounds C too.
    coarsest : int
        Cells along the longer side of the first grid.
    """
    start = time.monotonic()
    lower, upper = least_w1 + least_w1**2 / (4 * penalty), math.inf
    solution: AdmmSolution | None = None
    count = min(coarsest, cells)
    while True:
        began = time.monotonic()
        problem = discretize(count)
        solution = solve(problem, penalty, max(_INNER * tolerance, _LEAST), solution)
        bounds = congested_bounds(problem, solution, penalty)
        lower, upper = intersect((lower, upper), (bounds.lower, bounds.upper))
        level = GridLevel(problem, solution, bounds, penalty, lower, upper)
        yield level
        now = time.monotonic()
        if level.fine_enough(tolerance) or count >= cells or now - start + 6 * (now - began) > seconds:
            return
        count = min(2 * count, cells)


def intersect(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the intersection of two brackets of one cost.

    Where it is empty, an estimated error was too small by at most the distance between the bounds that
    contradict each other: the result then reaches over both of them, and by that distance further.
    """
    lower, upper = max(one[0], other[0]), min(one[1], other[1])
    return (lower, upper) if lower <= upper else (max(2 * upper - lower, 0.0), 2 * lower - upper)


def w1_bounds(problem: GridProblem, tolerance: float) -> tuple[float, float]:
    """Return bounds of W1: by cones through potentials of weak congestion, and by the shortest flow."""
    precision = max(_INNER * tolerance, _LEAST)
    length = float(np.hypot(*problem.drift).sum()) * problem.step**2 / 4
    length = max(length, 1e-9 * problem.step)  # P may be Q
    weak, weaker = (solve(problem, factor * length, 10 * precision) for factor in (4, 40))
    upper, error = length_bound(problem, shortest_flow(problem, weaker, precision))
    lower, lower_error = cone_lower_bound(problem, [weak.potential, weaker.potential])
    return intersect((0.0, math.inf), (lower - lower_error, upper + error))
