"""Solvers whose gradients are written out for a perceptron: the same steps as by autograd."""

import importlib

import pytest
import torch

from wganstudio.critics.activations import ACTIVATIONS
from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import critics, kinds
from wganstudio.pairs.base import SegmentsSigma
from wganstudio.solvers import lipschitz
from wganstudio.solvers.lipschitz import OneSidedPenalty
from wganstudio.solvers.value_objective import ValueObjective

WRITTEN = ("gp", "lp", "wc", "sn", "so", "mm-b", "mm-bv2", "plain")


class Weighted(SegmentsSigma):
    """Points of sigma with weights of their own."""

    def points(self, x, y, rng):
        points, _ = super().points(x, y, rng)
        return points, torch.linspace(0.1, 2, len(points))


def trained(make, streams, kind, activation, written, sigma=None):
    torch.manual_seed(1)
    critic = MLP(critics.MLPOptions(width=16, depth=2, activation=activation), 3)
    solver = make(kind, critic)
    solver.sigma = sigma or solver.sigma
    assert solver._is_written_out
    vars(solver)["_is_written_out"] = written
    p, q = streams()
    objectives = [float(solver.step(p, q)) for _ in range(4)]
    return objectives, [weight.detach().clone() for weight in critic.parameters()]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", WRITTEN)
def test_steps_equal_those_of_autograd(kind, activation, make, streams):
    objectives, weights = trained(make, streams, kind, activation, True)
    expected, others = trained(make, streams, kind, activation, False)
    assert objectives == pytest.approx(expected, rel=1e-4, abs=1e-5)
    for one, other in zip(weights, others, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=2e-5)


def test_weights_of_the_points_of_sigma_count(make, streams):
    runs = [trained(make, streams, "lp", "elu", written, sigma=Weighted()) for written in (True, False)]
    assert runs[0][0] == pytest.approx(runs[1][0], rel=1e-4)
    for one, other in zip(runs[0][1], runs[1][1], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=2e-5)


def test_every_solver_of_values_is_compared():
    found = set()
    for kind, options in kinds("solver").items():
        module, _, name = options.implementation.partition(":")
        solver = getattr(importlib.import_module(module), name)
        if isinstance(solver, type) and issubclass(solver, ValueObjective):
            found.add(kind)
    assert found == set(WRITTEN)


class Doubled(OneSidedPenalty):
    """An objective of its own."""

    def objective(self, x, y):
        return 2 * super().objective(x, y)


class Cubed(OneSidedPenalty):
    """A penalty of its own, without its derivative."""

    def penalty_of(self, lengths):
        return self.excess(lengths) ** 3


def test_a_penalty_without_its_derivative_uses_autograd(make, streams, monkeypatch):
    assert make("lp")._is_written_out
    monkeypatch.setattr(lipschitz, "OneSidedPenalty", Cubed)
    assert not make("lp")._is_written_out
    make("lp").step(*streams())


def test_an_objective_of_its_own_and_other_critics_use_autograd(make, streams, monkeypatch):
    assert not make("lp", critics.ResidualOptions(width=16).build(3))._is_written_out
    frozen = MLP(critics.MLPOptions(width=16), 3)
    frozen.last.bias.requires_grad_(False)
    assert not make("lp", frozen)._is_written_out
    plain = float(make("lp").step(*streams()))
    monkeypatch.setattr(lipschitz, "OneSidedPenalty", Doubled)
    doubled = make("lp")
    assert not doubled._is_written_out
    assert float(doubled.step(*streams())) == pytest.approx(2 * plain, rel=1e-5)
