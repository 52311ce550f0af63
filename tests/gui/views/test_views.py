"""The marks in the views against the record's data, and against what is printed."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.figures import mpl
from wganstudio.figures.contours import join_lines
from wganstudio.figures.costs.figure import Costs
from wganstudio.gui.views.costs import CostsView
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.registry import registered_views
from wganstudio.session import RunRecord
from wganstudio.training.events import Started, TruthFound

ELSEWHERE = {"sweep", "samples", "cells", "plan", "accuracy", "theory_checks", "systems", "transport_map"}
ELSEWHERE |= {"critic_descent"}
ALONE = [cls for cls in registered_views() if cls.name not in ELSEWHERE]
"""The views of one run that trains a critic alone; the others have tests of their own."""
FIELDS = [cls for cls in ALONE if cls.name not in ("congestion_theorem", "momentum", "gradient_norms")]
"""test_flow.py and test_gradient_norms.py test the others."""
SCREENS = [(cls, which) for cls in FIELDS for which in ("plane_record", "line_record", "space_record")]


def levels(image):
    return tuple(float(level) for level in image.getLevels())


def whole_points(curve):
    return np.stack(curve.getData(), axis=1)


def bands(view):
    return {name: items.region.getRegion() for name, items in view.bands.items()}


def hover(view, box, x, y):
    view.hover(x, y, plot=list(view.boxes).index(box))


def test_the_landscape_shows_the_frame(shown, plane_record):
    view = shown(LandscapeView, plane_record)
    picture = view.panel
    u = plane_record.snapshot("critic").arrays["u"]
    assert np.array_equal(picture.map.image.image, u)
    assert levels(picture.map.image) == pytest.approx((u.min(), u.max()))
    assert picture.map.bar.values == levels(picture.map.image)
    assert np.array_equal(whole_points(picture.contours), join_lines(view.figure().contours), equal_nan=True)
    assert np.array_equal(
        whole_points(picture.samples["P"]), plane_record.snapshot("plane").arrays["samples_p"]
    )
    assert np.array_equal(
        whole_points(picture.samples["Q"]), plane_record.snapshot("plane").arrays["samples_q"]
    )
    rect = picture.map.image.mapRectToParent(picture.map.image.boundingRect())
    assert (rect.left(), rect.right(), rect.top(), rect.bottom()) == pytest.approx(view.figure().grid.extent)


def test_the_landscapes_samples_of_q_move_with_the_generator(shown, make_making):
    record = make_making(2)
    view = shown(LandscapeView, record)
    for step in (record.recorded_steps("critic")[0], record.recorded_steps("critic")[-1]):
        view.set_step(step)
        assert np.array_equal(
            whole_points(view.panel.samples["Q"]), record.snapshot("generated", step).arrays["samples_q"]
        )
        assert np.array_equal(
            whole_points(view.panel.samples["P"]), record.snapshot("plane").arrays["samples_p"]
        )


def test_ticking_the_truth_draws_its_contours(shown, plane_record):
    view = shown(LandscapeView, plane_record)
    assert whole_points(view.panel.truth_contours).size == 0
    view.truth.click()
    figure = view.figure()
    assert figure.show_truth
    assert np.array_equal(
        whole_points(view.panel.truth_contours), join_lines(figure.truth_contours), equal_nan=True
    )
    view.samples.click()
    assert not view.panel.samples["P"].isVisible() and not view.figure().show_samples


def test_an_unknown_truth_cannot_be_ticked(shown, make_record):
    view = shown(LandscapeView, make_record(2, until=50, known=False, flow=False))
    assert not view.truth.isEnabled() and "not known" in view.truth.toolTip()


def test_the_line_shows_curves_and_histograms(shown, line_record):
    view = shown(LandscapeView, line_record)
    view.truth.click()
    figure = view.figure()
    assert np.array_equal(view.panel.u.getData()[1], line_record.snapshot("critic").arrays["u"])
    assert np.allclose(view.panel.truth.getData()[1], figure.potential)
    edges, heights = view.panel.bars["Q"].getData()
    assert np.allclose(edges, figure.histogram.edges) and np.allclose(heights, figure.histogram.q)
    view.truth.click()
    assert view.panel.truth not in view.panel.plot.items


def test_an_earlier_step_goes_back_to_recorded_frames(shown, plane_record):
    view = shown(LandscapeView, plane_record)
    assert view.figure().step == 2000
    view.set_step(100)
    assert np.array_equal(view.panel.map.image.image, plane_record.snapshot("critic", 100).arrays["u"])
    assert view.figure().step == 100 and not view.step_note.isVisible()
    view.set_step(150)
    assert view.figure().step == 100 and view.step_note.isVisible()
    assert view.step_note.text() == "at step 100"
    view.set_step(0)
    assert view.figure().step == 1, "nothing earlier is recorded"
    view.set_step(None)
    view.set_records([plane_record])
    assert view.figure().step == 2000


def test_a_chosen_frame_stays_while_the_run_goes_on(shown, make_events):
    record = RunRecord(1, read({}))
    events = iter(make_events(2, points=24))
    for event in events:
        record.apply(event)
        if event.step == 200:
            break
    view = shown(LandscapeView, record)
    view.set_step(record.recorded_steps("critic")[3])
    chosen = view.figure().step
    for event in events:
        record.apply(event)
        view.refresh()
    assert view.figure().step == chosen
    view.set_step(None)
    assert view.figure().step == 2000


def test_the_gradient_view_shows_both_fields_and_the_scatter(shown, plane_record):
    view = shown(GradientView, plane_record)
    slope, sigma = view.panels
    figure = view.figure()
    assert np.array_equal(slope.map.image.image, plane_record.snapshot("critic").arrays["gradient_norm"])
    assert np.array_equal(sigma.map.image.image, plane_record.snapshot("plane").arrays["sigma"])
    assert levels(slope.map.image) == (0.0, figure.slope_scale.high)
    assert slope.map.bar.mark.value() == pytest.approx(256 / figure.slope_scale.high)
    points = whole_points(view.scatter.points)
    assert np.allclose(10 ** points[:, 0], figure.scatter_sigma, rtol=1e-5)
    assert np.array_equal(points[:, 1].astype(np.float32), figure.scatter_slope)


def test_the_scatter_follows_the_frames(shown, plane_record):
    view = shown(GradientView, plane_record)
    view.set_step(plane_record.recorded_steps("critic")[4])
    points = whole_points(view.scatter.points)
    figure = view.figure()
    assert figure.step < 2000 and np.array_equal(points[:, 1].astype(np.float32), figure.scatter_slope)


def test_pointing_at_one_map_marks_both_and_the_scatter(shown, plane_record):
    view = shown(GradientView, plane_record)
    figure = view.figure()
    for panel in view.panels:
        hover(view, panel.box, 1.5, -1.0)
        for other in view.panels:
            assert all(line.isVisible() for line in other.cursor)
            assert [line.value() for line in other.cursor] == pytest.approx([1.5, -1.0])
        expected = figure.readout(1.5, -1.0)
        (x,), (y,) = view.scatter.highlight.getData()
        assert (10**x, y) == pytest.approx((expected.sigma, expected.slope), rel=1e-3)
        assert f"|∇u| = {expected.slope:.3f}" in view.readout.text()
    view.leave()
    assert not view.panels[0].cursor[0].isVisible() and len(view.scatter.highlight.getData()[0]) == 0


def test_pointing_where_no_sample_lies_highlights_none(shown, space_record):
    view = shown(GradientView, space_record)
    figure = view.figure()
    row, column = np.argwhere(figure.samples.counts == 0)[0]
    hover(view, view.panels[0].box, float(figure.slope_grid.x[column]), float(figure.slope_grid.y[row]))
    assert "no sample of σ" in view.readout.text() and len(view.scatter.highlight.getData()[0]) == 0
    row, column = np.argwhere(figure.samples.counts > 3)[0]
    hover(view, view.panels[0].box, float(figure.slope_grid.x[column]), float(figure.slope_grid.y[row]))
    assert f"({figure.samples.counts[row, column]:.0f} samples)" in view.readout.text()
    assert view.scatter.highlight.getData()[1][0] == pytest.approx(figure.slope[row, column])


def test_the_maps_move_together(shown, plane_record):
    view = shown(GradientView, plane_record)
    slope, sigma = view.panels
    sigma.box.setRange(xRange=(-1, 1), padding=0)
    assert slope.box.viewRange()[0] == pytest.approx(sigma.box.viewRange()[0], abs=0.1)


def test_pointing_at_the_landscape_reads_it(shown, plane_record):
    view = shown(LandscapeView, plane_record)
    hover(view, view.panel.box, 1.0, 2.0)
    expected = view.figure().readout(1.0, 2.0)
    assert view.readout.text().split("    ")[1:] == expected.text.split("    ")[1:]
    view.leave()
    assert view.readout.text().startswith("Point at")


def test_the_costs_view_shows_curves_bands_and_final_estimates(shown, plane_record):
    view = shown(CostsView, plane_record)
    for name in ("gap", "value"):
        steps, values = plane_record.curve(name)
        errors = plane_record.curve(f"{name}_se")[1]
        items = view.curves[name]
        assert np.array_equal(whole_points(items.line), np.stack((steps, values), 1))
        assert np.allclose(items.band.lower, values - 2 * errors)
        assert np.allclose(items.band.upper, values + 2 * errors)
        (x,), (y,) = view.finals[name].point.getData()
        assert (x, y) == (2000, plane_record.ended.estimates[name])
        bar = view.finals[name].bar.opts
        height = bar["top"][0] + bar["bottom"][0]
        assert height == pytest.approx(4 * plane_record.ended.estimates[f"{name}_se"])
    assert bands(view) == {q: (t.lower, t.upper) for q, t in plane_record.truths.items()}
    for quantity, items in view.bands.items():
        assert plane_record.truths[quantity].method in items.text.toolTip()
    assert "below the gap limit" in view.summary.text() or "above the gap limit" in view.summary.text()


def test_truths_that_come_late_and_other_runs_are_drawn(shown, make_events, line_record):
    record = RunRecord(1, read({}))
    late = [event for event in make_events(2, points=24, until=500, ended=False)]
    for event in late:
        if not isinstance(event, TruthFound):
            record.apply(event)
    view = shown(CostsView, record)
    assert bands(view) == {} and view.finals == {}
    for event in late:
        if isinstance(event, TruthFound):
            record.apply(event)
    view.refresh()
    assert set(bands(view)) == {"w1", "congested", "gap-limit"}
    view.set_records([line_record])
    assert bands(view)["w1"] == (line_record.truths["w1"].lower, line_record.truths["w1"].upper)
    assert set(view.finals) == {"gap", "value"}


@pytest.mark.parametrize(("cls", "which"), SCREENS)
def test_print_and_screen_draw_the_same(shown, cls, which, request):
    record = request.getfixturevalue(which)
    view = shown(cls, record)
    if cls is LandscapeView:
        view.truth.click()
    figure = view.figure()
    sheet = mpl.render_figure(figure)
    if cls is CostsView:
        axes = sheet.axes[0]
        lines = {line.get_label(): line for line in axes.lines}
        for curve in figure.curves:
            assert np.array_equal(lines[curve.label].get_xydata(), whole_points(view.curves[curve.name].line))
        printed = {patch.get_gid(): patch for patch in axes.patches}
        for name, (lower, upper) in bands(view).items():
            box = printed[f"band-{name}"].get_bbox()
            assert (box.y0, box.y1) == pytest.approx((lower, upper), abs=1e-12)
        assert axes.get_ylim() == pytest.approx(tuple(view.box.viewRange()[1]))
        return
    if figure.grid.is_line:
        live = view.panel.u if cls is LandscapeView else view.panels[0].curve
        assert np.array_equal(sheet.axes[0].lines[0].get_ydata(), live.getData()[1])
        return
    if cls is LandscapeView:
        maps = [(sheet.axes[0], view.panel.map)]
        gids = {line.get_gid(): line for line in sheet.axes[0].lines}
        pairs = ((gids["contours"], view.panel.contours), (gids["truth"], view.panel.truth_contours))
        dots = {dots.get_label(): dots for dots in sheet.axes[0].collections}
        for distribution, points in view.panel.samples.items():
            assert np.array_equal(dots[distribution].get_offsets(), whole_points(points))
    else:
        maps = [(sheet.axes[0], view.panels[0].map), (sheet.axes[1], view.panels[1].map)]
        pairs = ((next(x for x in sheet.axes[0].lines if x.get_gid() == "unit"), view.panels[0].lines[1]),)
        if record.snapshot("flow") is not None:
            drawn = [next(x for x in axes.lines if x.get_gid() == "flow") for axes in sheet.axes[:2]]
            pairs += tuple((line, panel.lines[0]) for line, panel in zip(drawn, view.panels, strict=True))
        offsets = sheet.axes[2].collections[0].get_offsets()
        assert np.allclose(np.log10(offsets[:, 0]), view.scatter.points.getData()[0], atol=1e-6)
        assert np.array_equal(offsets[:, 1], view.scatter.points.getData()[1])
    for line, curve in pairs:
        assert np.array_equal(line.get_xydata(), whole_points(curve), equal_nan=True)
    for axes, live in maps:
        (printed,) = axes.images
        assert np.array_equal(np.ma.filled(printed.get_array(), np.nan), live.image.image, equal_nan=True)
        assert printed.get_clim() == pytest.approx(levels(live.image))
        assert printed.get_cmap().name == live.bar.colorMap().name
        assert np.allclose(printed.get_extent(), figure.grid.extent)


def test_a_zoom_stays_and_is_what_is_exported(shown, make_events):
    record = RunRecord(1, read({}))
    events = iter(make_events(2, points=24))
    for event in events:
        record.apply(event)
        if event.step == 1000:
            break
    view = shown(CostsView, record)
    assert view.figure().x_range == (0, 1000)
    view.box.setRange(xRange=(100, 300), yRange=(0.5, 1.5), padding=0)
    view.box.sigRangeChangedManually.emit([True, True])
    for event in events:
        record.apply(event)
        view.refresh()
    figure = view.figure()
    assert figure.x_range == pytest.approx((100, 300)) and figure.y_range == pytest.approx((0.5, 1.5))
    assert mpl.render_figure(figure).axes[0].get_xlim() == pytest.approx((100, 300))
    view.reset_zoom()
    assert view.figure().x_range == (0, 2000)


def test_a_zoomed_plane_is_exported_without_the_void_around_it(shown, plane_record):
    view = shown(LandscapeView, plane_record)
    view.panel.box.setRange(xRange=(-1, 1), yRange=(-1, 9), padding=0)
    view.panel.box.sigRangeChangedManually.emit([True, True])
    assert view.figure().y_range[1] == pytest.approx(view.figure().grid.extent[3])


@pytest.mark.parametrize("cls", ALONE)
def test_before_a_run_a_quiet_sentence(shown, cls, failed_record):
    view = shown(cls, None)
    assert view.figure() is None
    assert view.message.isVisible() and view.message.text().startswith("Press Run")
    record = RunRecord(1, read({}))
    view.set_records([record])
    assert view.message.text().startswith("Waiting for the first")
    record.apply(Started(experiment=read({}).settings(), environment={}, steps=10))
    view.refresh()
    assert view.message.text().startswith("Waiting for the first")
    view.set_records([failed_record])
    assert "The loss is not a number at step 1." in view.message.text()
    view.set_records([])
    assert view.message.text().startswith("Press Run")


@pytest.mark.parametrize("cls", ALONE)
def test_nothing_new_costs_no_drawing_and_out_of_sight_none_at_all(shown, cls, plane_record, line_record):
    view = shown(cls, plane_record)
    drawn = []
    view.redrawn.connect(lambda: drawn.append(view.drawn))
    view.refresh()
    plane_record.version += 1  # an event that changes no picture, such as progress
    view.refresh()
    assert drawn == []
    view.hide()
    view.set_records([line_record])
    assert drawn == []
    assert view.figure() is not None
    view.show()
    assert view.drawn.x_range == view.figure().x_range


@pytest.mark.parametrize("cls", registered_views())
def test_themes_and_the_picture(shown, cls, plane_record):
    view = shown(cls, plane_record, size=(500, 350))
    view.set_dark(True)
    dark = view.canvas.grab().toImage().pixelColor(1, 1).lightness()
    view.set_dark(False)
    assert dark < 60 < 200 < view.canvas.grab().toImage().pixelColor(1, 1).lightness()
    assert view.picture().width() == view.body.width()


def test_a_run_without_a_penalty_has_one_curve(shown, plane_record):
    record = RunRecord(1, read({"solver": {"kind": "wc"}}))
    from wganstudio.training.events import Metrics

    for step in range(0, 500, 50):
        record.apply(Metrics(step=step, values={"gap": step / 500, "gap_se": 0.02}))
    record.apply(TruthFound(truth=plane_record.truths["w1"]))
    view = shown(CostsView, record)
    assert set(view.curves) == {"gap"}
    assert [remark.split(":")[0].split()[0] for remark in Costs.from_record(record).summary_lines] == ["gap"]
    assert "newest point" in view.summary.text()


def test_a_run_without_frames_says_so(shown, plane_record):
    record = RunRecord(1, plane_record.experiment)
    record.apply(plane_record.ended)
    assert "This run has no recorded frames" in shown(LandscapeView, record).message.text()
