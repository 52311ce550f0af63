"""A run that is interrupted continues from its last state when its suite goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wganstudio.session import Document
from wganstudio.suites import Suite, SuiteResults, begin, resume, scheduler, suite_table
from wganstudio.suites.events import RunEvent, SuiteFinished
from wganstudio.training import events
from wganstudio.training.job import Job
from wganstudio.training.worker import perform

Make = Callable[..., Suite]
Go = Callable[..., list[Any]]
ONE = [{"solvers": ["gp"], "pairs": ["funnels"]}]
LIVED = 14
"""Events after which a worker dies: some steps, each with a state."""


@pytest.fixture(autouse=True)
def state_of_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "STATE_SECONDS", 0.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.wgs"


@pytest.fixture
def uninterrupted(tiny: Make, here: Any, go: Go, tmp_path: Path) -> SuiteResults:
    """The results of the suite of one run."""
    document = begin(tiny(matrix=ONE), tmp_path / "whole.wgs")
    go(tiny(matrix=ONE), document, here())
    document.close()
    return SuiteResults(document)


def training(workers: Any) -> list[Job]:
    return [job for job in workers.submitted if job.task == "train"]


def states(document: Document) -> int:
    count: int = document._file.database.execute("SELECT count(*) FROM training_state").fetchone()[0]
    return count


def same_numbers(ours: SuiteResults, theirs: SuiteResults) -> bool:
    (a,), (b,) = ours.finished().values(), theirs.finished().values()
    assert a.ended is not None and b.ended is not None
    curves = [[record.curve("gap")[k].tolist() for k in (0, 1)] for record in (a, b)]
    return (a.ended.estimates, curves[0]) == (b.ended.estimates, curves[1])


def test_a_run_continues_on_another_worker_when_its_own_dies(
    tiny: Make, here: Any, go: Go, file: Path, uninterrupted: SuiteResults
) -> None:
    suite, workers = tiny(matrix=ONE), here(die=lambda job: 2 * (job.task == "train"), lived=LIVED)
    document = begin(suite, file)
    heard = go(suite, document, workers)
    assert heard[-1] == SuiteFinished(executed=1, finished=1, failed=0)
    resumed = [job.resume.step if job.resume else 0 for job in training(workers)]
    assert resumed[0] == 0 < resumed[1] < resumed[2]
    assert same_numbers(SuiteResults(document), uninterrupted)
    document.close()


def test_a_stopped_suite_continues_its_runs_when_it_is_resumed(
    tiny: Make, here: Any, go: Go, file: Path, uninterrupted: SuiteResults
) -> None:
    suite = tiny(matrix=ONE)
    document = begin(suite, file)
    dying = here(die=lambda job: 9 * (job.task == "train"), lived=LIVED)
    heard = go(suite, document, dying, until=12)
    assert not isinstance(heard[-1], SuiteFinished)
    document.close()
    again, workers = resume(suite, file), here()
    heard = go(suite, again, workers)
    (job,) = training(workers)
    assert job.resume is not None and job.resume.step > 0
    begun = [e.event for e in heard if isinstance(e, RunEvent) and isinstance(e.event, events.Metrics)]
    assert min(event.step for event in begun) >= job.resume.step
    assert same_numbers(SuiteResults(again), uninterrupted)
    again.close()


def test_the_truths_of_a_continued_run_are_recorded_once(tiny: Make, here: Any, go: Go, file: Path) -> None:
    suite = tiny(matrix=ONE)
    document = begin(suite, file)
    go(suite, document, here(die=lambda job: job.task == "train", lived=LIVED))
    document.close()
    again = Document.open(file)
    (record,) = again.records()
    assert set(record.truths) and not record.truth_missing
    kinds = [
        row[0] for row in again._file.database.execute("SELECT kind FROM event WHERE run = ?", (record.run,))
    ]
    assert kinds.count("truth") == len(record.truths) and kinds.count("started") == 1
    again.close()


def test_finished_runs_keep_no_state_unless_everything_is_kept(
    tiny: Make, here: Any, go: Go, tmp_path: Path
) -> None:
    for keep, kept in (("numbers", 0), ("everything", 1)):
        suite = tiny(matrix=ONE, keep=keep)
        document = begin(suite, tmp_path / f"{keep}.wgs")
        go(suite, document, here())
        assert states(document) == kept
        document.close()


def test_a_state_that_the_worker_refuses_is_replaced_by_a_new_run(
    tiny: Make, here: Any, go: Go, file: Path, uninterrupted: SuiteResults
) -> None:
    suite = tiny(matrix=ONE)
    document = begin(suite, file)
    go(suite, document, here(die=lambda job: 9 * (job.task == "train"), lived=LIVED), until=12)
    document._file.database.execute("""UPDATE training_state SET body = '{"items": []}'""")
    document._file.database.commit()
    document.close()
    again, workers = resume(suite, file), here()
    heard = go(suite, again, workers)
    assert [job.resume is not None for job in training(workers)] == [True, False]
    assert heard[-1].failed == 0 and same_numbers(SuiteResults(again), uninterrupted)
    again.close()


def test_a_run_whose_settings_changed_starts_anew(tiny: Make, here: Any, go: Go, file: Path) -> None:
    suite = tiny(matrix=ONE)
    document = begin(suite, file)
    go(suite, document, here(die=lambda job: 9 * (job.task == "train"), lived=LIVED), until=12)
    document.close()
    changed = tiny(matrix=ONE, solvers={"gp": {"solver": {"penalty": 3.0}}})
    again, workers = resume(changed, file), here()
    go(changed, again, workers)
    assert [job.resume for job in training(workers)] == [None]
    assert suite_table(SuiteResults(again), "cos").finished == 1
    again.close()


def test_a_limit_of_time_counts_what_was_used_before_the_interruption(tiny: Make) -> None:
    from queue import SimpleQueue

    experiment = next(iter(tiny(matrix=ONE, budget={"steps": 50_000}).experiments.values()))
    job = Job(1, "train", experiment, state_period=0.0)
    long_ago = next(e for e in perform(job, SimpleQueue()) if isinstance(e, events.TrainingState) and e.step)
    used = long_ago.model_copy(
        update={"body": long_ago.body.replace('["processor_seconds", ', '["processor_seconds", 1')}
    )
    rest = Job(2, "train", experiment, resume=used, seconds=5.0)
    ended = list(perform(rest, SimpleQueue()))[-1]
    assert isinstance(ended, events.Ended) and ended.reason == "stopped"
    assert ended.step <= long_ago.step + 2, "five seconds were used up before"
