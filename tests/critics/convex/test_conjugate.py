"""The batched conjugate finds the supremum, certifies it, and skips converged rows."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from torch import Tensor

from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.critics.convex.conjugate import Method, conjugate
from wganstudio.experiment import kinds

ALL: list[Method] = ["newton", "l-bfgs", "adam"]


def build(kind: str = "icnn", seed: int = 0, dim: int = 5, **options: object) -> ConvexPotential:
    torch.manual_seed(seed)
    sizes = {"icnn": {"width": 16}, "max-affine": {"pieces": 8, "smoothing": 0.3}, "quadratic": {}}[kind]
    critic: ConvexPotential = kinds("critic")[kind](**{"alpha": 0.1, **sizes, **options}).build(dim).double()
    with torch.no_grad():
        for weight in critic.parameters():
            weight.add_(0.3 * torch.randn_like(weight))
    return critic


def by_scipy(critic: ConvexPotential, y: Tensor) -> float:
    def negative(x: np.ndarray) -> tuple[float, np.ndarray]:
        point = torch.from_numpy(x)[None]
        with torch.no_grad():
            f, slope = critic.value_and_gradient(point)
        return float(f) - float(point[0] @ y), (slope[0] - y).numpy()

    return -minimize(
        negative, y.numpy(), jac=True, method="L-BFGS-B", options={"gtol": 1e-10, "ftol": 1e-15}
    ).fun


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("kind", ["icnn", "max-affine"])
def test_it_is_the_supremum(kind: str, method: Method) -> None:
    critic, y = build(kind), 3 * torch.randn(12, 5).double()
    result = conjugate(critic, y, method=method, tolerance=1e-3 if method == "adam" else 1e-8, iterations=400)
    assert result.converged.all() or (kind, method) == ("max-affine", "adam")  # its steps are of one size
    expected = torch.tensor([by_scipy(critic, row) for row in y], dtype=torch.float64)
    slack = result.residuals.square() / (2 * critic.alpha)
    assert (result.values <= expected + 1e-8).all() and (expected <= result.values + slack + 1e-8).all()
    torch.testing.assert_close(
        torch.linalg.vector_norm(critic.value_and_gradient(result.points)[1] - y, dim=1), result.residuals
    )


@settings(max_examples=15, deadline=None)
@given(
    kind=st.sampled_from(["icnn", "max-affine", "quadratic"]),
    seed=st.integers(0, 10**6),
    method=st.sampled_from(ALL),
    limit=st.integers(0, 12),
)
def test_young_holds_within_the_certificate_however_soon_it_stops(
    kind: str, seed: int, method: Method, limit: int
) -> None:
    """f(x) + f*(y) >= <x, y> for independent x and y, with the upper end of the interval for f*."""
    critic = build(kind, seed)
    x, y = 3 * torch.randn(2, 16, 5).double()
    result = conjugate(critic, y, method=method, iterations=limit)
    upper = result.values + result.residuals.square() / (2 * critic.alpha)
    with torch.no_grad():
        both = critic.potential(x)[:, None] + upper
    assert (both >= x @ y.T - 1e-9 * (1 + both.abs())).all()
    exact = conjugate(critic, y, method="newton", tolerance=1e-10, iterations=60)
    assert exact.converged.all()
    assert (result.values <= exact.values + 1e-8).all() and (exact.values <= upper + 1e-8).all()
    assert (result.iterations <= limit).all()


def test_where_it_is_called_converged_the_residual_is_below_the_tolerance() -> None:
    critic, y = build(), 3 * torch.randn(50, 5).double()
    for limit in (1, 3, 6, 30):
        result = conjugate(critic, y, method="l-bfgs", tolerance=1e-5, iterations=limit)
        below = result.residuals <= 1e-5 * y.square().sum(1).mean().sqrt()
        assert torch.equal(result.converged, below)
        assert bool(below.all()) == (limit == 30)


class _Counted(torch.nn.Module):
    """A potential that counts the rows it is asked for."""

    def __init__(self, inner: ConvexPotential) -> None:
        super().__init__()
        self.inner, self.rows, self.alpha = inner, 0, inner.alpha

    def inverse(self, points: Tensor) -> None:
        return None

    def value_and_gradient(self, points: Tensor) -> tuple[Tensor, Tensor]:
        self.rows += len(points)
        return self.inner.value_and_gradient(points)


@pytest.mark.parametrize("method", ["newton", "l-bfgs"])
def test_converged_rows_cost_nothing(method: Method) -> None:
    critic, y = build(), 3 * torch.randn(200, 5).double()
    exact = conjugate(critic, y, method="newton", tolerance=1e-9)
    start = exact.points.clone()
    start[:10] += 1
    counted = _Counted(critic)
    result = conjugate(counted, y, start, method=method, tolerance=1e-6)  # type: ignore[arg-type]
    assert (
        result.converged.all() and (result.iterations[10:] == 0).all() and (result.iterations[:10] > 0).all()
    )
    tries = 2 if method == "newton" else 1  # the Hessian looks once more
    assert counted.rows <= 200 + 2 * tries * int(result.iterations.sum())


def test_rows_are_independent_of_each_other() -> None:
    critic, y = build(), torch.randn(9, 5).double()
    y /= y.norm(dim=1, keepdim=True)  # the tolerance is one of all rows
    together = conjugate(critic, y, method="l-bfgs")
    alone = [conjugate(critic, row[None], method="l-bfgs") for row in y]
    torch.testing.assert_close(together.points, torch.cat([one.points for one in alone]))
    assert torch.equal(together.iterations, torch.cat([one.iterations for one in alone]))


def test_a_quadratic_is_inverted_in_closed_form() -> None:
    critic, y = build("quadratic", form="full"), torch.randn(30, 5).double()
    result = conjugate(critic, y, tolerance=1e-12)
    assert result.converged.all() and (result.iterations == 0).all()


@pytest.mark.parametrize("method", ALL)
def test_it_repeats_and_single_precision_reaches_its_default(method: Method) -> None:
    critic, y = build().float(), 3 * torch.randn(60, 5)
    one, other = (
        conjugate(critic, y, method=method, iterations=300, tolerance=1e-3 if method == "adam" else 1e-4)
        for _ in range(2)
    )
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert one.converged.float().mean() == 1


def test_a_bad_start_and_a_steep_potential_do_not_defeat_it() -> None:
    critic, y = build(), torch.randn(20, 5).double()
    with torch.no_grad():
        critic.skips[0].weight.mul_(20)  # type: ignore[union-attr, operator]
    for method in ("newton", "l-bfgs"):
        result = conjugate(critic, y, y + 1e3, method=method, iterations=200)
        assert result.converged.all()
