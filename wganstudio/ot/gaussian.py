"""Transport between Gaussians at the squared distance in closed form, and moments of samples."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wganstudio.ot.backend import Array, array_namespace, clip, is_torch_array, to_double

Floats = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)
BLOCK = 1 << 12
"""Points whose moments are added at once."""


class Moments(NamedTuple):
    """Mean [D] and covariance [D, D] of a distribution, in float64."""

    mean: Array
    covariance: Array

    @classmethod
    def of_samples(cls, points: Array) -> "Moments":
        """Return the moments of points [n, D] of equal weight (divided by n)."""
        points = to_double(points)
        centered = points - (mean := points.mean(0))
        return cls(mean, centered.T @ centered / len(points))

    @classmethod
    def of_atoms(cls, points: Array, weights: Array | None = None) -> "Moments":
        """Return the moments of points [n, D] with weights [n] of sum 1, block by block, in numpy."""
        shares = np.full(len(points), 1 / len(points)) if weights is None else _to_numpy(weights)
        blocks = [slice(k, k + BLOCK) for k in range(0, len(points), BLOCK)]
        mean = sum(shares[at] @ _to_numpy(points[at]) for at in blocks)
        covariance = np.zeros((points.shape[1],) * 2)
        for at in blocks:
            centered = _to_numpy(points[at]) - mean
            covariance += (shares[at, None] * centered).T @ centered
        return cls(mean, covariance)

    def with_least_variance(self, share: float) -> "Moments":
        """Raise the variance in every direction to a share of the largest one, or of 1e-30."""
        values, vectors = array_namespace(self.covariance).linalg.eigh(self.covariance)
        values = clip(values, low=share * max(float(values[-1]), 1e-30))
        return Moments(self.mean, (vectors * values) @ vectors.T)


def bures_map(p: Array, q: Array) -> Array:
    r"""Return the matrix of the optimal map from N(0, P) to N(0, Q).

    .. math:: P^{-1/2} (P^{1/2} Q P^{1/2})^{1/2} P^{-1/2}

    Parameters
    ----------
    p, q : array
        Covariances [D, D]; a null space of p is filled with rounding.

    Returns
    -------
    array
        Symmetric matrix [D, D].

    References
    ----------
    Peyré & Cuturi, Computational Optimal Transport, remark 2.31; `ot.gaussian.bures_wasserstein_mapping`.
    """
    root, inverse = _square_roots(p)
    return inverse @ _square_roots(root @ q @ root)[0] @ inverse


class GaussianCost(NamedTuple):
    """A transport cost between Gaussians and a bound of its rounding error."""

    value: float
    rounding: float


def entropic_bures(p: tuple[Array, Array], q: tuple[Array, Array], epsilon: float) -> float:
    """Return the value of `gaussian_cost`."""
    return gaussian_cost(p, q, epsilon).value


def gaussian_cost(p: tuple[Array, Array], q: tuple[Array, Array], epsilon: float) -> GaussianCost:
    r"""Return the entropic transport cost between two Gaussians at the squared distance.

    .. math:: \min_\pi E|x - y|^2 + \epsilon KL(\pi | P \times Q)

    For epsilon 0 it is the squared Bures-Wasserstein distance, which bounds the cost between any two
    distributions of these moments from below.

    With P = A A^T, Q = B B^T, the singular values r of A^T B and U the rotation that brings B closest to A,
    it is the sum of |m_P - m_Q|^2, |A - B U|^2 and, for each r, the charge of `_entropy_charges`. None of
    them is negative, so that nothing cancels, however large epsilon is beside the variances.

    Parameters
    ----------
    p, q : (array, array)
        Mean [D] and covariance [D, D].
    epsilon : float
        Strength of the entropy.

    References
    ----------
    Janati, Muzellec, Peyré & Cuturi, arXiv 2006.02572, Theorem 1, with eps = 2 sigma^2.
    """
    (mean_p, cov_p), (mean_q, cov_q) = ([_to_numpy(part) for part in moments] for moments in (p, q))
    (a, a_error), (b, b_error) = _factor(cov_p), _factor(cov_q)
    size = len(mean_p) * EPS
    if a.ndim == b.ndim == 1:
        products, products_error = a * b, 0.0
        apart = float(((a - b) ** 2).sum())
    else:
        a, b = (np.diag(part) if part.ndim == 1 else part for part in (a, b))
        left, products, right = np.linalg.svd(a.T @ b)
        products_error = size * float(np.linalg.norm(a, 2) * np.linalg.norm(b, 2))
        apart = float(((a - b @ (left @ right).T) ** 2).sum())
    charges, slopes = _entropy_charges(products, epsilon / 2)
    centered = apart + float(charges.sum())
    shift = float(np.linalg.norm(mean_p - mean_q))
    # the cost is a minimum over cross-covariances, whose derivative in A is 2 (A - B K), |A - B K|^2 <= cost
    factors_error = a_error + b_error + size * float(np.linalg.norm(a) + np.linalg.norm(b))
    shift_error = EPS * float(np.linalg.norm(mean_p) + np.linalg.norm(mean_q))
    rounding = sum(
        (2 * math.sqrt(square) + error) * error
        for square, error in ((centered, factors_error), (shift**2, shift_error))
    )
    value = shift**2 + centered
    return GaussianCost(value, rounding + products_error * float(slopes.sum()) + (size + 8 * EPS) * value)


def _entropy_charges(products: Floats, half: float) -> tuple[Floats, Floats]:
    """Return 2 r - (s - h) + h log((s + h) / (2 h)), s^2 = 4 r^2 + h^2, for r = products, and its slope in r.

    It increases from 0 at h = 0 to 2 r, without the difference of s and h.
    """
    if half == 0:
        return np.zeros_like(products), np.zeros_like(products)
    s = np.hypot(2 * products, half)
    total = 2 * products + half + s
    with np.errstate(over="ignore"):
        exponent = 4 * products * (products / (s + half)) / (2 * half)
    logs = half * np.log1p(np.where(np.isfinite(exponent), exponent, 0.0))
    share = half / total
    return 4 * products * share + logs, 2 - 4 * products / (s + half)


def _factor(covariance: Floats) -> tuple[Floats, float]:
    """Return A with A A^T = P and a bound of its error; for a diagonal P its diagonal, exact to rounding.

    The eigenvalues of P are exact to a share of the largest one, those of A, their roots, no better than that
    where they are close to 0.
    """
    diagonal = np.diag(covariance)
    if not (covariance - np.diag(diagonal)).any():
        return np.sqrt(np.maximum(diagonal, 0)), 0.0
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    error = max(len(values) * EPS * float(values[-1]), -float(values[0]))
    values = np.maximum(values, 0)
    lost = np.minimum(error, error**2 / np.maximum(values, 1e-300))
    return vectors * np.sqrt(values), 2 * math.sqrt(float(lost.sum()))


def _to_numpy(values: Array) -> Floats:
    return np.asarray(values.detach().cpu() if is_torch_array(values) else values, dtype=np.float64)


def _square_roots(matrix: Array) -> tuple[Array, Array]:
    """Return the square root of a positive semi-definite matrix, and the inverse of that root."""
    xp = array_namespace(matrix)
    values, vectors = xp.linalg.eigh((matrix + matrix.T) / 2)
    roots = xp.sqrt(clip(values, low=1e-14 * max(float(values[-1]), 1e-300)))
    return (vectors * roots) @ vectors.T, (vectors / roots) @ vectors.T
