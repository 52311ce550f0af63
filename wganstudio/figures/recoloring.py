"""The figure in the color map of a style."""

from dataclasses import fields, replace
from typing import Any, TypeVar

from wganstudio.figures.base import Figure
from wganstudio.figures.grid import ColorScale
from wganstudio.figures.print_style import PrintStyle

F = TypeVar("F", bound=Figure)


def recolored(figure: F, style: PrintStyle) -> F:
    """Return the figure with the color map of a style in each of its sequential scales."""
    if not style.color_map:
        return figure
    changes: dict[str, Any] = {}
    for field in fields(figure):
        value = vars(figure)[field.name]
        if isinstance(value, ColorScale):
            changes[field.name] = _recolored(value, style)
        elif isinstance(value, tuple) and value and all(isinstance(one, ColorScale) for one in value):
            changes[field.name] = tuple(_recolored(one, style) for one in value)
    return replace(figure, **changes) if changes else figure


def _recolored(scale: ColorScale, style: PrintStyle) -> ColorScale:
    return replace(scale, name=style.color_map_of(scale.name))
