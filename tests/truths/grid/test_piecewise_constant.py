"""Own speed limits on the grid: what is refused in one sentence, and what is solved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wganstudio.experiment import BadExperiment, read
from wganstudio.experiment.formula import Formula
from wganstudio.experiment.truths import GridTruthOptions
from wganstudio.pairs.base import Distribution, Pair
from wganstudio.pairs.custom_sigma import GridSigma
from wganstudio.pairs.distributions import Ball, Box, Gaussian
from wganstudio.truths.grid.admm import solve
from wganstudio.truths.grid.bracket import congested_bounds
from wganstudio.truths.grid.piecewise_constant import CellwiseProblem
from wganstudio.truths.grid.refine import refine_grid

Floats = np.ndarray

P, Q = Ball([-2, 0], 0.5), Ball([2, 0], 0.5)
LOW, HIGH = np.array([-3.0, -2.0]), np.array([3.0, 2.0])
X, Y = (np.arange(48) + 0.5) / 8 - 3, (np.arange(32) + 0.5) / 8 - 2


def values(formula: str) -> np.ndarray:
    points = np.stack(np.meshgrid(X, Y, indexing="ij"), axis=-1)
    return Formula(formula)(points.reshape(-1, 2)).reshape(48, 32)


def problem_of(p: Distribution, q: Distribution, sigma: GridSigma) -> CellwiseProblem:
    problem = CellwiseProblem.from_distributions(p, q, sigma)
    assert problem is not None
    return problem


def bracket(formula: str, penalty: float = 1.0, cells: int = 96) -> tuple[float, float]:
    laid = problem_of(P, Q, GridSigma(values(formula), LOW, HIGH)).discretize(cells)
    bounds = congested_bounds(laid, solve(laid, penalty, 1e-5), penalty)
    assert bounds.lower <= bounds.upper < 1.02 * bounds.lower
    return bounds.lower, bounds.upper


def test_slower_ground_costs_more_and_a_closed_obstacle_most() -> None:
    free = bracket("1")
    slow = bracket("where(hypot(x, y) < 0.8, 0.1, 1)")
    closed = bracket("where(hypot(x, y) < 0.8, 0, 1)")
    neck = bracket("where((abs(x) < 0.3) * (abs(y) > 0.3), 0, 1)")
    for one, other in ((free, slow), (slow, closed), (closed, neck)):
        assert one[1] < other[0]


def exact_corridor(ends: tuple[float, ...], speed: np.ndarray, penalty: float) -> float:
    """Integrate |F_P - F_Q| + (F_P - F_Q)^2 / (4 lambda sigma) over [0, 4], sigma constant on equal parts."""
    a, b, c, d = ends
    points, weights = np.polynomial.legendre.leggauss(4)
    knots = np.unique(np.concatenate([ends, np.linspace(0, 4, len(speed) + 1)]))
    half = np.diff(knots)[:, None] / 2
    x = knots[:-1, None] + half * (1 + points)
    flow = np.clip((x - a) / (b - a), 0, 1) - np.clip((x - c) / (d - c), 0, 1)
    sigma = (speed / speed.mean() / 4)[np.minimum((x * len(speed) / 4).astype(int), len(speed) - 1)]
    return float((half * weights * (np.abs(flow) + flow**2 / (4 * penalty * sigma))).sum())


@pytest.mark.parametrize(
    "ends", [(0, 1, 3, 4), (0.03, 1.01, 2.93, 3.77), (0.5, 2.3, 1.1, 3.9), (0, 0.013, 1.7, 3.9)]
)
@pytest.mark.parametrize("uneven", [0.0, 0.8])
def test_a_corridor_costs_what_it_costs_on_the_line(ends: tuple[float, ...], uneven: float) -> None:
    """Between boxes that fill the corridor's width the flow is F_P - F_Q over the width."""
    a, b, c, d = ends
    speed = 1 + uneven * np.sin(np.arange(64) / 5)
    sigma = GridSigma(np.repeat(speed[:, None], 16, axis=1), np.array([0.0, 0.0]), np.array([4.0, 1.0]))
    laid = problem_of(Box([a, 0], [b, 1]), Box([c, 0], [d, 1]), sigma).discretize(64)
    bounds = congested_bounds(laid, solve(laid, 0.5, 1e-6), 0.5)
    exact = exact_corridor(ends, speed, 0.5)
    assert bounds.lower <= exact <= bounds.upper
    assert bounds.upper - bounds.lower < (2e-3 if b - a < 0.02 else 4e-4) * exact


def radial_cost(
    p: Callable[[Floats], Floats], q: Callable[[Floats], Floats], knots: list[float], sigma: float
) -> float:
    """Return INT |F_P - F_Q| + (F_P - F_Q)^2 / (4 * 2 pi r sigma) dr at lambda = 1."""
    points, weights = np.polynomial.legendre.leggauss(60)
    ends = np.array([0.0, *knots])
    half = np.diff(ends)[:, None] / 2
    r = ends[:-1, None] + half * (1 + points)
    flow = p(r) - q(r)
    return float((half * weights * (np.abs(flow) + flow**2 / (8 * np.pi * r * sigma))).sum())


def annulus(radius: float, hole: float = 0.0) -> Callable[[Floats], Floats]:
    return lambda r: np.clip((r**2 - hole**2) / (radius**2 - hole**2), 0, 1)


def gaussian(scale: float) -> Callable[[Floats], Floats]:
    return lambda r: -np.expm1(-(r**2) / (2 * scale**2))


@pytest.mark.parametrize(
    ("p", "q", "half", "cost", "width"),
    [
        (Ball([0, 0], 1), Ball([0, 0], 2, 0.9), 2.3, (annulus(1), annulus(2, 0.9), [0.9, 1, 2]), 5e-3),
        (Ball([0, 0], 1.5, 1), Ball([0, 0], 0.7), 1.6, (annulus(1.5, 1), annulus(0.7), [0.7, 1, 1.5]), 5e-3),
        (
            Gaussian([0, 0], [0.5, 0.5]),
            Gaussian([0, 0], [1, 1]),
            6.0,
            (gaussian(0.5), gaussian(1), [2, 6]),
            0.03,
        ),
    ],
)
def test_radial_pairs_over_a_constant_sigma(
    p: Distribution, q: Distribution, half: float, cost: tuple[Any, Any, list[float]], width: float
) -> None:
    """About the center of a wide box with sigma = 1 / area the flow is radial."""
    sigma = GridSigma(np.ones((40, 40)), np.full(2, -half), np.full(2, half))
    problem = CellwiseProblem.from_distributions(*(sigma.clamped(each) for each in (p, q)), sigma)
    assert problem is not None and problem.moved < 1e-8
    exact = radial_cost(*cost, 1 / (2 * half) ** 2)
    levels = list(refine_grid(problem.discretize, 1.0, 1e-9, 80, 60, coarsest=40))
    for level in levels:
        assert level.bounds.lower <= exact <= level.bounds.upper
    coarse, fine = levels
    assert coarse.tightness < width and fine.tightness < 0.5 * coarse.tightness


def test_mass_that_is_moved_to_open_cells_is_told() -> None:
    grid = GridTruthOptions(cells=128, tolerance=0.05).build()
    (whole, _), (cut, _) = (
        list(grid.truths(made({"kind": "formula", "formula": "1", "low": low, "high": [3, 2]}), 1.0))
        for low in ([-3, -2], [-2.4, -2])
    )
    assert whole.law.startswith("the distributions themselves with")
    assert "of the mass moved to open cells" in cut.law


def test_the_drift_carries_away_the_mass_of_every_fine_cell() -> None:
    limits = GridSigma(values("where(hypot(x, y) < 0.8, 0, 1)"), LOW, HIGH)
    laid = problem_of(P, Q, limits).discretize(48)
    assert laid.finer is not None
    x, y = laid.finer
    step, middle_x, middle_y = x[1] - x[0], (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2
    along_x, along_y = laid.flow_on(x, middle_y).drift[0] * step, laid.flow_on(middle_x, y).drift[1] * step
    mass = laid.excess(middle_x, middle_y) * step**2
    assert np.abs(np.diff(along_x, axis=0) + np.diff(along_y, axis=1) - mass).max() < 1e-12
    assert mass[mass > 0].sum() == pytest.approx(1, abs=1e-6)


def test_no_flow_enters_closed_cells() -> None:
    limits = GridSigma(values("where(hypot(x, y) < 0.8, 0, 1)"), LOW, HIGH)
    laid = problem_of(P, Q, limits).discretize(48)
    bounds = congested_bounds(laid, solve(laid, 1.0, 1e-4), 1.0)
    psi = bounds.stream.on_grid(*laid.points)
    flow = np.hypot(laid.drift[0] + psi.along_y, laid.drift[1] - psi.along_x)
    assert flow[laid.sigma == 0].max() < 1e-12
    assert np.isfinite(bounds.upper)


@pytest.mark.parametrize(
    ("sigma", "words"),
    [
        (values("where(abs(x) < 0.3, 0, 1)"), "infinite"),
        (values("where(x < -1, 0, 1)"), "mass"),
        (np.zeros((48, 32)), "0 everywhere"),
        (np.full((48, 32), np.nan), "finite"),
        (-np.ones((48, 32)), "from 0 up"),
        (np.ones(5), "table"),
    ],
)
def test_a_sigma_that_lets_nothing_through_is_refused(sigma: np.ndarray, words: str) -> None:
    with pytest.raises(BadExperiment, match=words):
        problem_of(P, Q, GridSigma(sigma, LOW, HIGH))


DISCS = {"kind": "uniform-balls", "center_p": [-2, 0], "center_q": [2, 0], "radius_q": 1.0}


def made(sigma: dict[str, object], **pair: object) -> Pair:
    result: Pair = read({"pair": DISCS | pair, "sigma": sigma}).build_pair()
    return result


def test_the_kind_solves_with_the_limits_of_a_pair(tmp_path: Path) -> None:
    from matplotlib.image import imsave

    pixels = np.ones((40, 64))
    pixels[:, 30:34] = 0.2
    image = tmp_path / "slow.png"
    imsave(image, pixels, cmap="gray", vmin=0, vmax=1)
    grid = GridTruthOptions(cells=128, tolerance=0.05).build()
    result = list(grid.truths(made({"kind": "image", "file": str(image)}), 1.0))
    assert [truth.quantity for truth in result] == ["congested", "gap-limit"]
    assert all("slow.png" in truth.law for truth in result)
    (plain, _) = grid.truths(made({"kind": "formula"}), 1.0)
    assert plain.law.endswith("sigma = 1")
    assert plain.upper < result[0].lower


def test_the_kind_says_what_it_needs() -> None:
    with pytest.raises(BadExperiment, match="plane"):
        list(GridTruthOptions().build().truths(made({"kind": "formula"}, center_p=0, center_q=0, dim=3), 1.0))
