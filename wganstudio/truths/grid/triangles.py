"""Piecewise linear functions on the two triangles of every cell, and weighted Laplacians."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def gradient(u: Floats, step: float, out: Floats) -> Floats:
    """Return gradients [4, n, m] of u [n + 1, m + 1], linear on triangles: below the diagonal, above it."""
    dx, dy = np.diff(u, axis=0), np.diff(u, axis=1)
    out[0], out[1], out[2], out[3] = dx[:, :-1], dy[:-1], dx[:, 1:], dy[1:]
    out /= step
    return out


def adjoint(field: Floats, step: float) -> Floats:
    """Return integrals [n + 1, m + 1] of a field [4, n, m] against the gradients of the nodal basis."""
    _, n, m = field.shape
    integrals = np.zeros((n + 1, m + 1))
    for along, below, above in ((0, field[0], field[2]), (1, field[1], field[3])):
        sums = np.zeros((n, m + 1) if along == 0 else (n + 1, m))
        if along == 0:
            sums[:, :-1] += below
            sums[:, 1:] += above
            integrals[1:] += sums
            integrals[:-1] -= sums
        else:
            sums[:-1] += below
            sums[1:] += above
            integrals[:, 1:] += sums
            integrals[:, :-1] -= sums
    integrals *= step / 2
    return integrals


def lengths(field: Floats) -> Floats:
    """Return the lengths [2, n, m] of the vectors of a field [4, n, m]."""
    square = field[::2] ** 2
    square += field[1::2] ** 2
    return np.sqrt(square, out=square)


def stretch(field: Floats, factor: Floats) -> Floats:
    """Return a field [4, n, m] with its vectors multiplied by factors [2, n, m]."""
    return (field.reshape(2, 2, *field.shape[1:]) * factor[:, None]).reshape(field.shape)


def rotated(field: Floats) -> Floats:
    """Turn every vector (a, b) into (b, -a): the curl of a stream function from its gradient."""
    return np.stack([field[1], -field[0], field[3], -field[2]])


def edge_weights(weight: Floats) -> tuple[Floats, Floats]:
    """Return weights [n, m + 1], [n + 1, m] of the differences along x and y from those of the triangles."""
    n, m = weight.shape
    along_x, along_y = np.zeros((n, m + 1)), np.zeros((n + 1, m))
    along_x[:, :-1] += weight / 2
    along_x[:, 1:] += weight / 2
    along_y[:-1] += weight / 2
    along_y[1:] += weight / 2
    return along_x, along_y


class Laplacian:
    """Solver of a weighted Laplace equation: the sum of weight (u - u at the other end) is given.

    `along_x` [N - 1, M] and `along_y` [N, M - 1] are the weights of the edges between N x M nodes; `place`
    [N, M] numbers the unknowns from 0: nodes of one number have one value, those of number -1 the value 0.
    Factorized once (sparse LU in the order of minimum degree, after scaling the diagonal to one, which keeps
    weights of twenty orders of magnitude harmless). 256 x 256 nodes take 0.2 s, 1024 x 1024 take 10 s.
    """

    def __init__(self, along_x: Floats, along_y: Floats, place: Integers) -> None:
        from scipy import sparse
        from scipy.sparse.linalg import splu

        self._place = place
        self._free = place >= 0
        size = int(place.max()) + 1
        diagonal = np.zeros(size)
        rows, columns, values = [], [], []
        for weight, one, other in (
            (along_x, place[:-1], place[1:]),
            (along_y, place[:, :-1], place[:, 1:]),
        ):
            for end, far in ((one, other), (other, one)):
                counts = (end >= 0) & (end != far)
                diagonal += np.bincount(end[counts], weight[counts], size)
            both = (one >= 0) & (other >= 0) & (one != other)
            rows.append(one[both])
            columns.append(other[both])
            values.append(-weight[both])
        self._scale = 1 / np.sqrt(diagonal)
        i, j = np.concatenate(rows), np.concatenate(columns)
        value = np.concatenate(values) * self._scale[i] * self._scale[j]
        half: Any = sparse.coo_array((value, (i, j)), shape=(size, size))
        self._factors = splu(
            (half + half.T + sparse.eye_array(size)).tocsc(),
            permc_spec="MMD_AT_PLUS_A",
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )

    def solve(self, right: Floats) -> Floats:
        """Return u [N, M]."""
        total = np.bincount(self._place[self._free], right[self._free], len(self._scale))
        u = np.zeros(self._place.shape)
        u[self._free] = (self._scale * self._factors.solve(self._scale * total))[self._place[self._free]]
        return u
