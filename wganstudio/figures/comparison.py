"""Common ranges and color scales of figures of several runs, so that equal colors mean equal values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from wganstudio.figures.base import Figure, zoomed
from wganstudio.figures.grid import ColorScale
from wganstudio.figures.types import Range

Limits = Mapping[str, Range]
"""The ends of each color scale of a figure, and of its vertical axis over a line, by name."""
F = TypeVar("F", bound=Figure)


def limits_of(figure: Figure) -> dict[str, Range]:
    """Return the limits of a figure; empty if it has no colors that stand for numbers."""
    limits = {key: (scale.low, scale.high) for key, _, scale in _scales(figure)}
    if limits and _is_line(figure):
        limits[f"{figure.name}.y_range"] = vars(figure)["y_range"]
    return limits


def with_limits(figure: F, limits: Limits) -> F:
    """Return the figure with those of the limits that it has."""
    changes: dict[str, Any] = {}
    for key, (field, index), scale in _scales(figure):
        low, high = limits.get(key, (scale.low, scale.high))
        scale = replace(scale, low=low, high=high)
        if index is None:
            changes[field] = scale
        else:
            scales = list(changes.get(field, vars(figure)[field]))
            scales[index] = scale
            changes[field] = tuple(scales)
    if _is_line(figure) and (key := f"{figure.name}.y_range") in limits:
        changes["y_range"] = limits[key]
    return replace(figure, **changes) if changes else figure


def common_limits(figures: Iterable[Figure]) -> dict[str, Range]:
    """Return the smallest limits that contain those of every figure."""
    return _unite(limits_of(figure) for figure in figures)


def with_common_ranges(figure: F, others: Iterable[Figure]) -> F:
    """Return the figure with the ranges that contain its own and those of the others."""
    figures: tuple[Figure, ...] = (figure, *others)
    ranges = _unite(map(ranges_of, figures))
    return zoomed(figure, ranges)


def comparable(one: Figure, other: Figure) -> bool:
    """Return True if two figures of one kind have the same axes, so that they can share their ranges."""
    return type(one) is type(other) and _axes(one) == _axes(other)


def same_scales(one: Figure, other: Figure) -> bool:
    """Return True if two figures have the same limits and ranges."""
    return limits_of(one) == limits_of(other) and ranges_of(one) == ranges_of(other)


def _unite(parts: Iterable[Limits]) -> dict[str, Range]:
    united: dict[str, Range] = {}
    for part in parts:
        for key, (low, high) in part.items():
            known = united.get(key, (low, high))
            united[key] = min(known[0], low), max(known[1], high)
    return united


def ranges_of(figure: Figure) -> dict[str, Range]:
    """Return the ranges of the axes of a figure, by the names that `zoomed` takes."""
    suffix = "_range"
    names = [field.name for field in fields(figure) if field.name.endswith(suffix)]
    return {name.removesuffix(suffix): vars(figure)[name] for name in names}


def _scales(figure: Figure) -> Iterator[tuple[str, tuple[str, int | None], ColorScale]]:
    """Return the color scales with their keys, and the field and index where each stands."""
    for field in fields(figure):
        value = vars(figure)[field.name]
        if isinstance(value, ColorScale):
            yield f"{figure.name}.{field.name}", (field.name, None), value
        elif isinstance(value, tuple) and value and isinstance(value[0], ColorScale):
            for index, scale in enumerate(value):
                yield f"{figure.name}.{field.name}.{index}", (field.name, index), scale


def _is_line(figure: Figure) -> bool:
    grid = getattr(figure, "grid", None)
    return bool(getattr(grid, "is_line", False))


def _axes(figure: Figure) -> object:
    grid = getattr(figure, "grid", None)
    labels: Sequence[str] | None = getattr(grid, "labels", None) or getattr(figure, "labels", None)
    return None if labels is None else (tuple(labels), getattr(grid, "dim", 0))
