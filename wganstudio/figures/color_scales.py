"""Color scales of figures: those of one figure, and what a user has changed in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from wganstudio.figures import style
from wganstudio.figures.base import Figure
from wganstudio.figures.grid import ColorScale
from wganstudio.figures.types import Range

F = TypeVar("F", bound=Figure)


def scales_of(figure: Figure) -> dict[str, ColorScale]:
    """Return the color scales of a figure by name, such as "gradient.sigma_scale"."""
    return {key: scale for key, _, scale in _scales(figure)}


def with_scales(figure: F, scales: Mapping[str, ColorScale]) -> F:
    """Return the figure with those of the scales that it has."""
    changes: dict[str, Any] = {}
    for key, (field, index), scale in _scales(figure):
        scale = scales.get(key, scale)
        if index is None:
            changes[field] = scale
        else:
            several = list(changes.get(field, vars(figure)[field]))
            several[index] = scale
            changes[field] = tuple(several)
    return replace(figure, **changes) if changes else figure


def limits_key(key: str, scale: ColorScale) -> str:
    """Return the name of the limits of a scale: a logarithmic scale has others than a linear one."""
    return f"{key}.log" if scale.is_log else key


def color_maps(scale: ColorScale) -> dict[str, str]:
    """Return the color maps that suit a scale, with their titles."""
    return style.DIVERGING_TITLES if is_diverging(scale) else style.SEQUENTIAL_TITLES


def is_diverging(scale: ColorScale) -> bool:
    """Return True if the middle of the colors stands for 0."""
    return scale.name in style.DIVERGING_COLORS


@dataclass(frozen=True)
class ScaleStyle:
    """The choice of a user for one scale."""

    color_map: str = ""
    """A name that suits the scale; empty for that of the figure."""
    is_log: bool = False


class ScaleSettings:
    """The changed color scales of a view: their styles, and the limits that are locked."""

    def __init__(self) -> None:
        self.styles: dict[str, ScaleStyle] = {}
        self.locked: dict[str, Range] = {}
        """Limits that stay whatever is shown."""
        self.locks_all = False
        """True if the limits of every scale stay, also of those that are drawn later."""

    @property
    def is_locked(self) -> bool:
        """True if any limits are locked."""
        return self.locks_all or bool(self.locked)

    def styled(self, figure: F) -> F:
        """Return the figure in the chosen styles."""
        if not self.styles:
            return figure
        scales = scales_of(figure)
        return with_scales(figure, {key: self._styled(key, scale) for key, scale in scales.items()})

    def limited(self, limits: Mapping[str, Range]) -> dict[str, Range]:
        """Return the limits with those that are locked."""
        limited = {**limits, **{key: value for key, value in self.locked.items() if key in limits}}
        if self.locks_all:
            self.locked |= limited
        return limited

    def lock_all(self, limits: Mapping[str, Range]) -> None:
        """Keep these limits, and those of scales that are drawn later."""
        self.locked |= limits
        self.locks_all = True

    def unlock_all(self) -> None:
        """Let all limits follow the data."""
        self.locked.clear()
        self.locks_all = False

    def _styled(self, key: str, scale: ColorScale) -> ColorScale:
        chosen = self.styles.get(key, ScaleStyle())
        name = chosen.color_map if chosen.color_map in color_maps(scale) else scale.name
        if not chosen.is_log or scale.log_low is None:
            return replace(scale, name=name)
        low = scale.low if scale.low > 0 else min(scale.log_low, scale.high / 10)
        return replace(scale, name=name, low=low, is_log=True)


def _scales(figure: Figure) -> Iterator[tuple[str, tuple[str, int | None], ColorScale]]:
    """Return the color scales with their keys, and the field and index where each stands."""
    for field in fields(figure):
        value = vars(figure)[field.name]
        if isinstance(value, ColorScale):
            yield f"{figure.name}.{field.name}", (field.name, None), value
        elif isinstance(value, tuple) and value and isinstance(value[0], ColorScale):
            for index, scale in enumerate(value):
                yield f"{figure.name}.{field.name}.{index}", (field.name, index), scale
