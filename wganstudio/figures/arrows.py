"""Arrows as polylines."""

import numpy as np

from wganstudio.figures.types import Float

HEAD_SHARE = 0.36
"""Length of the head of an arrow, as a share of the arrow."""
SLOPE = 0.56
"""Half the width of a head over its length."""


def arrow_lines(tail: Float, tip: Float, longest: float = np.inf) -> Float:
    """Return arrows from [k, 2] to [k, 2] as one polyline, a row of NaN between two lines.

    Heads are at most `longest` long; arrows with a missing coordinate are left out.
    """
    drawn = np.isfinite(tail + tip).all(1)
    if not drawn.any():
        return np.empty((0, 2))
    tail, tip = tail[drawn], tip[drawn]
    along = tip - tail
    size = np.linalg.norm(along, axis=1, keepdims=True)
    along = along * np.minimum(HEAD_SHARE, longest / np.maximum(size, 1e-300))
    across = SLOPE * along[:, ::-1] * (-1, 1)
    gap = np.full_like(tip, np.nan)
    barbs = [tip - along + side * across for side in (1, -1)]
    return np.asarray(np.stack([tail, tip, gap, barbs[0], tip, barbs[1], gap], axis=1).reshape(-1, 2)[:-1])
