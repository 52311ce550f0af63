"""Brackets of random pairs of the plane beside an independent solver: certificates.csv.

    OMP_NUM_THREADS=1 nice python tests/benchmarks/certificates.py [count]
    python tests/benchmarks/certificates.py summary

The judge maximizes the dual over piecewise linear functions with cvxpy and Clarabel. It knows P, Q and sigma
of discs from quasi-random points, those of boxes and mixtures from masses on small cells, exact but for a sum
over t; its values on two grids are extrapolated. Pairs that the table holds already are passed over, so that
a stopped program goes on where it was.
"""

import csv
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.distributions import Ball, Box, GaussianMixture
from wganstudio.truths.grid.admm import solve
from wganstudio.truths.grid.bracket import congested_bounds
from wganstudio.truths.grid.discretization import discretize

Floats = NDArray[np.float64]

TABLE = Path(__file__).with_suffix(".csv")
KINDS = (
    "boxes",
    "aligned boxes",
    "shifted boxes",
    "thin boxes",
    "nested boxes",
    "discs",
    "annuli",
    "disc and annulus",
    "mixtures",
)
SHIFTS = (1e-9, 1e-7, 1e-5, 1e-3, 0.01, 0.03, 0.1, 0.3)
CELLS = (64, 128)
JUDGE_CELLS = (48, 96)
THIN_CELLS = (96, 192)
POINTS = 1 << 22
PRECISION = 1e-5


@dataclass(frozen=True)
class Case:
    """A pair and lambda."""

    number: int
    kind: str
    p: Distribution
    q: Distribution
    penalty: float


def random_case(number: int) -> Case:
    """Return the pair of that number; kinds take turns."""
    rng = np.random.default_rng([7, number])
    kind = KINDS[number % len(KINDS)]
    penalty = round(float(10 ** rng.uniform(-0.3, 1.3)), 2)
    return Case(number, kind, *_pair(kind, number // len(KINDS), rng), penalty)


def _pair(kind: str, turn: int, rng: np.random.Generator) -> tuple[Distribution, Distribution]:
    low, size = rng.uniform(-1, 1, (2, 2)).round(2), rng.uniform(0.4, 2.0, (2, 2)).round(2)
    if kind in ("aligned boxes", "shifted boxes"):
        axis = turn % 2
        low[1, axis], size[1, axis] = low[0, axis], size[0, axis]
        if kind == "shifted boxes":
            low[1, axis] += SHIFTS[turn % len(SHIFTS)]
    elif kind == "thin boxes":
        size[turn % 2, turn // 2 % 2] = (0.02, 0.05, 0.1)[turn % 3]
    elif kind == "nested boxes":
        size[1] = (size[0] * rng.uniform(0.2, 0.8, 2)).round(2)
        low[1] = low[0] + ((size[0] - size[1]) * rng.uniform(0, 1, 2)).round(2)
    if "boxes" in kind:
        return Box(low[0], low[0] + size[0]), Box(low[1], low[1] + size[1])
    if kind == "mixtures":
        p, q = (
            GaussianMixture(rng.uniform(-2, 2, (k, 2)).round(2), rng.uniform(0.3, 0.9, k).round(2))
            for k in (1 + turn % 2, 1 + turn % 3)
        )
        return p, q
    radii = rng.uniform(0.4, 1.5, 2).round(2)
    holes = (radii * rng.uniform(0.2, 0.8, 2)).round(2)
    holes *= {"discs": (0, 0), "annuli": (1, 1)}.get(kind, (turn % 2, (turn + 1) % 2))
    centers = rng.uniform(-1, 1, (2, 2)).round(2) * (1 if turn % 3 else 0.3)
    return Ball(centers[0], radii[0], holes[0]), Ball(centers[1], radii[1], holes[1])


class Masses(NamedTuple):
    """Points [n, 2] and their weights [n]."""

    points: Floats
    weights: Floats


def judge(case: Case, cells: int, x: Masses, y: Masses, z: Masses) -> float:
    """Return the maximum of the dual over functions that are linear on the two triangles of each cell."""
    import cvxpy as cp

    low, high = box_of(case)
    step = float((high - low).max()) / cells
    n, m = np.maximum(np.ceil((high - low) / step - 1e-9).astype(int), 2)
    start = (low + high) / 2 - step * np.array([n, m]) / 2
    mass = _nodal(x, start, step, n, m) - _nodal(y, start, step, n, m)
    below, above = _triangles(z, start, step, n, m)
    u = cp.Variable((n + 1, m + 1))
    dx, dy = (u[1:] - u[:-1]) / step, (u[:, 1:] - u[:, :-1]) / step
    penalty = 0
    for sigma, a, b in ((below, dx[:, :-1], dy[:-1]), (above, dx[:, 1:], dy[1:])):
        slopes = cp.vstack([cp.vec(a, order="C"), cp.vec(b, order="C")])
        weight = np.maximum(sigma.ravel(), z.weights.min() / 2)
        penalty = penalty + weight @ cp.square(cp.pos(cp.norm(slopes, axis=0) - 1))
    problem = cp.Problem(cp.Maximize(cp.sum(cp.multiply(mass, u)) - case.penalty * penalty), [u[0, 0] == 0])
    return float(problem.solve(solver=cp.CLARABEL))


def box_of(case: Case) -> tuple[Floats, Floats]:
    """Return the corners of a box that holds both distributions, Gaussians up to five standard deviations."""
    boxes = [each.support_box(5.0) for each in (case.p, case.q)]
    corners = np.array([box for box in boxes if box is not None])
    return corners[:, 0].min(axis=0), corners[:, 1].max(axis=0)


def masses(case: Case) -> tuple[Masses, Masses, Masses]:
    """Return P, Q and sigma."""
    if not isinstance(case.p, Ball):
        return _cell_masses(case.p, case.q, box_of(case))
    from scipy.stats.qmc import Sobol

    unit = Sobol(5, seed=case.number).random(POINTS)
    x, y = _draw(case.p, unit[:, :2]), _draw(case.q, unit[:, 2:4])
    weights = np.full(POINTS, 1 / POINTS)
    return Masses(x, weights), Masses(y, weights), Masses(x + unit[:, 4:] * (y - x), weights)


def _cell_masses(
    p: Distribution, q: Distribution, box: tuple[Floats, Floats]
) -> tuple[Masses, Masses, Masses]:
    """Return the masses of P, Q and sigma on some 768 cells a side, that of sigma from 400 times t."""
    low, high = box
    step = float((high - low).max()) / 768
    counts = 16 * np.ceil((high - low) / (16 * step) - 1e-9).astype(int) + 32  # the judge's cells are unions
    edges = [c + step * (np.arange(k + 1) - k / 2) for c, k in zip((low + high) / 2, counts, strict=True)]
    if isinstance(p, Box) and isinstance(q, Box):  # masses end at the faces
        faces = np.stack([p.low, p.high, q.low, q.high], axis=1)
        edges = [np.unique(np.concatenate(both)) for both in zip(edges, faces, strict=True)]
    s = (np.arange(400) + 0.5) / 400
    times, weights = s * s * (3 - 2 * s), 6 * s * (1 - s) / 400
    shares = [_shares(p, q, edges, np.array([t]), np.ones(1)) for t in (0.0, 1.0)]
    shares.append(_shares(p, q, edges, times, weights))
    # half of each mass in the middle of each triangle
    middles = [
        np.stack(np.meshgrid(*(e[:-1] + part * np.diff(e) for e in edges), indexing="ij"), axis=-1).reshape(
            -1, 2
        )
        for part in (1 / 3, 2 / 3)
    ]
    points = np.concatenate(middles)
    x, y, z = (Masses(points, np.tile(np.maximum(share.ravel(), 1e-12), 2) / 2) for share in shares)
    return x, y, z


def _shares(p: Distribution, q: Distribution, edges: list[Floats], times: Floats, weights: Floats) -> Floats:
    """Return the weighted sum over t of the masses [n, m] of (1 - t) x + t y between the edges."""
    if isinstance(p, Box) and isinstance(q, Box):
        sides = [
            np.diff(_sum_of_uniforms(e, times, p.low[k], p.high[k], q.low[k], q.high[k]), axis=0)
            for k, e in enumerate(edges)
        ]
        return np.asarray((sides[0] * weights) @ sides[1].T)
    from scipy.special import ndtr

    assert isinstance(p, GaussianMixture) and isinstance(q, GaussianMixture)
    total, t = np.zeros([len(e) - 1 for e in edges]), times[:, None]
    for wp, m, a in zip(p.weights, p.means, p.scales, strict=True):
        for wq, n, b in zip(q.weights, q.means, q.scales, strict=True):
            mean, scale = (1 - t) * m + t * n, np.hypot((1 - times) * a, times * b)
            sides = [np.diff(ndtr((e[:, None] - mean[:, k]) / scale), axis=0) for k, e in enumerate(edges)]
            total += (sides[0] * (wp * wq * weights)) @ sides[1].T
    return total


def _sum_of_uniforms(z: Floats, t: Floats, a: float, b: float, c: float, d: float) -> Floats:
    """Return the distribution functions at z [n] of (1 - t) U[a, b] + t U[c, d], [n, k]."""
    one, other = np.maximum((1 - t) * (b - a), 1e-7), np.maximum(t * (d - c), 1e-7)
    above = z[:, None] - (1 - t) * a - t * c
    ramps = [np.maximum(above - w, 0.0) ** 2 / 2 for w in (0, one, other, one + other)]
    return (ramps[0] - ramps[1] - ramps[2] + ramps[3]) / (one * other)


def _draw(distribution: Distribution, unit: Floats) -> Floats:
    """Return points of a disc or an annulus."""
    assert isinstance(distribution, Ball)
    a, b = distribution.hole**2, distribution.radius**2
    radius, angle = np.sqrt(a + unit[:, 0] * (b - a)), 2 * np.pi * unit[:, 1]
    return distribution.center + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _nodal(of: Masses, start: Floats, step: float, n: int, m: int) -> Floats:
    """Return the means of the basis functions, linear on triangles."""
    i, j, a, b = _places(of.points, start, step, n, m)
    total = np.zeros((n + 1) * (m + 1))
    lower = a + b < 1
    corners = (
        (i + ~lower, j + ~lower, np.where(lower, 1 - a - b, a + b - 1)),
        (i + 1, j, np.where(lower, a, 1 - b)),
        (i, j + 1, np.where(lower, b, 1 - a)),
    )
    for row, column, weight in corners:
        total += np.bincount(row * (m + 1) + column, weight * of.weights, len(total))
    return total.reshape(n + 1, m + 1)


def _triangles(of: Masses, start: Floats, step: float, n: int, m: int) -> list[Floats]:
    """Return the masses of the triangles at the lower and the upper corner of each cell."""
    i, j, a, b = _places(of.points, start, step, n, m)
    cell, lower = i * m + j, a + b < 1
    parts = (lower, ~lower)
    return [np.bincount(cell[part], of.weights[part], n * m).reshape(n, m) for part in parts]


def _places(points: Floats, start: Floats, step: float, n: int, m: int) -> tuple[NDArray, ...]:
    at = (points - start) / step
    cell = np.clip(at.astype(np.int64), 0, [n - 1, m - 1])
    part = np.clip(at - cell, 0, 1)
    return cell[:, 0], cell[:, 1], part[:, 0], part[:, 1]


def row_of(case: Case) -> dict[str, object]:
    """Return brackets on both grids, and the judge's value with an estimate of its error."""
    row: dict[str, object] = {"number": case.number, "kind": case.kind, "lambda": case.penalty}
    interpolant = case.p.interpolant_to(case.q)
    assert interpolant is not None
    began, before, brackets = time.process_time(), None, []
    for cells in CELLS:
        problem = discretize(case.p, case.q, interpolant, cells)
        before = solve(problem, case.penalty, PRECISION, before)
        bounds = congested_bounds(problem, before, case.penalty)
        brackets.append((bounds.lower, bounds.upper))
        row |= {f"lower_{cells}": bounds.lower, f"upper_{cells}": bounds.upper}
        row[f"error_{cells}"] = bounds.lower_error + bounds.upper_error
    row["seconds"] = round(time.process_time() - began, 2)
    of_case = masses(case)
    judge_cells = THIN_CELLS if case.kind == "thin boxes" else JUDGE_CELLS
    coarse, fine = (judge(case, cells, *of_case) for cells in judge_cells)
    value, error = _extrapolated(case, coarse, fine)
    row |= {"judge_coarse": coarse, "judge_fine": fine, "judge": value, "judge_error": error}
    (lower, upper), (finer_lower, finer_upper) = brackets
    slack = 3 * PRECISION * upper  # the iterations stop when three differences are below this
    row["nested"] = lower - slack <= finer_lower <= finer_upper <= upper + slack
    row["inside"] = finer_lower - error <= value <= finer_upper + error
    row["width_percent"] = 100 * (finer_upper / finer_lower - 1)
    return {key: f"{value:.8g}" if isinstance(value, float) else value for key, value in row.items()}


def _extrapolated(case: Case, coarse: float, fine: float) -> tuple[float, float]:
    """Return the limit of the judge's values and its error.

    Of second order, of first order beside thin boxes, which the cells hardly resolve; quasi-random points
    leave some 2e-4.
    """
    change = fine - coarse
    if case.kind == "thin boxes":
        return fine + 2 / 3 * change, 2 / 3 * abs(change) + 1e-5 * fine
    return fine + change / 3, abs(change) / 4 + (2e-4 if isinstance(case.p, Ball) else 1e-5) * fine


def table() -> list[dict[str, str]]:
    """Return the rows so far."""
    if not TABLE.exists():
        return []
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def main(arguments: list[str]) -> None:
    if arguments == ["summary"]:
        rows = table()
        for kind in KINDS:
            own = [row for row in rows if row["kind"] == kind]
            widths = [float(row["width_percent"]) for row in own]
            counts = {key: sum(row[key] == "True" for row in own) for key in ("nested", "inside")}
            print(f"{kind:18} {len(own)} pairs, {counts}, width at most {max(widths, default=0):.3f} %")
        return
    done = {int(row["number"]) for row in table()}
    for number in range(int(arguments[0]) if arguments else 72):
        if number in done:
            continue
        row = row_of(random_case(number))
        print(row, flush=True)
        new = not TABLE.exists()
        with TABLE.open("a", newline="") as file:
            writer = csv.DictWriter(file, list(row), lineterminator="\n")
            if new:
                writer.writeheader()
            writer.writerow(row)


if __name__ == "__main__":
    main(sys.argv[1:])
