"""W2 by potentials: values, certificates, maps and the gradient that moves a generator."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from wganstudio.critics.convex.quadratic import Moments
from wganstudio.experiment import BadExperiment, kinds, read
from wganstudio.ot.exact import exact_transport
from wganstudio.pairs.base import Sampler, make_rng
from wganstudio.pairs.distributions import Gaussian
from wganstudio.solvers.base import Solver
from wganstudio.truths.gaussian import entropic_bures


def bures(p: Moments, q: Moments) -> float:
    """W2^2 of normal laws with these moments, by the formula of the truths."""
    one, other = ((law.mean.numpy(), law.covariance.numpy()) for law in (p, q))
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
    """Samples of two laws that are far from normal."""
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
        network, steps=steps, batch=batch, generator=make_rng("cpu", 3)
    )
    for own in ("second", "mover"):
        if hasattr(solver, own):
            getattr(solver, own).to(x.dtype)
    p, q = Still(x), Still(y)
    solver.begin(p, q)  # type: ignore[arg-type]
    for _ in range(steps):
        solver.step(p, q)  # type: ignore[arg-type]
    return solver


def value(solver: Solver, x: Tensor, y: Tensor) -> dict[str, float]:
    found = solver.cost(Still(x), Still(y), len(x))  # type: ignore[arg-type]
    assert found is not None
    return found


def discrete(x: Tensor, y: Tensor) -> float:
    return exact_transport(torch.cdist(x, y).square().numpy()).cost


def test_the_quadratic_class_costs_the_bures_distance_of_any_laws_and_matches_moments() -> None:
    x, y = points()
    solver = solved(x, y, 1, critic=("quadratic", {"alpha": 1e-4}))
    found = value(solver, x, y)
    p, q = Moments.of(x), Moments.of(y)
    assert found["gap"] == pytest.approx(bures(p, q), rel=1e-6)
    assert found["converged"] == 1 and found["gap_lower"] == pytest.approx(found["gap"], rel=1e-9)
    for moved, wanted in ((solver.to_q(x), q), (solver.to_p(y), p)):
        assert moved is not None
        there = Moments.of(moved)
        torch.testing.assert_close(there.mean, wanted.mean, rtol=0, atol=1e-6)
        torch.testing.assert_close(there.covariance, wanted.covariance, rtol=0, atol=1e-6)


@pytest.mark.parametrize("form", ["diagonal", "low-rank", "full"])
def test_a_coordinate_that_never_varies_costs_what_it_should_in_float32(form: str) -> None:
    """The corners of digits; another sample's other corners must not be stretched beyond all numbers."""
    x, y = (torch.cat([part, torch.full((512, 1), 3.0)], 1).float() for part in points())
    x[0, -1], y[:, -1] = 3.0 + 1e-6, y[:, -1] + 0.1 * torch.randn(512, generator=make_rng("cpu", 5))
    solver = solved(x, y, 1, critic=("quadratic", {"form": form}))
    found = value(solver, x, y)
    assert found["converged"] == 1 and found["gap"] <= discrete(x, y)
    if form == "full":
        assert found["gap"] == pytest.approx(bures(Moments.of(x), Moments.of(y)), rel=1e-3)


def test_by_adam_it_comes_to_the_same() -> None:
    x, y = points()
    solver = solved(x, y, 400, quadratic="adam", learning_rate=5e-2, critic=("quadratic", {"alpha": 1e-3}))
    assert value(solver, x, y)["gap"] == pytest.approx(bures(Moments.of(x), Moments.of(y)), rel=2e-3)


def test_the_moments_are_those_of_all_batches_and_of_q_since_it_moved() -> None:
    x, y = points()
    solver = solved(x, y, 4, batch=128)
    one = value(solver, x, y)["gap"]
    assert one == pytest.approx(bures(Moments.of(x), Moments.of(y)), rel=1e-6)
    solver.moved()
    p, q = Still(x), Still(y + 1)
    for _ in range(4):
        solver.step(p, q)  # type: ignore[arg-type]
    moved = Moments.of(y + 1)
    assert solver._of_q.count == 512  # type: ignore[attr-defined]
    torch.testing.assert_close(solver._of_q.moments, moved)  # type: ignore[attr-defined]


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
    found = []
    for critic in classes:
        steps, rate = (300, 1e-2) if critic[0] == "icnn" else (1, 1e-3)
        found.append(value(solved(x, y, steps, critic=critic, batch=256, learning_rate=rate), x, y))
    assert all(a["gap"] <= b["gap"] + 1e-6 for a, b in itertools.pairwise(found)), found
    most = discrete(x, y)
    assert all(each["gap_lower"] <= most + 1e-9 for each in found) and found[-1]["gap"] <= most * 1.001


def test_more_pieces_are_worth_no_less() -> None:
    x, y = torch.randn(200, 2).double(), torch.rand(200, 2).double() * 4 + 1
    found = []
    for pieces in (2, 8, 32):
        critic = ("max-affine", {"pieces": pieces, "alpha": 0.3, "smoothing": 0.1})
        solver = solved(x, y, 80, critic=critic, batch=200, learning_rate=5e-2, tolerance=1e-3)
        found.append(value(solver, x, y)["gap_lower"])
    assert found[0] < found[1] < found[2] <= discrete(x, y), found


def test_a_loose_conjugate_is_told_and_its_interval_holds_the_true_dual() -> None:
    x, y = points(256)
    network = ("icnn", {"width": 32, "alpha": 0.1})
    loose = solved(x, y, 30, critic=network, batch=256, conjugate="l-bfgs", learning_rate=1e-2)
    tight = value(loose, x, y)
    assert tight["converged"] == 1 and tight["gap"] - tight["gap_lower"] < 1e-4 * tight["gap"]
    for iterations in (0, 1, 2):
        loose.options = loose.options.model_copy(update={"max_iterations": iterations})
        seen = value(loose, x, y)
        assert seen["converged"] < 0.9 and seen["conjugate_residual"] > 100 * tight["conjugate_residual"]
        assert seen["gap_lower"] <= tight["gap_lower"] + 1e-6 and tight["gap"] <= seen["gap"] + 1e-6


@pytest.mark.parametrize("kind", FAMILY)
def test_normal_laws_find_their_cost_and_both_maps(kind: str) -> None:
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
        network.build(2), steps=150, batch=128, generator=make_rng("cpu", 3)
    )
    streams = Sampler(p, make_rng("cpu", 1)), Sampler(q, make_rng("cpu", 2))
    solver.begin(*streams)
    for _ in range(150):
        solver.step(*streams)
    found = solver.cost(*streams, 20_000)
    assert found["gap"] == pytest.approx(true, rel=0.08, abs=4 * found["gap_se"])
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
        found = value(solver, x, y)["gap"]
        with torch.no_grad():
            for weight, direction in zip(weights, directions, strict=True):
                weight.sub_(step * direction)
        return found

    assert expected == pytest.approx((shifted(1e-5) - shifted(-1e-5)) / 2e-5, rel=1e-4)


@pytest.mark.parametrize("kind", FAMILY[1:3])
def test_the_learned_conjugates_carry_the_same_certificate(kind: str) -> None:
    x, y = points(256)
    learned = solved(x, y, 40, kind=kind, critic=("icnn", {"width": 16}), batch=256)
    found = value(learned, x, y)
    twin = solved(x, y, 0, critic=("icnn", {"width": 16}), batch=256, tolerance=1e-8)
    twin.critic.load_state_dict(learned.critic.state_dict())
    exact = value(twin, x, y)
    assert exact["converged"] == 1
    assert found["gap_lower"] <= exact["gap"] + 1e-9 and exact["gap"] <= found["gap"] + 1e-9
    assert 0 <= found["converged"] <= 1 and found["conjugate_residual"] > 0


def test_a_critic_that_is_not_convex_is_refused_in_one_sentence() -> None:
    for kind in FAMILY[:3]:
        with pytest.raises(
            BadExperiment, match=r"critic\.kind: .* is not convex; choose quadratic, max-affine, icnn"
        ):
            read({"solver": {"kind": kind}, "critic": {"kind": "mlp"}})
    assert read({"solver": {"kind": "w2-mm"}}).critic.name() == "mlp"


def test_the_cost_is_w2_squared_and_not_half_of_it() -> None:
    x = torch.randn(200, 2).double()
    found = value(solved(x, x + 3, 1, critic=("quadratic", {"form": "translation"})), x, x + 3)
    assert found["gap"] == pytest.approx(18.0) and math.sqrt(found["gap"]) == pytest.approx(3 * math.sqrt(2))
