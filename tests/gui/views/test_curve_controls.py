"""The controls of the curve views: axes, smoothing, curves to show, crosshair; labels never collide."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from wganstudio.experiment import read
from wganstudio.figures.mpl import render_figure
from wganstudio.figures.overlay import WIDTH
from wganstudio.gui.views.accuracy import AccuracyView
from wganstudio.gui.views.costs import CostsView
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics, TruthFound
from wganstudio.truths import Truth


@pytest.fixture
def view(shown, plane_record):
    return shown(CostsView, plane_record)


def choose(view, **settings):
    view.bar._choose(replace(view.bar.settings, **settings))


def click(qtbot, view, item):
    viewport = view.canvas.viewport()
    view.grab()  # which lays out the legend
    qtbot.wait(20)
    place = view.canvas.mapFromScene(item.mapRectToScene(item.boundingRect()).center())
    qtbot.mouseMove(viewport, place)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)


def test_the_crosshair_reads_values_and_errors_of_all_curves_at_the_nearest_step(view, plane_record):
    steps, gaps = plane_record.curve("gap")
    errors = plane_record.curve("gap_se")[1]
    view.hover(1010.0, sum(view.drawn.y_range) / 2)
    title, gap, value = view.crosshair.text.split("\n")
    assert title == "Step 1,000" and value.startswith("value ") and "±" in value
    at = steps.tolist().index(1000)
    assert float(gap.split()[1]) == pytest.approx(gaps[at], abs=0.02)
    assert float(gap.split()[3]) == pytest.approx(errors[at], rel=0.3)
    assert view.crosshair.line.value() == 1000 and view.crosshair.line.isVisible()
    view.leave()
    assert view.crosshair.text == "" and not view.crosshair.line.isVisible()


def test_the_text_of_the_crosshair_stays_in_the_plot(view):
    frame = view.box.sceneBoundingRect().adjusted(-1, -1, 1, 1)
    for x in np.linspace(*view.drawn.x_range, 7):
        for y in np.linspace(*view.drawn.y_range, 4):
            view.hover(x, y)
            view.grab()
            assert frame.contains(view.crosshair.box.sceneBoundingRect())


def test_a_click_on_the_legend_hides_and_shows_a_curve_and_the_figure_has_it(qtbot, view, plane_record):
    entry = next(label for _, label in view.legend.items if label.text.startswith("value"))
    click(qtbot, view, entry)
    assert "value" not in view.curves and "gap" in view.curves
    entry = next(label for _, label in view.legend.items if label.text.startswith("value"))
    assert entry.item.font().strikeOut() and entry.opacity() < 1, "the legend still has it, struck through"
    figure = view.figure()
    assert figure.tables()[""].keys() == {"step", "gap", "gap_se"}
    labels = [line.get_label() for line in render_figure(figure).axes[0].lines]
    assert any(text.startswith("gap") for text in labels)
    assert not any(text.startswith("value") for text in labels)
    view.set_dark(True)
    view.set_records([plane_record])
    assert "value" not in view.curves, "it stays hidden"
    click(qtbot, view, next(label for _, label in view.legend.items if label.text.startswith("value")))
    assert set(view.curves) == {"gap", "value"}


def test_the_menu_hides_truths_as_well(view):
    actions = {action.text(): action for action in view.bar.curves.menu().actions()}
    assert {"gap ± 2 SE", "value ± 2 SE", "W₁"} <= set(actions) and all(
        a.isChecked() for a in actions.values()
    )
    actions["W₁"].trigger()
    assert "w1" not in view.bands and view.settings.hidden == {"w1"}
    assert "w1" not in view.figure().tables()["truths"]["quantity"]


@pytest.mark.parametrize("axis", ["seconds", "samples"])
def test_the_axis_shows_seconds_or_samples_and_the_cursor_keeps_its_step(view, axis):
    view.set_step(500)
    view.bar.x_actions[axis].trigger()
    factor = {"seconds": 1 / 200, "samples": 512.0}[axis]
    assert view.plot.getAxis("bottom").labelText == axis
    assert view.drawn.x_range == pytest.approx((0, 2000 * factor))
    assert view.step_cursor.line.value() == pytest.approx(500 * factor)
    assert view.step_cursor.step == pytest.approx(500)
    x = view.curves["gap"].line.getData()[0]
    np.testing.assert_allclose(x, np.arange(0, 2001, 50) * factor)
    view.hover(1000 * factor, 1.0)
    assert view.crosshair.text.startswith("Step 1,000, ")
    assert axis in view.figure().tables()[""]
    assert render_figure(view.figure()).axes[0].get_xlabel() == axis


def test_a_run_without_times_stays_over_steps_and_says_so(shown):
    record = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    for step in (0, 10, 20):
        record.apply(Metrics(step=step, values={"gap": 1.0 + step, "gap_se": 0.1}))
    view = shown(CostsView, record)
    view.bar.x_actions["seconds"].trigger()
    assert view.plot.getAxis("bottom").labelText == "steps"
    assert "This run was recorded without times; the axis shows steps." in view.summary.text()
    assert view.drawn.notes == ("This run was recorded without times; the axis shows steps.",)


def test_logarithmic_axes_leave_out_what_is_not_positive_and_say_so(shown):
    record = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    for step, gap in zip((0, 10, 20, 40), (-1.0, 0.5, 2.0, 4.0), strict=True):
        record.apply(Metrics(step=step, values={"gap": gap, "gap_se": 0.1}))
    view = shown(CostsView, record)
    view.bar.log_x.trigger()
    view.bar.log_y.trigger()
    x, y = view.curves["gap"].line.getData()
    np.testing.assert_allclose(x[1:], np.log10([10, 20, 40]))
    np.testing.assert_allclose(y[1:], np.log10([0.5, 2, 4]))
    assert not np.isfinite(x[0]) and not np.isfinite(y[0])
    assert "horizontal axis leaves out 1 point that is not positive" in view.summary.text()
    assert "vertical axis leaves out 1 point that is not positive" in view.summary.text()
    axes = render_figure(view.figure()).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    low, high = view.figure().y_range
    assert 0 < low <= 0.5 and high >= 4


def test_the_smoothed_curve_keeps_its_past_over_the_curve_as_measured(shown, make_record):
    record = make_record(2)
    view = shown(CostsView, record)
    view.bar.slider.setValue(7)
    weight = view.settings.smoothing
    assert weight > 0 and view.bar.weight.text() == f"{weight:g}"
    items, (curve, _) = view.curves["gap"], view.drawn.curves[:2]
    raw, smooth = items.line.getData()[1], items.smooth.getData()[1]
    np.testing.assert_array_equal(raw, curve.values)
    assert np.std(np.diff(smooth[8:])) < 0.5 * np.std(np.diff(raw[8:]))
    assert items.line.opts["pen"].color().alphaF() < 0.5 < items.smooth.opts["pen"].color().alphaF()
    record = make_record(2)
    longer = shown(CostsView, record)
    choose(longer, smoothing=weight)
    record.apply(Metrics(step=2050, values={"gap": 99.0, "gap_se": 0.1}))
    longer.refresh()
    np.testing.assert_array_equal(longer.curves["gap"].smooth.getData()[1][: len(smooth)], smooth)
    assert "gap_smoothed" in view.figure().tables()[""]
    assert len(render_figure(view.figure()).axes[0].lines) >= 4, "both, as measured and smoothed"


def test_gap_and_value_have_line_styles_of_their_own(view):
    styles = {name: items.line.opts["pen"].style() for name, items in view.curves.items()}
    assert styles["gap"] != styles["value"]
    printed = {line.get_label(): line.get_linestyle() for line in render_figure(view.figure()).axes[0].lines}
    assert printed["gap ± 2 SE"] != printed["value ± 2 SE"]


def test_settings_are_remembered_without_what_is_hidden(shown, plane_record, view):
    choose(view, x="samples", log_y=True, smoothing=0.9, hidden=frozenset({"gap"}))
    other = shown(CostsView, plane_record)
    other.restore_settings(view.view_settings())
    assert other.settings == replace(view.settings, hidden=frozenset())
    other.restore_settings({"x": "miles", "log_x": 3, "smoothing": 7, "log_y": False})
    assert other.settings.x == "steps" and not other.settings.log_x and other.settings.smoothing == 0


def test_accuracy_has_the_same_controls(shown, make_atomic):
    record = make_atomic([(-1.0, 0.0), (1.0, 0.0)], [(0.0, 0.2)])
    for step in (1, 10, 100):
        record.apply(Metrics(step=step, values={"grad2": 1 / step}, seconds=step / 10, samples=step))
    view = shown(AccuracyView, record)
    assert view.settings.log_x and view.settings.log_y
    view.bar.log_x.trigger()
    view.bar.log_y.trigger()
    np.testing.assert_allclose(view.curves["grad2"].line.getData()[1], [1, 0.1, 0.01])
    view.hover(10, 0.5)
    assert "0.1" in view.crosshair.text and "Step 10" in view.crosshair.text


def many_truths(count, apart):
    record = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    rng = np.random.default_rng(count)
    for step in range(0, 2000, 20):
        gap = 1.25 * (1 - np.exp(-step / 150)) + rng.normal(0, 0.02)
        values = {"gap": gap, "gap_se": 0.02, "value": gap - 0.1 * np.exp(-step / 400), "value_se": 0.02}
        record.apply(Metrics(step=step, values=values))
    quantities = ("w1", "congested", "gap-limit", "transport")[:count]
    for k, quantity in enumerate(quantities):
        value = 1.2 + apart * k
        record.apply(
            TruthFound(
                truth=Truth(
                    quantity=quantity, value=value, lower=value, upper=value, method="m", law="l", seconds=1
                )
            )
        )
    return record


@pytest.mark.parametrize("size", [(300, 230), (420, 260), (640, 400), (1000, 700)])
@pytest.mark.parametrize("apart", [0.0, 0.003, 0.03])
def test_labels_of_truths_never_collide(shown, size, apart):
    view = shown(CostsView, many_truths(4, apart), size=size)
    view.grab()  # which lays out the texts
    frame = view.box.sceneBoundingRect()
    labels = [one.text.sceneBoundingRect() for one in view.bands.values() if one.text.isVisible()]
    assert len(labels) == 4 or size[0] < 640
    boxes = [box.adjusted(1, 1, -1, -1) for box in labels]
    if view.legend.isVisible():
        boxes.append(view.legend.mapRectToScene(view.legend.boundingRect()))
    assert all(frame.contains(box) for box in boxes)
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
    for items in view.curves.values():
        points = [view.box.mapViewToScene(QPointF(*p)) for p in zip(*items.line.getData(), strict=True)]
        for box in boxes:
            assert not any(crosses(box, a, b) for a, b in pairwise(points))


def crosses(box: QRectF, start: QPointF, end: QPointF) -> bool:
    return any(box.contains(start + (end - start) * share) for share in np.linspace(0, 1, 25))


def test_bands_are_drawn_within_two_standard_errors(view):
    curve = view.drawn.curves[0]
    np.testing.assert_allclose(view.curves["gap"].band.upper, curve.values + WIDTH * curve.errors)
