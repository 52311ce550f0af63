"""Quadrature: the error it names is not less than the one it makes."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.pairs.quadrature import Floats, integrate, integrate_panels

CASES: dict[str, tuple[Callable[[Floats], Floats], float, float, float]] = {
    "smooth": (np.exp, -1.0, 2.0, np.exp(2) - np.exp(-1)),
    "kink": (lambda x: np.abs(x - 0.3), 0.0, 1.0, (0.09 + 0.49) / 2),
    "root": (np.sqrt, 0.0, 1.0, 2 / 3),
    "logarithm": (lambda x: np.log(np.maximum(x, 1e-300)), 0.0, 1.0, -1.0),
    "narrow peak": (lambda x: np.exp(-0.5 * ((x - 1 / 3) / 1e-3) ** 2), -2.0, 2.0, 1e-3 * np.sqrt(2 * np.pi)),
    "step": (lambda x: (x > 1 / 3).astype(float), 0.0, 1.0, 2 / 3),
}


@pytest.mark.parametrize("name", CASES)
def test_the_error_named_covers_the_one_made(name: str) -> None:
    function, low, high, exact = CASES[name]
    values, errors = integrate(lambda x: function(x)[None], np.linspace(low, high, 30))
    assert abs(values[0] - exact) <= errors[0] + 1e-14 * abs(exact)
    assert errors[0] < 1e-8 * abs(exact)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=6), st.integers(0, 20))
def test_polynomials_are_exact(edges: list[float], degree: int) -> None:
    low, high = min(edges), max(edges)
    values, _ = integrate(lambda x: (x / 5)[None] ** degree, np.array(edges))
    exact = 5 * ((high / 5) ** (degree + 1) - (low / 5) ** (degree + 1)) / (degree + 1)
    assert values[0] == pytest.approx(exact, rel=1e-11, abs=1e-13)


def test_several_functions_share_their_panels() -> None:
    values, errors = integrate(lambda x: np.stack([x, x**2, np.abs(x - 0.1)]), np.array([0.0, 1.0]))
    assert values == pytest.approx([1 / 2, 1 / 3, (0.01 + 0.81) / 2], rel=1e-9)
    assert errors.shape == (3,)


@pytest.mark.parametrize("soften", [False, True])
def test_each_row_is_integrated_over_its_own_panels(soften: bool) -> None:
    rows = np.array([1.0, 2.0, 3.0])
    edges = np.array([[0.0, 0.5, 1.0], [0.0, 0.1, 2.0], [1.0, 1.0, 3.0]])
    values, errors = integrate_panels(lambda t, row: np.exp(-row * t), edges, rows, soften=soften)
    exact = (np.exp(-rows * edges[:, 0]) - np.exp(-rows * edges[:, -1])) / rows
    assert np.all(np.abs(values - exact) <= errors + 1e-14)
    assert values == pytest.approx(exact, rel=1e-10)


def test_softened_panels_resolve_roots() -> None:
    values, _ = integrate_panels(lambda t: t**1.5, np.array([[0.0, 1.0]]), soften=True)
    assert values[0] == pytest.approx(0.4, rel=1e-12)
