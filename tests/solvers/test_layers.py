"""SN divides by the operator norm, SO preserves lengths; the critic holds the constrained weights."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.critics.perceptron import MLP
from wganstudio.experiment import critics, kinds
from wganstudio.pairs.base import make_rng
from wganstudio.solvers.base import Solver, SolverContext

Make = Streams = Callable[..., Any]


def weights(solver: Solver) -> list[torch.Tensor]:
    return [w.detach().double() for w in solver.critic.parameters() if w.ndim > 1]


def norms(solver: Solver) -> list[float]:
    return [float(torch.linalg.svdvals(w)[0]) for w in weights(solver)]


def test_spectral_normalization_holds_every_operator_norm_at_1(make: Make, streams: Streams) -> None:
    solver = make("sn", learning_rate=1e-2, power_iterations=100)
    p, q = streams()
    for _ in range(30):
        solver.step(p, q)
        assert norms(solver) == pytest.approx([1.0] * 3, abs=1e-3)


def test_its_weights_are_the_free_ones_divided_by_their_norm(make: Make, streams: Streams) -> None:
    solver = make("sn", learning_rate=1e-2, power_iterations=100)
    solver.step(*streams())
    for held, weight in zip(solver._holders.values(), weights(solver), strict=True):  # type: ignore[attr-defined]
        free = held.parametrizations.weight.original.detach().double()
        torch.testing.assert_close(weight, free / torch.linalg.matrix_norm(free, 2), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("differentiate", [False, True])
def test_the_norm_is_a_constant_or_differentiated(differentiate: bool, make: Make, streams: Streams) -> None:
    solver = make("sn", power_iterations=100, differentiate_norm=differentiate, learning_rate=1e-9)
    p, q = streams()
    solver.step(p, q)
    (held, *_), x, y = solver._holders.values(), p(64), q(64)
    free = held.parametrizations.weight.original
    start = free.detach().double()
    solver.step(lambda count: x, lambda count: y)
    assert free.grad is not None
    norm = torch.linalg.matrix_norm(start, 2)

    def gap(matrix: torch.Tensor) -> torch.Tensor:
        divisor = torch.linalg.matrix_norm(matrix, 2) if differentiate else norm
        with torch.no_grad():
            solver.critic.hidden[0].weight.copy_(matrix / divisor)
            return (solver.critic(x).mean() - solver.critic(y).mean()).double()

    direction = free.grad.double() / free.grad.double().norm()
    slope = (gap(start + 1e-3 * direction) - gap(start - 1e-3 * direction)) / 2e-3
    assert slope.item() == pytest.approx(free.grad.norm().item(), rel=2e-2)
    along = abs((free.grad.double() * start).sum().item()) / (free.grad.norm() * start.norm()).item()
    assert (along < 1e-3) == differentiate, "a differentiated norm leaves no gradient along the matrix"


def test_so_keeps_every_weight_orthogonal(make: Make, streams: Streams) -> None:
    solver = make("so", learning_rate=1e-2)
    p, q = streams()
    before = weights(solver)
    for _ in range(30):
        solver.step(p, q)
    for old, weight in zip(before, weights(solver), strict=True):
        small = weight if len(weight) <= weight.shape[1] else weight.T
        torch.testing.assert_close(
            small @ small.T, torch.eye(len(small), dtype=torch.float64), rtol=0, atol=1e-5
        )
        assert float((old - weight).abs().max()) > 1e-2, "it moved"


@settings(max_examples=15, deadline=None)
@given(
    dim=st.integers(1, 9),
    width=st.integers(1, 24),
    depth=st.integers(1, 4),
    seed=st.integers(0, 2**31 - 1),
    activation=st.sampled_from(["full-sort", "relu", "elu", "tanh"]),
)
def test_so_makes_a_1_lipschitz_critic(dim: int, width: int, depth: int, seed: int, activation: str) -> None:
    torch.manual_seed(seed)
    critic = MLP(critics.MLPOptions(width=width, depth=depth, activation=activation), dim)
    solver = kinds("solver")["so"]().build(SolverContext(critic, 1, 1, make_rng("cpu", seed)))
    x, y = 5 * torch.randn(2, 300, dim, generator=make_rng("cpu", seed)).double()
    u = solver.critic.double()
    with torch.no_grad():
        rise = (u(x) - u(y)).abs() / torch.linalg.vector_norm(x - y, dim=1)
    assert float(rise.max()) <= 1 + 1e-5
    assert 0.999 < (u.lipschitz() or 0.0) < 1 + 1e-5


@pytest.mark.parametrize("kind", ["sn", "so"])
def test_the_objective_is_the_gap_of_the_critic_that_is_looked_at(
    kind: str, make: Make, streams: Streams
) -> None:
    solver = make(kind, learning_rate=1e-2)
    p, q = streams()
    for _ in range(3):
        solver.step(p, q)
    x, y = p(64), q(64)
    with torch.no_grad():
        expected = solver.critic(x).mean() - solver.critic(y).mean()
    objective = solver.step(lambda count: x, lambda count: y)  # type: ignore[arg-type]
    assert float(objective) == pytest.approx(float(expected), abs=1e-6)


def test_looking_does_not_turn_the_power_iteration(make: Make, streams: Streams) -> None:
    plain, looked = make("sn"), make("sn")
    (p, q), (r, s) = streams(), streams()
    for _ in range(5):
        plain.step(p, q)
        looked.step(r, s)
        looked.critic.gradient(torch.randn(10, 3))
        looked.critic.lipschitz()
    assert all(torch.equal(a, b) for a, b in zip(weights(plain), weights(looked), strict=True))
