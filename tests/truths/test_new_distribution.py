"""A new distribution is one class: its truths follow from the methods that it implements."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from wganstudio.experiment.truths import BestAvailableOptions
from wganstudio.pairs.base import Distribution, KnownCost, LocationShape, Pair, make_rng
from wganstudio.pairs.distributions import Box
from wganstudio.pairs.line_pieces import LinePiece
from wganstudio.pairs.perturbations import NoisyDistribution
from wganstudio.truths.line import line_flow

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TriangularPiece(LinePiece):
    """The symmetric triangular distribution on [center - width, center + width]."""

    weight: float
    center: float
    width: float

    def cdf(self, x: Floats) -> Floats:
        z = np.clip((x - self.center) / self.width, -1.0, 1.0)
        return np.where(z < 0, (1 + z) ** 2 / 2, 1 - (1 - z) ** 2 / 2)

    def survival(self, x: Floats) -> Floats:
        return self.cdf(2 * self.center - x)

    def breakpoints(self) -> list[float]:
        return [self.center - self.width, self.center, self.center + self.width]


class Triangular(Distribution):
    """The sum of two uniform variables: defined here alone, with a few of the optional methods."""

    dim = 1

    def __init__(self, center: float, width: float) -> None:
        self.center, self.width = center, width

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        unit = torch.rand(2, count, 1, generator=rng, device=rng.device)
        return self.center + self.width * (unit[0] + unit[1] - 1)

    def support_box(self, tail: float) -> tuple[Floats, Floats]:
        return np.array([self.center - self.width]), np.array([self.center + self.width])

    def pieces_on_line(self) -> list[LinePiece]:
        return [TriangularPiece(1.0, self.center, self.width)]


class ShiftedTriangular(Triangular):
    """The same with one more method."""

    def location_shape(self) -> LocationShape:
        return LocationShape("triangular", np.array([self.center]), (np.array([self.width]),))


class KnownTriangular(Triangular):
    """The same with a formula of W1 for two with one center."""

    def w1_to(self, other: Distribution) -> KnownCost | None:
        if not isinstance(other, KnownTriangular) or other.center != self.center:
            return None
        return KnownCost(abs(self.width - other.width) / 3, 1e-15, "a third of the difference of the widths")


def pair(p: Distribution, q: Distribution) -> Pair:
    built = Pair()
    built.p, built.q = p, q
    return built


def test_its_pieces_give_w1_on_the_line() -> None:
    costs = line_flow(Triangular(0.0, 1.0), Triangular(0.0, 3.0))
    assert costs is not None and costs.congestion_cost is None
    assert costs.w1 == pytest.approx(2 / 3, abs=1e-11)  # E|x| = width / 3
    mixed = line_flow(Triangular(0.5, 0.5), Box([0], [1]))
    assert mixed is not None and mixed.w1 == pytest.approx(1 / 12, abs=1e-11)


def test_the_best_truth_uses_whatever_is_known() -> None:
    options = BestAvailableOptions(samples=128, repeats=3).build()
    (w1,) = options.truths(pair(Triangular(0.0, 1.0), Triangular(1.0, 2.0)), 1.0)
    assert w1.quantity == "w1" and "closed form, the flow on the line" in w1.method
    assert w1.lower <= 1 <= w1.upper  # one function lies above the other: the distance of the means
    (shift,) = options.truths(pair(ShiftedTriangular(0.0, 1.0), ShiftedTriangular(2.5, 1.0)), 1.0)
    assert shift.value == 2.5 and "translation" in shift.method


def test_a_formula_comes_before_quadrature_where_it_applies() -> None:
    options = BestAvailableOptions(samples=128, repeats=3).build()
    (w1,) = options.truths(pair(KnownTriangular(0.0, 1.0), KnownTriangular(0.0, 4.0)), 1.0)
    assert w1.method == "closed form: a third of the difference of the widths"
    assert w1.lower <= 1 <= w1.upper and w1.upper - w1.lower < 1e-11
    (other,) = options.truths(pair(KnownTriangular(0.0, 1.0), KnownTriangular(0.5, 4.0)), 1.0)
    assert "quadrature" in other.method


def test_without_such_a_method_the_bounds_come_from_samples() -> None:
    noisy = NoisyDistribution(Triangular(0.0, 1.0), 0.1)
    options = BestAvailableOptions(samples=128, repeats=3).build()
    (w1,) = options.truths(pair(noisy, Triangular(1.0, 1.0)), None)
    assert "128 samples" in w1.method and w1.lower <= 1.05 and w1.upper >= 0.95


def test_a_wrapper_delegates_to_it() -> None:
    noisy = NoisyDistribution(Triangular(0.0, 1.0), 0.1)
    corners = noisy.support_box(4.0)
    assert corners is not None
    assert corners[0] == pytest.approx([-1.4]) and corners[1] == pytest.approx([1.4])
    samples = noisy.sample(1000, make_rng("cpu", 0)).numpy()
    assert (samples > corners[0]).all() and (samples < corners[1]).all()


def test_nothing_is_known_of_a_distribution_by_default() -> None:
    class Bare(Distribution):
        dim = 2

    bare, grid, box = Bare(), np.linspace(0, 1, 3), np.ones(2)
    assert bare.density(np.zeros((1, 2))) is None and bare.density_grid(grid, grid) is None
    assert bare.support_box(1.0) is None and bare.tail_moments(-box, box) is None
    assert bare.hat_masses(grid, grid) is None and bare.project(box, np.eye(2)) is None
    assert bare.pieces_on_line() is None and bare.coordinate_pieces() is None
    assert bare.radial_profile() is None and bare.interpolant_to(bare) is None
    assert bare.atoms() is None and bare.known_plan() is None and bare.location_shape() is None
    assert bare.w1_to(bare) is None
    assert bare.gaussian_moments() is None and not bare.has_point_masses
