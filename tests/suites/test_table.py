"""A table says how many, how far, and what was published."""

import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wganstudio.export.report import render_report
from wganstudio.suites import Suite, SuiteResults, applicable_tables, begin, suite_table
from wganstudio.suites.formats import to_csv, to_json, to_latex, to_text
from wganstudio.suites.heatmap import suite_pages
from wganstudio.training import events
from wganstudio.training.metric_registry import Metric, forget_metric, register_metric
from wganstudio.truths import Truth


def test_mean_and_standard_error_over_seeds(tiny: Callable[..., Suite], tmp_path: Path) -> None:
    suite = tiny(matrix=[{"solvers": ["gp", "wc"], "pairs": ["funnels"], "seeds": [0, 1, 2]}])
    document = begin(suite, tmp_path / "a.wgs")
    gradients = {"cos": 0.5, "l2": 1.0, "cos_published": 0.4, "l2_published": 1.5}
    for cell in suite.plan.cells:
        if (cell.solver, cell.seed) == ("wc", 2):
            continue
        run = document.add_run(suite.experiments[cell])
        document.append(
            run,
            events.Ended(
                step=10,
                reason="done",
                seconds=1.0,
                estimates={"gap": 1.0 + cell.seed, "gap_se": 0.1},
                gradient={name: value + 0.1 * cell.seed for name, value in gradients.items()},
            ),
        )
    table = suite_table(SuiteResults(document), "cos")
    gp, wc = table.entry("gp", "funnels"), table.entry("wc", "funnels")
    assert gp is not None and wc is not None and table.entry("lp", "funnels") is None
    assert (gp.seeds, wc.seeds) == (3, 2) and (table.runs, table.finished) == (6, 5)
    assert gp.mean == pytest.approx(0.6) and gp.as_published == pytest.approx(0.5)
    assert gp.error == pytest.approx(0.1 / math.sqrt(3)) and wc.error == pytest.approx(0.1 / 2)
    costs = suite_table(SuiteResults(document), "w1").entry("gp", "funnels")
    assert costs is not None and (costs.mean, costs.as_published) == (2.0, 2.0)
    assert "0.600 ± 0.058 (3)" in to_text(table) and "gp,funnels,False,3,0,10,0.6,0.057735" in to_csv(table)
    document.close()


def test_a_run_under_way_has_not_failed(tiny: Callable[..., Suite], tmp_path: Path) -> None:
    suite = tiny(matrix=[{"solvers": ["gp"], "pairs": ["funnels"]}])
    document = begin(suite, tmp_path / "a.wgs")
    (cell,) = suite.plan.cells

    def failed() -> Any:
        entry = suite_table(SuiteResults(document), "cos").entry("gp", "funnels")
        return entry and entry.failed

    assert failed() == 0
    first = document.add_run(suite.experiments[cell])
    document.append(first, events.Failed(message="lost", cause="died"))
    assert failed() == 1 and "failed" in to_text(suite_table(SuiteResults(document), "cos"))
    document.add_run(suite.experiments[cell])
    assert failed() == 0
    document.close()


def test_maps_are_evaluated_by_what_they_leave_unexplained(
    tiny: Callable[..., Suite], tmp_path: Path
) -> None:
    suite = tiny(matrix=[{"solvers": ["gp", "lp"], "pairs": ["funnels"], "seeds": [0, 1]}])
    document = begin(suite, tmp_path / "m.wgs")
    for cell in suite.plan.cells:
        maps = {"uvp": 2.0 + 2 * cell.seed, "uvp_back": 9.0} if cell.solver == "lp" else {}
        ended = events.Ended(
            step=10,
            reason="done",
            seconds=1.0,
            processor_seconds=2.0 if cell.solver == "lp" else 8.0,
            estimates={"gap": 1.0},
            gradient=maps,
        )
        document.append(document.add_run(suite.experiments[cell]), ended)
    table = suite_table(SuiteResults(document), "uvp")
    lp, gp = table.entry("lp", "funnels"), table.entry("gp", "funnels")
    assert lp is not None and gp is not None
    assert (lp.mean, lp.error, lp.truth, lp.seeds, gp.seeds) == (3.0, 1.0, 0.0, 2, 0)
    assert table.score(lp) == pytest.approx(0.97)
    assert "in percent" in to_text(table) and "3.000 ± 1.000 (2)" in to_text(table)
    back, spent = (
        suite_table(SuiteResults(document), "uvp_back"),
        suite_table(SuiteResults(document), "seconds"),
    )
    scores = {e.solver: (e.mean, spent.score(e)) for e in spent.entries}
    assert scores == {"lp": (2.0, 1.0), "gp": (8.0, 0.25)}
    assert {e.solver: e.mean for e in back.entries if e.seeds} == {"lp": 9.0}
    document.close()


def test_generators_have_tables_of_their_own(tiny: Callable[..., Suite], tmp_path: Path) -> None:
    suite = tiny(matrix=[{"solvers": ["gp", "lp"], "pairs": ["funnels"], "seeds": [0, 1]}])
    document = begin(suite, tmp_path / "g.wgs")
    for cell in suite.plan.cells:
        modes = 8.0 if cell.solver == "lp" else 3.0 + 2 * cell.seed
        estimates = {
            "gap": 1.0,
            "true_lower": 0.1,
            "true_upper": 0.25,
            "distance": 0.5,
            "modes": modes,
            "near": 0.75,
        }
        ended = events.Ended(step=10, reason="done", seconds=1.0, estimates=estimates, gradient={})
        document.append(document.add_run(suite.experiments[cell]), ended)
    scores = {}
    for metric in ("modes", "near", "distance", "true"):
        table = suite_table(SuiteResults(document), metric)
        scores[metric] = {entry.solver: table.score(entry) for entry in table.entries}
    assert scores == {
        "modes": {"gp": 0.5, "lp": 1.0},
        "near": {"gp": 0.75, "lp": 0.75},
        "distance": {"gp": 0.5, "lp": 0.5},
        "true": {"gp": 0.75, "lp": 0.75},
    }
    assert table.entries[0].mean == 0.25 and math.isnan(
        suite_table(SuiteResults(document), "recall").entries[0].mean
    )
    document.close()


def test_a_registered_metric_has_a_table(tiny: Callable[..., Suite], tmp_path: Path) -> None:
    suite = tiny(matrix=[{"solvers": ["gp"], "pairs": ["funnels"]}])
    document = begin(suite, tmp_path / "n.wgs")
    (cell,) = suite.plan.cells
    estimates = {"gap": 1.0, "sharp": 40.0}
    ended = events.Ended(step=10, reason="done", seconds=1.0, estimates=estimates, gradient={})
    document.append(document.add_run(suite.experiments[cell]), ended)
    register_metric(
        Metric(
            "sharpness", "Sharpness, %", "%", "sharpness in percent", 100.0, True, "estimates.sharp", 100.0
        )
    )
    try:
        table = suite_table(SuiteResults(document), "sharpness")
    finally:
        forget_metric("sharpness")
    (entry,) = table.entries
    assert (entry.mean, entry.truth, table.score(entry)) == (40.0, 100.0, 0.4)
    assert "sharpness in percent" in to_text(table)
    document.close()


def ended(**estimates: float) -> events.Ended:
    return events.Ended(
        step=10, reason="done", seconds=1.0, processor_seconds=2.0, estimates=estimates, gradient={}
    )


def truth(quantity: Any, value: float) -> events.TruthFound:
    return events.TruthFound(
        truth=Truth(quantity=quantity, value=value, lower=value, upper=value, method="", law="", seconds=0.0)
    )


@pytest.fixture
def mixed(tiny: Callable[..., Suite], tmp_path: Path) -> Iterator[SuiteResults]:
    """Results of solvers that estimate W1, a penalized cost, and two costs at the squared distance."""
    suite = tiny(
        pairs={"normal": {"pair": {"kind": "gaussians"}}},
        solvers={"convex": {"critic": {"kind": "icnn"}}},
        matrix=[{"solvers": ["so", "gp", "convex", "semi-discrete"], "pairs": ["normal"]}],
    )
    document = begin(suite, tmp_path / "mixed.wgs")
    results = {
        "so": (1.24, [truth("w1", 1.25)]),
        "gp": (2.7, [truth("w1", 1.25), truth("gap-limit", 2.66)]),
        "convex": (2.06, [truth("transport", 2.0)]),
        "semi-discrete": (2.84, []),
    }
    for cell in suite.plan.cells:
        gap, truths = results[cell.solver]
        run = document.add_run(suite.experiments[cell])
        for event in (*truths, ended(gap=gap)):
            document.append(run, event)
    yield SuiteResults(document)
    document.close()


def test_every_cost_stands_beside_the_truth_of_its_own(mixed: SuiteResults) -> None:
    table = suite_table(mixed, "cost")
    entries = {entry.solver: entry for entry in table.entries}
    assert {solver: entry.truth for solver, entry in entries.items() if solver != "semi-discrete"} == {
        "so": 1.25,
        "gp": 2.66,
        "convex": 2.0,
    }
    assert entries["convex"].ratio == pytest.approx(1.03) and math.isnan(entries["semi-discrete"].ratio)
    assert table.score(entries["convex"]) == pytest.approx(0.97)
    text = to_text(table)
    for line in (
        r"so +1\.240\n  true +1\.250\n",
        r"gp +2\.700\n  true +2\.660\n",
        r"convex +2\.060\n  true +2\.000\n",
        r"so: W₁\ngp: Gap limit\nconvex: exact transport at the squared distance$",
    ):
        assert re.search(line, text)
    assert "2.060$ (2.000)" in to_latex(table) and '"cost": "Gap limit"' in to_json(table)


def test_the_table_of_w1_holds_the_solvers_that_estimate_it(mixed: SuiteResults) -> None:
    table = suite_table(mixed, "w1")
    numbers = {entry.solver: (entry.seeds, entry.truth) for entry in table.entries if entry.seeds}
    assert numbers == {"so": (1, 1.25), "gp": (1, 1.25)}
    lines = to_text(table).splitlines()
    assert lines[-1].split() == ["truth", "1.250"] and table.shares_truths


def test_only_tables_with_numbers_are_offered_and_the_first_holds_most(
    mixed: SuiteResults, tiny: Callable[..., Suite], tmp_path: Path
) -> None:
    assert applicable_tables(mixed) == ["cost", "w1", "seconds"]
    suite = tiny(matrix=[{"solvers": ["gp", "wc"], "pairs": ["funnels"]}])
    document = begin(suite, tmp_path / "w1.wgs")
    assert applicable_tables(SuiteResults(document)) == []
    for cell in suite.plan.cells:
        document.append(document.add_run(suite.experiments[cell]), ended(gap=1.0))
    assert applicable_tables(SuiteResults(document)) == ["w1", "seconds"], "they all estimate W1"
    document.close()


def test_a_cell_whose_run_was_fooled_is_marked(tiny: Callable[..., Suite], tmp_path: Path) -> None:
    suite = tiny(matrix=[{"solvers": ["gp", "so"], "pairs": ["gaussians"]}])
    document = begin(suite, tmp_path / "fooled.wgs")
    for cell in suite.plan.cells:
        gap = -1.0 if cell.solver == "gp" else 1.0
        document.append(document.add_run(suite.experiments[cell]), ended(gap=gap, gap_se=0.01))
    table = suite_table(SuiteResults(document), "w1")
    document.close()
    text, rows = to_text(table), json.loads(to_json(table))["rows"]
    assert "-1.000 !" in text and "1.000\n" in text and "!: a run ended with a warning" in text
    assert ["gap is negative" in " ".join(row["warnings"]) for row in rows] == [True, False]


def test_the_pages_of_a_report_hold_each_table_with_its_heat_map(
    tiny: Callable[..., Suite], tmp_path: Path
) -> None:
    suite = tiny(matrix=[{"solvers": ["gp", "wc"], "pairs": ["funnels"], "seeds": [0, 1]}])
    document = begin(suite, tmp_path / "a.wgs")
    for cell in suite.plan.cells:
        run = document.add_run(suite.experiments[cell])
        gradient = {"cos": 0.5 + 0.1 * cell.seed, "l2": 1.0, "cos_published": 0.4, "l2_published": 1.5}
        ended = events.Ended(
            step=10, reason="done", seconds=1.0, estimates={"gap": 1.0, "gap_se": 0.1}, gradient=gradient
        )
        document.append(run, ended)
    title, pages = suite_pages(document)
    assert title == "Tiny" and len(pages) == len(applicable_tables(SuiteResults(document)))
    cos = pages[0]
    assert cos.table.columns == ("solver", "funnels")
    assert [cell.text for cell in cos.table.rows[0]] == ["gp", "0.550 \u00b1 0.050 (2)"]
    assert b"<svg" in cos.picture
    text = render_report(document.records(), title=title, tables=pages)
    assert "<h1>Tiny</h1>" in text and 'id="table-1"' in text
    document.close()
