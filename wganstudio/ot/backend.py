"""Array operations that numpy and torch spell differently; everything else goes through array-api-compat.

On torch tensors each function calls one fixed torch kernel, on which the bits of training depend. Importing
this module imports neither torch nor POT.
"""

from typing import Any

import numpy as np
from array_api_compat import array_namespace, is_torch_array

Array = Any
"""A numpy array or a torch tensor; all arguments of one call are of the same kind."""

__all__ = [
    "Array",
    "add_diagonal",
    "add_matmul",
    "add_outer",
    "array_namespace",
    "clip",
    "detach",
    "full",
    "is_torch_array",
    "lerp",
    "maximum_in_place",
    "pairwise_norms",
    "solve_posdef",
    "to_double",
    "transpose",
]


def to_double(values: Array) -> Array:
    """Return the values in double precision, on the CPU where the device has none."""
    if is_torch_array(values):
        return (values.cpu() if values.device.type == "mps" else values).double()
    return np.asarray(values, dtype=np.float64)


def full(size: int, value: float, like: Array) -> Array:
    """Return an array [size] of one value, of the dtype and on the device of another array."""
    if is_torch_array(like):
        return like.new_full((size,), value)
    return np.full(size, value, dtype=like.dtype)


def transpose(matrix: Array) -> Array:
    """Return the transpose [m, n] of a matrix [n, m], row by row in memory."""
    return matrix.T.contiguous() if is_torch_array(matrix) else np.ascontiguousarray(matrix.T)


def detach(values: Array) -> Array:
    """Return the values as constants of automatic differentiation."""
    return values.detach() if is_torch_array(values) else values


def clip(values: Array, low: float | None = None, high: float | None = None) -> Array:
    """Return the values limited to [low, high]."""
    if is_torch_array(values):
        return values.clamp(min=low, max=high)
    return np.clip(values, low, high)


def maximum_in_place(values: Array, low: float) -> Array:
    """Raise the values to `low` in place, and return them."""
    if is_torch_array(values):
        return values.clamp_(min=low)
    return np.maximum(values, low, out=values)


def lerp(start: Array, end: Array, weight: float) -> Array:
    """Return start + weight (end - start)."""
    if is_torch_array(start):
        return start.lerp(end, weight)
    return start + weight * (end - start)


def add_outer(matrix: Array, a: Array, b: Array) -> Array:
    """Add a b^T to a matrix [n, m] in place, and return it."""
    if is_torch_array(matrix):
        return matrix.addr_(a, b)
    matrix += np.outer(a, b)
    return matrix


def add_matmul(matrix: Array, a: Array, b: Array) -> Array:
    """Add the product of a [n, k] and b [k, m] to a matrix [n, m] in place, and return it."""
    if is_torch_array(matrix):
        return matrix.addmm_(a, b)
    matrix += a @ b
    return matrix


def add_diagonal(matrix: Array, values: Array) -> Array:
    """Add values [n] to the diagonal of a square matrix in place, and return it."""
    if is_torch_array(matrix):
        matrix.diagonal().add_(values)
    else:
        matrix.flat[:: len(matrix) + 1] += values
    return matrix


def solve_posdef(matrix: Array, right: Array) -> Array | None:
    """Return A^-1 b [n] for a positive definite A [n, n] and b [n]; None where A is not positive definite."""
    if is_torch_array(matrix):
        import torch

        factor, failed = torch.linalg.cholesky_ex(matrix)
        return None if failed else torch.cholesky_solve(right[:, None], factor).squeeze(1)
    try:
        factor = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return None
    return np.linalg.solve(factor.T, np.linalg.solve(factor, right))


def pairwise_norms(x: Array, y: Array, p: float = 2.0, *, by_product: bool = False) -> Array:
    """Return |x_i - y_j|_p [n, m] for points x [n, D] and y [m, D].

    Parameters
    ----------
    x, y : array
        Points [n, D] and [m, D].
    p : float
        Order of the norm.
    by_product : bool
        Expand the square of the Euclidean norm into a matrix product: faster in many dimensions, but less
        precise.
    """
    if is_torch_array(x):
        import torch

        mode = "use_mm_for_euclid_dist" if by_product else "donot_use_mm_for_euclid_dist"
        return torch.cdist(x, y, p=p, compute_mode=mode)
    if by_product:
        squares = (x**2).sum(1)[:, None] + (y**2).sum(1) - 2 * (x @ y.T)
        return np.sqrt(np.maximum(squares, 0))
    total = np.zeros((len(x), len(y)))
    for x_k, y_k in zip(x.T, y.T, strict=True):
        difference = x_k[:, None] - y_k
        total += difference**2 if p == 2 else np.abs(difference) ** p
    return np.sqrt(total) if p == 2 else total ** (1 / p)
