"""Quadratic potentials, with their optimum in closed form from the moments of both laws."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Sampler
from wganstudio.critics.convex.base import ConvexPotential, scales
from wganstudio.experiment.critics import QuadraticOptions as Options

_LEAST = 1e-8
"""P is taken to vary by this share of its largest variance at least in every direction: the corners of
digits, which never do, would be stretched beyond what float32 can hold."""
_START = 1e-2
_STEPS = 200


class Moments(NamedTuple):
    """Mean [D] and covariance [D, D] of a law, in float64."""

    mean: Tensor
    covariance: Tensor

    @classmethod
    def of(cls, points: Tensor) -> "Moments":
        """Those of points [n, D] of equal weight (divided by n)."""
        points = points.double()
        centered = points - (mean := points.mean(0))
        return cls(mean, centered.T @ centered / len(points))

    def spread(self, share: float) -> "Moments":
        """Those with so large a share of the largest variance, or of 1e-30, in every direction at least."""
        values, vectors = torch.linalg.eigh(self.covariance)
        values = values.clamp_min(share * float(values[-1].clamp_min(1e-30)))
        return Moments(self.mean, (vectors * values) @ vectors.T)


class PosDefMatrix(nn.Module):
    """<x, A x> / 2 + <b, x> with A = alpha I + diag(d^2) + V V^T: V [D, r], at the start A = I and b = 0."""

    def __init__(self, dim: int, rank: int, alpha: float, *, diagonal: bool = True) -> None:
        super().__init__()
        self.alpha = alpha
        self.shift = nn.Parameter(torch.zeros(dim))
        root = torch.full((dim,), (1 - alpha) ** 0.5)
        self.root = nn.Parameter(root) if diagonal else None
        self.factor = nn.Parameter(_START * torch.randn(dim, rank)) if rank else None

    def forward(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """The form [n] and its gradient A x + b [n, D] at points [n, D]."""
        turned = self.alpha * points
        if self.root is not None:
            turned = turned + self.root.square() * points
        if self.factor is not None:
            turned = turned + (points @ self.factor) @ self.factor.T
        return ((turned / 2 + self.shift) * points).sum(1), turned + self.shift

    @torch.no_grad()
    def stretch(self, p: Sampler, q: Sampler) -> None:
        """Set d and b to the optimal diagonal quadratic between samples of both laws, but for V."""
        if self.root is not None:
            mean_p, std_p, mean_q, std_q = scales(p, q)
            stretched = (std_q / std_p.clamp_min(1e-12)).clamp(0.1, 10)
            self.root.copy_((stretched - self.alpha).clamp_min(1e-4).sqrt())
            self.shift.copy_(mean_q - self(mean_p[None])[1][0] + self.shift)

    def matrix(self) -> Tensor:
        """A [D, D]."""
        found = self.alpha * torch.eye(len(self.shift)).to(self.shift)
        if self.root is not None:
            found = found + self.root.square().diag()
        return found if self.factor is None else found + self.factor @ self.factor.T


class Quadratic(ConvexPotential):
    """f(x) = <x, A x> / 2 + <b, x> with A = I, or A at or above alpha I: diagonal, diagonal plus V V^T, full.

    At its optimum grad f# P has the mean of Q, and the full one its covariance: twice the value is the
    squared Bures distance of the Gaussians with the laws' moments, whatever the laws (arXiv 1902.07197).
    """

    options: Options

    def __init__(self, options: Options, dim: int) -> None:
        super().__init__()
        form = options.form
        self.options, self.dim = options, dim
        self.alpha = 1.0 if form == "translation" else options.alpha
        rank = {"low-rank": min(options.rank, dim), "full": dim}.get(form, 0)
        self.form = PosDefMatrix(dim, rank, self.alpha, diagonal=form in ("diagonal", "low-rank"))
        if form == "full":
            assert self.form.factor is not None
            nn.init.eye_(self.form.factor)
            self.form.factor.data.mul_((1 - self.alpha) ** 0.5)

    def potential(self, points: Tensor) -> Tensor:
        """f [n] at points [n, D]."""
        return self.mapped(points)[0]

    def mapped(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """f [n] and grad f [n, D] at points [n, D]."""
        found: tuple[Tensor, Tensor] = self.form(points)
        return found

    def inverse(self, points: Tensor) -> Tensor:
        """grad f* [n, D] = A^-1 (y - b)."""
        return torch.linalg.solve(self.form.matrix(), (points - self.form.shift).T).T

    @torch.no_grad()
    def fit(self, p: Moments, q: Moments) -> None:
        """Set A and b to their optimum between laws with these moments, in closed form where there is one.

        That minimizes <A, S_P> + <A^-1, S_Q>: the full optimum is
        S_P^-1/2 (S_P^1/2 S_Q S_P^1/2)^1/2 S_P^-1/2, the diagonal one the ratio of the deviations;
        with a low rank L-BFGS goes on from the diagonal. Eigenvalues that would be less than alpha are alpha.
        """
        form, alpha = self.form, self.alpha
        p = p.spread(_LEAST)
        if form.root is not None:
            deviations = [law.covariance.diagonal().sqrt() for law in (p, q)]
            least = (deviations[1] / deviations[0] - alpha).clamp_min(0)
            root, factor = least.sqrt(), None
            if form.factor is not None:
                root, factor = _low_rank(p.covariance, q.covariance, root, form.factor.shape[1], alpha)
                form.factor.copy_(factor)
            form.root.copy_(root)
        elif form.factor is not None:
            values, vectors = torch.linalg.eigh(brenier(p.covariance, q.covariance))
            form.factor.copy_((vectors * (values - alpha).clamp_min(0).sqrt()) @ vectors.T)
        matrix = form.matrix().double().to(p.mean.device)
        form.shift.copy_(q.mean - matrix @ p.mean)


def brenier(p: Tensor, q: Tensor) -> Tensor:
    """The matrix [D, D] of the optimal map from N(0, p) to N(0, q), p with rounding for its null space."""
    root, inverse = _roots(p)
    return inverse @ _roots(root @ q @ root)[0] @ inverse


def _roots(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """The square root and its inverse of a positive semi-definite matrix."""
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    roots = values.clamp_min(1e-14 * float(values[-1].clamp_min(1e-300))).sqrt()
    return (vectors * roots) @ vectors.T, (vectors / roots) @ vectors.T


@torch.enable_grad()
def _low_rank(p: Tensor, q: Tensor, root: Tensor, rank: int, alpha: float) -> tuple[Tensor, Tensor]:
    """d and V that minimize <A, p> + <A^-1, q>, from the best diagonal on."""
    values, vectors = torch.linalg.eigh(brenier(p, q) - root.square().diag())
    some = vectors[:, values.argsort(descending=True)[:rank]]
    leaves = [root.clone().requires_grad_(), (_START * some).requires_grad_()]
    eye = alpha * torch.eye(len(p), dtype=p.dtype)
    optimizer = torch.optim.LBFGS(
        leaves, max_iter=_STEPS, tolerance_grad=1e-12, tolerance_change=1e-15, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        matrix = eye + leaves[0].square().diag() + leaves[1] @ leaves[1].T
        found = (matrix * p).sum() + torch.linalg.solve(matrix, q).trace()
        found.backward()
        return found

    optimizer.step(loss)
    return leaves[0].detach(), leaves[1].detach()
