"""Save, quit, reopen; recovered after a crash; exported; followed; a plugin's solver."""

import threading
from itertools import chain
from typing import ClassVar, Literal

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from wganstudio.experiment import SolverOptions, forget, option, override, preset, read, register
from wganstudio.session.document import Document

ABSENT = ("sweep", "samples", "cells", "plan", "accuracy", "theory_checks", "systems", "transport_map")
"""Views that show nothing of one run without a generator."""


def arrays_of(record):
    """Everything that the views draw from, by name."""
    result = {}
    frames = (record.frame_at(step).values() for step in record.recorded_steps("critic"))
    for event in (record.snapshot("plane"), record.checkpoint, *chain.from_iterable(frames)):
        result |= {f"{event.name} {event.step} {name}": array for name, array in event.arrays.items()}
    for name in ("gap", "gap_se", "value", "value_se"):
        result |= {f"{name} {axis}": array for axis, array in zip("xy", record.curve(name), strict=True)}
    return result


def test_save_quit_reopen(user, another_window, chosen, quick, tmp_path):
    window = user.window
    record = user.runs(quick)
    user.waits_until(lambda: len(record.truths) == 3 and record.snapshot("flow") is not None)
    assert window.isWindowModified()
    before, figures = arrays_of(record), {n: view.figure() for n, view in window.area.views.items()}
    chosen(tmp_path / "first.wgs")
    window.actions_["save"].trigger()
    assert not window.isWindowModified() and "first.wgs" in window.windowTitle()
    assert window.close()

    again = another_window()
    assert again.settings.recent == [tmp_path / "first.wgs"]
    again.actions_["open"].trigger()
    (reopened,) = again.session.records()
    assert reopened.experiment == record.experiment and reopened.truths == record.truths
    assert reopened.ended == record.ended
    after = arrays_of(reopened)
    assert after.keys() == before.keys() and len(before) > 10
    for name, array in before.items():
        np.testing.assert_array_equal(after[name], array, err_msg=name, strict=True)
    for name, view in again.area.views.items():
        shown = view.figure()
        assert type(shown) is type(figures[name])
        assert shown is not None or name in ABSENT
    np.testing.assert_array_equal(again.area.views["landscape"].figure().u, figures["landscape"].u)
    assert not again.session.modified


def test_a_session_that_was_never_saved_is_asked_about(user, quick):
    user.runs(quick)
    said = user.answers("Cancel")
    assert not user.window.close() and "not saved" in said[0]
    user.answers("Don't save")
    assert user.window.close()


def test_an_unsaved_session_comes_back_after_a_crash(user, another_window, qtbot, quick):
    from wganstudio.gui.controllers.session_files import orphaned_sessions

    record = user.runs(quick)
    before = arrays_of(record)
    assert orphaned_sessions() == []  # a living window's session is its own
    user.window.session._document.close()  # the process is gone, and with it its lock
    again = another_window()
    again.recovery.offer()
    (recover, _) = again.banner.offer_buttons
    assert recover.text() == "Recover"
    qtbot.mouseClick(recover, Qt.MouseButton.LeftButton)
    (recovered,) = again.session.records()
    after = arrays_of(recovered)
    assert after.keys() == before.keys()
    for name, array in before.items():
        np.testing.assert_array_equal(after[name], array, err_msg=name)
    assert again.isWindowModified()


def test_export_every_view(user, qtbot, quick, tmp_path):
    window = user.window
    user.runs(quick)
    alone = {name: view for name, view in window.area.views.items() if name not in ABSENT}
    user.waits_until(lambda: all(view.figure() is not None for view in alone.values()))

    def fill_in():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return False
        for name, box in dialog.figure_boxes.items():
            assert box.isEnabled() == (name in alone), name
            box.setChecked(box.isEnabled())
        for format_, box in dialog.format_boxes.items():
            box.setChecked(format_ != "pdf")
        dialog.folder.setText(str(tmp_path / "figures"))
        user.types_into(dialog.dpi, "72")
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
        return True

    user.later(fill_in)
    window.actions_["export"].trigger()
    user.waits_until(lambda: not window.exporter.busy)
    files = {path.name for path in (tmp_path / "figures").iterdir()}
    for name in alone:
        for suffix in ("png", "svg", "csv"):
            slug = name.replace("_", "-")
            assert any(slug in file and file.endswith(suffix) for file in files), (name, suffix, files)
    assert not any(file.endswith("pdf") for file in files), "its box was not checked"
    entry = window.log.entries[-1]
    assert entry.message.startswith(f"{len(files)} files") and all(file in entry.detail for file in files)
    steps, gaps = user.record.curve("gap")
    tables = [path.read_text() for path in (tmp_path / "figures").glob("*costs*.csv")]
    assert any(all(repr(float(gap)) in table for gap in gaps) for table in tables) and len(steps) > 3


def test_a_folder_that_cannot_be_written_is_reported_in_the_banner(user, qtbot, quick, tmp_path):
    user.runs(quick)
    (tmp_path / "file").write_text("in the way")

    def fill_in():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return False
        dialog.folder.setText(str(tmp_path / "file" / "figures"))
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
        return True

    user.later(fill_in)
    user.window.actions_["export"].trigger()
    user.waits_until(lambda: user.window.banner.isVisible())
    assert "choose another folder" in user.window.banner.label.text()


class Plugged(SolverOptions):
    """A solver from outside."""

    title: ClassVar[str] = "Plugged in"
    summary: ClassVar[str] = "Comes from a plugin."
    implementation: ClassVar[str] = "nowhere:Nothing"

    kind: Literal["plugged"] = "plugged"
    strength: float = option(3.0, "Strength", "How strong it is.", gt=0, unit="bars")


@pytest.fixture
def plugin():
    yield register(Plugged)
    forget(Plugged)


def test_a_plugin_solver_appears_in_form(plugin, user, qtbot):
    form = user.window.form
    combo = form.groups["solver"].kind
    combo.setFocus()
    qtbot.keyClicks(combo, "Plugged")
    combo.activated.emit(combo.currentIndex())
    assert (
        combo.currentText() == "Plugged in" and form.groups["solver"].summary.text() == "Comes from a plugin."
    )
    user.types("solver.strength", "4.5")
    assert form.experiment().solver == Plugged(strength=4.5)
    user.clicks("run")  # it names an implementation that is not there
    assert user.waits_for("failed").failed.message
    assert user.window.banner.isVisible()


def test_follow_a_growing_session(user, chosen, quick, tmp_path):
    from wganstudio.training.process import RunProcess

    path = tmp_path / "elsewhere.wgs"
    changes = [(name, int(text)) for name, text in quick.items()]
    experiment = read(override(preset("first-look").settings, changes))
    half, rest = threading.Event(), threading.Event()

    def train_elsewhere():
        document = Document.create(path)
        run = document.add_run(experiment)
        process = RunProcess()
        process.start(experiment)
        try:
            while not document.records()[0].over:
                for event in process.poll(0.1):
                    document.append(run, event)
                    if document.records()[0].step >= 100 and not half.is_set():
                        half.set()
                        rest.wait(60)
        finally:
            process.close()
            document.close()

    other = threading.Thread(target=train_elsewhere)
    other.start()
    try:
        user.waits_until(half.is_set)
        chosen(path)
        user.window.actions_["follow"].trigger()
        assert "(read-only)" in user.window.windowTitle()
        assert not user.can_click("run")
        assert 0 < user.record.step < 300 and user.record.state == "running"
        rest.set()
        user.waits_for("ended")
        user.waits_until(lambda: "ended" in user.window.runs.tips()[0])
    finally:
        rest.set()
        other.join(30)
    user.window.actions_["new"].trigger()
    assert user.can_click("run") and "read-only" not in user.window.windowTitle()
    assert path.exists()


def test_rename_and_delete_a_run(user, qtbot, quick):
    window = user.window
    user.runs(quick)
    window.actions_["rename"].trigger()
    line = window.runs.view.findChild(type(window.form.name))
    line.selectAll()
    qtbot.keyClicks(line, "Mine")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    user.waits_until(lambda: user.record.name == "Mine" and window.runs.texts() == ["Mine"])
    window.actions_["delete"].trigger()
    assert window.session.records() == [] and window.runs.texts() == []
    assert window.area.views["landscape"].record is None
