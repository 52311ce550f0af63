"""Ground: what a grid of square cells knows of P, Q and sigma."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.hat_functions import beyond, density_on, hats, reach
from wganstudio.pairs.interpolants import Interpolant, InterpolationFlow
from wganstudio.pairs.quadrature import gauss_rule

Floats = NDArray[np.float64]
Look = Callable[[Floats, Floats], InterpolationFlow]

NEGLIGIBLE = 1e-12
"""Share of its maximum below which sigma counts as 0: the flow there is the drift."""
TAIL = 5.5
"""Standard deviations that the grid reaches about normal laws."""


@dataclass(frozen=True)
class TailBounds:
    """Bounds of what the straight segments that leave the grid do: their share of sigma, and their costs."""

    share: float = 0.0
    length: float = 0.0
    """E |x - y| of them."""
    square: float = 0.0
    """E |x - y|^2 of them."""


@dataclass(frozen=True)
class GridProblem:
    """The problem at the Gauss points (2 x 2 a cell) of a grid of n x m square cells.

    The flows considered are `drift` + rot psi: drift has the divergence P - Q, and psi, a stream function,
    vanishes on every cell that is not `live` and beyond the grid.
    """

    x: Floats
    """Nodes [n + 1]."""
    y: Floats
    """Nodes [m + 1]."""
    mass: Floats
    """P - Q against the nodes' hat functions, [n + 1, m + 1]; its sum is 0."""
    sigma: Floats
    """[2 n, 2 m]."""
    drift: tuple[Floats, Floats]
    """[2 n, 2 m] each."""
    live: NDArray[np.bool_]
    """[n, m]: where the stream function may vary: where sigma is positive, if smooth in a margin too."""
    look: Look
    """sigma and drift on any tensor grid, by a finer rule: what errors are estimated with."""
    outside: TailBounds
    excess: Callable[[Floats, Floats], Floats]
    """P - Q as a density on any tensor grid."""

    smooth: bool = True
    """Whether interpolants that bend may do better than bilinear ones."""

    @property
    def step(self) -> float:
        """Side of a cell."""
        return float(self.x[1] - self.x[0])

    @property
    def points(self) -> tuple[Floats, Floats]:
        """Coordinates [2 n], [2 m] of the Gauss points."""
        return gauss_points(self.x), gauss_points(self.y)


def gauss_points(nodes: Floats, count: int = 2) -> Floats:
    """Gauss's points of every cell between the nodes, [count n]."""
    at, _ = gauss_rule(count)
    return np.asarray((nodes[:-1, None] + np.diff(nodes)[:, None] * at).ravel())


def cell_means(values: Floats, count: int = 2) -> Floats:
    """Means over the cells, [n, m], of what is given at `count` x `count` Gauss points a cell."""
    _, weights = gauss_rule(count)
    n, m = values.shape[0] // count, values.shape[1] // count
    return np.einsum("iajb,a,b->ij", values.reshape(n, count, m, count), weights, weights)


def discretize(
    p: Distribution, q: Distribution, between: Interpolant, cells: int, tail: float = TAIL
) -> GridProblem:
    """The ground of two laws of the plane, with `cells` cells along its longer side.

    About normal laws it reaches `tail` standard deviations; what lies beyond is accounted for.
    """
    x, y = _nodes(p, q, cells, tail, margin=between.compact)
    at = gauss_points(x), gauss_points(y)
    passage = between.on(*at)
    low, high = np.array([x[0], y[0]]), np.array([x[-1], y[-1]])
    positive = cell_means((passage.density > NEGLIGIBLE * passage.density.max()) * 1.0) > 1 - 1e-9
    return GridProblem(
        x=x,
        y=y,
        mass=hats(p, x, y) - hats(q, x, y),
        sigma=passage.density,
        drift=(passage.drift[0], passage.drift[1]),
        live=_inner(positive, border=not between.compact),
        look=lambda a, b: between.on(a, b, fine=True),
        outside=_outside(p, q, low, high),
        excess=lambda a, b: density_on(p, a, b) - density_on(q, a, b),
    )


def _nodes(
    p: Distribution, q: Distribution, cells: int, tail: float, *, margin: bool
) -> tuple[Floats, Floats]:
    corners = [reach(law, tail) for law in (p, q)]
    low, high = np.minimum(*(c[0] for c in corners)), np.maximum(*(c[1] for c in corners))
    step = float((high - low).max()) / (cells - 2 * margin)
    counts = np.ceil((high - low) / step - 1e-9).astype(int) + 2 * margin
    start = (low + high) / 2 - counts * step / 2
    x, y = (a + step * np.arange(n + 1) for a, n in zip(start, counts, strict=True))
    return x, y


def _inner(positive: NDArray[np.bool_], *, border: bool) -> NDArray[np.bool_]:
    """Cells all of whose neighbors are positive too; `border` says whether what lies beyond the grid is."""
    from scipy.ndimage import binary_erosion

    return np.asarray(binary_erosion(positive, np.ones((3, 3)), border_value=int(border)))


def _outside(p: Distribution, q: Distribution, low: Floats, high: Floats) -> TailBounds:
    """A segment leaves a box only if one of its ends lies outside."""
    of_p, of_q = beyond(p, low, high), beyond(q, low, high)
    share = of_p.mass + of_q.mass
    square = 2 * (of_p.square + of_p.all_square * of_q.mass + of_q.square + of_q.all_square * of_p.mass)
    return TailBounds(share, float(np.sqrt(square * share)), square)
