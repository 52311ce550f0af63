"""The view of a sweep draws what is printed, and again only when a run of it has something new."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from wganstudio.comparison.numbers import with_error
from wganstudio.figures import mpl
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL, SLOPE, TRUTH
from wganstudio.gui.views.sweep import SweepView
from wganstudio.gui.views.sweep_panels import FieldPanel, LambdaPanel

_SPEC = importlib.util.spec_from_file_location(
    "sweep_records", Path(__file__).parents[2] / "figures" / "test_sweep.py"
)
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
record = _MODULE.record


@pytest.fixture
def view(qtbot):
    view = SweepView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    qtbot.waitExposed(view)
    return view


def test_print_and_screen_draw_the_same(view):
    runs = [record(k, penalty, kind) for k, (penalty, kind) in enumerate([(0.1, "lp"), (1, "lp"), (1, "gp")])]
    runs.append(record(4, 3, "lp", step=30))
    view.session_records = lambda: runs
    view.set_records([runs[0]])
    figure = view.figure()
    axes = mpl.render_figure(figure).axes[0]
    printed = {bars.get_label(): bars.lines[0] for bars in axes.containers[::2]}
    assert printed.keys() == {one.label for one in figure.series}
    for one, opened in zip(figure.series, axes.containers[1::2], strict=True):
        dots = view.panel.items[one.kind].dots
        drawn = np.column_stack(dots.getData())
        np.testing.assert_allclose(np.log10(printed[one.label].get_xydata()), drawn[one.complete])
        np.testing.assert_allclose(np.log10(opened.lines[0].get_xydata()), drawn[~one.complete])
        fills = [spot.brush().color().name() for spot in dots.points()]
        assert [fill != view.palette_.background for fill in fills] == one.complete.tolist()
    assert INCOMPLETE_LABEL in [label.text for _, label in view.panel.legend.items]
    line = next(line for line in axes.lines if line.get_label() == "slope -1")
    slope = view.panel.items[SLOPE].line
    np.testing.assert_allclose(np.log10(line.get_xydata()), np.column_stack(slope.getData()))
    np.testing.assert_allclose(np.log10(axes.get_xlim()), view.panel.box.viewRange()[0])
    np.testing.assert_allclose(np.log10(axes.get_ylim()), view.panel.box.viewRange()[1])


def test_one_run_shows_how_to_get_more_and_a_second_one_appears(view):
    runs = [record(1, 1.0)]
    view.session_records = lambda: runs
    view.set_records([runs[0]])
    assert view.figure() is None and "Run > Sweep…" in view.message.text()
    runs.append(record(2, 10.0))
    view.refresh()
    assert view.figure() is not None and view.body.isVisible()


def test_nothing_new_costs_no_drawing(view):
    runs = [record(k, penalty) for k, penalty in enumerate((0.1, 1.0))]
    view.session_records = lambda: runs
    view.set_records([runs[0]])
    drawn = []
    view.redrawn.connect(lambda: drawn.append(view.drawn))
    runs[1].version += 1
    view.refresh()
    assert drawn == []
    runs.append(record(3, 10.0))
    view.refresh()
    assert len(drawn) == 1


def test_another_result_is_drawn_over_the_field(view):
    runs = [record(k, penalty) for k, penalty in enumerate((0.1, 1, 10), 1)]
    view.session_records = lambda: runs
    view.set_records([runs[0]])
    assert isinstance(view.panel, LambdaPanel)
    view.result.setCurrentIndex(view.result.findData("estimates.gap"))
    view.result.activated.emit(view.result.currentIndex())
    figure = view.figure()
    assert figure.name == "field_sweep" and isinstance(view.panel, FieldPanel)
    (points,) = (view.panel.items[view.drawn.label_of(one)] for one in view.drawn.series)
    x, y = points.dots.getData()
    np.testing.assert_allclose(10**x, [0.1, 1, 10])
    np.testing.assert_allclose(y, 3.0)
    np.testing.assert_allclose(10 ** np.array(view.panel.box.viewRange()[0]), figure.x_range)
    assert view.field.currentText() == "λ"


def test_a_sweep_over_the_width_has_a_linear_axis(view):
    runs = [record(k, 1.0, **{"critic.width": width}) for k, width in enumerate((32, 64, 96), 1)]
    view.session_records = lambda: runs
    view.set_records([runs[1]])
    assert isinstance(view.panel, FieldPanel) and view.drawn.logarithmic == (False, False)
    x, _ = view.panel.items[view.drawn.label_of(view.drawn.series[0])].dots.getData()
    assert list(x) == [32, 64, 96] and view.figure().truths


# -- axes, legend and crosshair


@pytest.fixture
def over_lambda(view):
    runs = [
        record(k, penalty, kind) for k, (penalty, kind) in enumerate([(0.1, "lp"), (1, "lp"), (10, "gp")])
    ]
    runs.append(record(4, 100.0, "lp", error=-0.01))
    view.session_records = lambda: runs
    view.set_records([runs[0]])
    return view


def test_the_crosshair_reads_values_and_errors_at_the_nearest_lambda(over_lambda):
    view = over_lambda
    view.hover(np.log10(1.3), np.log10(view.drawn.y_range[1]) - 1)
    series = next(one for one in view.drawn.series if one.kind == "lp")
    title, *rows = view.panel.crosshair.text.splitlines()
    assert title == "\u03bb = 1"
    assert rows[0] == f"one-sided penalty {with_error(series.excess[1], series.errors[1])}"
    truth = view.drawn.truths
    low, high = (one[list(truth.penalties).index(1.0)] for one in (truth.lower, truth.upper))
    assert rows[1].endswith(f"in [{low:.4g}, {high:.4g}]") and len(rows) == 2
    np.testing.assert_allclose(view.panel.crosshair.line.value(), 0.0, atol=1e-9)
    view.leave()
    assert view.panel.crosshair.text == ""


def test_lines_are_hidden_in_the_legend_on_screen_in_print_and_in_the_table(over_lambda):
    view = over_lambda
    view.panel.legend.clicked.emit(TRUTH)
    view.panel.legend.clicked.emit("gp")
    assert list(view.panel.items) == [SLOPE, "lp"]
    assert {entry.key for entry in view.panel.legend.entries if not entry.shown} == {TRUTH, "gp"}
    figure = view.figure()
    assert set(figure.tables()) == {""} and set(figure.tables()[""]["solver"]) == {"lp"}
    labels = mpl.render_figure(figure).axes[0].get_legend_handles_labels()[1]
    assert "truth: C - W\u2081" not in labels and len(labels) == 2
    view.panel.legend.clicked.emit("lp")
    view.panel.legend.clicked.emit(SLOPE)
    assert view.panel.items == {} and mpl.render_figure(view.figure()).axes
    view.panel.legend.clicked.emit(TRUTH)
    assert list(view.panel.items) == [TRUTH]


def test_a_linear_axis_shows_what_is_below_w1(over_lambda):
    view = over_lambda
    assert view.axes.bar.log_x.isChecked() and view.axes.bar.log_y.isChecked()
    view.axes.bar.log_y.trigger()
    figure = view.figure()
    assert figure.logarithmic == (True, False) and figure.y_range[0] < -0.003
    points = view.panel.items["lp"]
    np.testing.assert_allclose(points.dots.getData()[1], figure.series[-1].excess)
    axes = mpl.render_figure(figure).axes[0]
    assert axes.get_yscale() == "linear" and axes.get_xscale() == "log"
    np.testing.assert_allclose(axes.get_ylim(), view.panel.box.viewRange()[1])
    x, y = view.panel.items[SLOPE].line.getData()
    assert len(x) > 100 and np.allclose(10**x * y, (10**x * y)[0])
    assert view.request(view.record).options["log_y"] is False
    view.result.setCurrentIndex(view.result.findData("estimates.gap"))
    view.result.activated.emit(view.result.currentIndex())
    assert view.axes.choices.log_y is None, "another result has axes of its own"


def test_a_logarithmic_axis_says_what_it_leaves_out(over_lambda):
    view = over_lambda
    runs = view.session_records()
    for one in runs:
        one.ended = one.ended.model_copy(update={"estimates": one.ended.estimates | {"gap": one.run - 1.0}})
    view.result.setCurrentIndex(view.result.findData("estimates.gap"))
    view.result.activated.emit(view.result.currentIndex())
    view.axes.bar.log_y.trigger()
    assert "leave out 2 results not above 0" in view.summary.text()
    assert view.figure().y_range[0] > 0


def test_seeds_are_read_as_a_mean_with_its_error(view):
    runs = [
        record(k, 1.0, error=0.1 * k, seed=seed, **{"critic.width": width})
        for k, (width, seed) in enumerate([(32, 0), (32, 1), (64, 0), (64, 1)], 1)
    ]
    view.session_records = lambda: runs
    view.set_records([runs[0]])
    figure = view.drawn
    assert figure.path == "critic.width"
    _, means, errors = figure.series[0].means
    assert with_error(means[1], errors[1]) in figure.read(70.0).text
    assert figure.read(70.0).title.endswith("= 64")
