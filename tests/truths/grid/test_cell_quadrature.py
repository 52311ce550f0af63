"""Integrals over cells: exact on panels that end at faces, with an error that sees singular integrands."""

from collections.abc import Callable

import numpy as np
import pytest

from wganstudio.truths.grid.cell_quadrature import AxisRule, integrate_cells

X, Y = np.linspace(0, 1, 13), np.linspace(0, 2, 25)
NO_FACES = (np.zeros(0), np.zeros(0))


def integral(
    function: Callable[[np.ndarray, np.ndarray], np.ndarray], *faces: list[float]
) -> tuple[float, float]:
    def integrand(rows: AxisRule, columns: AxisRule, fine: bool) -> np.ndarray:
        return function(rows.points[:, None], columns.points)[None]

    (value,), (error,) = integrate_cells(X, Y, tuple(map(np.array, faces)) if faces else NO_FACES, integrand)
    return float(value), float(error)


@pytest.mark.parametrize("face", [0.4321, 1 / 12, 1 / 12 + 1e-9, 0.99])
def test_a_jump_at_a_face_is_integrated_exactly(face: float) -> None:
    value, error = integral(lambda x, y: (x > face) * y, [face], [])
    assert value == pytest.approx((1 - face) * 2, rel=1e-12) and error < 1e-12


@pytest.mark.parametrize("face", [0.3, 0.5, 0.73])
def test_a_density_that_falls_to_zero_at_a_face(face: float) -> None:
    """Sigma behaves like d log d at the face of two aligned boxes."""

    def function(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        away = np.maximum(x - face, 1e-300)
        return -np.where(x > face, away * np.log(away), 0.0) + 0 * y

    exact = 2 * ((1 - face) ** 2 / 4 - (1 - face) ** 2 / 2 * np.log(1 - face))
    value, error = integral(function, [face, face + 1e-9], [])
    assert abs(value - exact) < error < 1e-4
    blind, blind_error = integral(function)
    assert abs(blind - exact) < blind_error
    assert abs(value - exact) < abs(blind - exact)


@pytest.mark.parametrize("distance", [0.5, 0.8, 1.0])
@pytest.mark.parametrize("power", [1, 2, 3])
def test_the_error_exceeds_what_is_missing_beside_a_face(distance: float, power: int) -> None:
    """|w|^2 / sigma grows like a power of 1 / d toward a face: Gauss's rules are too low."""
    start = -distance / 12
    value, error = integral(lambda x, y: (x - start) ** -float(power) + 0 * y)
    low, high = -start, 1 - start
    exact = 2 * (
        np.log(high / low) if power == 1 else (low ** (1 - power) - high ** (1 - power)) / (power - 1)
    )
    assert value < exact < value + error


def test_every_cell_counts_in_the_error() -> None:
    """A fault in a single row of cells is not missed."""
    for k in range(12):
        _, error = integral(
            lambda x, y, k=k: np.where(np.floor(12 * x) == k, np.abs(12 * x - k - 0.3), 0.0) + 0 * y
        )
        assert error > 1e-3
