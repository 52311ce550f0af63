"""Two windows on one file; a window and a run in the terminal; files that change; disks that are full."""

import subprocess
import sys
import time

import psutil
import pytest
from PySide6.QtCore import Qt

from folders import read_only, small_disk
from wganstudio.cli import main
from wganstudio.experiment import preset, read
from wganstudio.session import Document, SessionError, owner_of

QUICK_RUN = ["evaluation.resolution=12", "evaluation.samples=64", "evaluation.final_samples=1024"]


def press(qtbot, window, text):
    """Press a button of the banner."""
    buttons = {button.text(): button for button in window.banner.offer_buttons}
    qtbot.mouseClick(buttons[text], Qt.MouseButton.LeftButton)


def read_file(path):
    """The records of a session file."""
    document = Document.open(path)
    document.close()
    return document.records()


def waits_for_banner(user, window, text):
    user.waits_until(lambda: window.banner.isVisible() and text in window.banner.label.text())


def test_two_windows_on_one_file(user, another_window, chosen, quick, qtbot, tmp_path):
    first, path = user.window, tmp_path / "shared.wgs"
    user.runs(quick)
    chosen(path)
    first.actions_["save"].trigger()

    second = another_window()
    second.file_actions.open_path(path)
    assert second.windowTitle().startswith("shared.wgs (read-only)")
    said = second.banner.label.text()
    assert said.startswith("shared.wgs is open in the window of ") and "read-only" in said
    for name in ("run", "rename", "delete", "continue", "sweep"):
        assert not second.actions_[name].isEnabled(), name
    second.run_starter.start_form()
    second.runs.edit_name()
    assert len(second.session.records()) == 1
    assert second.banner.label.text() == f"No run was started: {said}"
    second.banner.dismiss()

    user.runs(quick)
    first.actions_["save"].trigger()
    user.waits_until(lambda: len(second.runs.texts()) == 2)
    assert second.area.views["landscape"].record is second.run_selection.record
    assert second.run_selection.record in second.session.records()

    first.actions_["new"].trigger()
    waits_for_banner(user, second, "no longer open in another program")
    press(qtbot, second, "Open for writing")
    assert second.windowTitle().startswith("shared.wgs[*] \u2013") and second.actions_["run"].isEnabled()
    assert not second.banner.isVisible() and len(read_file(path)) == 2


def test_a_copy_of_a_session_that_another_window_has_open(
    user, another_window, chosen, quick, qtbot, tmp_path
):
    user.runs(quick)
    chosen(tmp_path / "shared.wgs")
    user.window.actions_["save"].trigger()
    second = another_window()
    second.file_actions.open_path(tmp_path / "shared.wgs")
    chosen(tmp_path / "copy.wgs")
    press(qtbot, second, "Save a copy\u2026")
    assert second.windowTitle().startswith("copy.wgs[*] \u2013") and not second.banner.isVisible()
    assert second.actions_["rename"].isEnabled()


def test_a_run_in_the_terminal_into_a_file_that_a_window_has_open(user, chosen, quick, tmp_path, capfd):
    user.runs(quick)
    chosen(tmp_path / "mine.wgs")
    user.window.actions_["save"].trigger()
    assert main(["run", "first-look", "--session", str(tmp_path / "mine.wgs")]) == 2
    said = capfd.readouterr().err
    assert "is being written by the window of " in said and len(said.strip().splitlines()) == 1
    user.runs(quick)
    user.window.actions_["save"].trigger()
    assert len(read_file(tmp_path / "mine.wgs")) == 2 and not user.window.isWindowModified()


def test_a_killed_run_in_the_terminal_is_crashed_and_continues_in_the_window(user, qtbot, tmp_path):
    window, path = user.window, tmp_path / "terminal.wgs"
    changes = [part for change in QUICK_RUN for part in ("--set", change)]
    command = [sys.executable, "-m", "wganstudio", "run", "first-look", "--steps", "1000000", *changes]
    terminal = subprocess.Popen([*command, "--session", str(path)], stderr=subprocess.DEVNULL)
    try:
        user.waits_until(lambda: _is_training(path), lambda: time.monotonic() // 10)
        window.file_actions.open_path(path)
        assert "is being written by `wganstudio run` of" in window.banner.label.text()
        assert user.record.state == "running" and not user.can_click("run")
        step = user.record.step
        user.waits_until(lambda: user.record.step > step)
    finally:
        for child in psutil.Process(terminal.pid).children(recursive=True):
            child.kill()
        terminal.kill()
        terminal.wait()
    user.waits_until(lambda: user.record.state == "crashed")
    user.waits_until(lambda: window.runs.tips()[0].splitlines()[1].startswith("crashed, "))
    waits_for_banner(user, window, "no longer open in another program")
    press(qtbot, window, "Open for writing")
    assert user.record.state == "crashed" and window.actions_["continue"].isEnabled()
    step = user.record.step
    window.actions_["continue"].trigger()
    user.waits_until(lambda: user.record.state == "running" and user.record.step > step)
    user.clicks("stop")
    user.waits_for("stopped")


def _is_training(path):
    try:
        return path.exists() and owner_of(path) is not None and read_file(path)[0].step > 0
    except (SessionError, IndexError):
        return False


def test_a_file_that_another_program_has_changed(user, chosen, quick, tmp_path):
    window, path = user.window, tmp_path / "mine.wgs"
    user.runs(quick)
    chosen(path)
    window.actions_["save"].trigger()
    theirs = Document.create(tmp_path / "theirs.wgs")
    theirs.add_run(read(preset("first-look").settings), "theirs")
    theirs.close()
    theirs.path.replace(path)

    user.runs(quick)
    said = user.answers("Cancel")
    window.actions_["save"].trigger()
    assert said == ["mine.wgs was changed by another program since it was opened."]
    assert window.isWindowModified() and [record.name for record in read_file(path)] == ["theirs"]
    chosen(tmp_path / "both.wgs")
    user.answers("Save under another name\u2026")
    window.actions_["save"].trigger()
    assert not window.isWindowModified() and window.windowTitle().startswith("both.wgs")
    assert [record.name for record in read_file(path)] == ["theirs"]
    assert len(read_file(tmp_path / "both.wgs")) == 2


def test_a_full_disk_then_saved_to_another_one(user, chosen, home, quick, qtbot, tmp_path):
    window = user.window
    (home / "sessions").mkdir(exist_ok=True)
    with small_disk(home / "sessions", "200k"):
        record = user.runs(quick)
        waits_for_banner(user, window, "(disk full): the run goes on in memory")
        errors = [entry for entry in window.log.entries if "disk full" in entry.message]
        assert len(errors) == 1 and window.isWindowModified()
        said = user.answers("Cancel")
        assert not window.close() and "not saved" in said[0]
        chosen(tmp_path / "saved.wgs")
        window.actions_["save"].trigger()
        assert not window.isWindowModified()
        (saved,) = read_file(tmp_path / "saved.wgs")
        assert saved.state == "ended" and saved.ended == record.ended and saved.checkpoint is not None
        assert list(saved.curve("gap")[0]) == list(record.curve("gap")[0])
        assert saved.recorded_steps("critic") == record.recorded_steps("critic") != []
        window.actions_["new"].trigger()


def test_a_session_in_a_read_only_folder(user, chosen, quick, tmp_path):
    window, folder = user.window, tmp_path / "archive"
    folder.mkdir()
    user.runs(quick)
    chosen(folder / "old.wgs")
    window.actions_["save"].trigger()
    window.actions_["new"].trigger()
    with read_only(folder):
        window.file_actions.open_path(folder / "old.wgs")
        assert window.windowTitle().startswith("old.wgs[*] \u2013") and not window.banner.isVisible()
        user.runs(quick)
        window.actions_["save"].trigger()
        assert "choose another place" in window.banner.label.text() and window.isWindowModified()
        chosen(tmp_path / "new.wgs")
        window.actions_["save-as"].trigger()
        assert len(read_file(tmp_path / "new.wgs")) == 2 and len(read_file(folder / "old.wgs")) == 1


@pytest.mark.parametrize("name", ["mine", "mine.wgs"])
def test_a_file_that_exists_is_never_replaced_unasked(user, chosen, quick, tmp_path, name):
    (tmp_path / "mine.wgs").write_bytes(b"precious")
    user.runs(quick)
    chosen(tmp_path / name)  # the dialog itself has asked only about what was typed
    said = user.answers("Cancel") if name == "mine" else []
    user.window.actions_["save"].trigger()
    if name == "mine":
        assert said == ["mine.wgs exists already."]
        assert (tmp_path / "mine.wgs").read_bytes() == b"precious" and user.window.isWindowModified()
    else:
        assert len(read_file(tmp_path / "mine.wgs")) == 1
