"""A session whose working file cannot be written: the disk is full for a while, or the file is gone."""

import pytest

from wganstudio.gui.controllers.session_saver import SessionSaver
from wganstudio.session import Document, writer
from wganstudio.training.events import Ended, Metrics

ENDED = Ended(step=2000, reason="done", seconds=1, estimates={}, gradient={})


@pytest.fixture(autouse=True)
def retried_at_once(monkeypatch):
    """Let each event try again to write the earlier ones."""
    monkeypatch.setattr(writer, "RETRY_SECONDS", 0.0)


@pytest.fixture
def said(session):
    """The messages of the session."""
    said = {"errors": [], "again": []}
    session.error_occurred.connect(said["errors"].append)
    session.written_again.connect(said["again"].append)
    return said


def fill(session, spare=0):
    """Let the disk of the working file have room for a few more pages only."""
    database = session._document._file.database
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages + spare}")


def make_room(session):
    session._document._file.database.execute("PRAGMA max_page_count = 1000000")


def record(session, run, steps):
    for step in steps:
        session.append(run, Metrics(step=step, values={"value": 1.0, "gap": 2.0}))


def curve(record):
    return list(record.curve("gap")[0])


def test_a_full_disk_is_reported_once_and_what_memory_holds_is_saved_elsewhere(
    session, experiment, said, settings, notifier, parent, tmp_path
):
    run = session.add_run(experiment)
    fill(session, spare=2)
    record(session, run, range(1, 2001))
    session.append(run, ENDED)
    folder = session._document.path.parent
    assert said["errors"] == [
        f"The session cannot be written to {folder} (disk full): the run goes on in memory; "
        "make room, or save it to another disk."
    ]
    assert session.modified and session._document.incomplete
    saver = SessionSaver(session, settings, notifier, parent)
    assert saver.save_to(tmp_path / "saved.wgs") and not session.modified
    saved = Document.open(tmp_path / "saved.wgs")
    saved.close()
    (kept,) = saved.records()
    assert curve(kept) == list(range(1, 2001)) and kept.state == "ended"
    record(session, run, [2001])
    assert session.modified, "what came after the save is unsaved again"


def test_a_log_line_says_when_writing_works_again(session, experiment, said):
    run = session.add_run(experiment)
    fill(session, spare=1)
    record(session, run, range(1, 500))
    assert len(said["errors"]) == 1 and said["again"] == []
    make_room(session)
    record(session, run, range(500, 510))
    folder = session._document.path.parent
    assert said["again"] == [f"The session is written to {folder} again."]
    assert not session._document.incomplete
    fill(session)
    record(session, run, range(510, 1200))
    assert len(said["errors"]) == 2, "a second time is reported again"


def test_a_working_file_that_is_gone_is_reported_and_its_session_saved(session, experiment, said, tmp_path):
    run = session.add_run(experiment)
    record(session, run, range(1, 50))
    session._document.path.unlink()
    record(session, run, range(50, 100))
    assert len(said["errors"]) == 1 and "(file removed)" in said["errors"][0]
    session.save(tmp_path / "saved.wgs")
    saved = Document.open(tmp_path / "saved.wgs")
    saved.close()
    assert curve(saved.records()[0]) == list(range(1, 100))


def test_a_run_that_cannot_be_deleted_from_a_full_disk_is_reported(session, experiment, said, notifier):
    from PySide6.QtCore import QObject, Signal

    from wganstudio.gui.controllers import session_exit
    from wganstudio.gui.controllers.run_controller import RunStatus
    from wganstudio.gui.controllers.waiting_runs import WaitingRuns

    class Controller(QObject):
        run_finished = Signal()
        status_changed = Signal()
        status = RunStatus()

        def drop(self, run):
            pass

    controller, left, waiting = Controller(), [], WaitingRuns()
    leaving = session_exit.SessionExit(session, controller, waiting, None, notifier, None)
    run = session.add_run(experiment)
    controller.training = [session.record(run)]
    fill(session)
    record(session, run, range(1, 500))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session_exit, "ask_about_runs", lambda *_: "discard")
        leaving.leave(lambda: left.append(1))
    assert left == [] and "The disk is full" in notifier.errors[0]
