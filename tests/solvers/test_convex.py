"""W2 by potentials: values, certificates, maps and the gradient that moves a generator."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from wganstudio.experiment import BadExperiment, kinds, read
from wganstudio.ot.exact import exact_transport
from wganstudio.ot.gaussian import Moments, entropic_bures
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.pairs.distributions import Gaussian
from wganstudio.solvers.base import Solver, SolverContext


def bures(p: Moments, q: Moments) -> float:
    """Squared W2 of Gaussians with these moments, in closed form."""
    one, other = ((distribution.mean.numpy(), distribution.covariance.numpy()) for distribution in (p, q))
    return entropic_bures(one, other, 0.0)


FAMILY = ["convex", "w2-pair", "w2-cycle", "w2-mm"]


class Still:
    """A stream that gives its points in turn, again and again."""

    def __init__(self, points: Tensor) -> None:
        self.points, self.at = points, 0

    def __call__(self, count: int) -> Tensor:
        rows = torch.arange(self.at, self.at + count) % len(self.points)
        self.at = int(rows[-1] + 1) % len(self.points)
        return self.points[rows]


def points(n: int = 512, dim: int = 3) -> tuple[Tensor, Tensor]:
    """Samples of two distributions that are far from Gaussian."""
    source = np.random.default_rng(3)
    x = source.exponential(size=(n, dim)) @ source.normal(size=(dim, dim))
    y = source.uniform(-1, 2, size=(n, dim)) ** 3 @ source.normal(size=(dim, dim)) + 1
    return torch.from_numpy(x), torch.from_numpy(y)


def solved(
    x: Tensor,
    y: Tensor,
    steps: int,
    kind: str = "convex",
    critic: tuple[str, dict[str, Any]] = ("quadratic", {}),
    batch: int = 512,
    **options: Any,
) -> Solver:
    """A solver in double precision after so many steps on the same points."""
    torch.manual_seed(0)
    name, settings = critic
    network = kinds("critic")[name](**settings).build(x.shape[1]).to(x.dtype)
    solver: Solver = kinds("solver")[kind](**options).build(
        SolverContext(network, steps, batch, make_rng("cpu", 3))
    )
    for own in ("second", "mover"):
        if hasattr(solver, own):
            getattr(solver, own).to(x.dtype)
    p, q = Still(x), Still(y)
    solver.setup(p, q)  # type: ignore[arg-type]
    for _ in range(steps):
        solver.step(p, q)  # type: ignore[arg-type]
    return solver


def value(solver: Solver, x: Tensor, y: Tensor) -> dict[str, float]:
    estimates = solver.cost(Still(x), Still(y), len(x))  # type: ignore[arg-type]
    assert estimates is not None
    return estimates


def discrete(x: Tensor, y: Tensor) -> float:
    return exact_transport(torch.cdist(x, y).square().numpy()).cost


def test_the_quadratic_class_costs_the_bures_distance_and_matches_moments() -> None:
    x, y = points()
    solver = solved(x, y, 1, critic=("quadratic", {"alpha": 1e-4}))
    estimates = value(solver, x, y)
    p, q = Moments.of_samples(x), Moments.of_samples(y)
    assert estimates["gap"] == pytest.approx(bures(p, q), rel=1e-6)
    assert estimates["converged"] == 1 and estimates["gap_lower"] == pytest.approx(estimates["gap"], rel=1e-9)
    for moved, wanted in ((solver.to_q(x), q), (solver.to_p(y), p)):
        assert moved is not None
        there = Moments.of_samples(moved)
        torch.testing.assert_close(there.mean, wanted.mean, rtol=0, atol=1e-6)
        torch.testing.assert_close(there.covariance, wanted.covariance, rtol=0, atol=1e-6)


@pytest.mark.parametrize("form", ["diagonal", "low-rank", "full"])
def test_a_coordinate_that_never_varies_costs_what_it_should_in_float32(form: str) -> None:
    """The corners of digits; another sample's other corners must not be stretched beyond all numbers."""
    x, y = (torch.cat([part, torch.full((512, 1), 3.0)], 1).float() for part in points())
    x[0, -1], y[:, -1] = 3.0 + 1e-6, y[:, -1] + 0.1 * torch.randn(512, generator=make_rng("cpu", 5))
    solver = solved(x, y, 1, critic=("quadratic", {"form": form}))
    estimates = value(solver, x, y)
    assert estimates["converged"] == 1 and estimates["gap"] <= discrete(x, y)
    if form == "full":
        assert estimates["gap"] == pytest.approx(
            bures(Moments.of_samples(x), Moments.of_samples(y)), rel=1e-3
        )


def test_by_adam_it_comes_to_the_same() -> None:
    x, y = points()
    solver = solved(x, y, 400, quadratic="adam", learning_rate=5e-2, critic=("quadratic", {"alpha": 1e-3}))
    assert value(solver, x, y)["gap"] == pytest.approx(
        bures(Moments.of_samples(x), Moments.of_samples(y)), rel=2e-3
    )


def test_the_moments_are_those_of_all_batches_and_of_q_since_it_moved() -> None:
    x, y = points()
    solver = solved(x, y, 4, batch=128)
    one = value(solver, x, y)["gap"]
    assert one == pytest.approx(bures(Moments.of_samples(x), Moments.of_samples(y)), rel=1e-6)
    solver.on_q_changed()
    p, q = Still(x), Still(y + 1)
    for _ in range(4):
        solver.step(p, q)  # type: ignore[arg-type]
    moved = Moments.of_samples(y + 1)
    assert solver._moments_q.count == 512  # type: ignore[attr-defined]
    torch.testing.assert_close(solver._moments_q.moments, moved)  # type: ignore[attr-defined]


def test_a_translation_costs_the_squared_distance_of_the_means() -> None:
    x, y = points()
    solver = solved(x, y, 1, critic=("quadratic", {"form": "translation"}))
    expected = float((x.mean(0) - y.mean(0)).square().sum())
    assert value(solver, x, y)["gap"] == pytest.approx(expected, rel=1e-6)


def test_values_do_not_fall_over_nested_classes_and_stay_below_the_exact_cost() -> None:
    x, y = points(256)
    classes = [
        ("quadratic", {"form": "translation"}),
        ("quadratic", {"form": "diagonal"}),
        ("quadratic", {"form": "low-rank", "rank": 1}),
        ("quadratic", {}),
        ("icnn", {"rank": 3, "width": 32}),
    ]
    estimates = []
    for critic in classes:
        steps, rate = (300, 1e-2) if critic[0] == "icnn" else (1, 1e-3)
        estimates.append(value(solved(x, y, steps, critic=critic, batch=256, learning_rate=rate), x, y))
    assert all(a["gap"] <= b["gap"] + 1e-6 for a, b in itertools.pairwise(estimates)), estimates
    most = discrete(x, y)
    assert (
        all(each["gap_lower"] <= most + 1e-9 for each in estimates) and estimates[-1]["gap"] <= most * 1.001
    )


def test_more_pieces_are_worth_no_less() -> None:
    x, y = torch.randn(200, 2).double(), torch.rand(200, 2).double() * 4 + 1
    estimates = []
    for pieces in (2, 8, 32):
        critic = ("max-affine", {"pieces": pieces, "alpha": 0.3, "smoothing": 0.1})
        solver = solved(x, y, 80, critic=critic, batch=200, learning_rate=5e-2, tolerance=1e-3)
        estimates.append(value(solver, x, y)["gap_lower"])
    assert estimates[0] < estimates[1] < estimates[2] <= discrete(x, y), estimates


def test_a_loose_conjugate_is_reported_and_its_interval_contains_the_true_dual() -> None:
    x, y = points(256)
    network = ("icnn", {"width": 32, "alpha": 0.1})
    loose = solved(x, y, 30, critic=network, batch=256, conjugate="l-bfgs", learning_rate=1e-2)
    tight = value(loose, x, y)
    assert tight["converged"] == 1 and tight["gap"] - tight["gap_lower"] < 1e-4 * tight["gap"]
    for iterations in (0, 1, 2):
        loose.options = loose.options.model_copy(update={"max_iterations": iterations})
        estimates = value(loose, x, y)
        assert (
            estimates["converged"] < 0.9
            and estimates["conjugate_residual"] > 100 * tight["conjugate_residual"]
        )
        assert estimates["gap_lower"] <= tight["gap_lower"] + 1e-6 and tight["gap"] <= estimates["gap"] + 1e-6


@pytest.mark.parametrize("kind", FAMILY)
def test_gaussians_give_their_cost_and_both_maps(kind: str) -> None:
    p, q = Gaussian([0.0, 0.0], [1.0, 1.0]), Gaussian([2.0, 0.0], [0.5, 1.5])
    true = 4 + 0.25 + 0.25
    torch.manual_seed(0)
    choice = {"mover_width": 32} if kind == "w2-mm" else {}
    network = (
        kinds("critic")["mlp"](width=32, activation="celu")
        if kind == "w2-mm"
        else kinds("critic")["icnn"](width=16)
    )
    solver = kinds("solver")[kind](learning_rate=1e-2, **choice).build(
        SolverContext(network.build(2), 150, 128, make_rng("cpu", 3))
    )
    streams = Sampler(p, make_rng("cpu", 1)), Sampler(q, make_rng("cpu", 2))
    solver.setup(*streams)
    for _ in range(150):
        solver.step(*streams)
    estimates = solver.cost(*streams, 20_000)
    assert estimates["gap"] == pytest.approx(true, rel=0.08, abs=4 * estimates["gap_se"])
    x = streams[0](2000)
    y = x * torch.tensor([0.5, 1.5]) + torch.tensor([2.0, 0.0])
    for moved, wanted in ((solver.to_q(x), y), (solver.to_p(y), x)):
        assert float((moved - wanted).square().sum(1).mean()) < 0.15


@pytest.mark.parametrize(
    "critic", [("quadratic", {}), ("icnn", {"width": 16}), ("max-affine", {"pieces": 16, "alpha": 0.1})]
)
def test_the_generators_gradient_is_that_of_the_cost_with_the_potential_held(
    critic: tuple[str, dict[str, Any]],
) -> None:
    x, y = points(64)
    solver = solved(x, y, 20, critic=critic, batch=64, tolerance=1e-10, conjugate="newton")
    slopes = solver.cost_gradient(y) / len(y)
    step, toward = 1e-5, torch.randn(y.shape, generator=make_rng("cpu", 1)).double()
    up, down = (value(solver, x, y + sign * step * toward)["gap"] for sign in (1, -1))
    assert float((slopes * toward).sum()) == pytest.approx((up - down) / (2 * step), rel=1e-5)


def test_the_envelope_gradient_is_that_of_the_value_in_the_weights() -> None:
    x, y = points(64)
    solver = solved(x, y, 5, critic=("icnn", {"width": 8}), batch=64, tolerance=1e-10, conjugate="newton")
    weights = list(solver.critic.parameters())
    slopes = torch.autograd.grad(solver.objective(x, y), weights)  # type: ignore[attr-defined]
    directions = [torch.randn_like(weight) for weight in weights]
    expected = sum(float((a * b).sum()) for a, b in zip(slopes, directions, strict=True))

    def shifted(step: float) -> float:
        with torch.no_grad():
            for weight, direction in zip(weights, directions, strict=True):
                weight.add_(step * direction)
        estimates = value(solver, x, y)["gap"]
        with torch.no_grad():
            for weight, direction in zip(weights, directions, strict=True):
                weight.sub_(step * direction)
        return estimates

    assert expected == pytest.approx((shifted(1e-5) - shifted(-1e-5)) / 2e-5, rel=1e-4)


@pytest.mark.parametrize("kind", FAMILY[1:3])
def test_the_learned_conjugates_carry_the_same_certificate(kind: str) -> None:
    x, y = points(256)
    learned = solved(x, y, 40, kind=kind, critic=("icnn", {"width": 16}), batch=256)
    estimates = value(learned, x, y)
    twin = solved(x, y, 0, critic=("icnn", {"width": 16}), batch=256, tolerance=1e-8)
    twin.critic.load_state_dict(learned.critic.state_dict())
    exact = value(twin, x, y)
    assert exact["converged"] == 1
    assert estimates["gap_lower"] <= exact["gap"] + 1e-9 and exact["gap"] <= estimates["gap"] + 1e-9
    assert 0 <= estimates["converged"] <= 1 and estimates["conjugate_residual"] > 0


def test_a_critic_that_is_not_convex_is_refused_in_one_sentence() -> None:
    for kind in FAMILY[:3]:
        with pytest.raises(
            BadExperiment, match=r"critic\.kind: .* is not convex; choose quadratic, max-affine, icnn"
        ):
            read({"solver": {"kind": kind}, "critic": {"kind": "mlp"}})
    assert read({"solver": {"kind": "w2-mm"}}).critic.name() == "mlp"


def test_the_cost_is_w2_squared_and_not_half_of_it() -> None:
    x = torch.randn(200, 2).double()
    estimates = value(solved(x, x + 3, 1, critic=("quadratic", {"form": "translation"})), x, x + 3)
    assert estimates["gap"] == pytest.approx(18.0) and math.sqrt(estimates["gap"]) == pytest.approx(
        3 * math.sqrt(2)
    )
