"""The law plot and the momenta: what they compute, against the closed forms of the records."""

import numpy as np
import pytest

from wganstudio.export import export
from wganstudio.figures import figure_of
from wganstudio.figures.congestion_theorem.figure import CongestionTheorem
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.flow import missing_flow_text, suboptimality, true_flow
from wganstudio.figures.gradient.figure import GradientDensity
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.figures.momentum.figure import Momentum
from wganstudio.truths.momentum import flow_difference, momentum

SHARE = 1 - np.exp(-2000 / 400.0)
"""The records' critics are this much of the optimal one."""


@pytest.mark.parametrize("which", ["plane_record", "line_record"])
def test_an_all_but_optimal_critic_keeps_the_theorem(request, which):
    record = request.getfixturevalue(which)
    theorem = CongestionTheorem.from_record(record)
    np.testing.assert_allclose(theorem.slope, SHARE * theorem.predicted_norm, rtol=5e-3)
    assert theorem.fit[0] == pytest.approx(SHARE, abs=5e-3) and theorem.fit[1] > 0.999
    assert "fitted slope 0.99, correlation 1.000" in theorem.summary_lines[0]
    early = CongestionTheorem.from_record(record, step=100)
    assert early.fit[0] == pytest.approx(1 - np.exp(-0.25), abs=5e-3), "a quarter of the way"
    assert np.array_equal(early.predicted_norm, theorem.predicted_norm) and early.x_range == theorem.x_range


def test_the_theorem_is_tried_only_where_mass_flows(plane_record):
    flow, theorem = plane_record.snapshot("flow"), CongestionTheorem.from_record(plane_record)
    moving = true_flow(plane_record).support
    size = np.linalg.norm(flow.arrays["momentum"], axis=0)
    assert 0 < moving.sum() < moving.size
    assert size[moving].min() > 0.05 * size.max()
    assert theorem.sigma.min() > 0.01 * flow.arrays["sigma"].max()
    assert f"{moving.sum():,} points" in theorem.summary_lines[0] and "5 %" in theorem.summary_lines[1]
    assert len(theorem.slope) == min(moving.sum(), 3000)


def test_a_dot_is_found_and_read(plane_record):
    theorem = CongestionTheorem.from_record(plane_record)
    index = len(theorem.slope) // 2
    result, away = theorem.nearest(theorem.predicted_norm[index], theorem.slope[index], 0.01, 0.01)
    assert away == 0 and theorem.predicted_norm[result] == theorem.predicted_norm[index]
    text = theorem.readout(index)
    x, y = theorem.points[index]
    assert f"x = ({x:.3g}, {y:.3g})" in text and f"predicted {theorem.predicted_norm[index]:.3f}" in text
    r, scene = np.hypot(x, y), plane_record.snapshot("plane").arrays
    at = np.argmin(np.hypot(*(np.stack(np.meshgrid(scene["x"], scene["y"])) - [[[x]], [[y]]])))
    assert theorem.sigma[index] == scene["sigma"].ravel()[at] and r < 6


@pytest.mark.parametrize("which", ["plane_record", "line_record"])
def test_the_momentum_is_that_of_the_gradient(request, which):
    record = request.getfixturevalue(which)
    figure, critic, flow = Momentum.from_record(record), record.snapshot("critic"), record.snapshot("flow")
    slope, sigma = critic.arrays["gradient_norm"], flow.arrays["sigma"]
    own = np.linalg.norm(figure.critic, axis=0)
    np.testing.assert_allclose(own, 2 * sigma * np.maximum(slope - 1, 0), rtol=1e-3, atol=1e-6)
    assert (figure.critic * flow.arrays["momentum"]).sum() > 0, "down u, along the flow"
    rows = [part.reshape(len(part), -1).T.astype(float) for part in (critic.arrays["gradient"], figure.truth)]
    one = np.ones(sigma.size)
    expected = flow_difference(momentum(rows[0], sigma.ravel(), 1.0), rows[1], sigma.ravel(), one)
    assert figure.error == pytest.approx(expected)
    assert f"relative L2 error {expected.l2:.3f}" in figure.summary_lines[0]
    assert ("mean angle" in figure.summary_lines[0]) == (which == "plane_record")


def test_the_bound_holds_and_is_the_root_of_4_lambda_eps(plane_record):
    figure, eps = Momentum.from_record(plane_record), suboptimality(plane_record)
    most = np.sqrt(4 * eps.maximum / plane_record.snapshot("flow").attributes.congestion_cost)
    assert figure.error.weighted_l2 < most
    assert figure.summary_lines[1].endswith(
        f"(theoretical bound {most:.3f}, from suboptimality ≤ {eps.maximum:.2g})"
    )
    assert eps.value == plane_record.truths["congested"].value - plane_record.ended.estimates["value"]
    assert eps.maximum > eps.upper > eps.value > eps.lower
    early = suboptimality(plane_record, step=100)
    steps, values = plane_record.curve("value")
    assert early.value == plane_record.truths["congested"].value - values[list(steps).index(100)]


def test_arrows_point_along_the_flow_and_are_as_long_as_it_is_strong(plane_record):
    figure = Momentum.from_record(plane_record)
    for arrows, field in zip(figure.arrows[:2], (figure.critic, figure.truth), strict=True):
        shafts = np.vstack([arrows, [[np.nan] * 2]]).reshape(-1, 7, 2)
        assert np.isnan(shafts[:, (2, 6)]).all() and np.isfinite(shafts[:, (0, 1, 3, 4, 5)]).all()
        tail, tip = shafts[:, 0], shafts[:, 1]
        middle, along = (tail + tip) / 2, tip - tail
        where = [[figure.grid.lookup(part, *point) for part in field] for point in middle]
        scale = np.linalg.norm(along, axis=1) / np.linalg.norm(where, axis=1)
        np.testing.assert_allclose(along, np.array(where) * scale[:, None], atol=1e-3)
        np.testing.assert_allclose(scale, scale[0], rtol=1e-3)


def test_pointing_reads_both_momenta(plane_record, line_record):
    figure = Momentum.from_record(plane_record)
    text = figure.readout(1.0, 1.0)
    assert "x = (1, 1)" in text and "angle = 0°" in text and "|w_u - w| =" in text
    assert figure.readout(50.0, 0.0) is None
    assert "w_u = " in Momentum.from_record(line_record).readout(1.0)


def test_why_there_is_nothing_to_show(make_record, space_record, plane_record):
    assert CongestionTheorem.from_record(space_record) is None and Momentum.from_record(space_record) is None
    assert missing_flow_text(space_record) == "The flow can be shown in one and two dimensions only."
    without = make_record(2, until=50, points=16, flow=False, ended=False)
    assert (
        CongestionTheorem.from_record(without) is None
        and missing_flow_text(without) == "The true flow is being computed…"
    )
    old = make_record(2, until=50, points=16)
    for step in old.recorded_steps("critic"):
        old.snapshot("critic", step).arrays.pop("gradient")
    assert Momentum.from_record(old) is None and "without gradient directions" in missing_flow_text(old)
    assert CongestionTheorem.from_record(old) is not None, "the law needs only lengths"


def test_where_mass_flows_is_marked_on_the_gradient(plane_record, line_record, space_record):
    flow = GradientDensity.from_record(plane_record).flow
    radius = np.hypot(*flow[np.isfinite(flow[:, 0])].T)
    size = np.linalg.norm(plane_record.snapshot("flow").arrays["momentum"], axis=0)
    x, y = plane_record.snapshot("plane").arrays["x"], plane_record.snapshot("plane").arrays["y"]
    inside = np.hypot(*np.meshgrid(x, y))[size > 0.05 * size.max()]
    assert radius.max() >= inside.max() - 0.2
    line = GradientDensity.from_record(line_record).flow
    moving = np.isfinite(line[:, 1])
    assert 0 < moving.sum() < len(moving) and set(line[moving, 1]) == {1.0}
    assert len(GradientDensity.from_record(space_record).flow) == 0


def test_the_flow_lends_the_landscape_its_potential(make_record):
    record = make_record(2, until=50, points=16, known=False)
    potential = Landscape.from_record(record).potential
    np.testing.assert_allclose(
        np.ptp(potential), np.ptp(record.snapshot("flow").arrays["potential"]), rtol=1e-5
    )


def test_the_costs_tell_the_suboptimality(plane_record, make_record):
    messages = Costs.from_record(plane_record).summary_lines[-1]
    assert (
        messages.startswith("suboptimality ") and "±" in messages and "congested cost minus value" in messages
    )
    unknown = make_record(2, until=50, points=16)
    unknown.truths.pop("congested")
    assert not any("suboptimality" in remark for remark in Costs.from_record(unknown).summary_lines)


def test_tables_hold_what_is_drawn(plane_record, tmp_path):
    files = export(plane_record, tmp_path, ["csv"], figures=["law", "momentum"])
    heads = {file.name.split("-")[-1]: file.read_text().splitlines()[0] for file in files}
    assert heads == {
        "theorem.csv": "x,y,sigma,predicted_norm,slope",
        "momentum.csv": "x,y,critic_x,critic_y,true_x,true_y,error,sigma",
    }
    assert figure_of(plane_record, "law", 100).step == figure_of(plane_record, "momentum", 100).step == 100
