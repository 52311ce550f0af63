"""Descent of samples down W1 potentials, against what one step leaves over in closed form."""

import math

import pytest
import torch
from scipy import integrate, stats
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import read
from wganstudio.pairs.base import make_rng
from wganstudio.truths.critic_descent import all_points, descend, reference_level
from wganstudio.truths.samples import sample_draws

SURE = 4
"""Standard errors within which a mean over samples must be."""


class AlongAxis(Critic):
    """u(x) = -slope x_1: mass moves to the right."""

    def __init__(self, slope: float = 1.0) -> None:
        super().__init__()
        self.slope = slope

    def forward(self, points: Tensor) -> Tensor:
        return -self.slope * points[:, 0]


class Outwards(Critic):
    """u(x) = -|x|: mass moves away from the center."""

    def forward(self, points: Tensor) -> Tensor:
        return -torch.linalg.vector_norm(points, dim=1)


class Boxes:
    """A uniform distribution on [low, high]."""

    dim = 1

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        return self.low + (self.high - self.low) * torch.rand((count, 1), generator=rng)


def draws_of(p, q, samples=128):
    return list(sample_draws(p, q, samples, 4, make_rng("cpu", 3)))


def gaussians(dim, **settings):
    pair = read({"pair": {"kind": "gaussians", "dim": dim} | settings}).build_pair()
    return draws_of(pair.p, pair.q)


def is_between(bounds, cost):
    """Return True if a cost lies between bounds in expectation, as far as their standard errors tell."""
    low, high = bounds.lower - SURE * bounds.lower_se, bounds.upper + SURE * bounds.upper_se
    return low <= cost <= high


@pytest.mark.parametrize("dim", [1, 2, 8])
def test_one_step_of_a_translations_potential_leaves_nothing_over(dim):
    draws = gaussians(dim, mean_q=[2.0] + [0.0] * (dim - 1), scale_q=1.0)
    descent, level = descend(AlongAxis(), draws, 2.0, 1), reference_level(draws)
    moved = descent.points[1] - descent.points[0]
    torch.testing.assert_close(moved, torch.tensor([2.0] + [0.0] * (dim - 1)).expand(moved.shape).double())
    before, left = descent.bounds
    assert is_between(before, 2.0) and before.lower > (1.5 if dim < 8 else 0.8)
    assert is_between(left, 0.0) and abs(left.lower) < SURE * left.lower_se
    scatter = SURE * math.hypot(left.upper_se, level.standard_error)
    assert abs(left.upper - level.mean) < scatter
    assert abs(descent.gaps[1]) < 0.2 and descent.mean_norms == pytest.approx((1.0, 1.0))


def test_a_step_shorter_than_every_ray_leaves_exactly_the_rest_over():
    descent = descend(AlongAxis(), draws_of(Boxes(0, 1), Boxes(2, 4)), 1.5, 1)  # rays of length 2 to 3
    assert is_between(descent.bounds[0], 2.5) and is_between(descent.bounds[1], 1.0)
    assert descent.bounds[1].upper - descent.bounds[1].lower < 0.2


def test_on_the_line_one_step_leaves_the_mean_absolute_deviation_of_the_rays_over():
    draws = draws_of(Boxes(0, 1), Boxes(2, 4), 256)
    descent = descend(AlongAxis(), draws, 2.5, 1)  # rays of length 2 + x, deviation 1 / 4
    assert is_between(descent.bounds[1], 0.25)
    assert descent.bounds[1].lower > 0.15 and descent.bounds[1].upper < 0.35


def test_of_a_radial_pair_one_step_leaves_that_of_the_radius_over():
    mean = stats.chi.mean(2)  # the rays have the length of the radius
    deviation, _ = integrate.quad(lambda r: abs(r - mean) * stats.chi.pdf(r, 2), 0, math.inf)
    descent = descend(Outwards(), gaussians(2, scale_q=2.0), mean, 1)
    assert is_between(descent.bounds[0], mean) and is_between(descent.bounds[1], deviation)
    assert (descent.bounds[1].lower + descent.bounds[1].upper) / 2 == pytest.approx(deviation, rel=0.2)


def test_further_steps_stop_where_the_critic_sees_no_difference():
    """After an overshoot W1 is left over, but the gap of the potential is 0."""
    draws = draws_of(Boxes(0, 1), Boxes(2, 4))
    descent = descend(AlongAxis(), draws, 2.5, 3)
    assert descent.bounds[1].lower > 0.1
    assert all(length < 0.1 for length in descent.lengths[1:])
    in_two = descend(AlongAxis(), draws, 1.25, 2)
    assert in_two.lengths[1] == pytest.approx(min(in_two.bounds[1].lower, in_two.gaps[1]))
    assert in_two.lengths[1] == pytest.approx(1.25, abs=0.15)


def test_the_scale_of_a_critic_does_not_matter_and_a_flat_one_moves_nothing():
    draws = gaussians(2, mean_q=[2.0, 0.0], scale_q=1.0)
    one, three = (descend(AlongAxis(slope), draws, None, 1) for slope in (1.0, 3.0))
    assert one.lengths == (one.bounds[0].lower,) == three.lengths
    torch.testing.assert_close(one.points[1], three.points[1])
    flat = descend(AlongAxis(0.0), draws, 2.0, 2)
    assert flat.lengths == (0.0, 0.0)
    torch.testing.assert_close(flat.points[2], all_points(draws))
