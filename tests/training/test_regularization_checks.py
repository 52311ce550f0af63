"""The theory checks that a run of regularized transport records."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.training.events import Snapshot
from wganstudio.training.run import Run


def said(pair: dict[str, object], solver: dict[str, object], steps: int = 12) -> list[Snapshot]:
    asked = {
        "pair": pair,
        "solver": solver,
        "training": {"steps": steps, "batch": 32},
        "evaluation": {"every": 100, "samples": 64, "final_samples": 1024, "resolution": 8},
    }
    return [e for e in Run(read(asked)).events() if isinstance(e, Snapshot) and e.topic == "theory-checks"]


@pytest.mark.parametrize("regularizer", ["entropy", "l2"])
def test_the_error_stays_below_its_bound_and_the_path_between_its_own(regularizer: str) -> None:
    solver = {"kind": "regularized", "regularizer": regularizer, "strength": 0.3}
    result = said({"kind": "gaussians", "dim": 2, "scale_q": 2.0}, solver)
    assert [one.step for one in result] == [1, 10, 12], "at powers of ten and at the end"
    for one in result:
        arrays = one.arrays
        assert (arrays["errors"] <= arrays["bounds"]).all() and (
            arrays["accuracies"] <= arrays["certified"]
        ).all()
        assert one.attributes.slope == pytest.approx(0.5, abs=0.15)
        assert (arrays["upper"] >= one.attributes.exact * (1 - 1e-6)).all()
        assert (arrays["lower"] <= one.attributes.exact + arrays["excess"] * (1 + 1e-6)).all()
        assert arrays["values"][0] > arrays["values"][-1], "small batches cost more"


def test_features_are_looked_at_where_the_cost_sees_them_and_not_in_batches() -> None:
    solver = {"kind": "regularized", "features": "pca", "feature_dim": 2}
    (*_, last) = said({"kind": "gaussians", "dim": 5, "mean_q": 1.0}, solver)
    assert "sizes" not in last.arrays and np.isfinite(last.arrays["upper"]).all()


@pytest.mark.parametrize(
    ("pair", "solver"),
    [
        ({"kind": "gaussians", "dim": 2}, {"kind": "lp"}),
        ({"kind": "gaussians", "dim": 2}, {"kind": "semi-discrete", "epsilon": 0.0}),
        ({"kind": "points"}, {"kind": "semi-discrete", "epsilon": 0.1}),
    ],
)
def test_there_is_nothing_to_promise_without_smoothing_or_between_few_points(
    pair: dict[str, object], solver: dict[str, object]
) -> None:
    assert said(pair, solver) == []
