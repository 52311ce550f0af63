"""The grid's brackets: they hold the closed forms, whatever is put into them, and shrink."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.pairs.base import Distribution
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture
from wganstudio.truths.grid.admm import solve
from wganstudio.truths.grid.bracket import congested_bounds
from wganstudio.truths.grid.discretization import GridProblem, discretize
from wganstudio.truths.grid.refine import GridLevel, refine_grid, w1_bounds
from wganstudio.truths.radial import radial_flow

RADIAL: dict[str, tuple[Distribution, Distribution]] = {
    "gaussians": (Gaussian([0, 0], [1, 1]), Gaussian([0, 0], [2, 2])),
    "discs": (Ball([0, 0], 1), Ball([0, 0], 2)),
    "rings": (Ball([1, 0], 1, 0.5), Ball([1, 0], 2, 1)),
}
THREE = np.array([[3.0, 0.0], [-1.5, 2.6], [-1.5, -2.6]])
OTHERS: dict[str, tuple[Distribution, Distribution]] = {
    "gaussians": (Gaussian([0, 0], [1, 0.5]), Gaussian([2, 1], [0.5, 1.2])),
    "boxes": (Box([0, 0], [1, 1]), Box([1.5, 0.5], [2.5, 3])),
    "discs": (Ball([0, 0], 1), Ball([2, 1], 1.3)),
    "mixtures": (GaussianMixture(np.zeros((1, 2)), np.full(1, 0.5)), GaussianMixture(THREE, np.full(3, 0.5))),
}


def problem_of(p: Distribution, q: Distribution, cells: int) -> GridProblem:
    interpolant = p.interpolant_to(q)
    assert interpolant is not None
    return discretize(p, q, interpolant, cells)


def exact(p: Distribution, q: Distribution, penalty: float) -> tuple[float, float]:
    """C_lambda and the gap's limit."""
    flow = radial_flow(p, q)
    assert flow is not None and flow.congestion_cost is not None
    return flow.w1 + flow.congestion_cost / (4 * penalty), flow.w1 + flow.congestion_cost / (2 * penalty)


@pytest.mark.parametrize(
    ("name", "penalty"),
    [
        ("gaussians", 0.1),
        ("gaussians", 1.0),
        ("gaussians", 10.0),
        ("discs", 0.1),
        ("discs", 10.0),
        ("rings", 1.0),
    ],
)
def test_brackets_hold_the_closed_form_and_shrink(name: str, penalty: float) -> None:
    p, q = RADIAL[name]
    cost, gap = exact(p, q, penalty)
    widths, before = [], None
    for cells in (40, 80, 120):
        laid = problem_of(p, q, cells)
        before = solve(laid, penalty, 1e-5, before)
        bounds = congested_bounds(laid, before, penalty)
        assert bounds.lower <= cost <= bounds.upper
        widths.append((bounds.upper - bounds.lower) / cost)
        value, low, high = GridLevel(laid, before, bounds, penalty, bounds.lower, bounds.upper).gap_limit()
        assert low <= gap <= high
        assert value == pytest.approx(gap, rel=2e-3)
    assert widths[0] > 2 * widths[1] > 3 * widths[2]
    assert widths[2] < 2e-3


@pytest.mark.slow
@pytest.mark.parametrize("penalty", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("name", RADIAL)
def test_at_256_cells_the_bracket_is_a_500th_wide(name: str, penalty: float) -> None:
    p, q = RADIAL[name]
    *_, level = refine_grid(lambda cells: problem_of(p, q, cells), penalty, 1e-9, 256, 1e4)
    assert len(level.problem.x) == 257
    assert level.lower <= exact(p, q, penalty)[0] <= level.upper
    assert level.tightness < 0.002


@given(scale=st.floats(0.0, 0.5), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_any_potential_and_any_flow_make_a_bracket(scale: float, seed: int) -> None:
    p, q = RADIAL["discs" if seed % 2 else "gaussians"]
    laid = problem_of(p, q, 32)
    solution = solve(laid, 1.0, 1e-4)
    rng = np.random.default_rng(seed)
    cost, _ = exact(p, q, 1.0)
    tight = congested_bounds(laid, solution, 1.0)
    bumps = [scale * laid.step * rng.normal(size=laid.mass.shape) for _ in range(2)]
    moved = replace(
        solution,
        potential=solution.potential + bumps[0],
        stream=solution.stream * (1 + bumps[1]),  # stays 0 where it has to be
    )
    loose = congested_bounds(laid, moved, 1.0)
    assert loose.lower <= cost <= loose.upper
    if scale > 0.1:
        assert loose.upper - loose.lower > tight.upper - tight.lower


@pytest.mark.parametrize("name", OTHERS)
def test_brackets_of_finer_grids_overlap_and_the_costs_are_ordered(name: str) -> None:
    p, q = OTHERS[name]
    levels = list(refine_grid(lambda cells: problem_of(p, q, cells), 1.0, 1e-9, 128, 60))
    assert [max(level.problem.live.shape) for level in levels] == [64, 128]
    coarse, fine = (level.bounds for level in levels)
    assert max(coarse.lower, fine.lower) <= min(coarse.upper, fine.upper)
    assert fine.upper - fine.lower < 0.4 * (coarse.upper - coarse.lower)
    assert levels[-1].tightness < 1e-3
    low, high = w1_bounds(levels[0].problem, 1e-3)
    assert low <= high < levels[-1].lower
    assert high - low < 0.012 * high
    # C >= W1 + W1^2 / (4 lambda)
    assert low + low**2 / 4 <= levels[-1].upper


def test_weak_congestion_tends_to_w1_and_the_excess_falls_with_lambda() -> None:
    p, q = OTHERS["mixtures"]
    laid = problem_of(p, q, 64)
    low, high = w1_bounds(laid, 1e-3)
    costs = {k: congested_bounds(laid, solve(laid, k, 1e-5), k) for k in (1.0, 4.0, 16.0, 64.0)}
    for one, other in ((1.0, 4.0), (4.0, 16.0)):
        assert costs[one].lower > costs[other].upper
        excess = [(costs[k].lower + costs[k].upper) / 2 - high for k in (one, other)]
        assert 3 < excess[0] / excess[1] < 5
    assert costs[64.0].upper >= low


@pytest.mark.parametrize("shift", [(1.0, 0.0), (0.6, -0.8)])
def test_w1_of_a_translation(shift: tuple[float, float]) -> None:
    low, high = w1_bounds(problem_of(Gaussian([0, 0], [1, 1]), Gaussian(shift, [1, 1]), 64), 1e-3)
    assert low <= 1.0 <= high
    assert high - low < 2e-3


def test_a_box_that_is_too_small_widens_the_bracket_and_does_not_break_it() -> None:
    p, q = RADIAL["gaussians"]
    interpolant = p.interpolant_to(q)
    assert interpolant is not None
    cost, _ = exact(p, q, 1.0)
    widths = []
    for tail in (3.0, 4.0):
        laid = discretize(p, q, interpolant, 64, tail=tail)
        bounds = congested_bounds(laid, solve(laid, 1.0, 1e-5), 1.0)
        assert bounds.lower <= cost <= bounds.upper
        widths.append(bounds.upper - bounds.lower)
    assert widths[0] > 4 * widths[1]


@pytest.mark.parametrize("law", [Box([0, 0], [1, 2]), Gaussian([0, 0], [1, 2])])
def test_two_equal_distributions_cost_nothing(law: Distribution) -> None:
    *_, level = refine_grid(lambda cells: problem_of(law, law, cells), 1.0, 1e-3, 32, 60)
    assert 0 <= level.lower <= level.upper < 1e-4
    low, high = w1_bounds(level.problem, 1e-3)
    assert 0 <= low <= high < 1e-4
