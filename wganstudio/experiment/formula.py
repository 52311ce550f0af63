"""Arithmetic formulas typed by users, interpreted without executing them as programs."""

import ast
import math
import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_LENGTH = 200
_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "exp": (1, np.exp),
    "log": (1, np.log),
    "sqrt": (1, np.sqrt),
    "abs": (1, np.abs),
    "sin": (1, np.sin),
    "cos": (1, np.cos),
    "tanh": (1, np.tanh),
    "min": (2, np.minimum),
    "max": (2, np.maximum),
    "hypot": (2, np.hypot),
    "where": (3, np.where),
}
"""The number of arguments of each function; numpy would write into a further one."""
_LETTERS = ("x", "y", "z")
_COORDINATE = re.compile(r"x([1-9]\d{0,3})")


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
        self._needs = _needs(self._tree)

    def __call__(self, points: Floats) -> Floats:
        """Return the values [n] at points [n, D]; ValueError if the formula needs more than D coordinates."""
        dim = points.shape[1]
        most = max(self._needs, default=0)
        if most > dim:
            raise ValueError(f"the formula uses coordinate {most}, but the pair has {dim}; use x1 to x{dim}")
        try:
            with np.errstate(all="ignore"):
                values = np.asarray(_value(self._tree, points), dtype=float)
                return np.array(np.broadcast_to(values, len(points)))
        except (TypeError, ValueError, ArithmeticError) as error:
            raise ValueError(f"{self.text[:60]!r} cannot be computed: {error}") from error


def _needs(node: ast.AST) -> set[int]:
    """The coordinates, counted from 1, that a formula asks for; ValueError where it holds anything else."""
    parts: list[ast.expr] = []
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return set()
        case ast.Name(id=name) if name in _LETTERS:
            return {_LETTERS.index(name) + 1}
        case ast.Name(id=name) if match := _COORDINATE.fullmatch(name):
            return {int(match[1])}
        case ast.Name(id="r" | "pi"):
            return set()
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            parts = [left, right]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            parts = [operand]
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
            parts = [left, right]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            count = _FUNCTIONS[name][0]
            if len(arguments) != count:
                plural = "s" if count > 1 else ""
                raise ValueError(f"{name} takes {count} argument{plural}, not {len(arguments)}")
            parts = arguments
        case _:
            raise ValueError(f"{ast.unparse(node)[:40]!r} is not allowed in a formula")
    return set[int]().union(*map(_needs, parts))


def _value(node: ast.expr, points: Floats) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)  # float would give complex roots
        case ast.Name(id="pi"):
            return np.float64(math.pi)
        case ast.Name(id="r"):
            return np.linalg.norm(points, axis=1)
        case ast.Name():
            (coordinate,) = _needs(node)
            return points[:, coordinate - 1]
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, points), _value(right, points))
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](_value(operand, points))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return np.float64(1) * _OPERATORS[type(op)](_value(left, points), _value(right, points))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name][1](*(_value(argument, points) for argument in arguments))
    raise AssertionError(node)  # _needs has let nothing else through
