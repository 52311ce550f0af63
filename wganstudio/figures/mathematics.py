"""Mathematical signs of plain text as formulas: for matplotlib's mathtext and for LaTeX."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SIGNS = {
    **{"α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ζ": r"\zeta"},
    **{"η": r"\eta", "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "π": r"\pi"},
    **{"ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "ψ": r"\psi", "χ": r"\chi"},
    **{"ω": r"\omega", "Δ": r"\Delta", "Σ": r"\Sigma", "Φ": r"\Phi", "Ω": r"\Omega", "∞": r"\infty"},
}
OPERATORS = {
    **{"=": "=", "+": "+", "-": "-", "−": "-", "/": "/", "<": "<", ">": ">", "≤": r"\leq", "≥": r"\geq"},
    **{"≈": r"\approx", "±": r"\pm", "×": r"\times", "·": r"\cdot", "→": r"\to", "∈": r"\in"},
}
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊ₙ", "0123456789+n", strict=True))
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
LETTERS = "uvwxyzfpCEPQDTW"
"""Latin letters that stand for a quantity when they stand alone."""
BARS = {"|": "|", "‖": r"\Vert "}
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:e([+-]?\d+))?(?![\w])")
SYMBOL = re.compile(
    rf"(∇ ?)?([{''.join(SIGNS)}]|[A-Za-z])(_[A-Za-z])?(\*)?([{''.join(LOWERED)}]*)([{''.join(RAISED)}]*)"
    r"(?![\w'’]|\.\w)"
)
LOGARITHM = re.compile(r"log([₀-₉]+) ")
ESCAPES = {
    **{letter: f"\\{letter}" for letter in "$&#%_{}"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{"−": "$-$", "∇": r"$\nabla$", "‖": r"$\Vert$", "|": "$|$", "<": "$<$", ">": "$>$"},
    **{sign: f"${latex}$" for sign, latex in {**SIGNS, **OPERATORS}.items() if not sign.isascii()},
    **{sign: f"$_{latex}$" for sign, latex in LOWERED.items()},
    **{sign: f"$^{latex}$" for sign, latex in RAISED.items()},
}
"""Characters that LaTeX would read as commands, or does not know outside a formula."""


@dataclass(frozen=True)
class _Part:
    """A part of a formula that ends at `end`; numbers alone are no mathematics."""

    end: int
    latex: str
    is_math: bool
    is_number: bool = False


def to_mathtext(text: str) -> str:
    """Return a line with its formulas between dollar signs, as matplotlib reads them."""
    return _converted(text, _plain_mathtext)


def _plain_mathtext(text: str) -> str:
    """Return plain text in which a dollar sign begins no formula; a backslash at its end escapes none."""
    escaped = text.replace("$", r"\$")
    return f"{escaped} " if escaped.endswith("\\") else escaped


def to_latex(text: str) -> str:
    """Return a line with its formulas between dollar signs and all else escaped, for a LaTeX document."""
    return _converted(text, escape_latex)


def escape_latex(text: str) -> str:
    """Return a text in which LaTeX reads every character as itself."""
    return "".join(ESCAPES.get(letter, letter) for letter in text)


def has_formula(text: str) -> bool:
    """Return True if a line contains a formula."""
    return any(is_math for _, is_math in _split(text))


def _converted(text: str, plain: Callable[[str], str]) -> str:
    return "".join(f"${part}$" if is_math else plain(part) for part, is_math in _split(text))


def _split(text: str) -> Iterator[tuple[str, bool]]:
    """Return the parts of a line: plain text as it is, and formulas as LaTeX."""
    start = at = 0
    while at < len(text):
        part = _formula(text, at) if _may_start(text, at) else None
        if part is not None and part.is_math:
            if at > start:
                yield text[start:at], False
            yield part.latex, True
            start = at = part.end
        elif part is not None:
            at = part.end
        elif text[at].isalnum() or text[at] == "_":
            at = _end_of_word(text, at)
        else:
            at += 1
    if start < len(text):
        yield text[start:], False


def _may_start(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    if text[at] in "-−":
        return before.isspace() or before in "([,:;"
    return not (before.isalnum() or before in "_.'’")


def _end_of_word(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] in "_'’"):
        at += 1
    return at


def _formula(text: str, at: int) -> _Part | None:
    """Return the longest formula that starts at a position; None if none does."""
    sign = ""
    if text[at : at + 1] in ("-", "−") and text[at + 1 : at + 2] not in (" ", ""):
        sign, at = "-", at + 1
    atom = _atom(text, at)
    if atom is None:
        return None
    latex, is_math, end, last = sign + atom.latex, atom.is_math or bool(sign), atom.end, atom
    while True:
        following = _next(text, end, last)
        if following is None:
            return _Part(end, latex, is_math)
        latex, is_math = latex + following.latex, is_math or following.is_math
        end = following.end
        last = following


def _next(text: str, at: int, last: _Part) -> _Part | None:
    """Return the next factor, or the next operator with its operand."""
    if last.is_math and not last.is_number and text[at : at + 1] == "(":
        return _enclosed(text, at, ")", "(", ")")
    place = at + 1 if text[at : at + 1] == " " else at
    operator = OPERATORS.get(text[place : place + 1])
    if operator is not None:
        is_spaced = place > at
        after = place + 1 + (text[place + 1 : place + 2] == " ")
        if is_spaced != (after > place + 1):
            return None
        operand = _formula_operand(text, after)
        is_math = operator in (r"\pm", r"\times")
        if operand is None:
            return None
        return _Part(
            operand.end, f" {operator} {operand.latex}", is_math or operand.is_math, operand.is_number
        )
    factor = _atom(text, place) if place > at else None
    if factor is None or factor.is_number or not (factor.is_math and (last.is_math or last.is_number)):
        return None
    return _Part(factor.end, rf"\,{factor.latex}", True)


def _formula_operand(text: str, at: int) -> _Part | None:
    if text[at : at + 1] in ("-", "−"):
        atom = _atom(text, at + 1)
        return None if atom is None else _Part(atom.end, f"-{atom.latex}", True, atom.is_number)
    return _atom(text, at)


def _atom(text: str, at: int) -> _Part | None:
    letter = text[at : at + 1]
    if letter in BARS and letter:
        return _enclosed(text, at, letter, BARS[letter], BARS[letter])
    if letter == "(":
        return _enclosed(text, at, ")", "(", ")")
    if letter == "√":
        root = _atom(text, at + 1)
        return None if root is None else _Part(root.end, rf"\sqrt{{{_bare(root.latex)}}}", True)
    if logarithm := LOGARITHM.match(text, at):
        base = "".join(LOWERED[digit] for digit in logarithm[1])
        argument = _atom(text, logarithm.end())
        return None if argument is None else _Part(argument.end, rf"\log_{{{base}}}\,{argument.latex}", True)
    if number := NUMBER.match(text, at):
        return _number(number)
    symbol = SYMBOL.match(text, at)
    return None if symbol is None else _symbol(symbol)


def _bare(latex: str) -> str:
    return latex[1:-1] if latex.startswith("(") and latex.endswith(")") else latex


def _enclosed(text: str, at: int, closing: str, left: str, right: str) -> _Part | None:
    inner = _formula(text, at + 1)
    if inner is None or text[inner.end : inner.end + 1] != closing or not inner.is_math:
        return None
    end = inner.end + 1
    below = re.compile(f"[{''.join(LOWERED)}]*").match(text, end)
    assert below is not None
    script = "".join(LOWERED[one] for one in below[0])
    return _Part(below.end(), f"{left}{inner.latex}{right}" + (f"_{{{script}}}" if script else ""), True)


def _number(match: re.Match[str]) -> _Part:
    plain, exponent = match[0].replace(",", "{,}"), match[1]
    if exponent is None:
        return _Part(match.end(), plain, False, is_number=True)
    mantissa = plain[: plain.index("e")]
    power = f"10^{{{int(exponent)}}}"
    latex = power if mantissa == "1" else rf"{mantissa} \times {power}"
    return _Part(match.end(), latex, True, is_number=True)


def _symbol(match: re.Match[str]) -> _Part | None:
    nabla, letter, name, star, below, above = match.groups()
    if not (nabla or name or star or below or above or letter in SIGNS or letter in LETTERS):
        return None
    latex = (r"\nabla " if nabla else "") + SIGNS.get(letter, letter)
    lowered = (name[1:] if name else "") + "".join(LOWERED[one] for one in below)
    raised = ("*" if star else "") + "".join(RAISED[one] for one in above)
    latex += (f"_{{{lowered}}}" if lowered else "") + (f"^{{{raised}}}" if raised else "")
    return _Part(match.end(), latex, True)
