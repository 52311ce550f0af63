"""Own speed limits on the grid: what is refused in one sentence, and what is solved."""

from pathlib import Path

import numpy as np
import pytest

from wganstudio.experiment import BadExperiment, read
from wganstudio.experiment.formula import Formula
from wganstudio.experiment.truths import GridTruthOptions
from wganstudio.pairs.base import Distribution, Pair
from wganstudio.pairs.custom_sigma import GridSigma
from wganstudio.pairs.distributions import Ball, Box
from wganstudio.truths.grid.admm import solve
from wganstudio.truths.grid.bracket import congested_bounds
from wganstudio.truths.grid.piecewise_constant import CellwiseProblem

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


def test_a_corridor_costs_what_it_costs_on_the_line() -> None:
    """Between boxes that fill the corridor's width the flow is F_P - F_Q over the width."""
    p, q = Box([0, 0], [1, 1]), Box([3, 0], [4, 1])
    sigma = np.ones((64, 16))
    laid = problem_of(p, q, GridSigma(sigma, np.array([0.0, 0.0]), np.array([4.0, 1.0]))).discretize(128)
    bounds = congested_bounds(laid, solve(laid, 0.5, 1e-6), 0.5)
    # sigma = 1/4; w = x on [0, 1], 1 on [1, 3], 4 - x on [3, 4]
    exact = 3 + (2 + 2 / 3) * 4 / (4 * 0.5)
    assert bounds.lower <= exact * 1.002 and bounds.upper >= exact * 0.998
    assert bounds.upper - bounds.lower < 0.01 * exact


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
