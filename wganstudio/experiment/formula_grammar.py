"""The grammar of formulas: the syntax trees that are allowed, and the coordinates that they need."""

import ast
import re

_OPERATORS = {
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Pow,
    ast.USub,
    ast.UAdd,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
}
_FUNCTIONS = {
    **dict.fromkeys(("exp", "log", "sqrt", "abs", "sin", "cos", "tanh"), 1),
    **dict.fromkeys(("min", "max", "hypot"), 2),
    "where": 3,
}
"""The number of arguments of each function; numpy would write into a further one."""
_LETTERS = ("x", "y", "z")
_COORDINATE = re.compile(r"x([1-9]\d{0,3})")


def coordinates(node: ast.AST) -> set[int]:
    """Return the numbers of the coordinates, from 1, that a formula needs; ValueError if it is none."""
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
            count = _FUNCTIONS[name]
            if len(arguments) != count:
                plural = "s" if count > 1 else ""
                raise ValueError(f"{name} takes {count} argument{plural}, not {len(arguments)}")
            parts = arguments
        case _:
            raise ValueError(f"{ast.unparse(node)[:40]!r} is not allowed in a formula")
    return set[int]().union(*map(coordinates, parts))
