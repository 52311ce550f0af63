"""The view of a sweep draws what is printed, and again only when a run of it has something new."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from wganstudio.figures import mpl
from wganstudio.figures.sweep.figure import INCOMPLETE_LABEL
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
        dots = view.panel.points[one.kind][0]
        drawn = np.column_stack(dots.getData())
        np.testing.assert_allclose(np.log10(printed[one.label].get_xydata()), drawn[one.complete])
        np.testing.assert_allclose(np.log10(opened.lines[0].get_xydata()), drawn[~one.complete])
        fills = [spot.brush().color().name() for spot in dots.points()]
        assert [fill != view.palette_.background for fill in fills] == one.complete.tolist()
    assert INCOMPLETE_LABEL in [label.text for _, label in view.panel.legend.items]
    line = next(line for line in axes.lines if line.get_label() == "slope -1")
    np.testing.assert_allclose(np.log10(line.get_xydata()), np.column_stack(view.panel.line.getData()))
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
    x, y = view.panel.series[0].dots.getData()
    np.testing.assert_allclose(10**x, [0.1, 1, 10])
    np.testing.assert_allclose(y, 3.0)
    np.testing.assert_allclose(10 ** np.array(view.panel.box.viewRange()[0]), figure.x_range)
    assert view.field.currentText() == "λ"


def test_a_sweep_over_the_width_has_a_linear_axis(view):
    runs = [record(k, 1.0, **{"critic.width": width}) for k, width in enumerate((32, 64, 96), 1)]
    view.session_records = lambda: runs
    view.set_records([runs[1]])
    assert isinstance(view.panel, FieldPanel) and view.panel.logarithmic == (False, False)
    x, _ = view.panel.series[0].dots.getData()
    assert list(x) == [32, 64, 96] and view.figure().truths
