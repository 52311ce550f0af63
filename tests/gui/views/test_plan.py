"""The view of the plan draws what is printed, and answers the mouse."""

import numpy as np

from wganstudio.gui.views.plan import PlanView


def test_pointing_at_a_point_of_q_draws_its_lines_and_reads_its_shares(shown, make_atomic, plane_record):
    record = make_atomic([[-1.0, 0.0], [1.0, 0.0]], [[-0.5, 0.2], [0.0, 0.0]], epsilon=0.5)
    view = shown(PlanView, record)
    figure = view.figure()
    for item, (lines, _) in zip(view.lines, figure.picture.by_opacity, strict=True):
        np.testing.assert_array_equal(np.column_stack(item.getData()), lines)
    view.hover(0.0, 0.0)
    assert view.highlight.isVisible() and "50%, 50% of its mass" in view.readout.text()
    ends = np.column_stack(view.highlight.getData())
    assert sorted(ends[1::3, 0]) == [-1, 1]
    view.hover(0.0, 0.7)
    assert not view.highlight.isVisible() and view.readout.text() == view.hint
    view.set_records([plane_record])
    assert view.figure() is None and "no plan to data points" in view.message.text()
