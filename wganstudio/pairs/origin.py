"""The origin of a pair's coordinates: an offset that is large against the spread is subtracted in float64."""

import math

import numpy as np
from numpy.typing import NDArray

from wganstudio.experiment import BadExperiment, Problem

Floats = NDArray[np.float64]

LARGE = 16.0
"""Offset in units of the half-width from which it is subtracted: float32 would keep less than 20 bits."""
WIDEST, SMALLEST = 1e15, 1e-15
"""Half-width at most and coordinate at least, so that float32 holds sums of squares."""
OTHER_UNIT = "give the coordinates in another unit"


def choose_origin(*corners: Floats, advice: str = OTHER_UNIT) -> Floats:
    """Return the origin [D] of the coordinates in which two distributions are sampled.

    In each coordinate it is the middle of the box, rounded to the leading digit of the half-width of its
    longest side, if that exceeds 16 half-widths; otherwise 0. Where it is not 0, subtracting it from the
    corners is exact in float64, since both are within a factor of 2 of each other.

    Parameters
    ----------
    corners : arrays [..., D]
        Points whose bounding box holds most of both distributions.
    advice : str
        What to do where the numbers are out of the range of float32.

    Raises
    ------
    BadExperiment
        If the box is too large or the coordinates are too small for float32.
    """
    points = np.concatenate([corner.reshape(-1, corner.shape[-1]) for corner in corners]).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    half = float((high / 2 - low / 2).max())
    largest = float(np.abs(points).max())
    if half > WIDEST:
        _refuse(f"the distributions extend over {half:.0e}, too far for single precision; {advice}")
    if 0 < largest < SMALLEST:
        _refuse(f"the coordinates are at most {largest:.0e}, too small for single precision; {advice}")
    digits = -math.floor(math.log10(half)) if half > 0 else None
    middle = low / 2 + high / 2
    far = np.abs(middle) > LARGE * half
    rounded = middle if digits is None else np.array([round(float(value), digits) for value in middle])
    return np.where(far, rounded, 0.0)


def _refuse(message: str) -> None:
    raise BadExperiment(Problem("pair", message))
