"""A suite runs every cell once, shares what is known of a pair, and goes on where it stopped."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wganstudio.experiment import read
from wganstudio.session import Document, SessionError
from wganstudio.solvers.lipschitz import OneSidedPenalty
from wganstudio.suites import Suite, SuiteError, SuiteResults, begin, resume, suite_table
from wganstudio.suites.events import RunEvent, RunFinished, RunLost, RunStarted, SuiteFinished, SuiteStarted
from wganstudio.suites.formats import to_json
from wganstudio.suites.scheduler import ATTEMPTS
from wganstudio.training import events
from wganstudio.training.job import Job
from wganstudio.training.run import Run

Make = Callable[..., Suite]
Go = Callable[..., list[Any]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.wgs"


def train(jobs: list[Job]) -> list[str]:
    return [job.experiment.about.name for job in jobs if job.task == "train"]


def test_every_cell_is_run_once_and_recorded(tiny: Make, here: Any, go: Go, file: Path) -> None:
    suite, workers = tiny(), here()
    document = begin(suite, file)
    heard = go(suite, document, workers)
    document.close()
    assert isinstance(heard[0], SuiteStarted) and (heard[0].runs, heard[0].finished) == (4, 0)
    assert heard[-1] == SuiteFinished(executed=4, finished=4, failed=0)
    assert train(workers.done) == [cell.name for cell in suite.plan.cells]
    assert [e.cell for e in heard if isinstance(e, RunStarted)] == list(suite.plan.cells)
    assert [e.cell for e in heard if isinstance(e, RunFinished) and not e.failed] == list(suite.plan.cells)
    again = Document.open(file)
    for cell, record in SuiteResults(again).finished().items():
        alone = list(Run(suite.experiments[cell]).events())
        assert isinstance(alone[-1], events.Ended) and record.ended is not None
        assert (record.ended.estimates, record.ended.gradient) == (alone[-1].estimates, alone[-1].gradient)
        points = [event.step for event in alone if isinstance(event, events.Metrics)]
        assert record.curve("gap")[0].tolist() == points
        assert record.snapshot("plane") is None and not record.recorded_steps("critic")
        assert record.checkpoint is None
    again.close()


def test_a_suite_whose_process_was_killed_before_it_stored_the_plan_resumes(
    tiny: Make, here: Any, go: Go, file: Path
) -> None:
    Document.create(file).close()
    suite = tiny()
    document = resume(suite, file)
    assert document.suite and go(suite, document, here())[-1] == SuiteFinished(
        executed=4, finished=4, failed=0
    )
    document.close()


def test_what_is_reported_is_what_is_recorded(tiny: Make, here: Any, go: Go, file: Path) -> None:
    suite = tiny(matrix=[{"solvers": ["gp"], "pairs": ["funnels"]}])
    document = begin(suite, file)
    heard = [event for event in go(suite, document, here()) if isinstance(event, RunEvent)]
    document.close()
    (record,) = document.records()
    assert {event.run for event in heard} == {record.run}
    assert [e.event for e in heard if isinstance(e.event, events.Ended)] == [record.ended]
    truths = [e.event.truth for e in heard if isinstance(e.event, events.TruthFound)]
    assert {truth.quantity: truth for truth in truths} == record.truths


def test_truths_are_found_once_for_all_runs_they_hold_for(tiny: Make, here: Any, go: Go, file: Path) -> None:
    suite, workers = tiny(pairs={"funnels": {"pair": {"kind": "ray-monotone", "dim": 2}}}), here()
    document = begin(suite, file)
    go(suite, document, workers, until=6)
    document.close()
    again, more = resume(suite, file), here()
    go(suite, again, more)
    again.close()
    searches = [job for job in workers.done + more.done if job.task == "truths"]
    kinds = {(job.experiment.pair.name(), job.experiment.solver.gradient_penalty) for job in searches}
    assert len(searches) == len(kinds) == 4, "two pairs, with a penalty and without"
    for record in SuiteResults(again).finished().values():
        congested = record.experiment.solver.name() == "lp"
        assert set(record.truths) == ({"w1", "congested", "gap-limit"} if congested else {"w1"})


def test_pictures_and_weights_are_kept_when_asked_for(tiny: Make, here: Any, go: Go, tmp_path: Path) -> None:
    block = [{"solvers": ["gp"], "pairs": ["funnels"]}]
    for keep, frames, weights in (("pictures", True, False), ("everything", True, True)):
        suite = tiny(keep=keep, matrix=block)
        document = begin(suite, tmp_path / f"{keep}.wgs")
        go(suite, document, here())
        document.close()
        (record,) = document.records()
        steps = record.recorded_steps("critic")
        assert (bool(steps), record.checkpoint is not None) == (frames, weights)
        assert set(record.recorded_steps("gradient-norms")) < set(steps), "more frames are kept than norms"


def test_a_run_stops_after_its_seconds_and_counts(tiny: Make, here: Any, go: Go, file: Path) -> None:
    suite = tiny(budget={"seconds": 0.2}, matrix=[{"solvers": ["gp"], "pairs": ["funnels"]}])
    document = begin(suite, file)
    go(suite, document, here())
    document.close()
    (record,) = SuiteResults(document).finished().values()
    assert record.state == "stopped" and 0 < record.step < 60000


def test_a_suite_goes_on_where_it_stopped(tiny: Make, here: Any, go: Go, tmp_path: Path) -> None:
    suite = tiny()
    whole = begin(suite, tmp_path / "whole.wgs")
    go(suite, whole, here())
    parts: list[Job] = []
    for _ in range(20):
        document, workers = resume(suite, tmp_path / "parts.wgs"), here()
        heard = go(suite, document, workers, until=20)
        document.close()
        parts += workers.done
        if isinstance(heard[-1], SuiteFinished):
            break
    finished = train(parts)
    assert sorted(finished) == sorted(cell.name for cell in suite.plan.cells), "none twice, none left out"
    results = SuiteResults(Document.open(tmp_path / "parts.wgs"))
    assert results.repeated == 0 and results.executed >= 4
    for metric in ("cos", "l2", "w1"):
        ours, theirs = suite_table(results, metric), suite_table(SuiteResults(whole), metric)
        assert repr(ours.entries) == repr(theirs.entries), "NaN does not equal itself"
    results.document.close()
    whole.close()


def test_what_died_with_the_suite_is_reported_and_begun_again(
    tiny: Make, here: Any, go: Go, file: Path
) -> None:
    suite = tiny(matrix=[{"solvers": ["gp"], "pairs": ["funnels"]}])
    document = begin(suite, file)
    (cell,) = suite.plan.cells
    run = document.add_run(suite.experiments[cell])
    document.append(run, events.Metrics(step=1, values={"gap": 1.0}))
    document.close()
    again = resume(suite, file)
    go(suite, again, here())
    again.close()
    dead, alive = SuiteResults(again).runs(cell)
    assert dead.failed is not None and dead.failed.cause == "died" and "suite died" in dead.failed.message
    assert alive.ended is not None and SuiteResults(again).executed == 2 and SuiteResults(again).repeated == 0


def test_a_lost_worker_costs_an_attempt_and_no_result(tiny: Make, here: Any, go: Go, tmp_path: Path) -> None:
    suite = tiny()
    calm, rough = begin(suite, tmp_path / "calm.wgs"), begin(suite, tmp_path / "rough.wgs")
    go(suite, calm, here())
    heard = go(suite, rough, here(die=lambda job: ATTEMPTS - 1))
    lost = [event for event in heard if isinstance(event, RunLost)]
    assert len(lost) == 4 * (ATTEMPTS - 1) and all(event.again for event in lost)
    ours, theirs = (suite_table(SuiteResults(document), "cos") for document in (rough, calm))
    assert repr(ours.entries) == repr(theirs.entries)
    assert heard[-1] == SuiteFinished(executed=4 * ATTEMPTS, finished=4, failed=0)
    for document in (calm, rough):
        document.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: you "
            "tried to allocate 4294967296 bytes. Error code 12 (Cannot allocate memory)",
            "out of memory",
        ),
        ("CUDA error: an illegal memory access was encountered", "its GPU failed"),
    ],
    ids=["memory", "device"],
)
def test_a_run_that_lacked_memory_or_its_device_is_tried_once_more(
    text: str, why: str, tiny: Make, here: Any, go: Go, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = tiny()
    document, step, faults = begin(suite, file), OneSidedPenalty.step, [3]

    def failing(solver: OneSidedPenalty, *streams: Any) -> Any:
        if faults:
            faults[0] -= 1
            if not faults[0]:
                faults.pop()
            raise RuntimeError(text)
        return step(solver, *streams)

    monkeypatch.setattr(OneSidedPenalty, "step", failing)
    heard = go(suite, document, here())
    lost = [event for event in heard if isinstance(event, RunLost)]
    assert [event.why for event in lost] == [why, why] and all(event.again for event in lost)
    failed = [event.cell for event in heard if isinstance(event, RunFinished) and event.failed]
    assert [cell.solver for cell in failed] == ["lp"], "one cell succeeds at its second attempt"
    assert heard[-1] == SuiteFinished(executed=4, finished=3, failed=1)
    document.close()


def test_after_some_attempts_a_run_is_given_up_and_only_resume_tries_again(
    tiny: Make, here: Any, go: Go, file: Path
) -> None:
    suite = tiny()
    document = begin(suite, file)
    heard = go(suite, document, here(die=lambda job: 99 * (job.experiment.solver.name() == "wc")))
    assert heard[-1] == SuiteFinished(executed=2 + 2 * ATTEMPTS, finished=2, failed=2)
    given_up = SuiteResults(document).runs(suite.plan.cells[0])[-1].failed
    assert given_up is not None and "SIGKILL" in given_up.message and given_up.detail == "its last words"
    assert {event.cell.solver for event in heard if isinstance(event, RunFinished) and event.failed} == {"wc"}
    table = suite_table(SuiteResults(document), "cos")
    entry = table.entry("wc", "funnels")
    assert entry is not None and (entry.seeds, entry.failed) == (0, 1) and '"mean": null' in to_json(table)
    workers = here()
    go(suite, document, workers)
    assert {job.experiment.solver.name() for job in workers.done} == {"wc"}
    assert len(SuiteResults(document).finished()) == 4
    document.close()


def test_numbers_that_leave_the_finite_are_a_result(tiny: Make, here: Any, go: Go, file: Path) -> None:
    wild = {"solver": {"kind": "gp", "learning_rate": 10.0, "penalty": 1e6}}
    wild |= {"critic": {"depth": 16, "width": 128, "activation": "silu"}, "training": {"batch": 256}}
    suite = tiny(
        budget={"steps": 4000},
        solvers={"wild": wild},
        matrix=[{"solvers": ["wild"], "pairs": ["gaussians"]}],
    )
    document = begin(suite, file)
    assert go(suite, document, here())[-1].failed == 1
    workers = here()
    go(suite, document, workers)
    assert workers.done == []
    document.close()


def test_a_full_disk_ends_the_suite_and_leaves_a_sound_session(
    tiny: Make, here: Any, go: Go, file: Path
) -> None:
    suite = tiny()
    document = begin(suite, file)
    pages = document._file.database.execute("PRAGMA page_count").fetchone()[0]
    document._file.database.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(SessionError, match="The disk is full"):
        go(suite, document, here())
    document.close()
    again = resume(suite, file)
    go(suite, again, here())
    assert len(SuiteResults(again).finished()) == 4
    again.close()


def test_a_session_that_exists_or_is_another_suites_is_refused(tiny: Make, file: Path) -> None:
    begin(tiny(), file).close()
    with pytest.raises(SuiteError, match="exists; resume it with --resume"):
        begin(tiny(), file)
    file.unlink()
    document = Document.create(file)
    document.add_run(read({}))
    document.close()
    with pytest.raises(SuiteError, match="holds no suite"):
        resume(tiny(), file)


def test_a_suite_may_grow_but_what_is_finished_keeps_its_settings(
    tiny: Make, here: Any, go: Go, file: Path
) -> None:
    document = begin(tiny(matrix=[{"solvers": ["gp"], "pairs": ["funnels"]}], budget={"steps": 11}), file)
    document.close()
    small = tiny(matrix=[{"solvers": ["gp"], "pairs": ["funnels"]}], title="Another title")
    document = resume(small, file)  # nothing was finished yet
    go(small, document, here())
    document.close()
    for changed in (
        {"budget": {"steps": 11}},
        {"shared": {}},
        {"solvers": {"gp": {"solver": {"penalty": 3.0}}}},
        {"matrix": [{"solvers": ["lp"], "pairs": ["funnels"]}]},
    ):
        with pytest.raises(SuiteError, match="holds gp, funnels, seed 0, finished with settings that differ"):
            resume(tiny(**changed), file)
    grown = tiny(
        matrix=[{"solvers": ["gp", "lp"], "pairs": ["funnels"], "seeds": [0, 1]}],
        solvers=tiny().plan.settings.get("solvers", {}) | {"lp": {"solver": {"penalty": 3.0}}},
    )
    document = resume(grown, file)
    workers = here()
    go(grown, document, workers)
    assert train(workers.done) == [
        cell.name for cell in grown.plan.cells if (cell.solver, cell.seed) != ("gp", 0)
    ]
    assert SuiteResults(document).plan == grown.plan
    document.close()


def test_a_plan_that_cannot_be_understood_is_refused(file: Path) -> None:
    document = Document.create(file)
    document.begin_suite('{"title": 3}')
    with pytest.raises(SuiteError, match="cannot read"):
        SuiteResults(document)
    document.close()
