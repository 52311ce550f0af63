"""The values of a formula at points."""

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment.formula_grammar import coordinates

Floats = NDArray[np.float64]

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
_RENAMED = {"min": "minimum", "max": "maximum"}
"""Functions with another name in numpy."""


def values_of(tree: ast.expr, points: Floats) -> Floats:
    """Return the values [n] of a formula at points [n, D]; holes and infinities are no errors."""
    with np.errstate(all="ignore"):
        values = np.asarray(_value(tree, points), dtype=float)
        return np.array(np.broadcast_to(values, len(points)))


def _value(node: ast.expr, points: Floats) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.float64(number)  # float would give complex roots
        case ast.Name(id="pi"):
            return np.float64(math.pi)
        case ast.Name(id="r"):
            return np.linalg.norm(points, axis=1)
        case ast.Name():
            (coordinate,) = coordinates(node)
            return points[:, coordinate - 1]
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATORS[type(op)](_value(left, points), _value(right, points))
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATORS[type(op)](_value(operand, points))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return np.float64(1) * _OPERATORS[type(op)](_value(left, points), _value(right, points))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            function = getattr(np, _RENAMED.get(name, name))
            return function(*(_value(argument, points) for argument in arguments))
    raise AssertionError(node)  # `coordinates` has let nothing else through
