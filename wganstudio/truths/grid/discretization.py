"""P, Q and sigma on a grid of square cells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.hat_functions import TailMoments
from wganstudio.pairs.interpolants import Interpolant, InterpolationFlow
from wganstudio.pairs.quadrature import gauss_rule
from wganstudio.truths.grid.inner_flow import InnerFlow

Floats = NDArray[np.float64]
T = TypeVar("T")

NEGLIGIBLE = 1e-12
"""Share of its maximum below which sigma counts as 0: the flow there is the drift."""
TAIL = 5.5
"""Standard deviations that the grid reaches about Gaussians."""


class GridFlow(Protocol):
    """Sigma and drift on the tensor grid of two axes."""

    def __call__(self, x: Floats, y: Floats, /, fine: bool = True) -> InterpolationFlow:
        """Return the arrays [n, m]; the difference to fine=False shows the error of a quadrature in t."""
        ...


@dataclass(frozen=True)
class TailBounds:
    """Bounds for the straight segments that leave the grid: their share of sigma, and their costs."""

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
    """[n, m]: cells where the stream function may vary: sigma is positive, if smooth on a margin too."""
    flow_on: GridFlow
    """sigma and drift on any tensor grid, by default by a finer rule."""
    outside: TailBounds
    excess: Callable[[Floats, Floats], Floats]
    """P - Q as a density on any tensor grid."""

    smooth: bool = True
    """True if bicubic interpolants may do better than bilinear ones."""
    faces: tuple[Floats, Floats] = (np.zeros(0), np.zeros(0))
    """Coordinates on each axis where sigma, the drift or the densities are not smooth."""
    reach: float = np.inf
    """Greatest distance of a point of P to one of Q: |drift| is at most that times sigma."""
    finer: tuple[Floats, Floats] | None = None
    """Nodes of a finer grid on whose cells sigma and the drift are smooth."""
    inner: InnerFlow | None = None
    """A further flow inside the finer cells, where the divergence of the drift is the mean of P - Q there."""

    @property
    def step(self) -> float:
        """Side of a cell."""
        return float(self.x[1] - self.x[0])

    @property
    def points(self) -> tuple[Floats, Floats]:
        """Coordinates [2 n], [2 m] of the Gauss points."""
        return gauss_points(self.x), gauss_points(self.y)


def gauss_points(nodes: Floats, count: int = 2) -> Floats:
    """Return the Gauss points of every cell between the nodes, [count n]."""
    at, _ = gauss_rule(count)
    return np.asarray((nodes[:-1, None] + np.diff(nodes)[:, None] * at).ravel())


def cell_means(values: Floats) -> Floats:
    """Return the means over the cells, [n, m], of values at the 2 x 2 Gauss points in each cell."""
    n, m = values.shape[0] // 2, values.shape[1] // 2
    return np.asarray(values.reshape(n, 2, m, 2).mean(axis=(1, 3)))


def discretize(
    p: Distribution, q: Distribution, interpolant: Interpolant, cells: int, tail: float = TAIL
) -> GridProblem:
    """Return the problem of two distributions of the plane on a grid.

    Parameters
    ----------
    p, q : Distribution
    interpolant : Interpolant
        Sigma and drift between p and q.
    cells : int
        Cells along the longer side of the grid.
    tail : float
        Standard deviations that the grid reaches about Gaussians; the bounds account for the rest.
    """
    x, y = _nodes(p, q, cells, tail, margin=interpolant.compact)
    flow = interpolant.on_grid(gauss_points(x), gauss_points(y))
    faces_x, faces_y = interpolant.faces
    low, high = np.array([x[0], y[0]]), np.array([x[-1], y[-1]])
    positive = cell_means((flow.density > NEGLIGIBLE * flow.density.max()) * 1.0) > 1 - 1e-9
    return GridProblem(
        x=x,
        y=y,
        mass=_hat_masses(p, x, y) - _hat_masses(q, x, y),
        sigma=flow.density,
        drift=(flow.drift[0], flow.drift[1]),
        live=_inner(positive, border=not interpolant.compact),
        flow_on=lambda a, b, fine=True: interpolant.on_grid(a, b, fine=fine),
        outside=_outside(p, q, low, high),
        excess=lambda a, b: _density(p, a, b) - _density(q, a, b),
        faces=(faces_x, faces_y),
        reach=float(np.hypot(*(high - low))) if interpolant.compact else np.inf,
    )


def _nodes(
    p: Distribution, q: Distribution, cells: int, tail: float, *, margin: bool
) -> tuple[Floats, Floats]:
    corners = [_support_box(distribution, tail) for distribution in (p, q)]
    low, high = np.minimum(*(c[0] for c in corners)), np.maximum(*(c[1] for c in corners))
    step = float((high - low).max()) / (cells - 2 * margin)
    counts = np.ceil((high - low) / step - 1e-9).astype(int) + 2 * margin
    start = (low + high) / 2 - counts * step / 2
    x, y = (a + step * np.arange(n + 1) for a, n in zip(start, counts, strict=True))
    return x, y


def _inner(positive: NDArray[np.bool_], *, border: bool) -> NDArray[np.bool_]:
    """Return the cells with positive neighbors only; `border` tells if cells beyond the grid are positive."""
    from scipy.ndimage import binary_erosion

    return np.asarray(binary_erosion(positive, np.ones((3, 3)), border_value=int(border)))


def _outside(p: Distribution, q: Distribution, low: Floats, high: Floats) -> TailBounds:
    """Bound the segments beyond the box: a segment leaves it only if one of its ends lies outside."""
    of_p, of_q = _tail_moments(p, low, high), _tail_moments(q, low, high)
    share = of_p.mass + of_q.mass
    square = 2 * (of_p.square + of_p.all_square * of_q.mass + of_q.square + of_q.all_square * of_p.mass)
    return TailBounds(share, float(np.sqrt(square * share)), square)


def _hat_masses(distribution: Distribution, x: Floats, y: Floats) -> Floats:
    return _known(distribution.hat_masses(x, y), distribution, "hat_masses")


def _density(distribution: Distribution, x: Floats, y: Floats) -> Floats:
    return _known(distribution.density_grid(x, y), distribution, "density_grid")


def _support_box(distribution: Distribution, tail: float) -> tuple[Floats, Floats]:
    return _known(distribution.support_box(tail), distribution, "support_box")


def _tail_moments(distribution: Distribution, low: Floats, high: Floats) -> TailMoments:
    return _known(distribution.tail_moments(low, high), distribution, "tail_moments")


def _known(value: T | None, distribution: Distribution, method: str) -> T:
    """Return a value that a distribution with an interpolant has to know."""
    if value is None:
        raise TypeError(f"{type(distribution).__name__} has an interpolant but no {method}")
    return value
