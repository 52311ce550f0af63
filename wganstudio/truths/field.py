"""The optimal potential, its gradient, the momentum and sigma as fields, where they are known."""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Pair
from wganstudio.truths.flow import FlowProfile
from wganstudio.truths.grid.discretization import discretize, gauss_points
from wganstudio.truths.grid.piecewise_constant import cellwise_problem
from wganstudio.truths.grid.refine import GridLevel, refine_grid
from wganstudio.truths.line import custom_sigma_profile, line_profile
from wganstudio.truths.momentum import FlowError, flow_difference, momentum
from wganstudio.truths.radial import radial_flow_profile

Floats = NDArray[np.float64]

PANELS = 1024


class FieldSamples(NamedTuple):
    """The optimal field at n points: u [n], grad u [n, D], the momentum w [n, D] and sigma [n].

    w = -2 lambda sigma (|grad u| - 1)_+ grad u / |grad u| (arXiv 2109.00528, Theorem 1): it runs down u, and
    |grad u| = 1 + |w| / (2 lambda sigma) where mass flows. About a center in D > 2 sigma and w are given
    as densities along the radius, s(r) and F_P - F_Q: divided by area * r^(D-1) they are those of space,
    which would underflow for large D. The quotient w / sigma is the same.
    """

    u: Floats
    gradient: Floats
    momentum: Floats
    sigma: Floats


class OptimalField(Protocol):
    """The optimal potential and flow of one pair and one lambda."""

    @property
    def penalty(self) -> float:
        """lambda."""
        ...

    @property
    def congestion_cost(self) -> float:
        """INT |w|^2 / sigma."""
        ...

    def at(self, points: Floats) -> FieldSamples:
        """Return the field at points [n, D]."""
        ...

    def grid(self) -> tuple[Floats, Floats]:
        """Return points [n, D] and weights [n] of a quadrature rule over the region of the flow."""
        ...


@dataclass(frozen=True)
class ProfileField:
    """The exact field on the line or about one center, where the flow has one coordinate."""

    profile: FlowProfile
    center: Floats
    penalty: float
    dim: int

    def at(self, points: Floats) -> FieldSamples:
        """Return the field at points [n, D]; u by quadrature along the coordinate, 0 at its lower end."""
        away = points - self.center
        if self.dim == 1:
            place, direction = away[:, 0], np.ones_like(away)
        else:
            place = np.linalg.norm(away, axis=1)
            direction = away / np.maximum(place, 1e-300)[:, None]
        flow, sigma = self._profile(place)
        knots, heights = self._potential()
        slope = self._slope(flow, sigma)
        u = np.interp(place, knots, heights)
        return FieldSamples(u, slope[:, None] * direction, flow[:, None] * direction, sigma)

    @property
    def congestion_cost(self) -> float:
        """INT |w|^2 / sigma, along the coordinate."""
        points, weights = self.grid()
        local = self.at(points)
        square = (local.momentum**2).sum(axis=1)
        return float((weights * np.divide(square, local.sigma, out=square * 0, where=local.sigma > 0)).sum())

    def grid(self) -> tuple[Floats, Floats]:
        """Return the midpoints of 1,024 equal parts of the range of the coordinate."""
        low, high = float(self.profile.edges.min()), float(self.profile.edges.max())
        size = (high - low) / PANELS
        points = np.zeros((PANELS, self.dim))
        points[:, 0] = low + size * (np.arange(PANELS) + 0.5)
        return points + self.center, np.full(PANELS, size)

    def _profile(self, place: Floats) -> tuple[Floats, Floats]:
        assert self.profile.speed is not None
        return self.profile.difference(place), self.profile.speed(place)[0]

    def _slope(self, flow: Floats, sigma: Floats) -> Floats:
        steep = np.divide(flow, sigma, out=np.zeros_like(flow), where=(np.abs(flow) > 1e-140) & (sigma > 0))
        return -(np.sign(flow) + steep / (2 * self.penalty))

    def _potential(self) -> tuple[Floats, Floats]:
        points, weights = self.grid()
        middle = (points - self.center)[:, 0]
        half = weights[0] / 2
        knots = np.append(middle - half, middle[-1] + half)
        return knots, np.concatenate([[0.0], np.cumsum(self._slope(*self._profile(middle)) * weights)])


@dataclass(frozen=True)
class GridField:
    """The field of a pair of the plane from a certified grid: u of the lower bound, w of the upper one."""

    level: GridLevel

    @property
    def penalty(self) -> float:
        """lambda."""
        return self.level.penalty

    @property
    def congestion_cost(self) -> float:
        """INT |w|^2 / sigma of the flow."""
        return self.level.bounds.congestion_cost

    def on_grid(self, x: Floats, y: Floats) -> FieldSamples:
        """Return the field on the tensor grid of x [n] and y [m], row by row of y: [m n]."""
        bounds = self.level.bounds
        flow = self.level.problem.flow_on(x, y)
        u, psi = bounds.potential.on_grid(x, y), bounds.stream.on_grid(x, y)
        momentum = flow.drift[0] + psi.along_y, flow.drift[1] - psi.along_x
        gradient = u.along_x, u.along_y
        return FieldSamples(
            u.value.T.ravel(),
            np.stack([part.T.ravel() for part in gradient], axis=1),
            np.stack([part.T.ravel() for part in momentum], axis=1),
            flow.density.T.ravel(),
        )

    def grid(self) -> tuple[Floats, Floats]:
        """Return the midpoints of about 128 x 128 cells."""
        x, y = (gauss_points(ends, 1) for ends in self._coarse())
        points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        area = (x[1] - x[0]) * (y[1] - y[0])
        return points, np.full(len(points), area)

    def at(self, points: Floats) -> FieldSamples:
        """Return the field at points [n, 2] that form a tensor grid, row by row of the second coordinate."""
        x, y = np.unique(points[:, 0]), np.unique(points[:, 1])
        if len(x) * len(y) != len(points):
            raise ValueError("the points must be those of a tensor grid, row by row")
        return self.on_grid(x, y)

    def _coarse(self) -> tuple[Floats, Floats]:
        stride = max(1, round(max(self.level.problem.live.shape) / 128))
        x, y = self.level.problem.x[::stride], self.level.problem.y[::stride]
        return x, y


def optimal_field(
    pair: Pair, penalty: float, *, tolerance: float = 1e-3, cells: int = 256, seconds: float = 10.0
) -> OptimalField | None:
    """Return the optimal field of a pair.

    Parameters
    ----------
    pair : Pair
    penalty : float
        lambda.
    tolerance, cells, seconds
        Limits of the grid: relative width of the bounds, cells along a side, time.

    Returns
    -------
    OptimalField or None
        Exact on the line and about a center in D > 2, from a certified grid in the plane. None where the
        distributions are not known well enough.
    """
    p, q = pair.p, pair.q
    if pair.sigma.is_custom:
        return _with_custom_sigma(pair, penalty, tolerance, cells, seconds)
    if pair.dim == 2:
        interpolant = p.interpolant_to(q)
        if interpolant is None:
            return None
        *_, level = refine_grid(partial(discretize, p, q, interpolant), penalty, tolerance, cells, seconds)
        return GridField(level)
    radial = p.radial_profile()
    center = np.zeros(1) if radial is None or pair.dim == 1 else radial.center
    profile = line_profile(p, q) if pair.dim == 1 else radial_flow_profile(p, q)
    if profile is None or profile.speed is None:
        return None
    return ProfileField(profile, center, penalty, pair.dim)


def _with_custom_sigma(
    pair: Pair, penalty: float, tolerance: float, cells: int, seconds: float
) -> OptimalField | None:
    """Return the field with a custom sigma."""
    density = pair.sigma.cells()
    if pair.dim == 1 and density is not None:
        profile = custom_sigma_profile(pair.p, pair.q, density)
        return None if profile is None else ProfileField(profile, np.zeros(1), penalty, 1)
    problem = cellwise_problem(pair)
    if problem is None:
        return None
    base = max(problem.sigma.shape)
    *_, level = refine_grid(problem.discretize, penalty, tolerance, max(cells, base), seconds, coarsest=base)
    return GridField(level)


def compare_momentum(truth: OptimalField, gradients: Floats, points: Floats, weights: Floats) -> FlowError:
    """Compare gradients [n, D] at the points and weights of `truth.grid()` with the optimal momentum."""
    local = truth.at(points)
    own = momentum(gradients, local.sigma, truth.penalty)
    return flow_difference(own, local.momentum, local.sigma, weights)
