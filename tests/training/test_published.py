"""Whole runs against published and closed-form figures: minutes each, so `pytest -m slow`."""

import csv
from pathlib import Path
from typing import Any

import pytest

from wganstudio.experiment import override, preset, read
from wganstudio.training.events import Ended, TruthFound
from wganstudio.training.run import Run
from wganstudio.training.truths import find_truths

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
LABELS = {"lp": "wgan-lp", "gp": "wgan-gp"}
pytestmark = pytest.mark.slow


def trained(name: str, **changes: Any) -> tuple[Ended, dict[str, Any]]:
    pairs = [(path.replace("__", "."), value) for path, value in changes.items()]
    experiment = read(override(preset(name).settings, pairs))
    ended = list(Run(experiment).events())[-1]
    assert isinstance(ended, Ended)
    result = [event.truth for event in find_truths(experiment) if isinstance(event, TruthFound)]
    return ended, {truth.quantity: truth for truth in result}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("dim", "funnels", "solver"), [(2, 4, "lp"), (16, 4, "gp")])
def test_a_published_pair_gives_the_published_figures(dim: int, funnels: int, solver: str) -> None:
    stem = f"dim_{dim}_funnels_{funnels}"
    file = REFERENCE / "w1-pairs" / f"{stem}.pt"
    if not file.exists():
        pytest.skip(f"the published pair {file} is not on this machine")
    with (REFERENCE / "w1-tables" / f"{stem}.csv").open() as table:
        (row,) = (row for row in csv.DictReader(table) if row[""] == LABELS[solver])
    ended, _ = trained("ray-monotone", pair__file=str(file), solver__kind=solver)
    assert ended.gradient["cos_published"] == pytest.approx(float(row["cos"]), abs=0.05)
    assert ended.estimates["gap"] == pytest.approx(float(row["cost"]), rel=0.1)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("dim", [1, 2, 8])
def test_a_critic_reaches_the_congested_cost_and_the_gaps_limit(dim: int) -> None:
    ended, truths = trained("gaussians", pair__dim=dim)
    estimates = ended.estimates
    assert estimates["value"] == pytest.approx(truths["congested"].value, rel=0.015)
    assert estimates["gap"] == pytest.approx(truths["gap-limit"].value, rel=0.03)
    assert estimates["value_se"] < 0.005 * estimates["value"]
    assert estimates["gap_se"] < 0.005 * estimates["gap"]
    assert estimates["gap"] > truths["congested"].upper > truths["w1"].upper
