"""One session in two windows, and files that other programs change."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from PySide6.QtWidgets import QFileDialog

from folders import read_only
from wganstudio.gui.controllers import session_saver
from wganstudio.gui.controllers.open_session import OpenSession
from wganstudio.gui.controllers.session_files import orphaned_sessions
from wganstudio.session import Document, SessionError, SessionLocked, owner_of
from wganstudio.training.events import Metrics, Started

KILLED = """
import sys, time
from wganstudio.experiment import preset, read
from wganstudio.gui.controllers.open_session import OpenSession
session = OpenSession()
run = session.add_run(read(preset("first-look").settings))
print(session._document.path, flush=True)
time.sleep(600)
"""
"""A window without a window, which the test kills."""


@pytest.fixture
def path(tmp_path, experiment):
    """The file of a session with one run."""
    document = Document.create(tmp_path / "shared.wgs")
    document.append(document.add_run(experiment, "first"), Metrics(step=1, values={"gap": 2.0}))
    document.close()
    return tmp_path / "shared.wgs"


@pytest.fixture
def other(qapp, path):
    """The session of another window, which has the file open."""
    other = OpenSession()
    other.open(path)
    yield other
    other.close()


def names_in(path):
    document = Document.open(path)
    document.close()
    return [record.name for record in document.records()]


def press(notifier, text):
    """Press a button of the newest offer."""
    dict(notifier.offers[-1][1])[text]()


def choose(monkeypatch, path):
    """The next file dialog gives this path."""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_a_second_window_opens_a_file_read_only_and_says_whose_it_is(
    other, session, opener, follower, path, experiment, notifier
):
    assert opener.open(path) and session.following and [r.run for r in session.records()] == [1]
    message = notifier.offers[-1][0]
    assert message.startswith("shared.wgs is open in the window of ") and "(process " in message
    assert message.endswith("; it is shown read-only. Save a copy to change it.")
    for change in (
        lambda: session.add_run(experiment),
        lambda: session.rename(1, "mine"),
        lambda: session.delete(1),
        lambda: session.resume(1, None),
        lambda: session.append(1, Metrics(step=2, values={"gap": 1.0})),
    ):
        with pytest.raises(SessionError, match="is open in the window of") as error:
            change()
        assert str(error.value) == message
    with pytest.raises(SessionError, match="save a copy under another name"):
        session.save(path)
    assert not session.modified and names_in(path) == ["first"]


def test_a_second_window_shows_what_the_first_one_saves(
    other, session, opener, follower, path, experiment, qtbot
):
    opener.open(path)
    other.rename(1, "renamed")
    other.add_run(experiment)
    with qtbot.waitSignal(follower.grew, timeout=20_000):
        other.save(path)  # the file is replaced
    assert len(session.records()) == 2 and session.record(1).name == "renamed"
    assert session.following and follower.active


def test_a_second_window_may_write_once_the_first_one_is_closed(
    other, session, opener, follower, path, experiment, notifier, qtbot
):
    opener.open(path)
    other.close()
    qtbot.waitUntil(lambda: "no longer open" in notifier.offers[-1][0], timeout=20_000)
    press(notifier, "Open for writing")
    assert not session.following and not follower.active and owner_of(path).program == "window"
    session.add_run(experiment)
    session.save(path)
    assert len(names_in(path)) == 2


def test_a_run_whose_window_has_ended_shows_as_crashed(
    other, session, opener, follower, path, experiment, qtbot
):
    started = Started(experiment=experiment.settings(), environment={"device": "cpu"}, steps=10)
    other.append(1, started)
    other.save(path)
    opener.open(path)
    assert session.record(1).state == "running"
    with qtbot.waitSignal(follower.grew, timeout=20_000):
        other.close()
    assert session.record(1).state == "crashed"


def test_a_copy_of_a_read_only_session_can_be_changed(
    other, session, opener, follower, path, experiment, notifier, monkeypatch
):
    opener.open(path)
    choose(monkeypatch, path.with_name("copy.wgs"))
    press(notifier, "Save a copy\u2026")
    assert session.path == path.with_name("copy.wgs") and not session.following
    session.rename(1, "mine")
    session.save(session.path)
    assert names_in(path.with_name("copy.wgs")) == ["mine"] and names_in(path) == ["first"]


def test_a_file_that_a_run_in_the_terminal_writes_is_followed(
    session, opener, follower, path, notifier, qtbot
):
    writer = Document.open(path, read_only=False, program="run")
    opener.open(path)
    assert session.following and "is being written by `wganstudio run` of" in notifier.offers[-1][0]
    with qtbot.waitSignal(follower.grew, timeout=20_000):
        writer.append(1, Metrics(step=5, values={"gap": 1.0}))
    assert session.record(1).last("gap") == 1.0 and session.record(1).state != "crashed"
    writer.close()
    qtbot.waitUntil(lambda: "no longer open" in notifier.offers[-1][0], timeout=20_000)


def test_a_run_in_the_terminal_is_refused_while_a_window_has_the_file(other, path):
    with pytest.raises(SessionLocked, match="the window of"):
        Document.open(path, read_only=False, program="run")


def test_save_as_moves_the_lock_to_the_new_file(session, path, tmp_path):
    session.open(path)
    assert owner_of(path) is not None
    session.save(tmp_path / "new.wgs")
    assert owner_of(path) is None and owner_of(tmp_path / "new.wgs") is not None
    session.close()
    assert owner_of(tmp_path / "new.wgs") is None
    assert sorted(file.name for file in tmp_path.iterdir()) == ["new.wgs", "shared.wgs"], "no lock is left"


def test_save_as_never_replaces_a_file_that_another_window_has_open(
    other, session, saver, experiment, path, notifier
):
    session.add_run(experiment)
    assert not saver.save_to(path) and session.path is None and session.modified
    assert "the window of" in notifier.errors[0] and "choose another file" in notifier.errors[0]
    assert names_in(path) == ["first"]


def test_a_file_is_opened_again_in_the_window_that_has_it(session, opener, path):
    opener.open(path)
    session.rename(1, "mine")
    assert opener.open(path), "the changes are dropped"
    assert not session.following and session.records()[0].name == "first" and owner_of(path) is not None
    session.save(path)
    session.close()
    assert owner_of(path) is None


@pytest.fixture
def changed(session, path, experiment):
    """An open session with a change, whose file another program has written."""
    session.open(path)
    session.rename(1, "mine")
    other_program = path.with_name("other.wgs")
    document = Document.create(other_program)
    document.add_run(experiment, "theirs")
    document.close()
    other_program.replace(path)
    return session


@pytest.mark.parametrize(
    ("answer", "saved", "content"),
    [("cancel", False, ["theirs"]), ("replace", True, ["mine"]), ("rename", True, ["theirs"])],
)
def test_a_file_that_was_changed_on_disk_is_asked_about(
    changed, saver, path, monkeypatch, answer, saved, content
):
    asked = []
    monkeypatch.setattr(session_saver, "ask_about_changed_file", lambda _, name: asked.append(name) or answer)
    choose(monkeypatch, path.with_name("renamed.wgs"))
    assert saver.save() == saved and asked == ["shared.wgs"] and names_in(path) == content
    assert changed.modified != saved
    if answer == "rename":
        assert names_in(path.with_name("renamed.wgs")) == ["mine"]
    if saved:
        assert saver.save() and len(asked) == 1, "its own changes are not those of another program"


def test_a_file_that_was_written_in_place_is_asked_about_too(session, saver, path, monkeypatch):
    session.open(path)
    session._lock.release()  # a program that knows no locks
    writer = Document.open(path, read_only=False)
    writer.append(1, Metrics(step=9, values={"gap": 1.0}))
    writer.close()
    monkeypatch.setattr(session_saver, "ask_about_changed_file", lambda *_: "cancel")
    assert not saver.save()


@pytest.fixture
def killed(path):
    """The file of a program that was killed while it wrote: half of its last change is in the file."""
    writer, killed = sqlite3.connect(path), path.with_name("killed.wgs")
    writer.execute("PRAGMA cache_size = 1")  # changes go to the file before they are committed
    writer.execute("BEGIN")
    text = "x" * 100_000
    writer.execute("UPDATE run SET name = ?", (text,))
    writer.executemany("INSERT INTO run (name, experiment) VALUES (?, '')", [(text,)] * 20)
    for ending in ("", "-journal"):
        shutil.copy(f"{path}{ending}", f"{killed}{ending}")
    writer.rollback()
    writer.close()
    assert killed.stat().st_size > path.stat().st_size
    return killed


def test_the_session_of_a_killed_program_opens_and_can_be_followed(session, opener, killed):
    assert opener.open(killed) and not session.following
    assert [record.name for record in session.records()] == ["first"]
    assert opener.follow(killed) and [record.name for record in session.records()] == ["first"]


def test_save_over_the_session_of_a_killed_program(session, saver, path, killed, notifier):
    session.open(path)
    session.rename(1, "mine")
    assert saver.save_to(killed) and names_in(killed) == ["mine"] and notifier.errors == []
    session.close()
    with closing(Document.open(killed, read_only=False)) as written:
        assert written.records()[0].name == "mine"


def test_a_deleted_file_is_saved_again_without_a_question(session, saver, path, monkeypatch):
    session.open(path)
    path.unlink()
    monkeypatch.setattr(session_saver, "ask_about_changed_file", lambda *_: pytest.fail("asked"))
    assert saver.save() and names_in(path) == ["first"]


def test_a_file_in_a_read_only_folder_opens_and_save_explains(
    session, saver, path, tmp_path_factory, notifier
):
    folder = tmp_path_factory.mktemp("read-only")
    file = path.rename(folder / "mine.wgs")
    with read_only(folder):
        session.open(file)
        assert not session.following and session.records()[0].name == "first"
        session.rename(1, "mine")
        assert not saver.save() and len(notifier.errors) == 1 and "choose another place" in notifier.errors[0]
        assert session.modified
        session.close()
    assert [file.name for file in folder.iterdir()] == ["mine.wgs"]


def test_a_killed_window_is_no_obstacle_also_under_another_host_name(session, opener, monkeypatch):
    dead = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    working_file = dead.stdout.readline().strip()
    assert orphaned_sessions() == [], "it lives"
    dead.kill()
    dead.communicate()
    assert [str(orphan) for orphan in orphaned_sessions()] == [working_file]
    monkeypatch.setattr("socket.gethostname", lambda: "another-name")
    assert [str(orphan) for orphan in orphaned_sessions()] == [working_file]
    opener.recover(orphaned_sessions()[0])
    assert len(session.records()) == 1 and orphaned_sessions() == []


def test_a_lock_file_of_an_older_version_is_no_obstacle(session, opener, experiment):
    dead = OpenSession()
    dead.add_run(experiment)
    working_file = dead._document.path
    dead._document.close()
    working_file.with_name(f"{working_file.name}.lock").write_text("4711\nwganstudio\nhost\n")
    assert orphaned_sessions() == [working_file]
    opener.recover(working_file)
    assert len(session.records()) == 1 and session.modified
