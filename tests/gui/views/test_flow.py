"""The views of the flow: the marks against the record, against print, and what pointing reads."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.figures import mpl
from wganstudio.figures.momentum.figure import ARROWS, Momentum
from wganstudio.gui.views.congestion_theorem import CongestionTheoremView
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.session import RunRecord
from wganstudio.training.events import FlowMissing

WHICH = ("plane_record", "line_record")


def hover(view, box, x, y):
    view.hover(x, y, plot=list(view.boxes).index(box))


def whole_points(curve):
    return np.stack(curve.getData(), axis=1)


@pytest.mark.parametrize("which", WHICH)
def test_the_congestion_theorem_is_drawn_as_it_is_printed(shown, which, request):
    view = shown(CongestionTheoremView, request.getfixturevalue(which))
    figure = view.figure()
    axes = mpl.render_figure(figure).axes[0]
    (dots,) = axes.collections
    points = whole_points(view.points)
    np.testing.assert_allclose(points, np.stack((figure.predicted_norm, figure.slope), 1), rtol=1e-6)
    np.testing.assert_allclose(dots.get_offsets(), points, rtol=1e-6)
    assert dots.get_clim() == pytest.approx(view.bar.values)
    assert dots.get_cmap().name == view.bar.colorMap().name
    line = next(line for line in axes.lines if line.get_gid() == "diagonal")
    assert np.array_equal(line.get_xydata(), whole_points(view.diagonal))
    assert axes.get_xlim() == pytest.approx(tuple(view.box.viewRange()[0]))
    assert axes.get_ylim() == pytest.approx(tuple(view.box.viewRange()[1]))
    assert view.summary.text() == "\n".join(figure.summary_lines)


def test_the_dots_have_the_colors_of_their_sigma(shown, plane_record):
    view = shown(CongestionTheoremView, plane_record)
    figure = view.figure()
    brushes = [view.points.data["brush"][k] for k in (figure.sigma.argmin(), figure.sigma.argmax())]
    for brush, sigma in zip(brushes, (figure.sigma.min(), figure.sigma.max()), strict=True):
        share = (np.log10(sigma) - figure.scale.low) / (figure.scale.high - figure.scale.low)
        expected = view.bar.colorMap().map(share, mode="byte")
        assert np.abs(np.array(brush.color().getRgb()[:3], int) - expected[:3]).max() < 12


def test_pointing_at_a_dot_reads_it_and_marks_it(shown, plane_record):
    view = shown(CongestionTheoremView, plane_record)
    figure = view.figure()
    index = len(figure.slope) // 3
    hover(view, view.box, float(figure.predicted_norm[index]), float(figure.slope[index]))
    result = int(np.flatnonzero(figure.predicted_norm == view.highlight.getData()[0][0])[0])
    assert view.readout.text() == figure.readout(result)
    hover(view, view.box, figure.x_range[0], figure.y_range[1] * 0.99)
    assert view.readout.text() == view.hint and len(view.highlight.getData()[0]) == 0


def test_the_arrows_have_a_key_of_their_length(shown, plane_record):
    view = shown(MomentumView, plane_record)
    figure, key, box = view.figure(), view.key, view.panel.boxes[0]
    stride = round(max(figure.sigma.shape) / ARROWS)
    assert key.isVisible() and key.text == f"|w| = {key.arrow.value:g}"
    assert figure.arrow_unit * np.linalg.norm(figure.truth, axis=0).max() == pytest.approx(
        stride * np.diff(figure.grid.x)[0], rel=1e-3
    ), "the longest arrow is as long as the distance to the next one"
    before = key.pixels
    assert before == pytest.approx(key.arrow.value * figure.arrow_unit / box.viewPixelSize()[0])
    box.scaleBy((0.25, 0.25))
    assert (
        key.pixels == pytest.approx(key.arrow.value * figure.arrow_unit / box.viewPixelSize()[0])
        and 0.5 * before < key.pixels < 2 * before
    )
    axes = mpl.render_figure(figure).axes[0]
    (printed,) = (line for line in axes.lines if line.get_gid() == "arrow-key")
    length = np.nanmax(printed.get_xdata()) - np.nanmin(printed.get_xdata())
    (text,) = (text.get_text() for text in axes.texts)
    assert length == pytest.approx(float(text.rpartition("=")[2].strip(" $")) * figure.arrow_unit)


def test_over_a_line_there_are_no_arrows(shown, line_record):
    view = shown(MomentumView, line_record)
    assert not view.key.isVisible() and view.figure().arrow_unit == 0


def test_logarithmic_axes_of_the_theorem_are_those_of_print(shown, plane_record):
    view = shown(CongestionTheoremView, plane_record)
    view.axes.bar.log_y.trigger()
    figure = view.figure()
    assert figure.logarithmic == (False, True) and view.plot.getAxis("left").logarithmic
    axes = mpl.render_figure(figure).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert axes.get_ylim() == pytest.approx(tuple(10 ** np.array(view.box.viewRange()[1])))
    np.testing.assert_allclose(whole_points(view.points)[:, 1], np.log10(figure.slope), rtol=1e-6)
    x, y = view.diagonal.getData()
    np.testing.assert_allclose(10**y, x)
    index = len(figure.slope) // 3
    hover(view, view.box, float(figure.places[0][index]), float(figure.places[1][index]))
    assert view.readout.text() != view.hint and len(view.highlight.getData()[0]) == 1
    view.axes.bar.log_x.trigger()
    assert view.figure().logarithmic == (True, True) and len(view.diagonal.getData()[0]) == 2
    view.set_step(100)
    assert view.figure().logarithmic == (True, True)
    assert np.isfinite(view.points.data["y"][view.figure().slope > 0]).all()


def test_going_back_to_a_frame_moves_the_dots_down(shown, plane_record):
    view = shown(CongestionTheoremView, plane_record)
    late = whole_points(view.points)
    view.set_step(100)
    early = whole_points(view.points)
    assert np.array_equal(early[:, 0], late[:, 0]) and (early[:, 1] < 0.5 * late[:, 1]).all()
    assert view.figure().step == 100 and not view.step_note.isVisible()


@pytest.mark.parametrize("size", [(900, 400), (400, 800)], ids=["beside", "below"])
def test_the_maps_of_momentum_are_drawn_as_they_are_printed(shown, plane_record, size):
    view = shown(MomentumView, plane_record, size=size)
    figure = view.figure()
    sheet = mpl.render_figure(figure)
    assert view.panel.wide == (size[0] > size[1])
    maps = [axes for axes in sheet.axes if axes.images]
    for axes, panel, scale in zip(maps, view.panel.panels, figure.scales, strict=True):
        (image,) = axes.images
        assert np.array_equal(image.get_array(), panel.map.image.image)
        limits = tuple(float(level) for level in panel.map.image.getLevels())
        assert image.get_clim() == pytest.approx(limits) == (0, scale.high)
        assert image.get_cmap().name == panel.map.bar.colorMap().name
        arrows = next(line for line in axes.lines if line.get_gid() == "arrows")
        assert np.array_equal(arrows.get_xydata(), whole_points(panel.lines[0]), equal_nan=True)
    sizes = [panel.map.image.image for panel in view.panel.panels]
    np.testing.assert_allclose(
        sizes[1], np.linalg.norm(plane_record.snapshot("flow").arrays["momentum"], axis=0)
    )
    assert sizes[0].max() == pytest.approx(sizes[1].max(), rel=0.03) and sizes[2].max() < 0.1 * sizes[1].max()


def test_the_maps_change_places_with_the_room_there_is(shown, plane_record, qtbot):
    view = shown(MomentumView, plane_record, size=(900, 400))
    assert view.panel.wide
    view.resize(400, 800)
    qtbot.waitUntil(lambda: not view.panel.wide)
    tops = [panel.plot.sceneBoundingRect().top() for panel in view.panel.panels]
    assert tops == sorted(tops) and tops[0] < tops[1] < tops[2]


def test_the_curves_of_momentum_are_drawn_as_they_are_printed(shown, line_record):
    view = shown(MomentumView, line_record)
    figure = view.figure()
    above, below = mpl.render_figure(figure).axes
    for line, curve in zip(above.lines, (view.panel.critic_curve, view.panel.true_curve), strict=True):
        assert np.array_equal(line.get_xydata(), whole_points(curve))
    assert np.array_equal(below.lines[0].get_xydata(), whole_points(view.panel.error_curve))
    assert above.get_ylim() == pytest.approx(tuple(view.panel.boxes[0].viewRange()[1]))
    assert below.get_ylim() == pytest.approx(tuple(view.panel.boxes[1].viewRange()[1]))
    hover(view, view.panel.boxes[0], 1.0, float(np.mean(figure.y_range)))
    assert "w_u = " in view.readout.text() and all(line.isVisible() for line in view.panel.cursor)


def test_pointing_at_a_map_reads_both_momenta_on_all(shown, plane_record):
    view = shown(MomentumView, plane_record)
    for panel in view.panel.panels:
        hover(view, panel.box, 1.5, -1.0)
        assert "|w_u| = " in view.readout.text() and "angle = " in view.readout.text()
        for other in view.panel.panels:
            assert [line.value() for line in other.cursor] == pytest.approx([1.5, -1.0])
    view.leave()
    assert view.readout.text() == view.hint and not view.panel.panels[0].cursor[0].isVisible()


@pytest.mark.parametrize("cls", [CongestionTheoremView, MomentumView])
def test_a_flow_that_comes_late_is_drawn_and_one_that_never_comes_is_explained(shown, cls, make_events):
    record, late = RunRecord(1, read({})), None
    for event in make_events(2, points=24, until=200, ended=False):
        if event.name == "flow":
            late = event
        else:
            record.apply(event)
    view = shown(cls, record)
    assert view.message.isVisible() and view.message.text() == "The true flow is being computed…"
    record.apply(FlowMissing(message="The true flow of this pair is not known."))
    view.refresh()
    assert view.message.text() == "The true flow of this pair is not known."
    record.apply(late)
    view.refresh()
    assert view.figure() is not None and view.body.isVisible()


def test_the_bound_appears_with_the_truth(shown, make_events):
    record, truths = RunRecord(1, read({})), []
    for event in make_events(2, points=24, until=200, ended=False):
        (truths.append if event.kind == "truth" else record.apply)(event)
    view = shown(MomentumView, record)
    assert "its bound requires value and congested cost" in view.summary.text()
    for event in truths:
        record.apply(event)
    view.refresh()
    assert "from suboptimality" in view.summary.text()


def test_the_line_of_the_gradient_view_marks_where_mass_flows(shown, line_record, space_record):
    view = shown(GradientView, line_record)
    assert view.legend_label.isVisible() and "mass flows" in view.legend_label.text()
    marked = whole_points(view.panels[0].lines[0])
    assert np.array_equal(marked, view.figure().flow, equal_nan=True)
    view.set_records([space_record])
    assert not view.legend_label.isVisible()


def test_a_zoom_into_the_momenta_is_what_is_exported(shown, plane_record):
    view = shown(MomentumView, plane_record)
    view.panel.boxes[0].setRange(xRange=(-1, 1), yRange=(-1, 1), padding=0)
    view.panel.boxes[0].sigRangeChangedManually.emit([True, True])
    figure = view.figure()
    assert isinstance(figure, Momentum) and figure.x_range[0] > -4.5
    assert mpl.render_figure(figure).axes[0].get_xlim() == pytest.approx(figure.x_range)
