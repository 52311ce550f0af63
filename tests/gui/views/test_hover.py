"""A readout belongs to the frame that is drawn: it follows the frame, the run and the size of the view."""

import pytest

from wganstudio.gui.views.cells import CellsView
from wganstudio.gui.views.congestion_theorem import CongestionTheoremView
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.gradient_norms import GradientNormsView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.views.plan import PlanView
from wganstudio.gui.views.samples import SamplesView
from wganstudio.gui.views.transport_map import TransportMapView

SQUARE = [[-1.5, -0.8], [1.5, -0.8], [-1.5, 0.8], [1.5, 0.8]]
"""Atoms, and points of Q near the border of their cells for the first frame's psi of zero."""


@pytest.fixture
def record_of(plane_record, make_making, make_atomic, make_mapped):
    def make(cls):
        if cls is SamplesView:
            return make_making(2)
        if cls in (CellsView, PlanView):
            return make_atomic(SQUARE, [[0.2, 0.1], [0.9, 0.5]], epsilon=0.5, psi=[0.5, 0, 0, -0.5])
        return make_mapped(2) if cls is TransportMapView else plane_record

    return make


POINTS = {
    LandscapeView: lambda figure: (1.0, 2.0),
    GradientView: lambda figure: (1.5, -1.0),
    MomentumView: lambda figure: (1.5, -1.0),
    CongestionTheoremView: lambda figure: (figure.predicted_norm[0], figure.slope[0]),
    GradientNormsView: lambda figure: (0.6, figure.y_range[1] / 2),
    CellsView: lambda figure: (0.2, 0.1),
    PlanView: lambda figure: figure.picture.sources[0],
    SamplesView: lambda figure: figure.picture.points[0],
    TransportMapView: lambda figure: figure.ends[0],
}
"""A point to read, of the figure drawn."""


@pytest.mark.parametrize("cls", POINTS)
def test_the_readout_follows_the_frame_under_a_mouse_at_rest(shown, record_of, cls):
    record = record_of(cls)
    view = shown(cls, record)
    last = view.frame_bar.slider.maximum()
    view.frame_bar.slider.setValue(last - 1)
    x, y = POINTS[cls](view.drawn)
    view.hover(x, y)
    before = view.readout.text()
    assert before != view.hint
    view.frame_bar.slider.setValue(last)
    after = view.readout.text()
    fresh = shown(cls, record)
    fresh._mouse_moved(view._pointer)
    assert after == fresh.readout.text()
    assert after != before or cls is TransportMapView, "its two frames have the same map"


@pytest.mark.parametrize("cls", POINTS)
def test_no_readout_stays_under_another_run_or_none(shown, record_of, cls, failed_record):
    record = record_of(cls)
    view = shown(cls, record)
    view.hover(*POINTS[cls](view.drawn))
    assert view.readout.text() != view.hint
    view.set_records([failed_record])
    assert view.readout.text() == view.hint, "there is no picture to read"
    view.set_records([record])
    view.leave()
    assert view.readout.text() == view.hint
    view.frame_bar.slider.setValue(0)
    assert view.readout.text() == view.hint, "the mouse is elsewhere"
