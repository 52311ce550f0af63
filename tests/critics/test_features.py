"""Features: the distances that each preserves, and the gradient through it."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor

from wganstudio.critics.features import (
    Encoder,
    Features,
    LearnedFeatures,
    PrincipalComponents,
    Space,
    features_of,
)
from wganstudio.experiment import BadExperiment

KINDS: tuple[Space, ...] = ("pca", "convolutions", "encoder", "learned")
DIMS = (2, 81, 3 * 64)


@dataclass
class Choice:
    features: Space
    feature_dim: int | None = None


def sampler(dim: int, seed: int = 0):
    """Points on a curved surface of three dimensions, off the origin."""
    torch.manual_seed(seed)
    mixing = torch.randn(6, dim)

    def draw(count: int) -> Tensor:
        inner = torch.randn(count, 3)
        return torch.cat((inner, inner.sin()), 1) @ mixing + 5

    return draw


def fitted(kind: Space, dim: int, count: int | None = None, seed: int = 3) -> Features:
    p = sampler(dim)
    torch.manual_seed(seed)
    features = features_of(Choice(kind, count), dim)
    assert features is not None
    features.setup(p, p)
    return features


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Encoder, "STEPS", 20)


def test_points_themselves_are_no_features() -> None:
    assert features_of(Choice("none"), 5) is None


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize("kind", KINDS)
def test_features_are_as_many_as_asked_for_and_finite(kind: Space, dim: int) -> None:
    for count in (None, 2):
        features = fitted(kind, dim, count)
        points = sampler(dim)(7)
        assert features(points).shape == (7, features.out_dim) and features(points).isfinite().all()
        assert features.out_dim == (count or (256 if kind == "convolutions" else min(dim, 32)))


@pytest.mark.parametrize("dim", DIMS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_in_the_points_is_that_of_finite_differences(kind: Space, dim: int) -> None:
    features = fitted(kind, dim).double()
    points = sampler(dim)(4).double().requires_grad_(True)
    weights = torch.randn(4, features.out_dim).double()
    (gradient,) = torch.autograd.grad((features(points) * weights).sum(), points)
    step = 1e-6 * torch.randn(4, dim).double()
    with torch.no_grad():
        moved = ((features(points + step) - features(points - step)) * weights).sum() / 2
    assert float(moved) == pytest.approx(float((gradient * step).sum()), rel=1e-4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dim", [6, 64])
def test_the_same_seed_gives_the_same_bits(kind: Space, dim: int) -> None:
    points = sampler(dim)(5)
    assert torch.equal(fitted(kind, dim)(points), fitted(kind, dim)(points))
    assert not torch.equal(fitted(kind, dim)(points), fitted(kind, dim, seed=4)(points))


@pytest.mark.parametrize("kind", ["convolutions", "encoder"])
@pytest.mark.parametrize("dim", [6, 64])
def test_over_p_the_mean_squared_distance_is_that_of_the_points(kind: Space, dim: int) -> None:
    features, points = fitted(kind, dim), sampler(dim)(4000)
    spread = [float(part.var(0).sum()) for part in (points, features(points))]
    assert spread[1] == pytest.approx(spread[0], rel=0.1)


def test_principal_components_are_those_of_numpy() -> None:
    features = fitted("pca", 6, 4)
    assert isinstance(features, PrincipalComponents)
    drawn = sampler(6)
    torch.manual_seed(3)
    points = drawn(2048).numpy().astype(np.float64)  # the very sample that it was fitted to
    _, values, components = np.linalg.svd(points - points.mean(0), full_matrices=False)
    own = features(torch.from_numpy(points).float()).numpy()
    expected = (points - points.mean(0)) @ components[:4].T
    np.testing.assert_allclose(np.abs(own), np.abs(expected), atol=1e-4)
    np.testing.assert_allclose((own**2).sum(0), values[:4] ** 2, rtol=1e-5)


def test_more_components_than_coordinates_are_refused() -> None:
    with pytest.raises(BadExperiment, match=r"solver.feature_dim: .* at most 5 principal components"):
        features_of(Choice("pca", 6), 5)


@pytest.mark.parametrize("dim", [6, 64])
def test_the_encoder_learns_to_reconstruct(dim: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Encoder, "STEPS", 400)
    torch.manual_seed(3)
    encoder, p = Encoder(dim, 6), sampler(dim)
    points = p(500)
    encoder.setup(p, p)
    after = float(encoder.loss(points))
    fresh = Encoder(dim, 6)
    fresh.center.copy_(encoder.center)
    fresh.deviation.copy_(encoder.deviation)
    with torch.no_grad():
        assert after < 0.1 * float(fresh.loss(points))
    assert not any(weight.requires_grad for weight in encoder.parameters())


def test_learned_features_make_the_cost_larger_and_stay_lipschitz() -> None:
    dim = 10
    features = fitted("learned", dim)
    assert isinstance(features, LearnedFeatures)
    x, y = sampler(dim)(400), sampler(dim, 1)(400) + 1

    def cost() -> Tensor:
        return (features(x).mean(0) - features(y).mean(0)).norm()

    before = float(cost().detach())
    for _ in range(30):
        features.ascend(cost)
    assert float(cost().detach()) > 1.2 * before
    assert features.lipschitz() <= 1 + 1e-5
    near = x + 1e-2 * torch.randn_like(x)
    with torch.no_grad():
        for a, b in ((x, y), (x, near)):
            stretch = (features(a) - features(b)).norm(dim=1) / (a - b).norm(dim=1)
            assert float(stretch.max()) <= 1 + 1e-4


@pytest.mark.parametrize("kind", ["pca", "convolutions", "encoder"])
def test_other_features_do_not_even_ask_for_the_loss(kind: Space) -> None:
    features, points = fitted(kind, 6), sampler(6)(5)
    before = features(points)

    def loss() -> Tensor:
        raise AssertionError

    features.ascend(loss)
    assert torch.equal(features(points), before)
