"""The McShane extension of a discrete potential: values, Lipschitz constant and gradient."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.critics.lipschitz_extension import LipschitzExtension
from wganstudio.ot.distances import distances, unit_vectors
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import make_rng


def points(count: int, dim: int, *seed: int) -> torch.Tensor:
    return torch.randn(count, dim, generator=make_rng("cpu", *seed), dtype=torch.float64)


def extended(x: torch.Tensor, y: torch.Tensor) -> tuple[LipschitzExtension, float]:
    cost, f, g, _ = exact_transport(distances(x, y).numpy())
    return LipschitzExtension(x, y, torch.from_numpy(f), torch.from_numpy(g)), cost


@settings(max_examples=10, deadline=None)
@given(count=st.integers(2, 60), dim=st.integers(1, 12), seed=st.integers(0, 2**31 - 1))
def test_it_is_lipschitz_and_keeps_its_values(count: int, dim: int, seed: int) -> None:
    x, y = points(count, dim, seed, 1), 0.5 + 2 * points(count, dim, seed, 2)
    u, cost = extended(x, y)
    torch.testing.assert_close(u(x), u.f, rtol=0, atol=1e-6)
    torch.testing.assert_close(u(y), -u.g, rtol=0, atol=1e-6)
    z = 3 * points(200, dim, seed, 3)
    rise = (u(z)[:, None] - u(z)).abs()
    assert (rise <= torch.cdist(z, z, compute_mode="donot_use_mm_for_euclid_dist") + 1e-6).all()
    assert float(u(x).mean() - u(y).mean()) == pytest.approx(cost, abs=1e-6)


@pytest.mark.parametrize("dim", [2, 12])
def test_its_gradient_is_that_of_finite_differences(dim: int) -> None:
    u, _ = extended(points(40, dim, 1), 1 + points(40, dim, 2))
    z = 2 * points(300, dim, 3)
    _, gradient = u.gradient(z)
    steps = 1e-6 * torch.eye(dim, dtype=torch.float64)
    differences = torch.stack([(u(z + step) - u(z - step)) / 2e-6 for step in steps], dim=1)
    close = (gradient - differences).abs().amax(1) < 1e-3
    assert float(close.double().mean()) > 0.99, "all but points next to a kink"
    assert float(gradient.norm(dim=1).max()) <= 1 + 1e-9


def test_it_answers_in_the_precision_it_is_asked_in() -> None:
    u, _ = extended(points(10, 3, 1), points(10, 3, 2))
    values, gradients = u.gradient(points(5, 3, 3).float())
    assert values.dtype == gradients.dtype == torch.float32


def test_the_unit_vector_of_0_is_0() -> None:
    assert unit_vectors(torch.tensor([[0.0, 0.0], [3.0, 4.0]])).flatten().tolist() == pytest.approx(
        [0, 0, 0.6, 0.8]
    )


def test_distances_in_many_dimensions_are_those_by_differences() -> None:
    x, y = points(200, 40, 1), points(100, 40, 2)
    y[0] = x[0]
    assert torch.allclose(distances(x, y), torch.linalg.vector_norm(x[:, None] - y, dim=2), atol=1e-6)
