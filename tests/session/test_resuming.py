"""A run of a session goes on where it was stopped, killed or finished, as if nothing had happened."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from wganstudio.experiment import BadExperiment, Experiment, read
from wganstudio.session import Document, RunRecord, SessionError
from wganstudio.session.database import VERSION
from wganstudio.training.commands import Command, Stop
from wganstudio.training.events import TIMING_FIELDS, Event, TrainingState, TruthFound
from wganstudio.training.run import Run
from wganstudio.truths import Truth

pytestmark = pytest.mark.usefixtures("small_references")
STEPS = 40
TRUTH = TruthFound(
    truth=Truth(quantity="w1", value=1, lower=1, upper=1, method="exact", law="P and Q", seconds=0.1)
)


def experiment(steps: int = STEPS, **groups: Any) -> Experiment:
    settings: dict[str, Any] = {
        "pair": {"kind": "gaussians"},
        "critic": {"width": 8},
        "solver": {"kind": "lp"},
        "training": {"steps": steps, "batch": 16},
        "evaluation": {"interval": 7, "samples": 32, "final_samples": 1024, "resolution": 8},
    }
    return read(settings | groups)


def append(document: Document, run: int, events: Iterable[Event], up_to: Callable[[Event], bool]) -> None:
    for event in events:
        if not up_to(event):
            return
        document.append(run, event)


def recorded(path: Path, e: Experiment, up_to: Callable[[Event], bool] = lambda e: True) -> RunRecord:
    """Record a run with a state at every step, up to an event at which it is killed."""
    document = Document.create(path)
    run = document.add_run(e)
    append(document, run, Run(e, state_period=0).events(), up_to)
    document.close()
    again = Document.open(path)
    again.close()
    return again.records()[0]


def resumed(path: Path, steps: int | None = None, run: int = 1) -> RunRecord:
    document = Document.open(path, read_only=False)
    resumption = document.resume(run, steps)
    begun = Run(resumption.experiment, resume=resumption.state, state_period=0)
    append(document, run, begun.events(), lambda event: True)
    in_memory = contents(document.records()[0])
    document.close()
    again = Document.open(path).records()[0]
    assert contents(again) == in_memory
    return again


def contents(record: RunRecord) -> dict[str, Any]:
    """All that a record holds, but for the time that it took."""
    values = {name: value for name, value in vars(record).items() if name not in ("version", "progress")}
    return {name: plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items() if name not in TIMING_FIELDS}
    if hasattr(value, "arrays"):
        return value.model_dump(exclude=TIMING_FIELDS), {n: a.tobytes() for n, a in value.arrays.items()}
    return value


def rows(path: Path, query: str) -> list[Any]:
    database = sqlite3.connect(path)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


@cache
def whole_run() -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        return contents(recorded(Path(folder) / "whole.wgs", experiment()))


@pytest.fixture
def whole(small_references: None) -> dict[str, Any]:
    """A run that nothing interrupts; trained once, with the references of all these tests."""
    return whole_run()


@pytest.mark.parametrize(("kept", "last"), [(0, 0), (0, 4), (7, 13), (20, 20), (21, 33), (STEPS, STEPS)])
def test_a_killed_run_equals_one_that_was_not(
    tmp_path: Path, whole: dict[str, Any], kept: int, last: int
) -> None:
    """The newest state is that of step `kept`, the last event one of step `last`."""
    path = tmp_path / "a.wgs"
    document = Document.create(path)
    run = document.add_run(experiment())
    for event in Run(experiment(), state_period=0).events():
        if event.step > last or event.kind == "ended":
            break
        if not isinstance(event, TrainingState) or event.step <= kept:
            document.append(run, event)
    document.close()
    assert Document.open(path).records()[0].state == "crashed"
    assert contents(resumed(path)) == whole


def test_a_run_killed_before_its_first_step_begins_again(tmp_path: Path, whole: dict[str, Any]) -> None:
    path = tmp_path / "a.wgs"
    document = Document.create(path)
    document.add_run(experiment())
    document.close()
    assert contents(resumed(path)) == whole


def without_states(path: Path, last: int) -> None:
    """Record a run up to a step, without a state."""
    document = Document.create(path)
    run = document.add_run(experiment())
    append(document, run, Run(experiment()).events(), lambda event: event.step <= last)
    document.close()


def test_a_run_killed_before_its_first_state_begins_again(tmp_path: Path, whole: dict[str, Any]) -> None:
    path = tmp_path / "a.wgs"
    without_states(path, 21)
    assert Document.open(path).records()[0].step == 21
    document = Document.open(path, read_only=False)
    assert document.resume(1).saved is None
    document.append(1, next(iter(Run(experiment()).events())))
    document.close()
    assert Document.open(path).records()[0].step == 0, "killed again, right after it has begun again"
    assert contents(resumed(path)) == whole


def test_a_run_whose_states_are_too_large_does_not_begin_again(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    without_states(path, 21)
    document = Document.open(path, read_only=False)
    document._file.database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000)
    document.append(1, TrainingState(step=21, body="{}", arrays={"weights": np.zeros(2_000)}))
    with pytest.raises(SessionError, match=r"no saved training state; start it anew"):
        document.resume(1)
    document.close()


def test_a_resumed_run_that_is_killed_resumes(tmp_path: Path, whole: dict[str, Any]) -> None:
    path = tmp_path / "a.wgs"
    recorded(path, experiment(), lambda event: event.step < 11)
    document = Document.open(path, read_only=False)
    resumption = document.resume(1)
    events = Run(resumption.experiment, resume=resumption.state, state_period=0).events()
    append(document, 1, events, lambda event: event.step < 26)
    document.close()
    assert contents(resumed(path)) == whole


def test_a_stopped_run_completes_its_plan(tmp_path: Path, whole: dict[str, Any]) -> None:
    path, e = tmp_path / "a.wgs", experiment()
    document, inbox = Document.create(path), SimpleQueue[Command]()
    run = document.add_run(e)
    for event in Run(e, inbox, state_period=1e9).events():
        document.append(run, event)
        if event.step == 21:
            inbox.put(Stop())
    document.close()
    assert Document.open(path).records()[0].state == "stopped"
    assert rows(path, "SELECT step FROM training_state") == [(21,)]
    assert contents(resumed(path)) == whole


@pytest.mark.parametrize("half", [17, 20, 21])
def test_an_extended_run_equals_a_longer_one(tmp_path: Path, whole: dict[str, Any], half: int) -> None:
    """Step 17 is recorded as the last one only, step 20 always, step 21 by the interval."""
    path = tmp_path / "a.wgs"
    assert recorded(path, experiment(half)).state == "ended"
    assert contents(resumed(path, STEPS)) == whole


def test_an_early_end_stays_where_it_is(tmp_path: Path) -> None:
    training = {"steps": 100, "batch": 16, "stopping": "plateau", "tolerance": 99}
    evaluation = {"interval": 1, "samples": 32, "final_samples": 1024, "resolution": 8}
    e = experiment(training=training, evaluation=evaluation)
    before = recorded(tmp_path / "a.wgs", e)
    assert before.ended is not None and before.ended.reason == "plateau" and before.step < 100
    assert contents(resumed(tmp_path / "a.wgs")) == contents(before)


def test_a_schedule_over_all_steps_is_named_when_a_run_is_extended(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    recorded(path, experiment(8, solver={"kind": "lp", "schedule": "cosine"}))
    document = Document.open(path, read_only=False)
    assert "the schedule of 8 steps" in document.resume(1, 12).note
    assert document.resume(1).note == document.resume(1, 8).note == ""
    document.close()
    assert resumed(path, 12).step == 12


def test_the_stages_of_a_composite_keep_their_length_when_it_is_extended(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    options = {"kind": "composite", "stages": 2}
    changes: dict[str, Any] = {"solver": {"kind": "convex"}, "critic": {"kind": "quadratic"}}
    recorded(path, experiment(6, generator=options, **changes))
    longer = contents(resumed(path, 9))
    asked = experiment(9, generator=options | {"stage_steps": 3}, **changes)
    assert longer == contents(recorded(tmp_path / "b.wgs", asked))


def test_what_belongs_to_the_truths_stays(tmp_path: Path, whole: dict[str, Any]) -> None:
    path = tmp_path / "a.wgs"
    recorded(path, experiment(), lambda event: event.step < 11)
    document = Document.open(path, read_only=False)
    document.append(1, TRUTH)
    assert not document.resume(1).truths_known
    document.close()
    again = contents(resumed(path))
    assert again.pop("truths") == {"w1": TRUTH.truth}
    assert again == {name: value for name, value in whole.items() if name != "truths"}


def test_a_damaged_newest_state_is_passed_over(tmp_path: Path, whole: dict[str, Any]) -> None:
    path = tmp_path / "a.wgs"
    recorded(path, experiment(), lambda event: event.step < 30)
    assert [step for (step,) in rows(path, "SELECT step FROM training_state")] == [28, 29]
    for column, damage in (("arrays", b"torn"), ("body", "{")):
        database = sqlite3.connect(path)
        database.execute(f"UPDATE training_state SET {column} = ? WHERE step = 29", (damage,))
        database.commit()
        database.close()
        resumption = Document.open(path).resume(1)
        assert resumption.state is not None and resumption.state.step == 28
    assert contents(resumed(path)) == whole


def test_a_session_holds_two_states_of_a_run_and_one_once_it_is_over(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    recorded(path, experiment(), lambda event: event.kind != "ended")
    sizes = rows(path, "SELECT length(arrays) FROM training_state")
    assert len(sizes) == 2
    before = path.stat().st_size
    document = Document.open(path, read_only=False)
    state = document.resume(1).state
    assert state is not None
    for _ in range(50):
        document.append(1, state)
    document.close()
    assert path.stat().st_size - before <= 2 * sizes[0][0], "the pages of dropped states are used again"
    resumed(path)
    assert len(rows(path, "SELECT * FROM training_state")) == 1


def test_states_go_with_their_run_and_with_a_copy(tmp_path: Path, whole: dict[str, Any]) -> None:
    path, copy = tmp_path / "a.wgs", tmp_path / "copy.wgs"
    recorded(path, experiment(), lambda event: event.step < 9)
    document = Document.open(path, read_only=False)
    document.save_as(copy)
    document.delete(1)
    document.close()
    assert rows(path, "SELECT * FROM training_state") == []
    assert contents(resumed(copy)) == whole


def test_a_session_of_version_5_opens_and_gets_the_table_when_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    recorded(path, experiment(4))
    database = sqlite3.connect(path)
    database.executescript("DROP TABLE training_state; PRAGMA user_version = 5;")
    database.close()
    content = path.read_bytes()
    document = Document.open(path, read_only=False)
    with pytest.raises(SessionError, match="Run 1 has no saved training state; start it anew"):
        document.resume(1)
    assert path.read_bytes() == content
    run = document.add_run(experiment(4))
    append(document, run, Run(experiment(4), state_period=0).events(), lambda event: True)
    document.close()
    assert rows(path, "PRAGMA user_version") == [(VERSION,)]
    assert rows(path, "SELECT run FROM training_state") == [(2,)]


def test_who_follows_a_session_sees_the_run_go_on(tmp_path: Path, whole: dict[str, Any]) -> None:
    path = tmp_path / "a.wgs"
    recorded(path, experiment(), lambda event: not isinstance(event, TrainingState) or event.step < 11)
    database = sqlite3.connect(path)
    database.execute("DELETE FROM training_state WHERE step > 10")
    database.close()
    follower = Document.open(path)
    record = follower.records()[0]
    resumed(path)
    assert follower.follow() and follower.records() == [record]
    assert contents(record) == whole


@pytest.mark.parametrize(
    ("run", "steps", "sentence"),
    [
        (7, None, r"has no run 7; its runs: 1"),
        (1, 3, r"Run 1 is at step 8; give --steps 8 or more"),
    ],
)
def test_what_cannot_go_on_is_told_in_one_sentence(
    tmp_path: Path, run: int, steps: int | None, sentence: str
) -> None:
    path = tmp_path / "a.wgs"
    recorded(path, experiment(8))
    with pytest.raises(SessionError, match=sentence):
        Document.open(path).resume(run, steps)


def test_a_state_of_something_else_is_refused_before_anything_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    before = contents(recorded(path, experiment(8)))
    document = Document.open(path, read_only=False)
    state = document.resume(1).state
    assert state is not None
    others = [
        (experiment(8, critic={"width": 9}), state),
        (experiment(8, pair={"kind": "gaussians", "dim": 3}), state),
        (experiment(8, training={"steps": 8, "batch": 16, "seed": 1}), state),
        (experiment(8), state.model_copy(update={"body": "[]"})),
        (experiment(8), state.model_copy(update={"body": "[" * 100_000})),
        (experiment(8), state.model_copy(update={"body": state.body.replace('"0"', '"x"')})),
        (experiment(8), state.model_copy(update={"arrays": {"0": state.arrays["0"]}})),
        (experiment(8), state.model_copy(update={"body": json.dumps({"items": [["step", 3]]})})),
    ]
    for e, wrong in others:
        with pytest.raises(BadExperiment, match="the saved state is of another experiment"):
            list(Run(e, resume=wrong).events())
    assert contents(document.records()[0]) == contents(Document.open(path).records()[0]) == before


def test_a_state_too_large_for_the_file_is_left_out_with_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("wganstudio.session.database.MAX_ENTRY", 1 << 17)
    document = Document.create(tmp_path / "a.wgs")
    run = document.add_run(experiment())
    large = TrainingState(step=3, body="{}", arrays={"0": np.zeros(1 << 15)})
    for _ in range(2):
        document.append(run, large)
    assert not document.incomplete
    document.close()
    (warning,) = [entry.getMessage() for entry in caplog.records]
    assert "run 1" in warning and "cannot be resumed" in warning
