"""Common ranges and color scales of figures of several runs, so that equal colors mean equal values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TypeVar

from wganstudio.figures.base import Figure, zoomed
from wganstudio.figures.color_scales import limits_key, scales_of, with_scales
from wganstudio.figures.types import Range

Limits = Mapping[str, Range]
"""The ends of each color scale of a figure, and of its vertical axis over a line, by name."""
F = TypeVar("F", bound=Figure)


def limits_of(figure: Figure) -> dict[str, Range]:
    """Return the limits of a figure; empty if it has no colors that stand for numbers."""
    limits = {limits_key(key, scale): (scale.low, scale.high) for key, scale in scales_of(figure).items()}
    if limits and _is_line(figure):
        limits[f"{figure.name}.y_range"] = vars(figure)["y_range"]
    return limits


def with_limits(figure: F, limits: Limits) -> F:
    """Return the figure with those of the limits that it has."""
    scales = {}
    for key, scale in scales_of(figure).items():
        low, high = limits.get(limits_key(key, scale), (scale.low, scale.high))
        scales[key] = replace(scale, low=low, high=high)
    figure = with_scales(figure, scales)
    if _is_line(figure) and (key := f"{figure.name}.y_range") in limits:
        return zoomed(figure, {"y": limits[key]})
    return figure


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
    """Return True if two figures have the same color scales, limits and ranges."""
    return (
        scales_of(one) == scales_of(other)
        and limits_of(one) == limits_of(other)
        and ranges_of(one) == ranges_of(other)
    )


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


def _is_line(figure: Figure) -> bool:
    grid = getattr(figure, "grid", None)
    return bool(getattr(grid, "is_line", False))


def _axes(figure: Figure) -> object:
    grid = getattr(figure, "grid", None)
    labels: Sequence[str] | None = getattr(grid, "labels", None) or getattr(figure, "labels", None)
    return None if labels is None else (tuple(labels), getattr(grid, "dim", 0))
