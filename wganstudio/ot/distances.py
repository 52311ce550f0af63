"""Distances between two sets of points, and unit vectors."""

import numpy as np

from wganstudio.ot.backend import Array, array_namespace, is_torch_array, pairwise_norms

FEW_DIMENSIONS = 8
"""Up to this dimension distances are computed from direct differences."""


def distances(x: Array, y: Array) -> Array:
    """Return |x_i - y_j| [n, m] for points x [n, D] and y [m, D].

    Up to 8 dimensions they come from direct differences; from 9 on from the expanded square, in a quarter of
    the time. The square is then exact to rounding of the points' squared norms: in float64 the distance is
    good to 1e-8 of them. In float32 it is good enough to choose the nearest point, not to be differentiated
    or measured.

    Parameters
    ----------
    x, y : array
        Points [n, D] and [m, D].

    Returns
    -------
    array
        Distances [n, m].
    """
    return pairwise_norms(x, y, by_product=x.shape[1] > FEW_DIMENSIONS)


def unit_vectors(vectors: Array) -> Array:
    """Return the vectors [n, D] divided by their lengths; 0 stays 0."""
    xp = array_namespace(vectors)
    lengths = xp.linalg.vector_norm(vectors, axis=1, keepdims=True)
    return divide_or_zero(vectors, lengths)


def divide_or_zero(values: Array, divisors: Array) -> Array:
    """Return values / divisors, and 0 where the divisor is not above 0."""
    positive = divisors > 0
    if is_torch_array(values):
        return (values / divisors).where(positive, 0.0)
    return np.divide(values, np.where(positive, divisors, 1.0)) * positive
