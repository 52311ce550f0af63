"""Quadratic potentials, with their optimum in closed form from the moments of both distributions."""

import torch
from torch import Tensor, nn

from wganstudio.critics.base import Sampler
from wganstudio.critics.convex.base import ConvexPotential, means_and_deviations
from wganstudio.experiment.critics import QuadraticOptions
from wganstudio.ot.gaussian import Moments, bures_map

MIN_VARIANCE = 1e-8
"""Least variance of P in any direction, as a share of the largest. The corner pixels of digits are constant:
without it they would be stretched beyond the range of float32."""
_INITIAL_FACTOR = 1e-2
_LBFGS_STEPS = 200


class PosDefMatrix(nn.Module):
    """<x, A x> / 2 + <b, x> with A = alpha I + diag(d^2) + V V^T, V [D, r]; initially A = I and b = 0."""

    def __init__(self, dim: int, rank: int, alpha: float, *, diagonal: bool = True) -> None:
        super().__init__()
        self.alpha = alpha
        self.shift = nn.Parameter(torch.zeros(dim))
        root = torch.full((dim,), (1 - alpha) ** 0.5)
        self.root = nn.Parameter(root) if diagonal else None
        self.factor = nn.Parameter(_INITIAL_FACTOR * torch.randn(dim, rank)) if rank else None

    def forward(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return the quadratic [n] and its gradient A x + b [n, D] at points [n, D]."""
        product = self.alpha * points
        if self.root is not None:
            product = product + self.root.square() * points
        if self.factor is not None:
            product = product + (points @ self.factor) @ self.factor.T
        return ((product / 2 + self.shift) * points).sum(1), product + self.shift

    @torch.no_grad()
    def fit_diagonal(self, p: Sampler, q: Sampler) -> None:
        """Set d and b to the optimal diagonal quadratic between samples of P and Q, leaving V as it is."""
        if self.root is not None:
            mean_p, std_p, mean_q, std_q = means_and_deviations(p, q)
            ratio = (std_q / std_p.clamp_min(1e-12)).clamp(0.1, 10)
            self.root.copy_((ratio - self.alpha).clamp_min(1e-4).sqrt())
            self.shift.copy_(mean_q - self(mean_p[None])[1][0] + self.shift)

    def matrix(self) -> Tensor:
        """Return A [D, D]."""
        matrix = self.alpha * torch.eye(len(self.shift)).to(self.shift)
        if self.root is not None:
            matrix = matrix + self.root.square().diag()
        return matrix if self.factor is None else matrix + self.factor @ self.factor.T


class Quadratic(ConvexPotential):
    """f(x) = <x, A x> / 2 + <b, x> with A = I, or A at or above alpha I: diagonal, diagonal plus V V^T, full.

    At the optimum grad f# P has the mean of Q, and for the full form its covariance. Twice the value is then
    the squared Bures-Wasserstein distance of the Gaussians with the moments of P and Q.

    References
    ----------
    Taghvaei & Jalali, arXiv 1902.07197.
    """

    options: QuadraticOptions

    def __init__(self, options: QuadraticOptions, dim: int) -> None:
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
        """Return f [n] at points [n, D]."""
        return self.value_and_gradient(points)[0]

    def value_and_gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return f [n] and grad f [n, D] at points [n, D]."""
        values_and_gradients: tuple[Tensor, Tensor] = self.form(points)
        return values_and_gradients

    def inverse(self, points: Tensor) -> Tensor:
        """Return grad f* [n, D] = A^-1 (y - b) at points y [n, D]."""
        return torch.linalg.solve(self.form.matrix(), (points - self.form.shift).T).T

    @torch.no_grad()
    def fit(self, p: Moments, q: Moments) -> None:
        """Set A and b to their optimum between distributions with these moments.

        The optimum minimizes <A, S_P> + <A^-1, S_Q>. The full one is `bures_map` of both covariances, the
        diagonal one the ratio of the standard deviations; for a low rank L-BFGS starts from the diagonal
        one. Eigenvalues below alpha are raised to alpha.

        Parameters
        ----------
        p, q : Moments
            Mean [D] and covariance [D, D] of P and Q.
        """
        form, alpha = self.form, self.alpha
        p = p.with_least_variance(MIN_VARIANCE)
        if form.root is not None:
            deviations = [moments.covariance.diagonal().sqrt() for moments in (p, q)]
            excess = (deviations[1] / deviations[0] - alpha).clamp_min(0)
            root, factor = excess.sqrt(), None
            if form.factor is not None:
                root, factor = _low_rank(p.covariance, q.covariance, root, form.factor.shape[1], alpha)
                form.factor.copy_(factor)
            form.root.copy_(root)
        elif form.factor is not None:
            values, vectors = torch.linalg.eigh(bures_map(p.covariance, q.covariance))
            form.factor.copy_((vectors * (values - alpha).clamp_min(0).sqrt()) @ vectors.T)
        matrix = form.matrix().double().to(p.mean.device)
        form.shift.copy_(q.mean - matrix @ p.mean)


@torch.enable_grad()
def _low_rank(p: Tensor, q: Tensor, root: Tensor, rank: int, alpha: float) -> tuple[Tensor, Tensor]:
    """Return d and V that minimize <A, p> + <A^-1, q>, starting from the best diagonal."""
    values, vectors = torch.linalg.eigh(bures_map(p, q) - root.square().diag())
    leading = vectors[:, values.argsort(descending=True)[:rank]]
    leaves = [root.clone().requires_grad_(), (_INITIAL_FACTOR * leading).requires_grad_()]
    eye = alpha * torch.eye(len(p), dtype=p.dtype)
    optimizer = torch.optim.LBFGS(
        leaves,
        max_iter=_LBFGS_STEPS,
        tolerance_grad=1e-12,
        tolerance_change=1e-15,
        line_search_fn="strong_wolfe",
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        matrix = eye + leaves[0].square().diag() + leaves[1] @ leaves[1].T
        objective = (matrix * p).sum() + torch.linalg.solve(matrix, q).trace()
        objective.backward()
        return objective

    optimizer.step(loss)
    return leaves[0].detach(), leaves[1].detach()
