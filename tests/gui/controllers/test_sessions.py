"""Opening, saving, leaving, following and recovering sessions, without a trainer."""

import errno
import io

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu

from wganstudio.gui.controllers import session_exit
from wganstudio.gui.controllers.file_actions import FileActions
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.recovery import Recovery
from wganstudio.gui.controllers.run_controller import RunStatus
from wganstudio.gui.controllers.session_exit import SessionExit
from wganstudio.gui.controllers.session_files import orphaned_sessions
from wganstudio.gui.controllers.waiting_runs import Continuation, NewRun, WaitingRuns
from wganstudio.gui.widgets.progress import RunProgress
from wganstudio.gui.widgets.runs.texts import STATE_COLORS, describe
from wganstudio.session import Document
from wganstudio.training.events import Ended, Metrics, Started

ENDED = Ended(step=1, reason="stopped", seconds=1, estimates={}, gradient={})


class FakeController(QObject):
    """A run controller with runs that train, and others that compute their final estimates."""

    run_finished = Signal()
    status_changed = Signal()

    def __init__(self):
        super().__init__()
        self.training, self.finishing, self.skippable = [], [], []
        self.calls = []

    @property
    def status(self):
        return RunStatus(training=len(self.training), finishing=len(self.finishing))

    def stop_all(self):
        self.calls.append("stop")
        self.finishing += self.training
        self.skippable, self.training = list(self.finishing), []

    def skip_all(self):
        self.calls.append("skip")
        self.skippable = []

    def drop(self, run):
        self.calls.append("drop")
        self.training = [record for record in self.training if record.run != run]

    def forget(self):
        self.calls.append("forget")
        self.training, self.finishing = [], []

    def end(self):
        self.finishing = []
        self.run_finished.emit()


@pytest.fixture
def controller(qapp):
    return FakeController()


@pytest.fixture
def waiting(qapp):
    return WaitingRuns()


@pytest.fixture
def leaving(session, controller, waiting, saver, notifier, parent):
    return SessionExit(session, controller, waiting, saver, notifier, parent)


@pytest.fixture
def answers(monkeypatch):
    """The answers to the questions about run and session."""
    given = {"run": "cancel", "session": "cancel"}
    monkeypatch.setattr(session_exit, "ask_about_runs", lambda *_: given["run"])
    monkeypatch.setattr(session_exit, "ask_about_session", lambda *_: given["session"])
    return given


@pytest.fixture
def files(session, opener, fake_exit, form, fake_reader, experiment, settings, notifier, parent):
    return FileActions(session, opener, fake_exit, form, fake_reader(experiment), settings, notifier, parent)


def test_a_session_is_written_as_it_grows_and_removed_when_it_is_closed(session, experiment):
    run = session.add_run(experiment)
    session.append(run, Metrics(step=1, values={"gap": 2.0}))
    assert session.modified and session.record(run).last("gap") == 2.0 and session.record(99) is None
    working_file = session._document.path
    assert working_file.exists() and orphaned_sessions() == []
    session.close()
    assert not working_file.exists() and session.records() == []


def test_save_asks_for_a_path_once(saver, session, experiment, monkeypatch, tmp_path, settings, notifier):
    session.add_run(experiment)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    assert saver.save() and session.path == tmp_path / "mine.wgs" and not session.modified
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("asked again"))
    assert saver.save() and settings.recent == [tmp_path / "mine.wgs"]
    assert notifier.logs[0].startswith("Saved the session to")


def test_a_failed_save_is_an_error(saver, session, experiment, tmp_path, notifier):
    session.add_run(experiment)
    assert not saver.save_to(tmp_path / "nowhere" / "x.wgs") and notifier.errors


def test_leaving_an_unmodified_session_asks_nothing(leaving, answers):
    left = []
    leaving.leave(lambda: left.append(1))
    assert left == [1]


@pytest.mark.parametrize(("answer", "leaves"), [("cancel", False), ("discard", True), ("keep", False)])
def test_unsaved_runs_are_asked_about(leaving, answers, session, experiment, monkeypatch, answer, leaves):
    session.add_run(experiment)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))  # keep, but no file is chosen
    answers["session"], left = answer, []
    leaving.leave(lambda: left.append(1))
    assert bool(left) == leaves


def test_runs_under_way_are_stopped_before_their_session_is_left(
    leaving, answers, session, experiment, controller, waiting, notifier
):
    controller.training, left = [session.record(session.add_run(experiment)) for _ in range(2)], []
    waiting.hold(True)
    waiting.add([NewRun(experiment), Continuation(1, "Mine")])
    waiting.hold(False)
    leaving.leave(lambda: left.append(1))
    assert left == [] and controller.calls == [], "the user has canceled"
    assert not waiting.held
    answers |= {"run": "keep", "session": "discard"}
    leaving.leave(lambda: left.append(1))
    assert left == [] and controller.calls == ["stop"]
    assert waiting.held, "no other run starts meanwhile"
    controller.end()
    assert left == [1] and controller.calls == ["stop", "forget"]
    assert [entry.work for entry in waiting.entries] == [NewRun(experiment)] and waiting.held
    assert notifier.logs[-1] == "1 run in the queue: press Start there."
    leaving._timeout.stop()


def test_leaving_waits_for_final_estimates_only_so_long(leaving, answers, session, experiment, controller):
    controller.training, left = [session.record(session.add_run(experiment))], []
    answers |= {"run": "keep", "session": "discard"}
    leaving.leave(lambda: left.append(1))
    leaving._on_timeout()
    assert controller.calls == ["stop", "skip"] and left == []
    leaving._on_timeout()
    assert controller.calls == ["stop", "skip", "forget"] and left == [1]


def test_leaving_does_not_wait_for_the_final_estimates_of_runs_that_were_stopped_before(
    leaving, answers, session, experiment, controller
):
    controller.finishing = controller.skippable = [session.record(session.add_run(experiment))]
    answers["session"], left = "discard", []
    leaving.leave(lambda: left.append(1))
    assert controller.calls == ["stop", "skip"] and left == []
    controller.end()
    assert left == [1]


def test_discarded_runs_are_deleted(leaving, answers, session, experiment, controller):
    controller.training, left = [session.record(session.add_run(experiment)) for _ in range(2)], []
    answers |= {"run": "discard", "session": "discard"}
    leaving.leave(lambda: left.append(1))
    assert left == [1] and session.records() == []
    assert controller.calls[:2] == ["drop", "drop"] and controller.calls[-1] == "forget"


def test_a_user_who_stays_gets_the_queue_back(leaving, answers, session, experiment, waiting):
    session.add_run(experiment)
    waiting.hold(True)
    waiting.add([NewRun(experiment)])
    waiting.hold(False)
    leaving.leave(lambda: pytest.fail("the user has canceled"))
    assert not waiting.held and len(waiting) == 1


def test_a_path_is_opened_by_its_suffix(files, form, session, experiment, tmp_path, qtbot, notifier):
    toml = tmp_path / "mine.toml"
    toml.write_text("[training]\nseed = 5\n", encoding="utf-8")
    files.open_path(toml)
    assert form.experiment().training.seed == 5
    document = Document.create(tmp_path / "old.wgs")
    document.add_run(experiment, "Old")
    document.close()
    files.open_path(tmp_path / "old.wgs")
    assert [record.name for record in session.records()] == ["Old"] and not session.modified
    with qtbot.waitSignal(files.data_opened) as signal:
        files.open_path(tmp_path / "points.csv")
    assert signal.args == [tmp_path / "points.csv"] and notifier.errors == []
    files.open_path(tmp_path / "missing.wgs")
    assert len(notifier.errors) == 1
    menu = QMenu()
    files.fill_recent(menu)
    assert [action.text() for action in menu.actions()] == ["old.wgs", "mine.toml"]
    menu.deleteLater()


def test_an_experiment_with_a_problem_is_loaded_and_explained(files, form, tmp_path, notifier):
    toml = tmp_path / "wrong.toml"
    toml.write_text("[training]\nseed = 'x'\n", encoding="utf-8")
    files.open_path(toml)
    assert form.problems() and notifier.errors[0].startswith("wrong.toml needs correcting: training.seed")


def test_the_experiment_is_saved_as_toml(files, monkeypatch, tmp_path, notifier):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "e.toml"), ""))
    files.save_experiment()
    assert "[solver]" in (tmp_path / "e.toml").read_text() and notifier.logs
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "e.toml"), ""))
    files.save_experiment()
    assert "choose another place" in notifier.errors[0]


def test_an_experiment_that_cannot_be_written_leaves_the_old_file(files, monkeypatch, tmp_path, notifier):
    path = tmp_path / "e.toml"
    path.write_text("old")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    class Full(io.FileIO):
        def write(self, content):
            super().write(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("wganstudio.temporary.open", Full, raising=False)
    files.save_experiment()
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
    assert "No space left on device; choose another place" in notifier.errors[0]


def test_a_session_is_followed_until_it_is_closed(files, follower, session, experiment, tmp_path, qtbot):
    document = Document.create(tmp_path / "growing.wgs")
    run = document.add_run(experiment)
    files.follow_path(tmp_path / "growing.wgs")
    assert session.following and follower.active
    with qtbot.waitSignal(follower.grew, timeout=20_000):
        document.append(run, Metrics(step=3, values={"gap": 1.0}))
    assert session.record(run).last("gap") == 1.0
    files.new_session()
    assert not session.following and not follower.active
    document.close()


def test_an_orphaned_session_is_offered_recovered_or_discarded(
    session, opener, experiment, notifier, fake_exit
):
    for _ in range(2):
        dead = OpenSession()
        dead.add_run(experiment)
        dead._document.close()  # its window has ended without removing it
    recovery = Recovery(opener, fake_exit, notifier)
    recovery.offer()
    assert "1 older" in notifier.offers[0][0]
    recovery.discard()
    assert len(notifier.offers) == 2 and len(orphaned_sessions()) == 1
    recovery.recover()
    assert len(session.records()) == 1 and session.modified and "Recovered" in notifier.logs[0]
    recovery.offer()
    assert len(notifier.offers) == 2, "nothing is left to offer"


def test_an_orphaned_session_that_cannot_be_read_is_kept_or_removed(
    session, opener, experiment, notifier, fake_exit
):
    files = []
    for _ in range(3):
        dead = OpenSession()
        dead.add_run(experiment)
        files.append(dead._document.path)
        dead._document.close()
    for file in files[1:]:
        file.write_bytes(b"no session")
    recovery = Recovery(opener, fake_exit, notifier)
    session.add_run(experiment)
    recovery.offer()
    for button in ("Keep", "Remove"):
        recovery.recover()
        message, offers = notifier.offers[-1]
        assert "is damaged (file is not a database)" in message and "Keep the file" in message
        assert len(session.records()) == 1 and session.modified, "the open session stays"
        dict(offers)[button]()
    assert files[2].exists() != files[1].exists() and len(notifier.offers) == 5
    recovery.recover()
    assert len(session.records()) == 1 and "Recovered" in notifier.logs[-1] and session.record(1)


def test_a_crashed_run_shows_as_crashed(session, opener, experiment, qtbot, notifier):
    dead = OpenSession()
    run = dead.add_run(experiment)
    dead.append(run, Started(experiment=experiment.settings(), environment={"device": "cpu"}, steps=10))
    dead.append(run, Metrics(step=3, values={"gap": 1.0}))
    working_file = dead._document.path
    dead._document.close()
    opener.recover(working_file)
    (record,) = session.records()
    assert record.state == "crashed" and record.over and describe(record).startswith("crashed, 3 of ")
    assert "crashed" in STATE_COLORS
    progress = RunProgress()
    qtbot.addWidget(progress)
    progress.show_record(record)
    assert progress.line.text() == "crashed"
    assert f"The program ended during \u201c{record.name}\u201d; Run > Continue run" in notifier.warnings[0]
