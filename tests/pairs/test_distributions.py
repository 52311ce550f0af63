"""Laws: reproducible samples where they should be, with the moments and densities they claim."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, read
from wganstudio.experiment.pairs import (
    ClassicsOptions,
    GaussiansOptions,
    MixtureOptions,
    RayMonotoneOptions,
    UniformBallsOptions,
    UniformBoxesOptions,
)
from wganstudio.pairs import distributions
from wganstudio.pairs.base import Pair, make_rng

PAIRS = {
    "gaussians": GaussiansOptions(dim=3, mean_q=(1.0, 0.0, -2.0), scale_p=(0.1, 1.0, 3.0)),
    "gaussians on the line": GaussiansOptions(dim=1),
    "boxes": UniformBoxesOptions(dim=5),
    "balls": UniformBallsOptions(dim=3, center_q=1.0),
    "annuli": UniformBallsOptions(dim=2, hole_p=0.9, hole_q=0.5),
    "annuli on the line": UniformBallsOptions(dim=1, hole_p=0.5),
    "mixture": MixtureOptions(weights_q=(1, 0, 3), scale_q=(0.1, 5.0, 0.2)),
    "ray-monotone": RayMonotoneOptions(dim=3, funnels=7),
    "ray-monotone in many dimensions": RayMonotoneOptions(dim=20, funnels=40),
    **{
        f"{p} and {q}": ClassicsOptions(p=p, q=q)
        for p, q in (("gaussian", "eight-gaussians"), ("moons", "rings"))
    },
    **{
        f"{p} and {q}": ClassicsOptions(p=p, q=q)
        for p, q in (("checkerboard", "spirals"), ("square", "moons"))
    },
}


@pytest.fixture(params=list(PAIRS))
def pair(request: pytest.FixtureRequest) -> Pair:
    made: Pair = PAIRS[request.param].build(device=torch.device("cpu"))
    return made


def test_samples_are_finite_float32_of_the_right_shape(pair: Pair) -> None:
    for distribution in (pair.p, pair.q):
        for count in (0, 1, 1000):
            x = distribution.sample(count, make_rng("cpu", 1))
            assert (x.shape, x.dtype) == ((count, pair.dim), torch.float32)
            assert torch.isfinite(x).all()


def test_the_same_seed_draws_the_same_bits_and_another_does_not(pair: Pair) -> None:
    for distribution in (pair.p, pair.q):
        once, again, other = (distribution.sample(512, make_rng("cpu", 5, k)) for k in (0, 0, 1))
        assert torch.equal(once, again)
        assert not torch.equal(once, other)


def test_samples_are_drawn_independently_of_how_often_one_asks(pair: Pair) -> None:
    source = make_rng("cpu", 3)
    first, second = (pair.p.sample(400, source) for _ in range(2))
    assert not torch.equal(first, second)
    correlation = np.corrcoef(first[:, 0].numpy(), second[:, 0].numpy())[0, 1]
    assert abs(correlation) < 5 / 400**0.5


def test_every_auto_of_the_options_is_filled_in(pair: Pair) -> None:
    left = {name for name, value in pair.options if value is None}
    assert left <= {"file"}
    rebuilt = pair.options.build(device=torch.device("cpu"))
    assert torch.equal(rebuilt.p.sample(64, make_rng("cpu", 2)), pair.p.sample(64, make_rng("cpu", 2)))


def test_the_filled_in_options_are_still_an_experiment(pair: Pair) -> None:
    assert read({"pair": pair.options.settings()}).pair == pair.options


@settings(max_examples=25, deadline=None)
@given(
    low=st.floats(-1e3, 1e3), size=st.floats(1e-3, 1e3), dim=st.integers(1, 8), seed=st.integers(0, 2**31 - 1)
)
def test_no_sample_of_a_box_lies_outside(low: float, size: float, dim: int, seed: int) -> None:
    box = distributions.Box([low] * dim, [low + size] * dim)
    x = box.sample(2000, make_rng("cpu", seed))
    assert (x >= torch.tensor(box.low, dtype=torch.float32)).all()
    assert (x <= torch.tensor(box.high, dtype=torch.float32)).all()


@settings(max_examples=25, deadline=None)
@given(
    radius=st.floats(1e-2, 1e2),
    share=st.floats(0, 0.999),
    dim=st.integers(1, 64),
    seed=st.integers(0, 2**31 - 1),
)
def test_samples_of_an_annulus_lie_between_its_radii(
    radius: float, share: float, dim: int, seed: int
) -> None:
    ball = distributions.Ball([0.0] * dim, radius, share * radius)
    distance = torch.linalg.vector_norm(ball.sample(2000, make_rng("cpu", seed)).double(), dim=1)
    assert distance.max() <= radius * (1 + 1e-5)
    assert distance.min() >= share * radius * (1 - 1e-5)


@pytest.mark.parametrize(("dim", "hole"), [(1, 0.0), (1, 0.7), (2, 0.0), (2, 0.7), (5, 0.5), (64, 0.9)])
def test_balls_are_filled_evenly(dim: int, hole: float) -> None:
    ball = distributions.Ball([3.0] * dim, 2.0, 2 * hole)
    x = ball.sample(20_000, make_rng("cpu", 7)).double() - 3.0
    part = (torch.linalg.vector_norm(x, dim=1) / 2) ** dim
    even = (part - hole**dim) / (1 - hole**dim)  # uniform on [0, 1] where the ball is filled evenly
    assert _ks(even.numpy()) < 1.95  # one in a thousand
    assert (x.mean(0).abs() < 5 * x.std(0) / len(x) ** 0.5).all()


def _ks(sample: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    """Kolmogorov's distance from U[0, 1], times the root of the count."""
    ordered, n = np.sort(sample), len(sample)
    steps = np.arange(n)
    return float(max(np.max((steps + 1) / n - ordered), np.max(ordered - steps / n)) * n**0.5)


MOMENTS: dict[
    str, tuple[distributions.Gaussian | distributions.Box | distributions.GaussianMixture, list[float]]
] = {
    "gaussian": (distributions.Gaussian([1, -2], [0.5, 3]), [0.25, 9.0]),
    "box": (distributions.Box([0, -1], [1, 5]), [1 / 12, 3.0]),
    "mixture": (
        distributions.GaussianMixture(
            np.array([[0.0, 0.0], [4.0, 1.0]]), np.array([1.0, 2.0]), np.array([3, 1])
        ),
        [3 / 4 + 1 + 16 * 3 / 16, 3 / 4 + 1 + 3 / 16],
    ),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_means_and_variances_are_those_of_the_distribution(name: str) -> None:
    distribution, variance = MOMENTS[name]
    x = distribution.sample(100_000, make_rng("cpu", 11)).double()
    error = (x.var(0) / len(x)).sqrt()
    assert (x.mean(0) - torch.tensor(distribution.mean)).abs().div(error).max() < 4.5
    assert torch.allclose(x.var(0), torch.tensor(variance, dtype=torch.float64), rtol=0.03)


@pytest.mark.parametrize(
    "law",
    [
        distributions.Gaussian([1, -2], [0.5, 3]),
        distributions.Box([0, -1], [1, 5]),
        distributions.Ball([1, 1], 2.0, 1.0),
        distributions.GaussianMixture(
            np.array([[0.0, 0.0], [2.0, 1.0]]), np.array([1.0, 0.3]), np.array([3, 1])
        ),
    ],
    ids=lambda law: type(law).__name__,
)
def test_densities_are_what_is_sampled(
    law: distributions.Gaussian | distributions.Box | distributions.Ball | distributions.GaussianMixture,
) -> None:
    x = law.sample(200_000, make_rng("cpu", 12)).double().numpy()
    ticks = np.linspace(-12, 12, 1200, endpoint=False) + 0.01
    grid = np.stack(np.meshgrid(ticks, ticks), -1).reshape(-1, 2)
    density = law.density(grid)
    assert np.sum(density) * 0.02**2 == pytest.approx(1, abs=0.002)
    for region in ((0.0, 1.0, 0.0, 1.0), (-0.5, 0.5, -0.5, 1.5)):
        inside = _within(x, region).mean()
        expected = density[_within(grid, region)].mean() * (region[1] - region[0]) * (region[3] - region[2])
        assert inside == pytest.approx(expected, abs=4 * 0.5 / len(x) ** 0.5 + 0.02 * expected)


def _within(x: Any, region: tuple[float, float, float, float]) -> Any:
    a, b, c, d = region
    return (x[:, 0] >= a) & (x[:, 0] <= b) & (x[:, 1] >= c) & (x[:, 1] <= d)


def test_components_without_weight_are_never_drawn() -> None:
    pair = MixtureOptions(means_q=((0.0, 0.0), (100.0, 0.0)), weights_q=(1, 0)).build()
    assert pair.q.sample(10_000, make_rng("cpu", 1)).max() < 50


def test_a_vector_of_one_entry_sets_the_dimension() -> None:
    assert GaussiansOptions(mean_q=(1.0,)).build().dim == 1


def test_lists_of_different_length_are_refused_by_name() -> None:
    with pytest.raises(BadExperiment, match="mean_p has 2 entries but scale_p has 3 entries"):
        read({"pair": {"kind": "gaussians", "mean_p": [0, 0], "scale_p": [1, 1, 1]}})


def test_atoms_have_no_density() -> None:
    with pytest.raises(ValueError, match="atom"):
        distributions.GaussianMixture(np.zeros((1, 2)), np.zeros(1)).density(np.zeros((1, 2)))
