"""From the first start to the first picture; nonsense; pause, step, resume; stop; a trainer that dies."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

CLOSE_SECONDS = 20
"""The window allows itself 3 s; this says only that it does not wait for ever, on any machine."""


def test_first_start_to_first_live_picture(user, qtbot):
    window = user.window
    assert "preparing the trainer" in window.status.text() or window.run_controller.status.warm
    user.waits_until_warm()
    user.clicks("run")  # the first preset, as it stands
    landscape = window.area.views["landscape"]
    user.waits_until(lambda: landscape.figure() is not None and user.record.step > 0)
    shown = landscape.figure()
    assert np.isfinite(shown.u).all() and np.ptp(shown.u) > 0
    user.waits_until(lambda: window.progress.bar.value() > 0)
    assert "of 3,000" in window.runs.tips()[0]
    user.clicks("stop")
    user.waits_for("stopped")


def test_the_window_needs_neither_torch_nor_ot_nor_matplotlib_to_open():
    script = (
        "import sys\n"
        "from wganstudio.gui.application import Application\n"
        "from wganstudio.gui.settings import Settings\n"
        "from wganstudio.gui.theme import Theme\n"
        "from wganstudio.gui.window import MainWindow\n"
        "app = Application(); window = MainWindow(Theme(app), Settings()); window.show()\n"
        "window.create_views(); app.processEvents(); window.close()\n"
        "print([m for m in ('torch', 'ot', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_field_set_to_nonsense_is_reported_where_it_stands_and_put_right(user, qtbot, quick):
    window = user.window
    user.fills_in(quick)
    user.types("solver.penalty", "heavy")
    user.clicks("run")
    row = window.form.groups["solver"].rows["penalty"]
    assert "'heavy' is not a number" in row.message.text() and row.message.isVisible()
    assert row.editor.inner.hasFocus() or window.form.isAncestorOf(window.focusWidget())
    assert window.banner.isVisible() and "solver.penalty" in window.banner.label.text()
    assert window.session.records() == []
    user.types("solver.penalty", "2.5")
    user.waits_until(lambda: not row.message.isVisible())
    user.clicks("run")
    assert user.waits_for("ended").experiment.solver.penalty == 2.5
    assert not window.banner.isVisible()


def test_pause_step_resume(user, qtbot, long):
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 20)
    user.clicks("pause")
    user.waits_for("paused")
    standing = user.record.step
    qtbot.wait(300)
    assert user.record.step == standing and user.window.actions_["pause"].iconText() == "Resume"
    for name, count in (("step-1", 1), ("step-10", 10), ("step-100", 100)):
        user.clicks(name)
        goal = standing + count
        user.waits_until(lambda goal=goal: user.record.step == goal and user.record.state == "paused")
        qtbot.wait(100)
        assert user.record.step == goal
        standing = goal
    user.clicks("pause")
    user.waits_until(lambda: user.record.state == "running" and user.record.step > standing)
    user.clicks("stop")
    user.waits_for("stopped")


def test_with_every_view_closed_the_trainer_makes_no_pictures(user, qtbot, long):
    window, live = user.window, []

    def note(_, event):
        if event.name == "critic" and not event.recorded:
            live.append(event.step)

    window.run_controller.event_received.connect(note)
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: len(live) > 0)
    for dock in window.area.docks.values():
        dock.close()
    user.clicks("pause")  # what was asked for before has come once the run stands still
    record = user.waits_for("paused")
    standing = record.step
    live.clear()
    user.clicks("pause")
    user.waits_until(lambda: record.step > standing + 2000)
    assert live == []
    window.area.docks["landscape"].show()
    user.waits_until(lambda: len(live) > 0)
    user.clicks("stop")
    user.waits_for("stopped")


def test_step_begins_a_run_and_waits(user, qtbot, long):
    user.fills_in(long)
    user.clicks("step-10")
    user.waits_for("paused")
    assert user.record.step == 10
    user.clicks("stop")
    user.waits_for("stopped")


def test_stop_and_keep(user, qtbot, long):
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 50)
    user.clicks("stop")
    record = user.waits_for("stopped")
    assert 0 < record.step < 1_000_000
    assert np.isfinite(record.ended.estimates["gap"]) and record.ended.estimates["gap_se"] > 0
    assert record.checkpoint.step == record.step
    assert record.snapshot("critic", record.step) is record.snapshot("critic")
    assert user.can_click("run") and not user.can_click("stop")
    assert "stopped" in user.window.log.entries[-1].message or "stopped" in user.window.log.toPlainText()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_the_child_is_killed(user, qtbot, long, quick):
    window = user.window
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 50 and len(user.record.curve("gap")[0]) > 1)
    os.kill(window.run_controller.pids["train"], signal.SIGKILL)
    record = user.waits_for("failed")
    assert "died" in record.failed.message and "SIGKILL" in record.failed.message
    assert window.banner.isVisible() and "died" in window.banner.label.text()
    assert window.progress.line.text() == "failed"
    assert record.step > 50 and record.snapshot("critic") is not None  # what it had said is kept
    user.waits_until_warm()  # a new one is there
    second = user.runs(quick)
    assert second.state == "ended" and len(window.session.records()) == 2


def test_close_while_running(own_trainer, user, qtbot, long):
    window = user.window
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 20)
    said = user.answers("Cancel")
    assert not window.close() and window.isVisible() and "still training" in said[0]
    assert user.record.state == "running"
    pids = list(window.run_controller.pids.values())
    said = user.answers("Discard")
    began = time.monotonic()
    assert window.close()
    assert time.monotonic() - began < CLOSE_SECONDS
    assert said and not any(psutil.pid_exists(pid) for pid in pids)


def test_close_while_running_stop_and_keep(user, qtbot, long, tmp_path, monkeypatch):
    from wganstudio.session.document import Document

    window = user.window
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 50)
    assert window.saver.save_to(tmp_path / "kept.wgs")
    said = user.answers("Stop and keep", "Save")
    window.close()
    user.waits_until(lambda: len(said) == 2)
    user.waits_until(lambda: not window.isVisible())
    (record,) = Document.open(tmp_path / "kept.wgs").records()
    assert record.state == "stopped" and record.ended.estimates


def test_a_stopped_run_is_continued_and_a_finished_one_extended(user, qtbot, quick, monkeypatch):
    user.fills_in(quick | {"training.steps": "2000"})
    assert not user.window.actions_["continue"].isEnabled()
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 20)
    user.clicks("stop")
    user.waits_for("stopped")
    stopped = user.record.step
    user.window.actions_["continue"].trigger()
    assert user.waits_for("ended").step == 2000 > stopped
    steps = user.record.curve("gap")[0]
    assert (np.diff(steps) > 0).all() and len(user.window.session.records()) == 1
    monkeypatch.setattr("wganstudio.gui.dialogs.questions.ask_number", lambda *arguments: arguments[3] - 1900)
    user.window.actions_["continue"].trigger()
    user.waits_until(lambda: user.record.step == 2100 and user.record.state == "ended")
    assert user.record.steps == 2100 and user.window.area.views["landscape"].figure().step == 2100
