"""The transport-map figure against the maps it is built from."""

import numpy as np
import pytest

from wganstudio.export import export
from wganstudio.figures import figure_of, mpl
from wganstudio.figures.costs.figure import Costs
from wganstudio.figures.map_diagnostics import is_convex
from wganstudio.figures.transport_map.figure import TransportMap
from wganstudio.training.events import Snapshot
from wganstudio.training.outcome import conjugate_warning

STRETCH, SHIFT = np.array([0.5, 1.5]), np.array([1.0, -0.5])
"""The map that is drawn: x to stretch * x + shift; the true one has no shift."""


def test_samples_and_grid_stand_where_the_map_carries_them(make_mapped):
    record = make_mapped(2)
    figure = figure_of(record, "map")
    assert isinstance(figure, TransportMap) and figure.to == "q" and not figure.line
    np.testing.assert_allclose(figure.ends, figure.starts * STRETCH + SHIFT, rtol=1e-5)
    np.testing.assert_allclose(figure.true, figure.starts * STRETCH, rtol=1e-5)
    np.testing.assert_allclose(figure.errors, np.linalg.norm(SHIFT), rtol=1e-5)
    np.testing.assert_array_equal(figure.target, record.snapshot("plane").arrays["samples_q"])
    rows = figure.grid.reshape(2, 5, 6, 2)
    assert np.isnan(rows[:, :, 5]).all() and np.isfinite(rows[:, :, :5]).all()
    np.testing.assert_array_equal(rows[0, :, :5], rows[1, :, :5].swapaxes(0, 1))
    np.testing.assert_allclose(np.ptp(rows[0, :, :5, 0]), 4 * STRETCH[0], rtol=1e-5)
    misses = figure.error_lines.reshape(-1, 3, 2)
    np.testing.assert_allclose(
        misses[:, 0] - misses[:, 1], np.broadcast_to(SHIFT, (len(misses), 2)), rtol=1e-4
    )
    assert figure.pick(*figure.ends[3], (1e-3, 1e-3)) == 3 and figure.pick(50, 50, (1, 1)) is None
    assert "error 1.12" in figure.describe(3)


def test_the_other_map_leads_back(make_mapped):
    figure = TransportMap.from_record(make_mapped(2), to="p")
    np.testing.assert_allclose(figure.ends * STRETCH + SHIFT, figure.starts, rtol=1e-4, atol=1e-5)
    assert "from Q to P" in figure.title and "error in mean 0.3" in figure.summary_lines[1]


def test_on_a_line_the_map_is_a_curve(make_mapped):
    figure = TransportMap.from_record(make_mapped(1))
    assert figure.line and not len(figure.target)
    np.testing.assert_allclose(
        figure.grid[:, 1], STRETCH[0] * figure.grid[:, 0] + SHIFT[0], rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(
        figure.ends[:, 1], STRETCH[0] * figure.ends[:, 0] + SHIFT[0], rtol=1e-4, atol=1e-6
    )


def test_in_more_dimensions_samples_alone_are_drawn(make_mapped):
    figure = TransportMap.from_record(make_mapped(3))
    assert not len(figure.grid) and len(figure.ends) == 40 and "grid" not in figure.caption


def test_a_solver_without_maps_has_no_such_figure(plane_record):
    assert TransportMap.from_record(plane_record) is None


def test_a_loose_conjugate_is_reported_in_the_figure_of_the_map_and_of_the_costs(make_mapped):
    record = make_mapped(2, converged=0.6, gap_lower=0.9)
    sentence = "the conjugate is loose: 40 % of the points have not converged; the cost lies in [0.9, 1]"
    assert (
        TransportMap.from_record(record).warnings == (sentence,)
        and sentence[1:] in Costs.from_record(record).warnings[0]
    )
    tight = make_mapped(2)
    assert TransportMap.from_record(tight).warnings == () and Costs.from_record(tight).warnings == ()


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"gap": 1.0, "gap_lower": 0.995, "converged": 1.0}, ""),
        ({"gap": 1.0, "gap_lower": 0.98, "converged": 1.0}, "loose: the cost lies in [0.98, 1]"),
        ({"gap": 1.0, "gap_lower": 1.0, "converged": 0.9998}, "0.02 % of the points"),
        ({"gap": 1.0}, ""),
    ],
)
def test_loose_is_whatever_has_not_converged_or_leaves_more_than_a_hundredth(numbers, said):
    result = conjugate_warning(numbers)
    assert said in result and bool(result) == bool(said)


def test_a_potential_that_is_not_convex_is_warned_of(make_mapped):
    figure = TransportMap.from_record(make_mapped(2, convexity=-0.2))
    assert figure.warnings == ("the potential is not convex: minimum second difference on segments -0.2",)
    assert is_convex({"convexity": -1e-5}) and not is_convex({"convexity": -0.01})


def test_numbers_are_those_of_the_step_shown(make_mapped):
    early, late = (TransportMap.from_record(make_mapped(2), step) for step in (1, None))
    assert "error in mean 0.5" in early.summary_lines[1] and "error in mean 0.3" in late.summary_lines[1]


def test_tables_and_print_hold_the_map(make_mapped, tmp_path):
    record = make_mapped(2)
    samples, grid = export(record, tmp_path, ["csv"], figures=["map"])
    rows = np.genfromtxt(samples, delimiter=",", names=True)
    assert rows.dtype.names == ("x", "mapped_x", "true_x", "y", "mapped_y", "true_y", "displacement", "error")
    np.testing.assert_allclose(rows["mapped_y"], 1.5 * rows["y"] - 0.5, rtol=1e-4, atol=1e-5)
    assert "grid" in grid.name
    figure = TransportMap.from_record(make_mapped(2, converged=0.6))
    axes = mpl.render_figure(figure).axes[0]
    lines = {line.get_gid(): line.get_xydata() for line in axes.lines}
    np.testing.assert_array_equal(lines["grid"], figure.grid)
    np.testing.assert_array_equal(lines["errors"], figure.error_lines)
    np.testing.assert_allclose(axes.collections[-1].get_offsets(), figure.ends)
    assert "loose" in axes.get_title(loc="left")


def test_arrays_that_do_not_fit_are_refused(make_mapped):
    arrays = make_mapped(2).snapshot("map-to-q").arrays
    for name, wrong in (("ends", arrays["ends"][1:]), ("grid", arrays["grid"][0]), ("distance", None)):
        given = {key: value for key, value in (arrays | {name: wrong}).items() if value is not None}
        with pytest.raises(ValueError, match="map-to-q: "):
            Snapshot(topic="map-to-q", step=1, arrays=given)
