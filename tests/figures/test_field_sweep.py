"""Any result of runs over the field in which they differ."""

import numpy as np
import pytest

from wganstudio.experiment import override, read
from wganstudio.export import export
from wganstudio.figures import mpl
from wganstudio.figures.field_sweep.figure import FieldSweep
from wganstudio.figures.field_sweep.results import result_of, results_of
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, Metrics, Started, TruthFound
from wganstudio.truths import Truth


def record(run, *, step=100, value=None, gap=1.0, congested=None, **changes):
    paths = {name.replace("__", "."): one for name, one in changes.items()} | {"training.steps": 100}
    run_record = RunRecord(run, read(override({"pair": {"kind": "gaussians"}}, paths.items())))
    run_record.apply(Started(experiment=run_record.experiment.settings(), environment={}, steps=100))
    run_record.apply(Metrics(step=50, values={"gap": 0.5, "dual_gap": 0.25}))
    if congested is not None:
        truth = {
            "quantity": "congested",
            "value": congested,
            "lower": congested - 0.1,
            "upper": congested + 0.1,
        }
        run_record.apply(
            TruthFound(truth=Truth(**truth, method="test", law="the laws themselves", seconds=0.0))
        )
    estimates = {"gap": gap, "gap_se": 0.01, "value": gap if value is None else value, "value_se": 0.02}
    reason = "done" if step == 100 else "stopped"
    run_record.apply(Ended(step=step, reason=reason, seconds=1.0, estimates=estimates, gradient={"cos": 0.9}))
    return run_record


@pytest.fixture
def widths():
    return [record(k, critic__width=width, gap=2.0 - 1 / width) for k, width in enumerate((64, 16, 32), 1)]


def test_values_stand_over_the_field_in_order(widths):
    figure = FieldSweep.from_record(widths[0], among=widths)
    (series,) = figure.series
    assert figure.path == "critic.width" and figure.result.key == "estimates.value"
    np.testing.assert_allclose(series.x, [16, 32, 64])
    np.testing.assert_allclose(series.y, 2 - 1 / series.x)
    np.testing.assert_allclose(series.errors, 0.02)
    assert figure.x_label == "width (units)" and figure.runs == (1, 2, 3)
    table = figure.tables()[""]
    assert list(table["critic.width"]) == [16, 32, 64] and list(table["complete"]) == [1, 1, 1]


@pytest.mark.parametrize(
    ("values", "logarithmic"),
    [((1.0, 10.0, 100.0), True), ((1.0, 2.0, 3.0), False), ((10.0, 20.0, 30.0, 400.0), True)],
)
def test_the_axis_is_logarithmic_where_the_values_are_spaced_by_ratios(values, logarithmic):
    runs = [record(k, solver__penalty=value) for k, value in enumerate(values, 1)]
    assert FieldSweep.from_record(runs[0], among=runs).logarithmic[0] is logarithmic


def test_any_result_can_be_shown(widths):
    keys = [one.key for one in results_of(widths)]
    assert keys == ["estimates.value", "estimates.gap", "gradient.cos", "curve.dual_gap"]
    figure = FieldSweep.from_record(widths[0], among=widths, result="gradient.cos")
    assert list(figure.series[0].y) == [0.9] * 3 and np.isnan(figure.series[0].errors).all()
    assert "Cosine" in figure.title and result_of(widths[0], "curve.dual_gap")[0] == 0.25


def test_seeds_are_points_with_a_mean_and_its_error():
    gaps = {(16, 0): 1.0, (16, 1): 1.2, (32, 0): 2.0, (32, 1): 2.0}
    runs = [
        record(k, critic__width=width, training__seed=seed, gap=gap)
        for k, ((width, seed), gap) in enumerate(gaps.items(), 1)
    ]
    figure = FieldSweep.from_record(runs[0], among=runs, path="critic.width", result="estimates.gap")
    x, means, errors = figure.series[0].means
    np.testing.assert_allclose(x, [16, 32])
    np.testing.assert_allclose(means, [1.1, 2.0])
    np.testing.assert_allclose(errors, [0.1, 0.0], atol=1e-12)
    assert "2 seeds" in figure.summary_lines[0]


def test_a_second_field_makes_series_and_kinds_make_ticks():
    runs = [
        record(k, solver__kind=kind, solver__penalty=penalty)
        for k, (penalty, kind) in enumerate(
            [(p, kind) for p in (1.0, 10.0, 100.0) for kind in ("lp", "gp")], 1
        )
    ]
    figure = FieldSweep.from_record(runs[0], among=runs)
    assert figure.path == "solver.penalty" and [one.label for one in figure.series] == [
        "solver GP",
        "solver LP",
    ]
    kinds = FieldSweep.from_record(runs[0], among=runs, path="solver.kind")
    assert kinds.ticks == [(0.0, "GP"), (1.0, "LP")] and len(kinds.series) == 3
    assert set(kinds.tables()[""]["solver.kind"]) == {"gp", "lp"}


def test_truths_that_depend_on_the_field_are_drawn():
    runs = [record(k, solver__penalty=p, congested=1 + 1 / p) for k, p in enumerate((1.0, 10.0), 1)]
    (truth,) = FieldSweep.from_record(runs[0], among=runs).truths
    np.testing.assert_allclose(truth.value, [2.0, 1.1])
    assert truth.label == "Congested cost"


def test_a_stopped_run_is_open(widths, tmp_path):
    runs = [*widths, record(4, critic__width=128, step=50)]
    figure = FieldSweep.from_record(runs[0], among=runs)
    assert figure.has_incomplete and any("stopped at step 50 of 100" in line for line in figure.summary_lines)
    axes = mpl.render_figure(figure).axes[0]
    full, opened = axes.containers
    assert (
        opened.lines[0].get_xdata().tolist() == [128.0] and opened.lines[0].get_markerfacecolor() == "white"
    )
    files = [file.name for file in export(runs[-1], tmp_path, ["svg"], figures=["field_sweep"], among=runs)]
    assert len(files) == 1 and full is not opened


def test_one_run_is_no_sweep(widths):
    assert FieldSweep.from_record(widths[0], among=widths[:1]) is None
