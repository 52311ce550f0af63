"""Convex potentials are convex, have the right gradient, and contain the smaller classes."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.critics.base import Critic
from wganstudio.critics.convex.base import ConvexPotential
from wganstudio.critics.convex.quadratic import Quadratic
from wganstudio.experiment import kinds
from wganstudio.ot.gaussian import Moments, bures_map, entropic_bures


def bures(p: Moments, q: Moments) -> float:
    """Squared W2 of Gaussians with these moments, in closed form."""
    one, other = ((distribution.mean.numpy(), distribution.covariance.numpy()) for distribution in (p, q))
    return entropic_bures(one, other, 0.0)


CLASSES = {
    "translation": ("quadratic", {"form": "translation"}),
    "diagonal": ("quadratic", {"form": "diagonal"}),
    "low-rank": ("quadratic", {"form": "low-rank"}),
    "full": ("quadratic", {}),
    "max-affine": ("max-affine", {"pieces": 9, "smoothing": 0.3}),
    "icnn": ("icnn", {"width": 12}),
    "softplus": ("icnn", {"width": 12, "depth": 3, "activation": "softplus"}),
    "one layer": ("icnn", {"width": 12, "depth": 1}),
    "images": ("conv-icnn", {"width": 3, "depth": 2}),
    "colors": ("conv-icnn", {"width": 2, "channels": 3, "activation": "softplus"}),
}
NAMES = list(CLASSES)


def build(name: str, seed: int = 0) -> ConvexPotential:
    torch.manual_seed(seed)
    kind, options = CLASSES[name]
    dim = {"images": 49, "colors": 48}.get(name, 4)
    critic: ConvexPotential = kinds("critic")[kind](alpha=0.05, **options).build(dim).double()
    with torch.no_grad():
        for weight in critic.parameters():
            weight.add_(0.5 * torch.randn_like(weight))
    return critic


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_is_the_gradient_and_the_map_half_a_step_down_u(name: str) -> None:
    critic = build(name)
    points = torch.randn(20, critic.dim).double()
    values, slopes = critic.value_and_gradient(points)
    expected_values, expected = ConvexPotential.value_and_gradient(critic, points)
    torch.testing.assert_close(values, expected_values)
    torch.testing.assert_close(slopes, expected)
    u, gradient = critic.gradient(points)
    torch.testing.assert_close((u, gradient), Critic.gradient(critic, points))
    torch.testing.assert_close(points - gradient / 2, slopes)
    torch.testing.assert_close(values, critic.potential(points))


@settings(max_examples=30, deadline=None)
@given(name=st.sampled_from(NAMES), seed=st.integers(0, 10**6), t=st.floats(0.02, 0.98))
def test_along_random_segments_it_is_convex_and_more_so_by_alpha(name: str, seed: int, t: float) -> None:
    critic = build(name, seed)
    x, y = 3 * torch.randn(2, 64, critic.dim).double()
    with torch.no_grad():
        low, high, inner = (critic.potential(z) for z in (x, y, (1 - t) * x + t * y))
        bend = critic.alpha / 2 * t * (1 - t) * (x - y).square().sum(1)
        assert (inner <= (1 - t) * low + t * high - bend + 1e-9 * (1 + low.abs() + high.abs())).all()
        steeper = ((critic.value_and_gradient(x)[1] - critic.value_and_gradient(y)[1]) * (x - y)).sum(1)
        assert (steeper >= critic.alpha * (x - y).square().sum(1) * (1 - 1e-9)).all()


def laws(dim: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    """Samples of two distributions that are far from Gaussian."""
    source = np.random.default_rng(3)
    x = source.exponential(size=(500, dim)) @ source.normal(size=(dim, dim))
    y = source.uniform(-1, 2, size=(400, dim)) ** 3 @ source.normal(size=(dim, dim)) + 1
    return torch.from_numpy(x), torch.from_numpy(y)


def dual(critic: Quadratic, x: torch.Tensor, y: torch.Tensor) -> float:
    """W2^2's dual at this potential."""
    with torch.no_grad():
        inverse = critic.inverse(y)
        conjugate = (inverse * y).sum(1) - critic.potential(inverse)
        return float(
            (x.square().sum(1) - 2 * critic.potential(x)).mean() + (y.square().sum(1) - 2 * conjugate).mean()
        )


def fitted(form: str, x: torch.Tensor, y: torch.Tensor, **options: object) -> Quadratic:
    critic: Quadratic = (
        kinds("critic")["quadratic"](form=form, alpha=1e-6, **options).build(x.shape[1]).double()
    )
    critic.fit(Moments.of_samples(x), Moments.of_samples(y))
    return critic


def test_the_full_quadratic_gives_the_bures_distance_and_matches_moments() -> None:
    x, y = laws()
    critic = fitted("full", x, y)
    p, q = Moments.of_samples(x), Moments.of_samples(y)
    assert dual(critic, x, y) == pytest.approx(bures(p, q), rel=1e-10)
    there = Moments.of_samples(critic.value_and_gradient(x)[1].detach())
    back = Moments.of_samples(critic.inverse(y).detach())
    for moments, wanted in ((there, q), (back, p)):
        torch.testing.assert_close(moments.mean, wanted.mean, rtol=0, atol=1e-8)
        torch.testing.assert_close(moments.covariance, wanted.covariance, rtol=1e-8, atol=1e-8)


def test_bures_equals_the_formula_by_scipy() -> None:
    from scipy.linalg import sqrtm

    p, q = (Moments.of_samples(points) for points in laws())
    root = sqrtm(p.covariance.numpy())
    cross = np.real(sqrtm(root @ q.covariance.numpy() @ root))
    apart = float((p.mean - q.mean).square().sum())
    trace = float(p.covariance.trace() + q.covariance.trace())
    assert bures(p, q) == pytest.approx(apart + trace - 2 * np.trace(cross), rel=1e-10)
    moved = bures_map(p.covariance, q.covariance)
    torch.testing.assert_close(moved @ p.covariance @ moved, q.covariance)


def test_a_translation_costs_the_squared_distance_of_the_means() -> None:
    x, y = laws()
    assert dual(fitted("translation", x, y), x, y) == pytest.approx(
        float((x.mean(0) - y.mean(0)).square().sum()), rel=1e-10
    )


def test_a_larger_class_of_quadratics_is_worth_no_less() -> None:
    x, y = laws()
    forms = [
        ("translation", {}),
        ("diagonal", {}),
        *(("low-rank", {"rank": r}) for r in (1, 2, 4)),
        ("full", {}),
    ]
    values = [dual(fitted(form, x, y, **options), x, y) for form, options in forms]
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(values)), values
    assert values[2] > values[1] * 1.0001 and values[4] == pytest.approx(values[5], rel=1e-5)


def test_a_map_that_would_contract_too_much_contracts_by_alpha() -> None:
    x, _ = laws()
    critic: Quadratic = kinds("critic")["quadratic"](alpha=0.3).build(4).double()
    critic.fit(Moments.of_samples(x), Moments.of_samples(0.1 * x))
    torch.testing.assert_close(critic.form.matrix(), 0.3 * torch.eye(4).double())


def test_more_pieces_hold_fewer() -> None:
    few = build("max-affine")
    many: ConvexPotential = (
        kinds("critic")["max-affine"](alpha=0.05, pieces=18, smoothing=0.3).build(4).double()
    )
    with torch.no_grad():
        many.slopes.copy_(few.slopes.repeat(2, 1))
        many.heights.copy_(few.heights.repeat(2) - 0.3 * np.log(2))
    points = torch.randn(50, 4).double()
    torch.testing.assert_close(many.value_and_gradient(points), few.value_and_gradient(points))


def test_the_network_holds_the_quadratics_and_a_wider_one_the_narrower() -> None:
    low: Quadratic = build("low-rank")
    narrow: ConvexPotential = kinds("critic")["icnn"](alpha=0.05, width=3, rank=2).build(4).double()
    points = torch.randn(50, 4).double()
    with torch.no_grad():
        narrow.form.load_state_dict(low.form.state_dict())
        narrow.last.free.fill_(-800.0)
    torch.testing.assert_close(narrow.value_and_gradient(points), low.value_and_gradient(points))

    narrow = build("icnn")
    wide: ConvexPotential = kinds("critic")["icnn"](alpha=0.05, width=24).build(4).double()
    with torch.no_grad():
        wide.form.load_state_dict(narrow.form.state_dict())
        for a, b in zip(wide.skips, narrow.skips, strict=True):
            a.weight.copy_(b.weight.repeat(2, 1))
            a.bias.copy_(b.bias.repeat(2))
        wide.hidden[0].free.copy_(narrow.hidden[0].free.repeat(2, 2))
        wide.last.free.copy_(narrow.last.free.repeat(1, 2))
    torch.testing.assert_close(wide.value_and_gradient(points), narrow.value_and_gradient(points))


@pytest.mark.parametrize("name", ["icnn", "images"])
def test_a_network_starts_at_the_best_diagonal_quadratic_nearly(name: str) -> None:
    torch.manual_seed(0)
    kind, options = CLASSES[name]
    dim = 49 if name == "images" else 4
    critic: ConvexPotential = kinds("critic")[kind](**options).build(dim)
    critic.setup(lambda n: 1 + torch.randn(n, dim), lambda n: 3 + 2 * torch.randn(n, dim))
    moved = critic.value_and_gradient(1 + torch.randn(4096, dim))[1].detach()
    assert float((moved.mean(0) - 3).abs().max()) < 1 and float((moved.std(0) - 2).abs().max()) < 0.5


def test_max_affine_starts_as_the_map_to_the_nearest_of_samples_of_q() -> None:
    critic: ConvexPotential = kinds("critic")["max-affine"](pieces=5, alpha=1e-3, smoothing=1e-4).build(2)
    targets = torch.tensor([[0.0, 0], [4, 0], [0, 4], [-4, 0], [0, -4]])
    critic.setup(lambda n: targets[:n], lambda n: targets[:n])
    x = torch.randn(100, 2) * 3
    near = targets[torch.cdist(x, targets).argmin(1)]
    torch.testing.assert_close(critic.value_and_gradient(x)[1].detach(), near, rtol=0, atol=0.02)
