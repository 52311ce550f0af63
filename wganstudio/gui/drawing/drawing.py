"""Drawing: two distributions as lists of round parts, and the settings of the pair that they make."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

Side = Literal["p", "q"]
MAX_PARTS = 1024
"""The most parts of one distribution: the form shows them as a list."""
POINT_WIDTH = 0.02
"""Standard deviation of a point that is drawn beside wider parts: a distribution is all points, or none."""
DIGITS = 3


@dataclass(frozen=True)
class DrawnPart:
    """A Gaussian, or a point if its width is 0."""

    x: float
    y: float
    width: float
    """Standard deviation."""
    mass: float


@dataclass(frozen=True)
class Drawing:
    """The parts of P and of Q. A value: every change makes another one."""

    p: tuple[DrawnPart, ...] = ()
    q: tuple[DrawnPart, ...] = ()

    @property
    def complete(self) -> bool:
        """True if both distributions have mass."""
        return bool(self.p and self.q)

    def of(self, side: Side) -> tuple[DrawnPart, ...]:
        """Return the parts of one distribution."""
        return self.p if side == "p" else self.q

    def with_parts(self, side: Side, parts: Iterable[DrawnPart]) -> "Drawing":
        """Return the drawing with other parts of one distribution, the first MAX_PARTS of them."""
        kept = tuple(parts)[:MAX_PARTS]
        return replace(self, p=kept) if side == "p" else replace(self, q=kept)

    def added(self, side: Side, parts: Iterable[DrawnPart]) -> "Drawing":
        """Return the drawing with more parts of one distribution."""
        return self.with_parts(side, (*self.of(side), *parts))

    def erased(self, side: Side, path: Sequence[tuple[float, float]], radius: float) -> "Drawing":
        """Return the drawing without the parts of one distribution whose centers lie near a path."""
        return self.with_parts(
            side,
            (
                part
                for part in self.of(side)
                if all(math.hypot(part.x - x, part.y - y) > radius for x, y in path)
            ),
        )

    def settings(self) -> dict[str, Any]:
        """Return the settings of the pair: points if both are points, else Gaussian mixtures."""
        only_points = all(_is_points(parts) for parts in (self.p, self.q))
        settings: dict[str, Any] = {"kind": "points" if only_points else "mixture"}
        for side, parts in (("p", self.p), ("q", self.q)):
            places = [[round(part.x, DIGITS), round(part.y, DIGITS)] for part in parts]
            settings[f"points_{side}" if only_points else f"means_{side}"] = places
            if not only_points:
                settings[f"scale_{side}"] = _scales(parts)
            masses = [float(f"{part.mass:.3g}") for part in parts]
            if len(set(masses)) > 1:
                settings[f"weights_{side}"] = masses
        return settings

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "Drawing":
        """Return the drawing of a pair of points or mixtures in the plane; an empty one of any other."""
        field = {"points": "points", "mixture": "means"}.get(str(settings.get("kind")))
        if field is None:
            return cls()
        sides = []
        for side in ("p", "q"):
            places = settings.get(f"{field}_{side}", ())
            scales = settings.get(f"scale_{side}", 0.5) if field == "means" else 0.0
            masses = settings.get(f"weights_{side}") or [1.0] * len(places)
            widths = scales if isinstance(scales, Sequence) else [scales] * len(places)
            if any(len(place) != 2 for place in places) or not len(places) == len(widths) == len(masses):
                return cls()
            numbers = zip(places, widths, masses, strict=True)
            sides.append(tuple(DrawnPart(float(x), float(y), float(w), float(m)) for (x, y), w, m in numbers))
        return cls(*(side[:MAX_PARTS] for side in sides))


def stroke(path: Sequence[tuple[float, float]], width: float, mass: float) -> list[DrawnPart]:
    """Return Gaussians of a width along a path, half a width or more apart, that share a mass."""
    places: list[tuple[float, float]] = []
    for x, y in _dense(path, width / 2):
        if all(math.hypot(x - a, y - b) >= 0.49 * width for a, b in places[-1:]):
            places.append((x, y))
    return [DrawnPart(x, y, width, mass / len(places)) for x, y in places]


def _dense(path: Sequence[tuple[float, float]], step: float) -> Iterable[tuple[float, float]]:
    """Yield the corners of a path and points between them."""
    yield path[0]
    for (x, y), (a, b) in pairwise(path):
        count = max(1, math.ceil(math.hypot(a - x, b - y) / step))
        for at in range(1, count + 1):
            yield x + (a - x) * at / count, y + (b - y) * at / count


def _is_points(parts: Sequence[DrawnPart]) -> bool:
    return all(part.width == 0 for part in parts)


def _scales(parts: Sequence[DrawnPart]) -> float | list[float]:
    """Return the standard deviations, one number if all are equal."""
    if _is_points(parts):
        return 0.0
    widths = [float(f"{part.width or POINT_WIDTH:.3g}") for part in parts]
    return widths[0] if len(set(widths)) == 1 else widths
