"""Transport between Gaussians at the squared distance in closed form, and moments of samples."""

from typing import NamedTuple

from wganstudio.ot.backend import Array, array_namespace, clip, to_double


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


def entropic_bures(p: tuple[Array, Array], q: tuple[Array, Array], epsilon: float) -> float:
    r"""Return the entropic transport cost between two Gaussians at the squared distance.

    .. math:: \min_\pi E|x - y|^2 + \epsilon KL(\pi | P \times Q)

    For epsilon 0 it is the squared Bures-Wasserstein distance, which bounds the cost between any two
    distributions of these moments from below.

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
    (mean_p, cov_p), (mean_q, cov_q) = p, q
    xp = array_namespace(mean_p, cov_p, mean_q, cov_q)
    values, vectors = xp.linalg.eigh(cov_p)
    root = vectors * xp.sqrt(clip(values, low=0)) @ vectors.T
    products = clip(xp.linalg.eigvalsh(root @ cov_q @ root), low=0)
    half = epsilon / 2
    spread = xp.sqrt(4 * products + half**2)
    shift = mean_p - mean_q
    value = float(shift @ shift + xp.linalg.trace(cov_p) + xp.linalg.trace(cov_q) - spread.sum())
    if epsilon > 0:
        value += half * float((1 + xp.log((spread + half) / epsilon)).sum())
    return value


def _square_roots(matrix: Array) -> tuple[Array, Array]:
    """Return the square root of a positive semi-definite matrix, and the inverse of that root."""
    xp = array_namespace(matrix)
    values, vectors = xp.linalg.eigh((matrix + matrix.T) / 2)
    roots = xp.sqrt(clip(values, low=1e-14 * max(float(values[-1]), 1e-300)))
    return (vectors * roots) @ vectors.T, (vectors / roots) @ vectors.T
