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
