"""The modules of torch that a sampler refers to, such as the generator that it calls."""

from collections.abc import Iterable, Iterator
from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import Any

from torch import nn

MAX_DEPTH = 6
"""References that are followed from a sampler to a module."""


def reachable_modules(roots: Iterable[Any]) -> list[nn.Module]:
    """Return the modules that functions, methods and objects refer to, each once, with their submodules.

    Followed are the variables that a function reads from around it, default values, the parts of methods and
    of `functools.partial`, attributes of objects, and the items of lists, tuples, sets and dictionaries.
    """
    modules: dict[int, nn.Module] = {}
    seen: set[int] = set()
    level = list(roots)
    for _ in range(MAX_DEPTH):
        further: list[Any] = []
        for one in level:
            if id(one) in seen:
                continue
            seen.add(id(one))
            if isinstance(one, nn.Module):
                modules |= {id(module): module for module in one.modules()}
            else:
                further += _references(one)
        level = further
    return list(modules.values())


def _references(one: Any) -> Iterator[Any]:
    """Yield what an object refers to."""
    match one:
        case FunctionType():
            yield from _of_function(one)
        case MethodType():
            yield from (one.__self__, one.__func__)
        case partial():
            yield from (one.func, *one.args, *one.keywords.values())
        case list() | tuple() | set() | frozenset():
            yield from one
        case dict():
            yield from one.values()
        case _ if not isinstance(one, type) and hasattr(one, "__dict__"):
            yield from vars(one).values()
            call = vars(type(one)).get("__call__")
            if isinstance(call, FunctionType):
                yield from _of_function(call)


def _of_function(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # the variable has no value yet
            continue
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    for name in _names(function.__code__):
        if name in function.__globals__ and not _is_library(function.__globals__[name]):
            yield function.__globals__[name]


def _names(code: CodeType) -> Iterator[str]:
    """Yield the global names that a function and the functions in it read."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_library(value: Any) -> bool:
    """Return True for a module of Python and for what torch and numpy define."""
    home = getattr(value, "__module__", None)
    root = home.partition(".")[0] if isinstance(home, str) else ""
    return type(value).__name__ == "module" or (
        root in ("torch", "numpy", "builtins") and not isinstance(value, nn.Module)
    )
