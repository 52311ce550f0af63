"""The view of the map draws what is printed, turns around, answers the mouse and warns."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from wganstudio.figures.style import LIGHT
from wganstudio.gui.views.transport_map import TransportMapView
from wganstudio.session import RunRecord


def test_the_chosen_map_is_drawn_and_a_carried_sample_is_read(shown, qtbot, make_mapped, plane_record):
    view = shown(TransportMapView, make_mapped(2))
    for to in ("q", "p"):
        figure = view.figure()
        assert figure.to == to
        for item, points in (
            (view.mapped, figure.ends),
            (view.true_targets, figure.true),
            (view.target, figure.target),
        ):
            np.testing.assert_allclose(np.column_stack(item.getData()), points)
        np.testing.assert_array_equal(np.column_stack(view.grid.getData()), figure.grid)
        view.hover(*figure.ends[3])
        assert view.highlight.isVisible() and ", error " in view.readout.text()
        qtbot.keyClick(view.direction, Qt.Key.Key_Down)
    view.hover(90.0, 90.0)
    assert not view.highlight.isVisible() and view.readout.text() == view.hint
    view.set_records([plane_record])
    assert view.figure() is None and "does not produce a transport map" in view.message.text()


@pytest.mark.parametrize("dim", [1, 3])
def test_lines_and_more_dimensions_are_drawn(shown, make_mapped, dim):
    view = shown(TransportMapView, make_mapped(dim))
    figure = view.figure()
    np.testing.assert_allclose(np.column_stack(view.mapped.getData()), figure.ends)
    assert (view.grid.getData()[0].size > 0) == (dim == 1)


def test_a_loose_conjugate_is_reported_in_the_warning_color(shown, make_mapped):
    view = shown(TransportMapView, make_mapped(2, converged=0.6))
    said = view.summary.text()
    assert f'color:{LIGHT.warning}">the conjugate is loose: 40 % of the points' in said
    view.set_records([make_mapped(2)])
    assert LIGHT.truth in view.legend_label.text() and LIGHT.q in view.legend_label.text()
    assert LIGHT.warning not in view.summary.text() and "error in mean 0.3" in view.summary.text()


def test_a_solver_with_one_map_has_its_direction_chosen(shown, make_mapped):
    both = make_mapped(2)
    record = RunRecord(1, both.experiment)
    for topic in ("plane", "map-to-p", "critic"):
        record.apply(both.snapshot(topic))
    view = shown(TransportMapView, record)
    assert view.target_name == view.figure().to == "p" and not view.message.isVisible()
    enabled = {to: view.direction.model().item(k).isEnabled() for k, to in enumerate(("q", "p"))}
    assert enabled == {"q": False, "p": True}
    view.set_records([make_mapped(2)])
    assert view.direction.model().item(0).isEnabled()
