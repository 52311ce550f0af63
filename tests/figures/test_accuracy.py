"""The accuracy figure against the curves it is built from."""

import numpy as np
import pytest

from wganstudio.experiment import read
from wganstudio.export import export
from wganstudio.figures import mpl
from wganstudio.figures.accuracy.figure import Accuracy
from wganstudio.figures.mathematics import to_mathtext
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics
from wganstudio.training.run import Run

STEPS = (0, 100, 400, 900)


@pytest.fixture
def record():
    run_record = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    for step in STEPS:
        values = {"gap": 1.0, "marginal": 2.0 / (1 + step), "dual_gap": 0.0 if step == 400 else 0.1}
        values |= {"grad2": 3.0} if step else {}
        run_record.apply(Metrics(step=step, values=values))
    return run_record


def test_the_measures_stand_where_they_are_positive_and_the_rate_falls_like_one_over_root_t(record):
    figure = Accuracy.from_record(record)
    curves = {one.name: one for one in figure.curves}
    assert list(curves) == ["marginal", "dual_gap", "grad2"]
    assert curves["marginal"].steps.tolist() == [0, 100, 400, 900]
    assert figure.x_range[0] < 100 and figure.x_range[0] > 50, "a logarithmic axis has no step 0"
    assert any("horizontal axis leaves out" in note for note in figure.notes)
    assert any("vertical axis leaves out" in note for note in figure.notes), "nor an error of 0"
    np.testing.assert_allclose(figure.rate[:, [0, -1]], [[100, 900], [3, 1]])
    assert "marginal error" in figure.summary_lines[0] and "0.0022 at step 900" in figure.summary_lines[0]
    assert figure.y_range[0] < 2 / 901 and figure.y_range[1] > 3


def test_a_run_that_measures_nothing_of_itself_has_no_such_figure(plane_record):
    assert Accuracy.from_record(plane_record) is None


def test_a_convex_potential_shows_the_residual_of_its_conjugate():
    settings = {
        "pair": {"kind": "gaussians"},
        "critic": {"kind": "icnn", "width": 8},
        "solver": {"kind": "convex"},
        "training": {"steps": 20, "batch": 32},
        "evaluation": {"every": 5, "samples": 64, "final_samples": 1024, "resolution": 8},
    }
    record = RunRecord(1, read(settings))
    for event in Run(record.experiment).events():
        record.apply(event)
    (curve,) = Accuracy.from_record(record).curves
    assert curve.label == "residual of the conjugate, mean |∇f(x) − y|" and curve.steps.tolist() == [
        0,
        1,
        2,
        5,
        10,
        15,
        20,
    ]
    np.testing.assert_array_equal(curve.values, record.curve("conjugate_residual")[1])


@pytest.mark.parametrize(
    ("values", "label", "title"),
    [
        ({"grad2": 3.0}, "squared gradient", "Squared gradient of the generator"),
        ({"dual_gap": 0.1}, "duality gap", "Accuracy of the solver on its own problem"),
        ({"marginal": 0.1}, "marginal error", "Accuracy of the solver on its own problem"),
        ({"conjugate_residual": 0.1}, "mean |∇f(x) − y|", "Accuracy of the solver on its own problem"),
        (
            {"marginal": 0.1, "grad2": 3.0},
            "metric value",
            "Accuracy of the solver on its own problem, and squared gradient of the generator",
        ),
    ],
)
def test_axis_and_title_say_what_is_plotted(values, label, title):
    run_record = RunRecord(1, read({"pair": {"kind": "gaussians"}}))
    for step in STEPS:
        run_record.apply(Metrics(step=step, values=values))
    figure = Accuracy.from_record(run_record)
    assert (figure.y_label, figure.title) == (label, title)
    assert mpl.render_figure(figure).axes[0].get_ylabel() == to_mathtext(label)


def test_tables_and_print_hold_the_curves(record, tmp_path):
    paths = export(record, tmp_path, ["csv"], figures=["accuracy"])
    assert [path.name for path in paths] == [
        f"gaussians-lp-1-accuracy-{name}.csv" for name in ("marginal", "dual_gap", "grad2")
    ]
    rows = np.genfromtxt(paths[0], delimiter=",", names=True)
    np.testing.assert_allclose(rows["marginal"], 2 / (1 + rows["step"]))
    axes = mpl.render_figure(Accuracy.from_record(record)).axes[0]
    assert (axes.get_xscale(), axes.get_yscale(), len(axes.lines)) == ("log", "log", 4)
