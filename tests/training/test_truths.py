"""Truths as events."""

import numpy as np
import pytest

from wganstudio.experiment import Experiment, override, read
from wganstudio.training.events import FlowMissing, Snapshot, TruthFound
from wganstudio.training.run import Run
from wganstudio.training.truths import find_flow, find_truths


def shown(**pair: object) -> Experiment:
    small = [("evaluation.resolution", 24), ("training.steps", 1), ("evaluation.final_samples", 1024)]
    settings = {"pair": pair, "solver": {"kind": "lp", "penalty": 1.0}}
    return read(override(settings, small))


def test_without_a_penalty_only_w1_is_looked_for() -> None:
    values = list(find_truths(read({"solver": {"kind": "wc"}})))
    assert [e.truth.quantity for e in values if e.kind == "truth"] == ["w1"]


@pytest.mark.parametrize(
    "pair",
    [
        {"kind": "gaussians", "dim": 1, "mean_q": 1.0},
        {"kind": "gaussians", "dim": 2, "scale_q": 2.0},
        {"kind": "mixture", "means_p": [[0, 0]], "means_q": [[2, 0], [-1, 1.5]], "scale_p": 0.7},
    ],
    ids=["line", "radial", "mixture"],
)
def test_the_flow_lies_on_the_plane_of_the_run_and_obeys_the_distribution(pair: dict[str, object]) -> None:
    experiment = shown(**pair)
    scene = next(e for e in Run(experiment).events() if e.name == "plane")
    flow = find_flow(experiment)
    assert isinstance(flow, Snapshot)
    # sigma says whether the planes agree: one comes from the pair alone, the other from the grid
    np.testing.assert_allclose(
        flow.arrays["sigma"], scene.arrays["sigma"], rtol=2e-3, atol=1e-3 * scene.arrays["sigma"].max()
    )
    size = np.linalg.norm(flow.arrays["momentum"], axis=0)
    moving = (size > 0.05 * size.max()) & (flow.arrays["sigma"] > 0.01 * flow.arrays["sigma"].max())
    distribution = 1 + size / (2 * flow.attributes.penalty * np.maximum(flow.arrays["sigma"], 1e-30))
    assert moving.sum() > 5
    off = np.abs(flow.arrays["potential_norm"] / distribution - 1)[moving]
    assert np.quantile(off, 0.98) < 0.02, "but for a few points, where the flow turns"


def test_the_congestion_cost_is_the_difference_of_congested_cost_and_w1() -> None:
    for dim, mean in ((1, 2.0), (2, 0.0)):
        experiment = shown(kind="gaussians", dim=dim, mean_q=mean, scale_q=1.0 if dim == 1 else 2.0)
        flow = find_flow(experiment)
        assert isinstance(flow, Snapshot)
        known = {
            e.truth.quantity: e.truth.value for e in find_truths(experiment) if isinstance(e, TruthFound)
        }
        assert flow.attributes.congestion_cost == pytest.approx(
            4 * (known["congested"] - known["w1"]), rel=2e-3
        )


def test_why_there_is_no_flow_is_reported() -> None:
    why = [
        find_flow(experiment)
        for experiment in (
            shown(kind="gaussians", dim=3),
            shown(kind="classics", q="moons"),
            read({"solver": {"kind": "wc"}}),
        )
    ]
    assert all(isinstance(event, FlowMissing) for event in why)
    for event, words in zip(why, ("only in one and two dimensions", "not known", "no penalty"), strict=True):
        assert isinstance(event, FlowMissing) and words in event.message
