"""The pair's map is the gradient of a convex function, and bends space more than any affine map explains."""

import pytest
import torch

from wganstudio.experiment import kinds
from wganstudio.ot.exact import exact_transport
from wganstudio.ot.gaussian import Moments, bures_map
from wganstudio.pairs.base import make_rng
from wganstudio.pairs.convex_map import ConvexMapPair
from wganstudio.training.metrics import unexplained_variance


def made(dim: int, seed: int = 0) -> ConvexMapPair:
    pair: ConvexMapPair = kinds("pair")["convex-map"](dim=dim, seed=seed).build()
    return pair


@pytest.mark.parametrize("dim", [1, 2, 16, 256])
def test_it_is_monotone_and_its_jacobian_symmetric(dim: int) -> None:
    pair = made(dim)
    x, y = 2 * torch.randn(2, 300, dim).double()
    phi = pair.q.potential
    assert (((phi.gradient(x) - phi.gradient(y)) * (x - y)).sum(1) >= 0.099 * (x - y).square().sum(1)).all()
    jacobian = torch.autograd.functional.jacobian(lambda z: phi.gradient(z[None])[0], x[0])
    torch.testing.assert_close(jacobian, jacobian.T)
    assert torch.linalg.eigvalsh(jacobian).min() >= 0.099


def test_q_is_where_the_map_takes_p() -> None:
    pair = made(3)
    x = pair.p.sample(100, make_rng("cpu", 5))
    torch.testing.assert_close(pair.q.sample(100, make_rng("cpu", 5)), pair.move(x))


def test_the_map_is_optimal_between_its_samples() -> None:
    pair = made(2)
    x = pair.p.sample(200, make_rng("cpu", 1)).double()
    y = pair.move(x)
    cost = exact_transport(torch.cdist(x, y).square().numpy()).cost
    assert cost == pytest.approx(float((x - y).square().sum(1).mean()), rel=1e-6)


@pytest.mark.parametrize("dim", [2, 8, 64])
def test_no_affine_map_explains_it(dim: int) -> None:
    pair = made(dim)
    x = pair.p.sample(4096, make_rng("cpu", 1))
    y = pair.move(x)
    p, q = Moments.of_samples(x), Moments.of_samples(y)
    affine = q.mean + (x.double() - p.mean) @ bures_map(p.covariance, q.covariance)
    assert unexplained_variance(y, y) == 0.0 and unexplained_variance(affine, y) > 5


def test_another_seed_is_another_pair() -> None:
    points = torch.randn(5, 2)
    assert not torch.allclose(made(2).move(points), made(2, seed=1).move(points))
    torch.testing.assert_close(made(2).move(points), made(2).move(points), rtol=0, atol=0)
