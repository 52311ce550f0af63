"""General congested transport: truth and network solve it under the same speed limits."""

from typing import Any

import pytest

from wganstudio.experiment import BadExperiment, Experiment, read
from wganstudio.training.events import Ended
from wganstudio.training.run import Run
from wganstudio.training.truths import find_truths

FAST = {"kind": "lp", "penalty": 0.5, "learning_rate": 5e-3, "beta1": 0.5, "schedule": "cosine"}
LINE = {"kind": "uniform-boxes", "dim": 1}


def experiment(pair: dict[str, Any], steps: int = 1, **sigma: object) -> Experiment:
    return read(
        {
            "pair": pair,
            "critic": {"kind": "mlp", "width": 32, "depth": 2, "activation": "elu"},
            "solver": FAST,
            "sigma": {"kind": "formula"} | sigma,
            "training": {"steps": steps, "batch": 256},
            "evaluation": {"every": 1000, "samples": 64, "final_samples": 65536, "resolution": 16},
            "truth": {"tolerance": 0.02, "samples": 64, "repeats": 2},
        }
    )


def truths(of: Experiment) -> dict[str, Any]:
    return {event.truth.quantity: event.truth for event in find_truths(of) if event.kind == "truth"}


def test_on_the_line_both_meet_the_closed_form() -> None:
    """w = F_P - F_Q whatever sigma is: INT w^2 / sigma with sigma 0.1 on a stretch that all mass passes."""
    slow = experiment(LINE, 1500, formula="where(abs(x - 1.25) < 0.15625, 0.1, 1)", low=0, high=2.5)
    result = truths(slow)
    # the stretch is 16 of 128 cells: 0.3125 long; |w| = 1 on it and 0.1875 beside it, and rises on [0, 1]
    exact = 1.5 + (2.5 - 0.9 * 0.3125) * (2 / 3 + 0.1875 + 3.125) / (4 * 0.5)
    congested = result["congested"]
    assert congested.lower <= exact <= congested.upper < 1.000001 * exact
    *_, end = Run(slow).events()
    assert isinstance(end, Ended)
    value, error = end.estimates["value"], end.estimates["value_se"]
    assert 0.95 * congested.value - 3 * error < value < congested.upper + 3 * error
    assert end.estimates["gap"] == pytest.approx(result["gap-limit"].value, rel=0.1)


@pytest.mark.parametrize("kind", ["lp", "gp"])
def test_the_scene_shows_the_limits_and_both_penalties_take_them(kind: str) -> None:
    own = experiment({"kind": "gaussians", "dim": 2}, formula="1 + 9 * (x > 0)")
    own = own.model_copy(update={"solver": read({"solver": {"kind": kind}}).solver})
    run = Run(own)
    (scene,) = (event for event in run.events() if event.name == "plane")
    sigma, x = scene.arrays["sigma"], scene.arrays["x"]
    assert "1 + 9 * (x > 0)" in scene.attributes.sigma_method
    assert sigma[:, x > 0.5].min() == pytest.approx(10 * sigma[:, x < -0.5].max(), rel=1e-4)


def test_in_space_the_network_alone_solves_it() -> None:
    own = experiment(
        {"kind": "gaussians", "dim": 3, "mean_q": [2, 0, 0], "scale_q": 1.0}, 30, formula="1 + r"
    )
    assert list(truths(own)) == ["w1"]
    events = list(Run(own).events())
    assert isinstance(events[-1], Ended) and events[-1].estimates["value_se"] > 0
    again = list(Run(own).events())[-1]
    assert isinstance(again, Ended) and again.estimates == events[-1].estimates


@pytest.mark.parametrize(
    ("pair", "formula"),
    [
        ({"kind": "uniform-boxes", "dim": 2}, "where(abs(x - 1.25) < 0.1, 0, 1)"),
        ({"kind": "uniform-boxes", "dim": 2}, "where(x < 0.5, 0, 1)"),
    ],
)
def test_limits_that_let_nothing_through_begin_no_run(pair: dict[str, Any], formula: str) -> None:
    with pytest.raises(BadExperiment, match="infinite"):
        Run(experiment(pair, formula=formula))


def test_on_the_line_too_they_say_so() -> None:
    with pytest.raises(BadExperiment, match="infinite"):
        truths(experiment(LINE, formula="where(abs(x - 1.25) < 0.1, 0, 1)"))
    with pytest.raises(BadExperiment, match="infinite"):
        Run(experiment(LINE, formula="where(abs(x - 1.25) < 0.1, 0, 1)"))
