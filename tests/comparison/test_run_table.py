"""A table of runs as a file: what differs, what was measured, and the means over seeds."""

import csv
import io

from wganstudio.comparison.columns import column_of
from wganstudio.comparison.run_table import RUN, default_columns, rows_with_means, run_table
from wganstudio.experiment import override, preset, read
from wganstudio.experiment.text_tables import to_csv, to_text
from wganstudio.session import RunRecord
from wganstudio.training.events import Ended, TruthFound
from wganstudio.truths import Truth


def record(run: int, seed: int, gap: float, penalty: float = 1.0) -> RunRecord:
    changes = [("training.seed", seed), ("solver.penalty", penalty)]
    one = RunRecord(run, read(override(preset("first-look").settings, changes)), f"run {run}")
    numbers = dict(quantity="w1", value=1.25, lower=1.2, upper=1.3, method="m", law="l", seconds=0.1)
    one.apply(TruthFound(truth=Truth(**numbers)))
    estimates = {"gap": gap, "gap_se": 0.01}
    one.apply(Ended(step=9, reason="done", seconds=2.0, estimates=estimates, gradient={}))
    return one


RECORDS = [record(1, 0, 2.0), record(2, 1, 2.2), record(3, 0, 1.4, penalty=10.0)]


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table)))


def test_the_default_columns_are_what_differs_and_what_was_measured() -> None:
    titles = [column.title for column in default_columns(RECORDS)]
    assert titles == ["Name", "\u03bb", "Seed", "final gap", "true W\u2081", "Step", "Time", "State"]


def test_numbers_are_exact_with_errors_and_bounds_in_columns_of_their_own() -> None:
    first, *_, last = rows(to_csv(run_table([(one,) for one in RECORDS], default_columns(RECORDS))))
    assert (first["final gap"], first["final gap standard error"]) == ("2", "0.01")
    assert (last["\u03bb"], last["true W\u2081 lower"], last["true W\u2081 upper"]) == ("10", "1.2", "1.3")
    assert first["State"] == "ended"


def test_a_group_of_seeds_is_followed_by_its_mean() -> None:
    arranged = rows_with_means(RECORDS)
    assert [[one.run for one in row] for row in arranged] == [[1], [2], [1, 2], [3]]
    gap = column_of("final:gap")
    assert gap is not None
    mean = rows(to_csv(run_table(arranged, [RUN, gap])))[2]
    assert float(mean["final gap"]) == 2.1 and mean["Run"] == "1, 2"
    assert "2.10 \u00b1 0.10" in to_text(run_table(arranged, [gap]))
