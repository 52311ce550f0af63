"""The five systems: which runs are compared, in which units, and what is said of each."""

import numpy as np
import pytest

from wganstudio.experiment import override, read
from wganstudio.export import export
from wganstudio.figures import mpl
from wganstudio.figures.costs.curves import WIDTH
from wganstudio.figures.families import suite_of
from wganstudio.figures.systems.figure import Systems
from wganstudio.session import RunRecord
from wganstudio.suites.five_systems import five_systems
from wganstudio.training.events import Ended, Failed, Metrics, Started, TruthFound
from wganstudio.truths import Truth


def record(run, solver, estimates, truths, seed=0, ended=True, step=100, **changes):
    changes = {"training.seed": seed, "training.steps": 100, "about.name": solver["kind"]} | changes
    settings = {"pair": {"kind": "gaussians", "dim": 2}, "solver": solver}
    run_record = RunRecord(run, read(override(settings, changes.items())))
    run_record.apply(Started(experiment=run_record.experiment.settings(), environment={}, steps=100))
    for quantity, (lower, upper) in truths.items():
        run_record.apply(
            TruthFound(
                truth=Truth(
                    quantity=quantity,
                    value=(lower + upper) / 2,
                    lower=lower,
                    upper=upper,
                    method="closed form",
                    law="the laws themselves",
                    seconds=0.02,
                )
            )
        )
    run_record.apply(Metrics(step=50, values=estimates))
    if ended:
        reason = "done" if step == 100 else "stopped"
        run_record.apply(Ended(step=step, reason=reason, seconds=1.0, estimates=estimates, gradient={}))
    return run_record


SEMI = {"kind": "semi-discrete", "epsilon": 0.2, "normalize": False}


@pytest.fixture
def runs():
    penalty_of = {"gap": 2.5, "gap_se": 0.02, "value": 1.95, "value_se": 0.01}
    return [
        record(
            1,
            {"kind": "gp"},
            penalty_of,
            {"w1": (1.25, 1.25), "congested": (1.96, 1.96), "gap-limit": (2.6, 2.7)},
        ),
        record(2, {"kind": "so"}, {"gap": 1.24, "gap_se": 0.01}, {"w1": (1.25, 1.25)}),
        record(3, SEMI, {"gap": 2.25, "gap_se": 0.03}, {"transport": (2.24, 2.26)}, ended=False),
    ]


def test_every_estimate_stands_beside_its_own_truth_in_units_of_distance(runs):
    figure = Systems.from_record(runs[0], among=runs)
    rows = {(row.run, row.name): row for row in figure.rows}
    assert list(rows) == [(1, "value"), (1, "gap"), (2, "gap"), (3, "gap")]
    assert (rows[1, "value"].lower, rows[1, "gap"].lower, rows[2, "gap"].lower) == (1.96, 2.6, 1.25)
    root = rows[3, "gap"]
    assert root.value == pytest.approx(1.5) and root.error == pytest.approx(0.01), (
        "of a squared cost the root"
    )
    assert (root.lower, root.upper) == pytest.approx(np.sqrt([2.24, 2.26]))
    assert rows[1, "value"].summary == "gp, value: 1.950 ± 0.010 (-0.5 %); Congested cost = 1.96"
    assert rows[1, "gap"].summary == "gp, gap: 2.50 ± 0.02 (-3.8 %); Gap limit in [2.6, 2.7]"
    assert root.difference == "within" and "entropic transport" in root.summary


def test_only_runs_of_one_pair_and_seed_are_compared(runs):
    other = record(4, {"kind": "lp"}, {"gap": 1.0, "gap_se": 0.1}, {}, seed=1)
    assert Systems.from_record(runs[0], among=[*runs, other]).runs == (1, 2, 3)
    assert Systems.from_record(other, among=[*runs, other]) is None
    assert Systems.from_record(runs[0], among=runs[:1]) is None, "one alone is no comparison"


@pytest.mark.parametrize(
    "changes",
    [{"training.steps": 20}, {"training.batch": 64}, {"pair.scale_q": 3.0}, {"about.suite": "a suite"}],
)
def test_unrelated_runs_do_not_join(runs, changes):
    other = record(4, {"kind": "lp"}, {"gap": 1.0, "gap_se": 0.1}, {}, **changes)
    assert Systems.from_record(runs[0], among=[*runs, other]).runs == (1, 2, 3)


@pytest.mark.parametrize("field", ["about.suite", "about.summary"])
def test_the_runs_of_a_suite_belong_together_whatever_their_lengths(runs, field):
    """`about.summary` is where older suites wrote their title."""
    suite = [
        record(
            run, {"kind": kind}, {"gap": 1.0, "gap_se": 0.1}, {}, **{field: "Five", "training.steps": steps}
        )
        for run, kind, steps in ((4, "gp", 100), (5, "so", 3000), (6, "wc", 100))
    ]
    assert Systems.from_record(suite[0], among=runs + suite).runs == (4, 5, 6)
    assert Systems.from_record(runs[0], among=runs + suite).runs == (1, 2, 3)


def test_the_five_solvers_of_the_window_are_of_one_suite():
    (suite,) = {suite_of(run) for run in five_systems(read({"pair": {"kind": "gaussians"}}))}
    assert suite == "Five solvers on one pair" and suite_of(read({"pair": {"kind": "gaussians"}})) == ""


def test_incomplete_runs_are_open_and_named_with_their_steps(runs):
    stopped = record(4, {"kind": "wc"}, {"gap": 1.0, "gap_se": 0.1}, {}, step=60)
    failed = record(5, {"kind": "lp"}, {}, {}, ended=False)
    failed.apply(Failed(step=3, message="The loss is not a number."))
    figure = Systems.from_record(runs[0], among=[*runs, stopped, failed])
    assert figure.summary == (
        "open: semi-discrete (running, estimate at step 50 of 100), wc (stopped at step 60 of 100); "
        "no estimate: lp (failed at step 50 of 100)"
    )
    (row,) = (row for row in figure.rows if row.run == 4)
    assert row.summary.startswith("wc (stopped at step 60 of 100): 1.00 ± 0.10")
    assert "Open points: incomplete runs." in figure.caption and row.summary in figure.caption
    axes = mpl.render_figure(figure).axes[0]
    fills = [bars.lines[0].get_markerfacecolor() == "white" for bars in axes.containers]
    assert fills == [bool(row.progress) for row in figure.rows] == [False, False, False, True, True]


def test_costs_in_other_units_are_named_not_drawn(runs):
    normalized = record(4, SEMI | {"normalize": True}, {"gap": 0.5, "gap_se": 0.1}, {})
    figure = Systems.from_record(runs[0], among=[*runs, normalized])
    assert {row.run for row in figure.rows} == {1, 2, 3}
    assert figure.summary.endswith("not drawn because their costs are in other units: semi-discrete")


def test_labels_are_without_what_all_have_in_common(runs):
    for one in runs:
        one.rename(f"{one.experiment.solver.name()}, normal, seed 0")
    labels = [row.label for row in Systems.from_record(runs[0], among=runs).rows]
    assert labels == ["gp, value", "gp, gap", "so", "semi-discrete"]


def test_an_estimate_without_a_truth_says_so(runs):
    alone = record(5, {"kind": "wc"}, {"gap": 0.1, "gap_se": 0.01}, {})
    assert "no truth is known" in Systems.from_record(runs[0], among=[*runs, alone]).rows[-1].summary


def test_print_and_tables_hold_the_rows(runs, tmp_path):
    (path,) = export(runs[2], tmp_path, ["csv"], figures=["systems"], among=runs)
    rows = path.read_text().splitlines()
    assert rows[0].startswith("run,label,name,value,error,truth") and len(rows) == 5
    figure = Systems.from_record(runs[0], among=runs)
    axes = mpl.render_figure(figure).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == [row.label for row in figure.rows]
    for bars, row in zip(axes.containers, figure.rows, strict=True):
        assert bars.lines[0].get_xdata()[0] == row.value
        (ends,) = bars.lines[2][0].get_segments()
        assert ends[:, 0] == pytest.approx([row.value - WIDTH * row.error, row.value + WIDTH * row.error])
