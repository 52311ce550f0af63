"""A formula is arithmetic in the coordinates, or one sentence; never a program."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, read
from wganstudio.experiment.formula import Formula

POINTS = np.array([[0.0, 1.0, 2.0], [3.0, -4.0, 0.5]])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1", [1, 1]),
        ("x + 2 * y - x3 / 2", [1, -5.25]),
        ("hypot(x1, x2)", [1, 5]),
        ("where(x < 1, 0.1, min(z, 1) ** 2)", [0.1, 0.25]),
        ("r * r - x*x - y*y - z*z + pi", [np.pi, np.pi]),
    ],
)
def test_it_is_computed_at_every_point(text: str, values: list[float]) -> None:
    np.testing.assert_allclose(Formula(text)(POINTS), values)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "x +",
        "1 / 0",
        "x.real",
        "(lambda: 1)()",
        "9**9**9**9",
        "exp",
        "w",
        "where(x, 1)",
        "x if x else y",
        "'a'",
        "x" * 300,
        "(" * 150,
        "exp(x, y, 1, 2)",
        "x[0]",
        "0 < x < 1",
        "True",
        "x4",
        "x0",
        "x1 + x07",
        "",
        "x\ny",
    ],
)
def test_what_is_none_is_one_sentence(text: str) -> None:
    with pytest.raises(BadExperiment) as error:
        read({"sigma": {"kind": "formula", "formula": text}}).build_pair()
    assert str(error.value).startswith("sigma") and "\n" not in str(error.value)


@given(st.text(max_size=40) | st.text("xyz1r0.+-*/()<>, whereminexp", max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_formula_or_a_sentence(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert Formula(text)(POINTS).shape == (2,)


ONE_ARGUMENT = ("exp", "log", "sqrt", "abs", "sin", "cos", "tanh")
CALLS = [(name, f"{name}(x, y)", "1 argument, not 2") for name in ONE_ARGUMENT]
CALLS += [(name, f"{name}()", "1 argument, not 0") for name in ONE_ARGUMENT]
CALLS += [(name, f"{name}(x, y, z)", "2 arguments, not 3") for name in ("min", "max", "hypot")]
CALLS += [(name, f"{name}(x)", "2 arguments, not 1") for name in ("min", "max", "hypot")]
CALLS += [("where", "where(x)", "3 arguments, not 1"), ("where", "where(x, y, z, x)", "3 arguments, not 4")]


@pytest.mark.parametrize(("name", "text", "words"), CALLS, ids=[text for _, text, _ in CALLS])
def test_a_wrong_number_of_arguments_is_one_sentence(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} takes {words}$"):
        Formula(text)


@pytest.mark.parametrize(
    "text", ["exp(x, out=y)", "hypot(x, y, where=z)", "max(*x, *y)", "exp(**x)", "abs(x, dtype=1)"]
)
def test_arguments_of_numpy_are_not_part_of_a_formula(text: str) -> None:
    with pytest.raises(ValueError, match="is not allowed in a formula"):
        Formula(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("(-8) ** (1 / 3)", [np.nan, np.nan]),
        ("(x - 4) ** 0.5", [np.nan, np.nan]),
        ("sqrt(-1)", [np.nan, np.nan]),
        ("log(-1) + 1", [np.nan, np.nan]),
        ("9 ** 9 ** 9 ** 9", [np.inf, np.inf]),
        ("1 / 0", [np.inf, np.inf]),
        ("0 * (1 / 0)", [np.nan, np.nan]),
        ("(x < 1) - (y < 0)", [1, -1]),
        ("-(x < 1) + 2", [1, 2]),
    ],
)
def test_values_are_real_numbers_and_inputs_stay_as_they_are(text: str, values: list[float]) -> None:
    points = POINTS.copy()
    result = Formula(text)(points)
    assert result.dtype == float
    np.testing.assert_array_equal(result, values)
    np.testing.assert_array_equal(points, POINTS)


@pytest.mark.parametrize("text", ["9" * 199, "1e999", "0." + "1" * 190, "2 ** " + "9" * 190])
def test_numbers_of_any_length_are_numbers(text: str) -> None:
    assert Formula(text)(POINTS).shape == (2,)


@pytest.mark.parametrize("text", ["1j", "x ** 1j", "(1 + 2j) * y", "-(1j)"])
def test_complex_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not allowed in a formula"):
        Formula(text)


@pytest.mark.parametrize("text", ["(-8) ** (1 / 3)", "sqrt(x - 100)", "1 / 0", "log(0 * x) * 0"])
@pytest.mark.parametrize("dim", [1, 2, 3])
def test_a_sigma_that_is_not_finite_is_one_sentence(text: str, dim: int) -> None:
    settings = {"pair": {"kind": "gaussians", "dim": dim}, "sigma": {"kind": "formula", "formula": text}}
    with pytest.raises(BadExperiment, match="sigma") as caught:
        read(settings).build_pair()
    assert "finite numbers" in str(caught.value) and "\n" not in str(caught.value)
