"""Ticks of axes: round numbers that fit beside each other."""

import math
from collections.abc import Callable, Sequence

STEPS = (1.0, 2.0, 5.0)
LARGEST_PLAIN = 0.5e9
"""Powers of ten from here on are written with an exponent."""
MOST_DECADES = 8
"""Decades of an axis with ticks between the powers of ten."""


def linear_ticks(
    low: float, high: float, fits: Callable[[Sequence[str]], bool], most: int = 12
) -> list[tuple[float, str]]:
    """Return the finest round ticks from low to high whose texts fit, with their texts; at least one.

    `fits` tells whether texts fit beside each other on the axis.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return []
    power = math.floor(math.log10((high - low) / most))
    ticks: list[tuple[float, str]] = []
    for exponent in range(power, power + 4):
        for step in STEPS:
            spacing = step * 10.0**exponent
            first, last = math.ceil(low / spacing - 1e-9), math.floor(high / spacing + 1e-9)
            if last - first + 1 > most:
                continue
            if last < first:
                return ticks
            ticks = [(k * spacing, plain_number(k * spacing, exponent)) for k in range(first, last + 1)]
            if fits([text for _, text in ticks]):
                return ticks
    return ticks[:1]


def plain_number(value: float, exponent: int) -> str:
    """Return a number with the digits down to a power of ten, which tell close ticks apart."""
    if abs(value) >= 1e9 or (value and exponent < -6 and abs(value) < 1e-3):
        digits = max(0, math.floor(math.log10(abs(value))) - exponent) if value else 0
        return f"{value:.{min(digits, 15)}e}"
    text = f"{value:,.{max(0, -exponent)}f}"
    return text.replace("-", "", 1) if float(text.replace(",", "")) == 0 else text


def decade_ticks(low: float, high: float, room: float) -> list[tuple[float, str]]:
    """Return ticks of a logarithmic axis at powers of ten, over a short range also at 1, 2 and 5.

    Parameters
    ----------
    low, high
        log10 of the ends of the axis.
    room
        Number of labels that fit.
    """
    decades = range(math.floor(low), math.ceil(high) + 1)
    stride = max(1, math.ceil((high - low) / max(room, 1)))
    factors = (1, 2, 5) if 3 * (high - low) <= room else (1,)
    places = [d + math.log10(n) for d in decades for n in factors if n > 1 or d % stride == 0]
    return [(place, _power_text(10**place)) for place in places if low <= place <= high]


def _power_text(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= value < LARGEST_PLAIN else f"{value:.4g}"


def minor_decade_ticks(low: float, high: float) -> list[float]:
    """Return the places of 1 to 9 times each power of ten between log10 of the ends of an axis."""
    if high - low > MOST_DECADES:
        return []
    decades = range(math.floor(low), math.ceil(high) + 1)
    places = (decade + math.log10(n) for decade in decades for n in range(1, 10))
    return [place for place in places if low <= place <= high]
