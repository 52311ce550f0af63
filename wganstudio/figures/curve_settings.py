"""Settings of figures with curves: axes, smoothing, and the curves that are shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

XAxis = Literal["steps", "seconds", "samples"]
X_AXES: tuple[XAxis, ...] = get_args(XAxis)


@dataclass(frozen=True)
class CurveSettings:
    """How curves are drawn; a view keeps one, and its exported figure has the same."""

    x: XAxis = "steps"
    log_x: bool = False
    log_y: bool = False
    smoothing: float = 0.0
    """Weight in [0, 1) that a value keeps over one interval between two points of a curve."""
    hidden: frozenset[str] = frozenset()
    """The names of quantities and of runs whose curves are hidden."""

    def shows(self, *names: str) -> bool:
        """Return True for a curve none of whose names is hidden."""
        return self.hidden.isdisjoint(names)


DEFAULT_SETTINGS = CurveSettings()


def changed_settings(settings: CurveSettings, **options: Any) -> CurveSettings:
    """Return settings with the named options of a figure in place of their own."""
    hidden: Collection[str] = options.pop("hidden", settings.hidden)
    return replace(settings, hidden=frozenset(hidden), **options)


def settings_from(values: Mapping[str, Any], default: CurveSettings) -> CurveSettings:
    """Return settings from stored values; of one that is not valid the default stays."""
    settings = default
    if values.get("x") in X_AXES:
        settings = replace(settings, x=values["x"])
    for name in ("log_x", "log_y"):
        if isinstance(values.get(name), bool):
            settings = replace(settings, **{name: values[name]})
    weight = values.get("smoothing")
    if isinstance(weight, int | float) and 0 <= weight < 1:
        settings = replace(settings, smoothing=float(weight))
    return settings
