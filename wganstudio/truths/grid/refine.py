"""From a coarse grid to finer ones, until the bracket is as tight as asked."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from wganstudio.truths.grid.admm import AdmmSolution, shortest_flow, solve
from wganstudio.truths.grid.bracket import GridBounds, congested_bounds, flow_cost
from wganstudio.truths.grid.cone_bound import cone_lower_bound
from wganstudio.truths.grid.discretization import GridProblem

COARSEST = 64
GAP_TOLERANCE = 20.0
_INNER = 0.01
"""Share of the tolerance that the iterations may leave."""
_LEAST = 1e-5


@dataclass(frozen=True)
class GridLevel:
    """One grid's ground, solution and bracket; `lower` and `upper` are the best of this and coarser grids."""

    ground: GridProblem
    solution: AdmmSolution
    bracket: GridBounds
    penalty: float
    lower: float
    upper: float

    @property
    def tightness(self) -> float:
        """The bracket's width, relative to its upper end."""
        return (self.upper - self.lower) / self.upper if self.upper > 0 else 0.0  # P may be Q

    def fine_enough(self, tolerance: float) -> bool:
        """Whether the bracket is as tight as asked, and the gap limit's, which is looser, 20 times that."""
        value, lower, upper = self.gap_limit()
        return self.tightness <= tolerance and upper - lower <= GAP_TOLERANCE * tolerance * value

    def gap_limit(self) -> tuple[float, float, float]:
        """INT |w| + |w|^2 / (2 lambda) sigma of the flow found, and proved bounds of the optimal flow's.

        The cost is strongly convex: cost(w) - C >= T(w - w*), T(w) = INT |w|^2 / (4 lambda sigma), so that
        the root of T(w*) is no further from that of T(w) than the root of the bracket's width.
        """
        congestion_cost = self.bracket.congestion_cost / (4 * self.penalty)
        off = math.sqrt(max(self.upper - self.lower, 0.0))
        least, most = max(math.sqrt(congestion_cost) - off, 0.0) ** 2, (math.sqrt(congestion_cost) + off) ** 2
        value = self.bracket.length + 2 * congestion_cost
        return value, min(self.lower + least, value), max(self.upper + most, value)


def refine_grid(
    lay: Callable[[int], GridProblem],
    penalty: float,
    tolerance: float,
    cells: int,
    seconds: float,
    least_w1: float = 0.0,
    coarsest: int = COARSEST,
) -> Iterator[GridLevel]:
    """Levels of `coarsest`, twice as many, ... `cells` cells a side, until one is as tight as `tolerance`.

    No grid is begun that would end after `seconds`, judging by the one before. Where W1 is at least
    `least_w1`, C >= W1 + W1^2 / (4 lambda) bounds it too.
    """
    start = time.monotonic()
    lower, upper = least_w1 + least_w1**2 / (4 * penalty), math.inf
    solution: AdmmSolution | None = None
    count = min(coarsest, cells)
    while True:
        began = time.monotonic()
        ground = lay(count)
        solution = solve(ground, penalty, max(_INNER * tolerance, _LEAST), solution)
        found = congested_bounds(ground, solution, penalty)
        lower, upper = max(lower, found.lower), min(upper, found.upper)
        level = GridLevel(ground, solution, found, penalty, lower, upper)
        yield level
        now = time.monotonic()
        if level.fine_enough(tolerance) or count >= cells or now - start + 6 * (now - began) > seconds:
            return
        count = min(2 * count, cells)


def w1_bounds(ground: GridProblem, tolerance: float) -> tuple[float, float]:
    """Bounds of W1: 1-Lipschitz functions through potentials of weak congestion, and the shortest flow."""
    precision = max(_INNER * tolerance, _LEAST)
    length = float(np.hypot(*ground.drift).sum()) * ground.step**2 / 4
    length = max(length, 1e-9 * ground.step)  # P may be Q
    weak, weaker = (solve(ground, factor * length, 10 * precision) for factor in (4, 40))
    _, upper, error, _, _ = flow_cost(ground, shortest_flow(ground, weaker, precision), None)
    lower, lower_error = cone_lower_bound(ground, [weak.potential, weaker.potential])
    return max(lower - lower_error, 0.0), upper + error
