"""A run by regularized transport, of any ground: its numbers, its frames, and what is said of its truth."""

from typing import Any

import numpy as np
import pytest
import torch

from wganstudio.experiment import GroundCost, read
from wganstudio.figures.cells.dual import dual_from_frame
from wganstudio.figures.frames import plane_frame
from wganstudio.pairs.base import Pair
from wganstudio.pairs.distributions import Gaussian
from wganstudio.session import RunRecord
from wganstudio.training.events import (
    TIMING_FIELDS,
    Checkpoint,
    Ended,
    Metrics,
    TruthFound,
    TruthMissing,
)
from wganstudio.training.generator_metrics import GeneratorMetrics
from wganstudio.training.run import Run
from wganstudio.training.truths import find_truths

pytestmark = pytest.mark.usefixtures("small_theory_checks", "small_references")


def experiment(steps: int = 4, generator: Any = None, **solver: Any) -> Any:
    return read(
        {
            "pair": {"kind": "data", "p": "digits", "rows": 80, "q": "standard"},
            "critic": {"width": 16},
            "solver": {"kind": "regularized"} | solver,
            "generator": generator or {"kind": "mlp", "widths": [16], "critic_steps": 1},
            "truth": {"kind": "samples", "samples": 64, "repeats": 2},
            "training": {"steps": steps, "batch": 16},
            "evaluation": {"every": 50, "samples": 64, "final_samples": 1024, "resolution": 8},
        }
    )


@pytest.mark.parametrize(
    "options",
    [
        {"debias": True},
        {"regularizer": "l2", "cost": "cosine"},
        {"cost": "p-norm", "p": 1.0},
        {"dual": "networks", "inner_steps": 2},
        {"dual": "atoms", "features": "pca", "regularizer": "l2"},
        {"features": "learned", "debias": True},
        {"features": "convolutions", "cost": "distance"},
    ],
)
def test_it_trains_whatever_is_chosen_and_repeats_bit_for_bit(options: dict[str, Any]) -> None:
    runs = [[e for e in Run(experiment(**options)).events() if e.kind != "progress"] for _ in range(2)]
    for one, two in zip(*runs, strict=True):
        assert one.model_dump(exclude=TIMING_FIELDS) == two.model_dump(exclude=TIMING_FIELDS)
        assert all(np.array_equal(array, two.arrays[name]) for name, array in one.arrays.items())
    first, *_, last = (e.values for e in runs[0] if isinstance(e, Metrics))
    assert {"gap", "gap_se", "marginal", "dual_gap", "true_lower", "true_upper"} <= set(last)
    assert ("sinkhorn_loss" in last) == bool(options.get("debias"))
    assert "grad2" not in first and last["grad2"] > 0
    assert isinstance(runs[0][-1], Ended)
    kept = [e for e in runs[0] if isinstance(e, Checkpoint)][-1].arrays
    assert ("atoms" in kept) == (options.get("dual") != "atoms"), "a batch's points are kept with psi"


def test_the_frames_of_a_plain_ground_hold_the_dual_as_it_is_divided() -> None:
    of = {"pair": {"kind": "classics", "p": "moons", "q": "gaussian"}}
    for options, shown in (({}, True), ({"regularizer": "l2"}, False), ({"cost": "cosine"}, False)):
        run = Run(read(experiment(**options).settings() | of))
        record = RunRecord(1, run.experiment)
        for event in run.events():
            record.apply(event)
        frame = plane_frame(record)
        assert frame is not None
        dual = dual_from_frame(frame.arrays, run.experiment.solver.ground)
        assert (dual is not None) == shown
        if dual is not None:
            points = run.plane.points()[:20]
            known = run.solver.critic.plan(torch.as_tensor(points, dtype=torch.float32))
            np.testing.assert_allclose(dual.shares(points), known.numpy(), atol=1e-4)


def test_grad2_is_the_mean_squared_length_of_the_steps_so_far() -> None:
    run = Run(experiment(steps=3, generator={"kind": "affine", "critic_steps": 1}))
    squares, gradients = [], []
    taken = run.solver.cost_gradient

    def seen(points: torch.Tensor) -> torch.Tensor:
        gradients.append(taken(points))
        return gradients[-1]

    run.solver.cost_gradient = seen  # type: ignore[method-assign]
    weights = run._generator._weights  # type: ignore[attr-defined]
    for event in run.events():
        if gradients:
            squares.append(sum(float(w.grad.square().sum()) for w in weights))
            gradients.clear()
        if isinstance(event, Ended):
            assert len(set(squares)) == 2, "one after each step but the first"
            assert event.estimates["grad2"] == pytest.approx(np.mean(sorted(set(squares))), rel=1e-5)


@pytest.mark.parametrize("cost", ["squared", "p-norm", "cosine"])
def test_the_likeness_is_bounded_at_the_solvers_ground(cost: Any) -> None:
    pair = Pair()
    pair.p = Gaussian([3.0, 4.0], [1e-3, 1e-3])
    pair.q = Gaussian([0.0, 1.0], [1e-3, 1e-3])
    known = {"squared": 18.0, "p-norm": 6.0, "cosine": 1 - 0.8}[cost]
    for regularizer in ("entropy", "l2"):
        ground = GroundCost(cost, 0.3, False, regularizer, p=1.0)  # type: ignore[arg-type]
        numbers = GeneratorMetrics(pair, ground, None, 0).evaluate(pair.q)
        assert numbers["true_lower"] <= numbers["true_upper"] == pytest.approx(known, rel=0.01)


def test_between_features_the_likeness_is_theirs_unless_they_are_learned() -> None:
    pair = Pair()
    pair.p, pair.q = (Gaussian([m, 0.0], [1e-3, 1e-3]) for m in (3.0, 0.0))
    twice = torch.nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        twice.weight.copy_(2 * torch.eye(2))
    for features, known in (("encoder", 36.0), ("learned", 9.0)):
        ground = GroundCost("squared", 0.3, features=features)  # type: ignore[arg-type]
        numbers = GeneratorMetrics(pair, ground, 1.0, 0, twice).evaluate(pair.q)
        assert numbers["true_upper"] == pytest.approx(known, rel=0.01)


def test_its_truths_are_those_of_its_ground_where_that_is_known_beforehand() -> None:
    still = {"generator": {"kind": "none"}}
    for options in ({"regularizer": "l2", "strength": 1.0}, {"cost": "p-norm", "p": 1.0}, {"cost": "cosine"}):
        (result,) = find_truths(read(experiment(**options).settings() | still))
        assert isinstance(result, TruthFound) and result.truth.quantity == "transport"
        assert result.truth.lower < result.truth.upper < 1.5 * result.truth.lower
        run = list(Run(read(experiment(**options).settings() | still)).events())[-1]
        assert isinstance(run, Ended)
        mean, error = run.estimates["gap"], run.estimates["gap_se"]
        assert mean + 4 * error > result.truth.lower, "of batches it is too large, if anything"
    for features in ("pca", "learned"):
        (missing,) = find_truths(read(experiment(features=features).settings() | still))
        assert isinstance(missing, TruthMissing) and "features are" in missing.message
