"""Closed forms on the line, against the sheet and against independent routes."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wganstudio.pairs.base import Distribution, interpolate, make_rng
from wganstudio.pairs.distributions import Ball, Box, Gaussian, GaussianMixture
from wganstudio.pairs.line_pieces import GaussianPiece, UniformPiece, gaussian_sigma, uniform_sigma
from wganstudio.truths.flow import FlowIntegrals
from wganstudio.truths.line import line_flow

MIXTURE = GaussianMixture(np.array([[-2.0], [3.0]]), np.array([0.5, 1.0]), np.array([1.0, 2.0]))
PAIRS: dict[str, tuple[Distribution, Distribution]] = {
    "boxes apart": (Box([0], [1]), Box([1.5], [2.5])),
    "boxes that overlap": (Box([0], [1]), Box([0.5], [1.5])),
    "a box in a box": (Box([0.4], [0.5]), Box([0], [1])),
    "shifted normals": (Gaussian([0], [1]), Gaussian([2], [1])),
    "wide and narrow": (Gaussian([1], [0.1]), Gaussian([0], [2])),
    "annuli": (Ball([0], 2, 1), Ball([1], 3, 0.5)),
    "mixture": (Gaussian([0], [0.5]), MIXTURE),
}


def solve(name: str) -> FlowIntegrals:
    flow = line_flow(*PAIRS[name])
    assert flow is not None
    return flow


def costs(found: FlowIntegrals, penalty: float) -> tuple[float, float]:
    assert found.congestion_cost is not None
    return found.w1 + found.congestion_cost / (4 * penalty), found.w1 + found.congestion_cost / (2 * penalty)


@pytest.mark.parametrize(
    ("name", "w1", "congestion_cost"),
    [
        ("boxes apart", "1.5", "2.2712"),
        ("boxes that overlap", "0.5", "0.2724"),
        ("shifted normals", "2", "4.2069"),
    ],
)
def test_the_sheets_table_is_reproduced_to_all_its_digits(name: str, w1: str, congestion_cost: str) -> None:
    solution = solve(name)
    assert solution.w1 == pytest.approx(float(w1), abs=1e-11)
    assert solution.congestion_cost is not None
    assert f"{solution.congestion_cost:.4f}" == congestion_cost
    assert solution.congestion_cost_error < 1e-9 * solution.congestion_cost


@pytest.mark.parametrize("name", PAIRS)
def test_w1_is_that_of_many_samples(name: str) -> None:
    from scipy.stats import wasserstein_distance

    p, q = PAIRS[name]
    source = make_rng("cpu", 3)
    x, y = (distribution.sample(400_000, source)[:, 0].double().numpy() for distribution in (p, q))
    scale = max(x.std(), y.std())
    assert solve(name).w1 == pytest.approx(wasserstein_distance(x, y), abs=4 * scale / 400_000**0.5)


@pytest.mark.parametrize("name", PAIRS)
def test_the_congestion_cost_is_that_of_a_histogram_of_sigma(name: str) -> None:
    p, q = PAIRS[name]
    source = make_rng("cpu", 4)
    x, y = (distribution.sample(2_000_000, source) for distribution in (p, q))
    z = interpolate(x, y, source)[:, 0].double().numpy()
    edges = np.linspace(*np.quantile(np.concatenate([x, y]), [0, 1]), 401)
    density = np.histogram(z, edges)[0] / (len(z) * np.diff(edges))
    below = [np.searchsorted(np.sort(s[:, 0].double().numpy()), edges) / len(s) for s in (x, y)]
    w = below[0] - below[1]
    seen = density * np.diff(edges) * len(z) > 30
    squares = (w[1:] ** 2 + w[1:] * w[:-1] + w[:-1] ** 2) / 3
    congestion_cost = np.sum(np.diff(edges)[seen] * squares[seen] / density[seen])
    assert solve(name).congestion_cost == pytest.approx(congestion_cost, rel=0.015)


@pytest.mark.parametrize("name", ["boxes apart", "shifted normals", "mixture"])
def test_the_congested_cost_is_the_supremum_over_critics(name: str) -> None:
    # the definition itself, sup_u E_P u - E_Q u - lambda E_sigma (|u'| - 1)_+^2, on a grid with sigma from
    # samples; in the tails, where these have gaps, the slope is kept from running away
    import cvxpy as cp

    penalty = 1.0
    p, q = PAIRS[name]
    source = make_rng("cpu", 5)
    x, y = (distribution.sample(1_000_000, source) for distribution in (p, q))
    z = interpolate(x, y, source)[:, 0].double().numpy()
    edges = np.linspace(float(min(x.min(), y.min())), float(max(x.max(), y.max())), 301)
    width = edges[1] - edges[0]
    mass = np.histogram(z, edges)[0] / len(z)
    on_p, on_q = (np.histogram(s[:, 0].double().numpy(), edges)[0] / len(s) for s in (x, y))
    u, slope = cp.Variable(300), cp.Variable(299)
    excess = cp.pos(cp.abs(slope) - 1)
    on_faces = (mass[1:] + mass[:-1]) / 2
    value = (on_p - on_q) @ u - penalty * cp.sum(cp.multiply(on_faces, cp.square(excess)))
    problem = cp.Problem(cp.Maximize(value), [cp.diff(u) == width * slope, u[0] == 0, cp.abs(slope) <= 30])
    problem.solve(solver=cp.CLARABEL)
    congested, gap = costs(solve(name), penalty)
    assert problem.value == pytest.approx(congested, rel=0.01)
    assert float((on_p - on_q) @ u.value) == pytest.approx(gap, rel=0.02)


@settings(max_examples=40, deadline=None)
@given(a=st.floats(0.01, 5), b=st.floats(0.01, 5), shift=st.floats(-10, 10), part=st.floats(0.01, 0.99))
def test_sigma_between_intervals_is_the_integral_over_time(
    a: float, b: float, shift: float, part: float
) -> None:
    from scipy.integrate import quad

    p, q = UniformPiece(1, 0, a), UniformPiece(1, shift, shift + b)
    z = (1 - part) * min(0, shift) + part * max(a, shift + b)

    def at(t: float) -> float:  # the trapezoid of (1-t) x + t y
        one, other = (1 - t) * a, t * b
        inside = min(z - t * shift, one, other, one + other - (z - t * shift))
        return max(inside, 0.0) / (one * other)

    # a trapezoid is smooth between the times at which z passes its corners
    corners = [(z - x) / (y - x) for x in (0, a) for y in (shift, shift + b) if x != y]
    breaks = sorted({0.0, a / (a + b), 1.0, *(t for t in corners if 0 < t < 1)})
    exact = sum(quad(at, low, high, limit=200, epsabs=1e-13)[0] for low, high in itertools.pairwise(breaks))
    result, error = uniform_sigma(np.array([z]), p, q)
    assert result[0] == pytest.approx(exact, rel=1e-7, abs=1e-9)
    assert error[0] <= 1e-9 * max(1, result[0])


@settings(max_examples=60, deadline=None)
@given(a=st.floats(0.01, 5), b=st.floats(0.01, 5), shift=st.floats(-20, 20), place=st.floats(-3, 3))
@example(a=1.0, b=1.0, shift=2e-313, place=0.0)
def test_sigma_between_normals_is_the_integral_over_time(
    a: float, b: float, shift: float, place: float
) -> None:
    from scipy.integrate import quad

    p, q = GaussianPiece(1, 0, a), GaussianPiece(1, shift, b)
    z = 0.5 * shift + place * (0.3 * abs(shift) + max(a, b))

    def at(t: float) -> float:
        v = np.hypot((1 - t) * a, t * b)
        return float(np.exp(-0.5 * ((z - t * shift) / v) ** 2) / (v * np.sqrt(2 * np.pi)))

    middle = min(max(z / shift, 0.0), 1.0) if shift else 0.5
    width = np.hypot((1 - middle) * a, middle * b) / max(abs(shift), 1e-9)
    breaks = sorted(
        {0.0, 1.0, middle, *np.clip(middle + width * np.array([-9, -4, -2, -1, 1, 2, 4, 9]), 0, 1)}
    )
    breaks = sorted({*breaks, *np.geomspace(1e-4, 0.5, 12), *(1 - np.geomspace(1e-4, 0.5, 12))})
    exact = sum(quad(at, low, high, epsabs=1e-14)[0] for low, high in itertools.pairwise(breaks))
    result, error = gaussian_sigma(np.array([z]), p, q)
    assert abs(result[0] - exact) <= error[0] + 1e-9 * exact + 1e-13


def test_sigma_of_normals_holds_for_scales_of_any_ratio() -> None:
    # its integral over z is 1
    p, q = GaussianPiece(1, 0, 1e-4), GaussianPiece(1, 1, 1e3)
    z = np.concatenate([-np.geomspace(1e-9, 1e4, 4001)[::-1], np.geomspace(1e-9, 1e4, 4001)])
    density, error = gaussian_sigma(z, p, q)
    assert np.trapezoid(density, z) == pytest.approx(1, abs=1e-4)
    assert np.all(error <= 1e-6 * density)


laws = st.one_of(
    st.builds(lambda m, s: Gaussian([m], [s]), st.floats(-5, 5), st.floats(0.05, 5)),
    st.builds(
        lambda m, n, s, w: GaussianMixture(np.array([[m], [n]]), np.array([s, 2 * s]), np.array([1, w])),
        st.floats(-5, 5),
        st.floats(-5, 5),
        st.floats(0.05, 3),
        st.floats(0, 3),
    ),
)
intervals = st.one_of(
    st.builds(lambda m, s: Box([m], [m + s]), st.floats(-5, 5), st.floats(0.05, 5)),
    st.builds(lambda m, r, h: Ball([m], r, h * r), st.floats(-5, 5), st.floats(0.05, 5), st.floats(0, 0.9)),
)


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.tuples(laws, laws), st.tuples(intervals, intervals)))
def test_the_congestion_cost_lies_between_w1_squared_and_the_mean_square_of_all_distances(
    pair: tuple[Distribution, Distribution],
) -> None:
    # Cauchy and Schwarz from both sides: W1^2 <= INT w^2 / sigma <= E |x - y|^2
    result, back = line_flow(*pair), line_flow(*reversed(pair))
    assert result is not None and back is not None and result.congestion_cost is not None
    source = make_rng("cpu", 6)
    x, y = (distribution.sample(20_000, source).double() for distribution in pair)
    squares = ((x - y) ** 2).flatten()
    most = float(squares.mean() + 6 * squares.std() / 20_000**0.5)
    assert (
        result.w1**2
        <= result.congestion_cost + 2 * result.w1 * result.w1_error + result.congestion_cost_error
    )
    assert result.congestion_cost <= most + result.congestion_cost_error
    assert back.w1 == pytest.approx(result.w1, abs=result.w1_error + back.w1_error)
    assert back.congestion_cost == pytest.approx(
        result.congestion_cost, abs=result.congestion_cost_error + back.congestion_cost_error
    )
    assert result.congestion_cost_error <= 1e-6 * result.congestion_cost + 1e-12


def test_a_distribution_and_itself_cost_nothing() -> None:
    flow = line_flow(MIXTURE, MIXTURE)
    assert flow is not None
    assert (flow.w1, flow.congestion_cost) == (0.0, 0.0)


def test_distributions_of_different_kinds_have_w1_only() -> None:
    flow = line_flow(Box([-1], [1]), Gaussian([0], [1]))
    assert flow is not None
    assert flow.congestion_cost is None
    assert 0 < flow.w1 < 1


def test_other_dimensions_and_atoms_are_left_to_others() -> None:
    assert line_flow(Gaussian([0, 0], [1, 1]), Gaussian([0, 0], [2, 2])) is None
    assert line_flow(GaussianMixture(np.zeros((1, 1)), np.zeros(1)), Gaussian([0], [1])) is None
