"""Gradient norms of critics against known slopes and against certified bounds."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import read
from wganstudio.pairs.base import Pair, Sampler, SegmentsSigma, make_rng
from wganstudio.training.gradient_norms import EDGES, GradientNormProbe
from wganstudio.training.probe_samples import SAMPLES, probe_samples

CPU = torch.device("cpu")


class Radial(Critic):
    """u(x) = |x|^2 / 2: |grad u| = |x|."""

    def forward(self, points: Tensor) -> Tensor:
        return points.square().sum(1) / 2


class Linear(Critic):
    """u(x) = slope x_1."""

    def __init__(self, slope: float, shift: float = 0.0) -> None:
        super().__init__()
        self.slope, self.shift = slope, shift

    def forward(self, points: Tensor) -> Tensor:
        return self.slope * points[:, 0] + self.shift


def gauge(pair: Pair, seed: int = 1, count: int = 2048) -> GradientNormProbe:
    p, q = (Sampler(distribution, make_rng(CPU, seed, k)) for k, distribution in enumerate((pair.p, pair.q)))
    return GradientNormProbe(probe_samples(p, q, pair.sigma, make_rng(CPU, seed, 2), count))


def build(**pair: object) -> Pair:
    made: Pair = read({"pair": pair}).build_pair()
    return made


def test_the_shares_are_those_of_the_distributions() -> None:
    arrays, known = gauge(build(kind="gaussians", dim=2, scale_q=2.0)).measure(Radial())
    assert all(
        arrays[distribution].sum() == pytest.approx(1, abs=1e-6) for distribution in ("p", "q", "sigma")
    )
    for distribution, scale in (("p", 1.0), ("q", 2.0)):
        below = 1 - np.exp(-0.5 * (EDGES / scale) ** 2)  # cdf of |x| for N(0, scale^2 I) in the plane
        assert np.abs(np.cumsum(arrays[distribution]) - below[1:]).max() < 1.95 / np.sqrt(
            2048
        )  # Kolmogorov, 0.1 %
    middle = np.cumsum(arrays["sigma"])
    assert (middle >= np.cumsum(arrays["q"]) - 0.03).all()
    assert 5 < known.largest_slope < 12 and known.certified is None
    assert known.empirical <= known.largest_slope


@pytest.mark.parametrize("slope", [1.0, 0.3, 7.0])
def test_a_linear_critic_has_one_slope_and_its_constant_is_found(slope: float) -> None:
    arrays, known = gauge(build(kind="gaussians", dim=2)).measure(Linear(slope, shift=30.0))
    at = int(np.searchsorted(EDGES, slope)) - 1
    assert all(arrays[distribution][at] == pytest.approx(1) for distribution in ("p", "q", "sigma"))
    assert known.largest_slope == pytest.approx(slope)
    assert 0.999 * slope < known.empirical <= slope


def test_one_lies_in_the_middle_of_a_bin_and_no_slope_in_none() -> None:
    at = int(np.searchsorted(EDGES, 1.0)) - 1
    assert (1 - EDGES[at]) == pytest.approx(EDGES[at + 1] - 1, rel=0.02)
    assert EDGES[0] == 0 and EDGES[-1] == np.inf and (np.diff(EDGES) > 0).all()
    arrays, _ = gauge(build(kind="gaussians", dim=2), count=64).measure(Linear(1e6))
    assert arrays["p"][-1] == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 20), st.sampled_from(["funnel", "sll"]))
def test_no_lower_bound_exceeds_what_the_architecture_certifies(seed: int, dim: int, kind: str) -> None:
    experiment = read({"pair": {"kind": "ray-monotone", "dim": dim}, "critic": {"kind": kind}})
    pair = experiment.build_pair()
    torch.manual_seed(seed)
    critic = experiment.critic.build(dim)
    streams = [
        Sampler(distribution, make_rng(CPU, seed, k)) for k, distribution in enumerate((pair.p, pair.q))
    ]
    critic.setup(*streams)
    _, known = gauge(pair, seed, 256).measure(critic)
    assert known.certified == 1
    assert known.empirical <= 1 + 1e-5 and known.largest_slope <= 1 + 1e-5


def test_points_that_nearly_meet_make_no_slope_of_rounding() -> None:
    """P is Q but for 1e-6: rounding alone tells u apart, which divided by 1e-6 would be a slope of 60."""

    def distribution(shift: float) -> object:
        points = torch.randn((512, 2), generator=make_rng(CPU, 3)) + shift
        return lambda _: points

    samples = probe_samples(distribution(0.0), distribution(1e-6), SegmentsSigma(), make_rng(CPU, 4), 512)
    result = GradientNormProbe(samples)
    _, known = result.measure(Linear(0.5, shift=1000.0))
    assert known.empirical <= 0.5


def test_weights_of_sigma_count() -> None:
    class Weighed(SegmentsSigma):
        def points(self, x: Tensor, y: Tensor, make_rng: torch.Generator) -> tuple[Tensor, Tensor]:
            points, _ = super().points(x, y, make_rng)
            return points, (points[:, 0] > 0).float() * 2

    pair = build(kind="gaussians", dim=2)
    plain, _ = gauge(pair).measure(Radial())
    pair.sigma = Weighed()
    weighed, _ = gauge(pair).measure(Radial())
    assert weighed["sigma"].sum() == pytest.approx(1, abs=1e-6)
    assert np.array_equal(weighed["p"], plain["p"]) and not np.array_equal(weighed["sigma"], plain["sigma"])


def test_reading_twice_reads_the_same_and_moves_no_random_generator() -> None:
    result = gauge(build(kind="gaussians", dim=2))
    before = torch.random.get_rng_state()
    once, again = result.measure(Radial()), result.measure(Radial())
    assert once[1] == again[1] and all(np.array_equal(once[0][k], again[0][k]) for k in once[0])
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_samples_are_few_enough_to_look_at_live() -> None:
    seen: list[int] = []

    def distribution(count: int) -> Tensor:
        seen.append(count)
        return torch.zeros(count, 2)

    probe_samples(distribution, distribution, SegmentsSigma(), make_rng(CPU, 1), 1 << 20)
    assert set(seen) == {SAMPLES}
