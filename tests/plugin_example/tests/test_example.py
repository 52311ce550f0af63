"""The solver, the pair, the producer, the figure and the view."""

import math

import numpy as np
import pytest
import torch
from wganstudio_example.critic_values import rank_probability, value_arrays
from wganstudio_example.heavy_tails import Student, mean_length

import wganstudio as ws
from wganstudio.pairs.base import make_rng
from wganstudio.session import Document
from wganstudio.truths.line import line_flow

QUICK = {"evaluation.final_samples": 16_384, "evaluation.resolution": 16}


def test_the_divergence_of_degree_two_is_that_of_the_flow() -> None:
    changes = {"solver.kind": "div", "solver.power": 2, "solver.coefficient": 1, "solver.learning_rate": 2e-3}
    result = ws.run("intervals", steps=400, progress=False, **changes, **QUICK)
    pair = result.experiment.build_pair()
    flow = line_flow(pair.p, pair.q)
    assert flow is not None and flow.congestion_cost is not None
    divergence, error = (result.estimates[name] for name in ("divergence", "divergence_se"))
    limit = flow.congestion_cost / 4  # INT |w|^2 / (4 k sigma), k = 1
    assert 0.95 * limit < divergence < limit + 4 * error
    assert result.estimates["gap"] == pytest.approx(2 * limit, rel=0.1)
    assert set(result.truths) == {"w1"}


def test_speed_limits_apply_and_the_gap_is_no_estimate_of_w1() -> None:
    changes = {"solver.kind": "div", "sigma.kind": "formula", "sigma.formula": "1 + x1 * x1"}
    result = ws.run("gaussians", steps=3, progress=False, **changes, **QUICK, **{"pair.dim": 1})
    assert result.state == "ended" and math.isfinite(result.estimates["divergence"])
    assert not result.experiment.solver.gap_bounded_by_w1


@pytest.mark.parametrize(("dim", "degrees"), [(1, 3), (2, 5), (5, 4)])
def test_the_mean_length_is_that_of_samples(dim: int, degrees: int) -> None:
    lengths = Student(np.zeros(dim), 1.0, degrees).sample(200_000, make_rng("cpu", 1)).norm(dim=1).double()
    error = float(lengths.std()) / math.sqrt(len(lengths))
    assert abs(float(lengths.mean()) - mean_length(dim, degrees)) < 5 * error


def test_w1_is_known_about_a_common_center_and_for_translates() -> None:
    w1 = ws.truth("heavy-tails", **{"pair.dim": 3, "pair.scale_q": 1.5})["w1"]
    assert w1.lower <= 0.5 * mean_length(3, 3) <= w1.upper and w1.upper - w1.lower < 1e-11
    moved = ws.truth("heavy-tails", **{"pair.scale_q": 1, "pair.shift": 2.5})["w1"]
    assert moved.lower <= 2.5 <= moved.upper and "translation" in moved.method
    assert Student(np.zeros(2), 1.0, 3).w1_to(Student(np.ones(2), 2.0, 3)) is None
    assert Student(np.zeros(2), 1.0, 3).w1_to(Student(np.zeros(2), 2.0, 4)) is None


def test_the_density_integrates_to_one() -> None:
    x = np.linspace(-400, 400, 800_001)
    assert np.trapezoid(Student(np.zeros(1), 0.7, 3).density(x[:, None]), x) == pytest.approx(1, abs=1e-6)


def test_samples_move_and_project_with_the_distribution() -> None:
    center, axes = np.array([3.0, -1.0]), np.array([[0.6, 0.8]])
    student = Student(center, 2.0, 6)
    projected = student.project(np.ones(2), axes)
    assert projected.location == pytest.approx(axes @ (center - 1)) and projected.scale == 2
    values = student.sample(100_000, make_rng("cpu", 2)) @ torch.tensor(axes[0], dtype=torch.float32)
    assert float(values.mean()) == pytest.approx(float(axes[0] @ center), abs=0.05)
    moments = projected.moments()
    assert moments is not None
    assert float(values.var()) == pytest.approx(float(moments.covariance[0, 0]), rel=0.05)


def test_the_rank_probability_is_that_of_all_pairs() -> None:
    rng = np.random.default_rng(0)
    at_p, at_q = rng.integers(0, 6, 40).astype(float), rng.integers(-2, 4, 30).astype(float)
    above, equal = at_p[:, None] > at_q, at_p[:, None] == at_q
    value, error = rank_probability(at_p, at_q)
    assert value == pytest.approx((above + 0.5 * equal).mean()) and 0 < error < 0.1


@pytest.mark.parametrize("spread", [0.0, 1e-6, 1.0, 1e6])
def test_all_values_are_in_bins_that_float32_tells_apart(spread: float) -> None:
    values = 100.0 + spread * np.random.default_rng(0).standard_t(2, 1000)
    arrays = value_arrays(values, values + spread)
    assert (np.diff(arrays["edges"].astype(np.float32)) > 0).all()
    assert arrays["p"].sum() == pytest.approx(1) and arrays["q"].sum() == pytest.approx(1)


def test_the_view_shows_the_figure_of_the_run(qtbot, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from wganstudio_example.views.critic_values import CriticValuesView

    path = tmp_path / "a.wgs"
    result = ws.run("heavy-tails", steps=5, session=path, progress=False, **QUICK)
    figure = result.figure("critic_values")
    figure.savefig(tmp_path / "values.png")
    document = Document.open(path)
    document.close()
    view = CriticValuesView()
    qtbot.addWidget(view)
    view.resize(500, 300)
    view.set_records(document.records())
    view.show()
    assert view.drawn is not None and view.drawn.tables().keys() == figure.tables().keys()
    view.set_dark(True)
    view.hover(view.drawn.means["p"], 0.5 * view.drawn.y_range[1])
    assert view.readout.text().startswith("u ")
    view.leave()
    assert view.readout.text() == view.hint
    difference = view.drawn.means["p"] - view.drawn.means["q"]
    assert f"{difference:.4g}" in view.summary.text()
