"""Columns of the table of runs: their numbers against the records."""

import numpy as np
import pytest

from wganstudio.comparison.columns import FACTS, column_of
from wganstudio.comparison.metrics import metric_names
from wganstudio.comparison.numbers import duration_text
from wganstudio.comparison.settings import DifferingSettings, all_settings, header
from wganstudio.experiment import override, preset, read
from wganstudio.session import RunLabels, RunRecord
from wganstudio.training.events import Ended, Metrics, TruthFound
from wganstudio.truths import Truth


def make_run(number, seed=0, penalty=1.0, gaps=(3.0, 1.0, 2.4), final=2.0, **labels):
    settings = override(
        preset("first-look").settings,
        [("training.seed", seed), ("solver.penalty", penalty), ("training.steps", 30)],
    )
    record = RunRecord(number, read(settings), labels=RunLabels(**labels))
    truth = Truth(quantity="w1", value=1.1, lower=1.0, upper=1.2, method="m", law="l", seconds=1)
    record.apply(TruthFound(truth=truth))
    for index, gap in enumerate(gaps):
        step = 10 * (index + 1)
        record.apply(Metrics(step=step, values={"gap": gap, "gap_se": 0.1, "cos": gap / 10, "odd": gap}))
    if final is not None:
        estimates = {"gap": final, "gap_se": 0.02}
        record.apply(Ended(step=30, reason="done", seconds=125, estimates=estimates, gradient={"cos": 0.9}))
    return record


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("last:gap", 2.4, "2.40 ± 0.10"),
        ("best:gap", 1.0, "1.00 ± 0.10"),  # closest to the truth 1.1
        ("best:cos", 0.3, "0.3"),  # higher is better
        ("best:odd", None, ""),  # nothing says what is better
        ("at:gap", 1.0, "1.00 ± 0.10"),
        ("final:gap", 2.0, "2.00 ± 0.02"),
        ("final:cos", 0.9, "0.9"),
        ("final:odd", None, ""),
        ("truth:w1", 1.1, "[1, 1.2]"),
        ("truth:congested", None, ""),
        ("setting:solver.penalty", 1.0, "1"),
        ("setting:solver.kind", "LP: one-sided gradient penalty", "LP: one-sided gradient penalty"),
        ("setting:solver.epsilon", None, ""),
        ("setting:training.steps", 30.0, "30 steps"),
        ("time", 125.0, "2 min 5 s"),
        ("step", 30.0, "30"),
        ("state", "ended", "✓ ended"),
    ],
)
def test_a_cell_shows_the_number_of_the_run(key, value, text):
    cell = column_of(key, 25).cell(make_run(1))
    assert cell.text.startswith(text) if key == "state" else cell.text == text
    assert cell.value == (pytest.approx(value) if isinstance(value, float) else value)


def test_a_group_shows_mean_and_standard_error_over_its_seeds():
    finals = (2.0, 2.3, 2.9)
    runs = [make_run(n, seed=n, final=final) for n, final in enumerate(finals)]
    repeat = make_run(9, seed=2, final=2.9)  # the same seed is no further sample
    cell = column_of("final:gap").group_cell([*runs, repeat])
    assert cell.value == pytest.approx(np.mean(finals))
    error = np.std(finals, ddof=1) / np.sqrt(3)
    assert cell.text == f"{np.mean(finals):.1f} ± {error:.1f}" and "3 seeds" in cell.tooltip
    assert column_of("setting:training.seed").group_cell(runs).text == "0, 1, 2"
    assert column_of("setting:solver.penalty").group_cell(runs).text == "1"
    assert FACTS["name"].group_cell(runs).text.endswith("3 seeds")
    assert FACTS["time"].group_cell(runs).value == 375


def test_columns_of_marks():
    runs = [make_run(1, tags=("b", "a"), note="first\nsecond"), make_run(2, 1, tags=("a", "c"))]
    assert FACTS["tags"].cell(runs[0]).text == "b, a" and FACTS["tags"].group_cell(runs).text == "b, a, c"
    assert (
        FACTS["note"].cell(runs[0]).text == "first …"
        and FACTS["note"].cell(runs[0]).tooltip == "first\nsecond"
    )


def test_a_key_without_a_meaning_is_no_column():
    assert column_of("nonsense") is None and column_of("setting:solver.nonsense") is None
    assert column_of("truth:w7") is None and column_of("worst:gap") is None


def test_metrics_are_listed_without_their_errors():
    assert metric_names([make_run(1)]) == ["gap", "cos", "odd"]


def test_differing_settings_are_those_in_which_runs_that_have_them_differ():
    runs = [make_run(1, seed=0, penalty=1), make_run(2, seed=0, penalty=10)]
    differing = DifferingSettings()
    assert differing.examine(runs) and differing.paths == ("solver.penalty",)
    other = read(override(runs[0].experiment.settings(), [("solver.kind", "wc"), ("training.seed", 4)]))
    runs.append(RunRecord(3, other))
    assert differing.examine(runs)
    assert differing.paths[0] == "solver.kind"
    assert {"solver.penalty", "training.seed"} < set(differing.paths) < set(all_settings())
    assert "solver.clip" not in differing.paths, "what one kind alone has follows from the kind"
    assert differing.examine(runs[:1]) and differing.paths == ()


def test_many_runs_are_examined_a_part_at_a_time():
    runs = [make_run(n, penalty=n, gaps=(), final=None) for n in range(1, 40)]
    differing, calls = DifferingSettings(), 1
    while not differing.examine(runs, seconds=0.0):
        calls += 1
    assert calls == len(runs) and differing.paths == ("solver.penalty",)


def test_headers_are_short_and_clear():
    settings = all_settings()
    assert header(settings["solver.penalty"]) == "λ" and header(settings["training.seed"]) == "Seed"
    assert header(settings["critic.width"]) != header(settings["generator.width"])


def test_durations_have_two_units():
    assert [duration_text(s) for s in (0.25, 12, 125, 7260)] == ["0.25 s", "12 s", "2 min 5 s", "2 h 1 min"]
