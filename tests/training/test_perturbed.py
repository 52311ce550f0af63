"""Runs on a perturbed P: they train on it, and are judged by the clean one."""

import pytest

from wganstudio.experiment import override, read
from wganstudio.session.entries import stored_experiment
from wganstudio.training.events import Ended, TruthFound
from wganstudio.training.metrics import GradientEvaluator
from wganstudio.training.run import Run
from wganstudio.training.truths import find_flow, find_truths

LINE = {
    "pair": {"kind": "uniform-boxes", "dim": 1},
    "solver": {"kind": "lp", "penalty": 1.0},
    "training": {"steps": 2, "batch": 16},
    "evaluation": {"samples": 64, "final_samples": 1024, "resolution": 12},
}
MODES = LINE | {
    "pair": {"kind": "mixture", "means_p": [[0.0], [3.0]], "means_q": [[1.0]], "scale_p": 0.1},
    "generator": {"kind": "mlp", "widths": [8]},
}
FAR = {"kind": "outliers", "share": 0.9, "far": 100.0}


def ended(settings: dict[str, object], **perturbation: object) -> Ended:
    *_, last = Run(read(settings | {"perturbation": perturbation} if perturbation else settings)).events()
    assert isinstance(last, Ended)
    return last


def test_a_run_without_the_group_is_the_run_with_none() -> None:
    one, two = ended(MODES), ended(MODES, kind="none")
    assert one.estimates == two.estimates


def test_a_session_from_before_opens() -> None:
    import json
    from pathlib import Path

    settings = read(LINE).settings()
    del settings["perturbation"]
    assert stored_experiment(Path("old.wgs"), json.dumps(settings)) == read(LINE)


def test_training_sees_the_outliers_and_the_metrics_do_not() -> None:
    clean, far = ended(MODES), ended(MODES, **FAR)
    assert far.estimates["gap"] != clean.estimates["gap"]
    stay = override(MODES, [("generator.learning_rate", 1e-30)])
    same = [ended(stay), ended(stay, **FAR)]
    for name in ("true_lower", "true_upper", "modes", "near", "recall"):
        assert same[0].estimates[name] == pytest.approx(same[1].estimates[name])


def test_truths_are_those_of_the_clean_pair_and_say_so() -> None:
    clean, far = (
        [event.truth for event in find_truths(read(settings)) if isinstance(event, TruthFound)]
        for settings in (LINE, LINE | {"perturbation": FAR})
    )
    assert [t.value for t in clean] == [t.value for t in far]
    assert all(t.law.endswith("before P was perturbed") for t in far)
    assert not any("perturbed" in t.law for t in clean)


def test_the_flow_lies_on_the_plane_of_the_run() -> None:
    settings = read(LINE | {"perturbation": FAR})
    flow = find_flow(settings)
    scene = next(event for event in Run(settings).events() if event.name == "plane")
    assert flow.arrays["sigma"].shape == scene.arrays["sigma"].shape
    assert float(scene.arrays["x"].max()) > 10  # where the outliers are


def test_the_gradient_is_evaluated_at_clean_points() -> None:
    pair = {"kind": "ray-monotone", "dim": 2}
    runs = [Run(read(LINE | {"pair": pair, "perturbation": kind})) for kind in ({"kind": "none"}, FAR)]
    judges = [run._evaluators_for("")[0] for run in runs]
    points = [judge._points for judge in judges if isinstance(judge, GradientEvaluator)]
    assert len(points) == 2 and points[0].equal(points[1])
