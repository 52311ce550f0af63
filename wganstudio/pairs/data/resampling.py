"""Resampling of images."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def resample(images: Floats, size: int | None) -> Floats:
    """Resample the central squares of images [n, c, h, w] to [n, c, size, size]; None leaves them as is."""
    height, width = images.shape[2:]
    if size is None or (height, width) == (size, size):
        return images
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    weights = _weights(side, size)
    middle = images[:, :, top : top + side, left : left + side]
    return np.asarray(weights @ middle @ weights.T)


def _weights(side: int, size: int) -> Floats:
    """Return the weights [size, side] of the old pixels in each new one, along one axis."""
    if size <= side:
        edges = np.arange(size + 1) * (side / size)
        old = np.arange(side)
        shared = np.minimum(edges[1:, None], old + 1) - np.maximum(edges[:-1, None], old)
        return (np.maximum(shared, 0) * (size / side)).astype(np.float32)
    middles = np.clip((np.arange(size) + 0.5) * (side / size) - 0.5, 0, side - 1)
    return np.maximum(1 - np.abs(middles[:, None] - np.arange(side)), 0).astype(np.float32)
