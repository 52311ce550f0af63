"""The gradient norms view draws what is printed, and reads what the mouse points at."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.figures import mpl
from wganstudio.figures.gradient_norms.figure import GradientNorms
from wganstudio.gui.views.gradient_norms import GradientNormsView
from wganstudio.gui.views.registry import registered_views
from wganstudio.session import RunRecord


def hover(view, x):
    low, high = view.box.viewRange()[1]
    view.hover(x, (low + high) / 2)


def marked(line):
    return line.value() if line.isVisible() else None


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("which", ["plane_record", "line_record", "space_record"])
def test_print_and_screen_draw_the_same(shown, which, logarithmic, request):
    view = shown(GradientNormsView, request.getfixturevalue(which))
    view.logarithmic.setChecked(logarithmic)
    figure = view.figure()
    axes = mpl.render_figure(figure).axes[0]
    steps = {patch.get_label(): patch.get_data() for patch in axes.patches}
    for one in figure.histograms:
        x, y = view.curves[one.distribution].getData()
        assert np.array_equal(x, steps[one.label].edges)
        np.testing.assert_allclose(10**y if logarithmic else y, steps[one.label].values)
    printed = {line.get_label(): line.get_xdata()[0] for line in axes.lines}
    for mark in figure.bounds:
        assert marked(view.bounds[mark.name]) == printed[mark.text] == mark.value
        assert mark.text in view.summary.text().replace("&nbsp;", " ")
    assert view.unit_line.value() == next(x.get_xdata()[0] for x in axes.lines if x.get_gid() == "unit") == 1
    x, y = (np.array(shown_range) for shown_range in view.box.viewRange())
    assert axes.get_xlim() == pytest.approx(tuple(x))
    assert axes.get_ylim() == pytest.approx(tuple(10**y if logarithmic else y))


def test_pointing_reads_the_shares_of_a_bin_and_the_bounds_that_are_near(shown, plane_record):
    view = shown(GradientNormsView, plane_record)
    figure = view.figure()
    hover(view, 1.51)
    assert view.highlight.isVisible() and tuple(view.highlight.getRegion()) == figure.bin(
        1.51
    ) == pytest.approx((1.5, 1.55))
    share = plane_record.snapshot("gradient-norms").arrays["q"][30]
    assert f"Q {100 * share:.1f} %" in view.readout.text() and "≥" not in view.readout.text()
    hover(view, figure.bounds[1].value)
    assert figure.bounds[1].text in view.readout.text()
    view.leave()
    assert view.readout.text() == view.hint and not view.highlight.isVisible()


def test_an_earlier_step_goes_back_to_recorded_histograms(shown, plane_record):
    view = shown(GradientNormsView, plane_record)
    view.set_step(100)
    known = plane_record.snapshot("gradient-norms", 100).attributes
    assert view.figure().step == 100 and not view.step_note.isVisible()
    assert marked(view.bounds["largest_slope"]) == known.largest_slope
    assert view.figure().x_range == (0.0, 2.0), "a young critic is flat, and 1 is in the middle all the same"


def test_a_critic_without_a_certificate_has_no_third_line(shown, plane_record):
    record = RunRecord(1, plane_record.experiment)
    norms = plane_record.snapshot("gradient-norms")
    bounds = norms.attributes.model_copy(update={"certified": None})
    record.apply(norms.model_copy(update={"attributes": bounds}))
    view = shown(GradientNormsView, record)
    assert marked(view.bounds["certified"]) is None and "certified" not in view.summary.text()
    assert "certifies no upper bound" in view.summary.toolTip()


def test_a_run_recorded_before_gradient_norms_were_measured_says_so(shown, make_events):
    record = RunRecord(1, read({}))
    for event in make_events(2, until=50, points=24):
        if event.name != "gradient-norms":
            record.apply(event)
    view = shown(GradientNormsView, record)
    assert view.figure() is None and view.message.text().startswith(
        "This run was recorded before gradient norms"
    )
    assert GradientNorms.from_record(record, 20) is None


def test_a_zoom_is_what_is_exported(shown, plane_record):
    view = shown(GradientNormsView, plane_record)
    view.logarithmic.setChecked(True)
    view.box.setRange(xRange=(0.5, 1.5), yRange=(-2, 1), padding=0)
    view.box.sigRangeChangedManually.emit([True, True])
    axes = mpl.render_figure(view.figure()).axes[0]
    assert axes.get_xlim() == pytest.approx((0.5, 1.5)) and axes.get_ylim() == pytest.approx((0.01, 10))


def test_only_what_is_in_sight_is_measured_live():
    needs = {cls.name: cls.topics for cls in registered_views()}
    assert frozenset().union(*needs.values()) == {"critic", "gradient-norms"}
    assert needs["gradient_norms"] == {"gradient-norms"} and needs["landscape"] == {"critic"}
    assert needs["costs"] == frozenset()


def test_a_histogram_can_be_hidden_and_the_figure_has_it(shown, plane_record):
    view = shown(GradientNormsView, plane_record)
    actions = {action.text(): action for action in view.menu.menu().actions()}
    assert list(actions) == ["P", "Q", "σ"]
    top = view.drawn.y_range[1]
    view.legend.clicked.emit("sigma")
    assert not view.curves["sigma"].isVisible() and view.curves["p"].isVisible()
    assert [entry.shown for entry in view.legend.entries] == [True, True, False]
    figure = view.figure()
    assert figure.tables()[""].keys() == {"low", "high", "p_share", "q_share"}
    assert figure.y_range[1] <= top
    view.set_records([plane_record])
    assert not view.curves["sigma"].isVisible(), "it stays hidden"
    actions["σ"].trigger()
    assert view.curves["sigma"].isVisible() and view.drawn.y_range[1] == top
