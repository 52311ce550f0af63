"""Labels of truths: their text, and their heights without overlap."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from wganstudio.figures.types import Range
from wganstudio.truths import Truth


def label_places(bands: Sequence[Truth], y_range: Range, distance: float) -> list[float | None]:
    """Return the heights of the labels: the upper edges of the bands, without overlap; None out of sight."""
    low, high = y_range
    visible = [index for index, band in enumerate(bands) if band.lower < high and band.upper > low]
    places = spread_labels([bands[index].upper for index in visible], distance, high - distance)
    by_band = dict(zip(visible, places, strict=True))
    return [by_band.get(index) for index in range(len(bands))]


def spread_labels(places: list[float], distance: float, top: float = np.inf) -> list[float]:
    """Move places up until any two are `distance` apart, or down to stay below the top; keep their order."""
    moved = list(places)
    order = sorted(range(len(places)), key=places.__getitem__)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + distance)
    for index in reversed(order):
        moved[index] = min(moved[index], top)
        top = moved[index] - distance
    return moved
