"""Signs of plain text as formulas, for matplotlib and for LaTeX."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from matplotlib.mathtext import MathTextParser

from wganstudio.figures.mathematics import SIGNS, to_latex, to_mathtext


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("critic u", "critic $u$"),
        ("critic |w_u|", "critic $|w_{u}|$"),
        ("1 + |w| / (2 λ σ)", r"$1 + |w| / (2\,\lambda\,\sigma)$"),
        ("log₁₀ σ", r"$\log_{10}\,\sigma$"),
        ("(|∇u| - 1)₊", r"$(|\nabla u| - 1)_{+}$"),
        ("1 / √T", r"$1 / \sqrt{T}$"),
        ("marginal error |ν − E p|₁", r"marginal error $|\nu - E\,p|_{1}$"),
        ("W₁ 1.2533", "$W_{1}$ 1.2533"),
        ("-0.5", "$-0.5$"),
        ("3.2e-05", r"$3.2 \times 10^{-5}$"),
        ("2,000 steps, batch 512, seed 0.", "2,000 steps, batch 512, seed 0."),
        ("gp-1 of 2026-11-29 in x.csv, P's", "gp-1 of 2026-11-29 in x.csv, P's"),
        (r"costs $5 and \frac", r"costs \$5 and \frac"),
    ],
)
def test_formulas_stand_between_dollar_signs(text, formula):
    assert to_mathtext(text) == formula


def test_all_else_is_escaped_for_latex():
    assert to_latex("50 % of my_run & λ ≤ 1 {#~^}") == (
        r"50 \% of my\_run \& $\lambda \leq 1$ \{\#\textasciitilde{}\textasciicircum{}\}"
    )


@given(some.text(alphabet="uwxP12 .,_|()√∇*₁₊²⁻-−+/=<≤±λσ$\\{}%eab", max_size=25))
def test_whatever_is_written_can_be_read_by_matplotlib(text):
    MathTextParser("agg").parse(to_mathtext(text))


def test_every_sign_is_known_to_matplotlib():
    for sign in SIGNS:
        MathTextParser("agg").parse(to_mathtext(f"{sign}₁ + {sign}²"))
