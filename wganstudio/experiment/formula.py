"""Arithmetic formulas typed by users, interpreted without executing them as programs."""

import ast
from typing import TYPE_CHECKING

from wganstudio.experiment.formula_grammar import coordinates

if TYPE_CHECKING:
    from wganstudio.experiment.formula_values import Floats

MAX_LENGTH = 200


class Formula:
    """A function of the coordinates x1, x2, ... (x, y, z for the first three), r = |x| and pi.

    It may add, multiply, divide, raise to a power, compare, and call exp, log, sqrt, abs, sin, cos, tanh,
    min, max, hypot and where, such as "where(hypot(x - 1, y) < 0.5, 0.1, 1)". ValueError for anything else.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            tree = ast.parse(text.strip(), mode="eval") if len(text) <= MAX_LENGTH else None
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            tree = None
        if tree is None:
            raise ValueError(f"{text[:60]!r} is not a formula of at most {MAX_LENGTH} characters")
        self._tree = tree.body
        self._needs = coordinates(self._tree)

    def __call__(self, points: "Floats") -> "Floats":
        """Return the values [n] at points [n, D]; ValueError if the formula needs more than D coordinates."""
        from wganstudio.experiment.formula_values import values_of  # imports numpy

        dim = points.shape[1]
        most = max(self._needs, default=0)
        if most > dim:
            raise ValueError(f"the formula uses coordinate {most}, but the pair has {dim}; use x1 to x{dim}")
        try:
            return values_of(self._tree, points)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise ValueError(f"{self.text[:60]!r} cannot be computed: {error}") from error
