"""Long computations in parts: generators that yield the share that is done, and return the result."""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")

Parts = Generator[float, None, T]
"""Yields fractions of the work from 0 to 1, between which it may be given up; returns the result."""


def finish(parts: Parts[T]) -> T:
    """Do all parts, and return the result."""
    while True:
        try:
            next(parts)
        except StopIteration as end:
            result: T = end.value
            return result
