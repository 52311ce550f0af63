"""A run on a pair with a known map tells how far the solver's maps are from it."""

import numpy as np
import pytest
import torch
from torch import Tensor

from wganstudio.critics.base import Critic
from wganstudio.experiment import kinds, read
from wganstudio.pairs.base import make_rng
from wganstudio.solvers.base import Solver
from wganstudio.training.events import Ended, Metrics, Snapshot, TruthFound
from wganstudio.training.metrics import MapEvaluator, MomentEvaluator, convexity, moment_errors
from wganstudio.training.run import Run
from wganstudio.training.truths import find_truths


class Known(Solver):
    """A solver whose map is that of the pair, shifted."""

    def __init__(self, move: object, shift: float, critic: Critic | None = None) -> None:
        self._move, self._shift = move, shift
        if critic is not None:
            self.critic = critic

    def to_q(self, points: Tensor) -> Tensor:
        return self._move(points) + self._shift  # type: ignore[operator]


def test_the_exact_map_leaves_nothing_unexplained_variance() -> None:
    pair = kinds("pair")["convex-map"](dim=3).build()
    x = pair.p.sample(500, make_rng("cpu", 1))
    judge = MapEvaluator(x, pair.move(x))
    exact = judge.evaluate(Known(pair.move, 0.0))
    assert exact["uvp"] == 0 and exact["cos_map"] == pytest.approx(1, abs=1e-12) and "uvp_back" not in exact
    variance = float((pair.move(x) - pair.move(x).mean(0)).double().square().sum(1).mean())
    assert judge.evaluate(Known(pair.move, 0.1))["uvp"] == pytest.approx(100 * 0.03 / variance, rel=1e-4)


@pytest.mark.parametrize("kind", ["convex", "w2-mm"])
def test_it_is_reported_along_the_run_and_falls(kind: str) -> None:
    e = read(
        {
            "pair": {"kind": "convex-map"},
            "critic": {"kind": "icnn", "width": 32}
            if kind == "convex"
            else {"kind": "mlp", "activation": "relu"},
            "solver": {"kind": kind, "learning_rate": 2e-2 if kind == "convex" else 5e-3},
            "training": {"steps": 120, "batch": 128},
            "evaluation": {"every": 20, "samples": 256, "final_samples": 2048, "resolution": 8},
        }
    )
    events = list(Run(e).events())
    scalars = [event.values for event in events if isinstance(event, Metrics)]
    ended = events[-1]
    assert isinstance(ended, Ended) and {"uvp", "cos_map", "uvp_back", "cos_back"} == set(ended.gradient)
    assert scalars[-1]["uvp_back"] < scalars[0]["uvp_back"] and ended.gradient["cos_back"] > 0.4
    (truth,) = [event.truth for event in find_truths(e) if isinstance(event, TruthFound)]
    assert truth.quantity == "transport" and "known map" in truth.method
    shapes = ended.estimates["convexity"], scalars[-1]["convexity"]
    if kind == "convex":
        assert ended.estimates["gap_lower"] <= truth.upper + 4 * ended.estimates["gap_se"]
        assert min(shapes) > -1e-3
    else:
        assert max(shapes) < -1e-2, "nothing keeps this critic's potential convex"
    frames = [
        {event.topic: event.arrays for event in events if isinstance(event, Snapshot) and event.step == step}
        for step in (0, 120)
    ]
    _check_frames(frames)


def _check_frames(frames: list[dict[str, dict[str, np.ndarray]]]) -> None:
    """Every frame carries the same samples, those of Q where the true map takes those of P."""
    first, last = frames
    for topic, back in (("map-to-q", "map-to-p"), ("map-to-p", "map-to-q")):
        arrays = last[topic]
        np.testing.assert_array_equal(first[topic]["starts"], arrays["starts"])
        np.testing.assert_allclose(arrays["true_ends"], last[back]["starts"], rtol=1e-5, atol=1e-6)
        for name, end in (("distance", "starts"), ("error", "true_ends")):
            lengths = np.linalg.norm(arrays["ends"] - arrays[end], axis=1)
            np.testing.assert_allclose(arrays[name], lengths, rtol=1e-3, atol=1e-4)
        assert arrays["grid"].shape == (17, 17, 2) and np.isfinite(arrays["grid"]).all()


def test_moment_errors_of_one_distribution_are_sampling_noise() -> None:
    rng = np.random.default_rng(1)
    errors = []
    for _ in range(200):
        x, y = (torch.from_numpy(rng.normal(size=(400, 3)) * [1.0, 2.0, 0.5]) for _ in range(2))
        errors.append(moment_errors(x, y))
    for name in ("mean", "covariance"):
        size = np.sqrt(np.mean([one[name][0] ** 2 for one in errors]))
        assert size == pytest.approx(np.mean([one[name][1] for one in errors]), rel=0.12)


def test_the_best_quadratic_matches_moments_both_ways_and_a_wrong_map_does_not() -> None:
    settings = {
        "pair": {"kind": "gaussians", "mean_q": 2.0, "scale_q": 1.5},
        "critic": {"kind": "quadratic"},
        "solver": {"kind": "convex"},
        "training": {"steps": 20, "batch": 1024},
        "evaluation": {"every": 10, "samples": 2048, "final_samples": 2048, "resolution": 8},
    }
    run = Run(read(settings))
    ended = list(run.events())[-1]
    assert isinstance(ended, Ended)
    at = ended.estimates
    for key in ("mean_q", "mean_p", "covariance_q", "covariance_p"):
        assert at[key] < 3 * at[f"{key}_se"] + 0.02, key
    judge = MomentEvaluator(run.pair, 2048, lambda name: make_rng("cpu", 1, *name.encode()))
    wrong = judge.evaluate(Known(lambda x: x, 0.0, run.solver.critic))
    assert wrong["mean_q"] > 1.5 and wrong["covariance_q"] == pytest.approx(1 - 1 / 1.5**2, rel=0.2)
    assert "mean_p" not in wrong


@pytest.mark.parametrize(
    "critic",
    [("quadratic", {}), ("max-affine", {"pieces": 16}), ("icnn", {"width": 16}), ("icnn", {"depth": 3})],
)
def test_convex_classes_are_convex_along_segments_before_they_learn_anything(
    critic: tuple[str, dict[str, int]],
) -> None:
    torch.manual_seed(0)
    network = kinds("critic")[critic[0]](**critic[1]).build(4)
    points = 3 * torch.randn(2, 500, 4)
    assert convexity(network, *points) > -1e-3


def test_on_the_line_the_curve_begins_on_a_regular_grid() -> None:
    e = read(
        {
            "pair": {"kind": "gaussians", "dim": 1},
            "critic": {"kind": "icnn", "width": 8},
            "solver": {"kind": "convex"},
            "training": {"steps": 5, "batch": 64},
            "evaluation": {"every": 5, "samples": 64, "final_samples": 1024, "resolution": 8},
        }
    )
    frame = [event for event in Run(e).events() if event.name == "map-to-q"][-1].arrays
    assert frame["grid"].shape == frame["line"].shape == (101, 1) and "true_ends" not in frame
    np.testing.assert_allclose(np.diff(frame["line"][:, 0], 2), 0, atol=1e-5)
    assert (np.diff(frame["grid"][:, 0]) > 0).all(), "the gradient of a convex function rises"


def test_with_a_generator_there_is_no_known_map() -> None:
    e = read(
        {
            "pair": {"kind": "convex-map"},
            "critic": {"kind": "quadratic"},
            "solver": {"kind": "convex"},
            "generator": {"kind": "particles", "count": 64},
            "training": {"steps": 30, "batch": 64},
            "evaluation": {"every": 10, "samples": 64, "final_samples": 1024, "resolution": 8},
        }
    )
    ended = list(Run(e).events())[-1]
    assert (
        isinstance(ended, Ended)
        and not ended.gradient
        and torch.isfinite(torch.tensor(ended.estimates["gap"]))
    )
