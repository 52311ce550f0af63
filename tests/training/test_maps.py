"""A run on a pair with a known map tells how far the solver's maps are from it."""

import pytest
import torch
from torch import Tensor

from wganstudio.experiment import kinds, read
from wganstudio.pairs.base import generator
from wganstudio.solvers.base import Solver
from wganstudio.training.estimates import MapJudge
from wganstudio.training.events import Ended, Scalars, TruthFound
from wganstudio.training.run import Run
from wganstudio.training.truths import find_truths


class Known(Solver):
    """A solver whose map is that of the pair, shifted."""

    def __init__(self, move: object, shift: float) -> None:
        self._move, self._shift = move, shift

    def to_q(self, points: Tensor) -> Tensor:
        return self._move(points) + self._shift  # type: ignore[operator]


def test_the_exact_map_leaves_nothing_unexplained() -> None:
    pair = kinds("pair")["convex-map"](dim=3).build()
    x = pair.p.sample(500, generator("cpu", 1))
    judge = MapJudge(x, pair.move(x))
    exact = judge.judge(Known(pair.move, 0.0))
    assert exact["uvp"] == 0 and exact["cos_map"] == pytest.approx(1, abs=1e-12) and "uvp_back" not in exact
    variance = float((pair.move(x) - pair.move(x).mean(0)).double().square().sum(1).mean())
    assert judge.judge(Known(pair.move, 0.1))["uvp"] == pytest.approx(100 * 0.03 / variance, rel=1e-4)


@pytest.mark.parametrize("kind", ["convex", "w2-mm"])
def test_it_is_said_along_the_run_and_falls(kind: str) -> None:
    e = read(
        {
            "pair": {"kind": "convex-map"},
            "critic": {"kind": "icnn", "width": 32}
            if kind == "convex"
            else {"kind": "mlp", "activation": "celu"},
            "solver": {"kind": kind, "learning_rate": 2e-2 if kind == "convex" else 5e-3},
            "training": {"steps": 120, "batch": 128},
            "evaluation": {"every": 20, "samples": 256, "final_samples": 2048, "resolution": 8},
        }
    )
    events = list(Run(e).events())
    scalars = [event.values for event in events if isinstance(event, Scalars)]
    ended = events[-1]
    assert isinstance(ended, Ended) and {"uvp", "cos_map", "uvp_back", "cos_back"} == set(ended.gradient)
    assert scalars[-1]["uvp_back"] < scalars[0]["uvp_back"] and ended.gradient["cos_back"] > 0.4
    (truth,) = [event.truth for event in find_truths(e) if isinstance(event, TruthFound)]
    assert truth.quantity == "transport" and "known map" in truth.method
    if kind == "convex":
        assert ended.estimates["gap_lower"] <= truth.upper + 4 * ended.estimates["gap_se"]


def test_with_a_generator_there_is_no_known_map() -> None:
    e = read(
        {
            "pair": {"kind": "convex-map"}, "critic": {"kind": "quadratic"}, "solver": {"kind": "convex"},
            "generator": {"kind": "particles", "count": 64}, "training": {"steps": 30, "batch": 64},
            "evaluation": {"every": 10, "samples": 64, "final_samples": 1024, "resolution": 8},
        }
    )  # fmt: skip
    ended = list(Run(e).events())[-1]
    assert (
        isinstance(ended, Ended)
        and not ended.gradient
        and torch.isfinite(torch.tensor(ended.estimates["gap"]))
    )
