"""Several runs: stop and run again at once, a queue, two at once, final estimates in the background."""

import time

from PySide6.QtCore import Qt

from wganstudio.session.document import Document

SLOW_FINALS = {"evaluation.final_samples": "16777216"}
"""Final estimates that take longer than a journey, unless they are skipped."""


def queued(window):
    return [entry.work.experiment.training.seed for entry in window.waiting.entries]


def test_a_user_stops_and_runs_again_at_once(user, qtbot, long):
    window = user.window
    user.fills_in(long | SLOW_FINALS)
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 20)
    first = user.record
    user.clicks("stop")
    assert user.can_click("run") and not user.can_click("stop"), "before the trainer has answered"
    assert window.actions_["run"].iconText() == "Run"
    user.clicks("run")
    assert user.record is not first and window.run_selection.record is user.record
    user.waits_until(lambda: user.record.step > 20 and first.final_share is not None)
    assert not first.over, "its final estimates are still being computed"
    assert "final estimates of 1 run" in window.status.text()
    assert "final estimates" in window.runs.tips()[0]
    window.runs.choose(first.run)
    window.actions_["skip-estimates"].trigger()
    user.waits_until(lambda: first.state == "stopped")
    assert user.record.state == "running" and first.snapshot("critic", first.step) is not None
    user.clicks("stop")


def test_a_user_queues_three_runs_reorders_them_and_removes_one(user, qtbot, long):
    window, panel = user.window, user.window.queue
    user.fills_in(long)
    user.clicks("run")
    user.waits_until(lambda: user.record.step > 0)
    assert window.actions_["run"].iconText() == "Queue" and not window.docks["queue"].isVisible()
    for seed in ("1", "2", "3"):
        user.types("training.seed", seed)
        user.clicks("run")
    assert window.docks["queue"].isVisible() and queued(window) == [1, 2, 3]
    assert "3 runs queued" in window.status.text() and len(window.session.records()) == 1
    panel.list.item(2).setSelected(True)
    qtbot.mouseClick(panel.up, Qt.MouseButton.LeftButton)
    assert queued(window) == [1, 3, 2] and panel.list.item(1).isSelected()
    panel.list.clearSelection()
    panel.list.item(0).setSelected(True)
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert queued(window) == [3, 2] and panel.summary.text() == "2 runs"
    first = user.record
    user.clicks("stop")
    user.waits_until(lambda: user.record is not first and user.record.step > 0)
    assert user.record.experiment.training.seed == 3 and queued(window) == [2], "one stop, one run"
    assert window.run_selection.record is user.record, "who watched the first one watches the next"
    window.actions_["stop-all"].trigger()
    user.waits_until(lambda: all(record.over for record in window.session.records()))
    assert len(window.session.records()) == 2 and not window.docks["queue"].isVisible()


def test_the_queue_waits_for_the_next_start(user, another_window, qtbot, long):
    window = user.window
    user.fills_in(long)
    user.clicks("run")
    user.types("training.seed", "7")
    user.clicks("run")
    said = user.answers("Stop and keep", "Don't save")
    window.close()
    user.waits_until(lambda: not window.isVisible())
    assert len(said) == 2 and "still training" in said[0]
    later = another_window()
    later.queue_control.restore()
    assert queued(later) == [7] and later.waiting.held and later.session.records() == []
    assert later.docks["queue"].isVisible()
    later.waiting.clear()


def test_two_runs_train_at_once(own_trainer, user, qtbot, long):
    window = user.window
    window.queue.slots.setValue(2)
    user.fills_in(long)
    for seed in ("0", "1"):
        user.types("training.seed", seed)
        user.clicks("run")
    first, second = window.session.records()
    user.waits_until(lambda: min(first.step, second.step) > 50)
    assert window.status.text().startswith("training 2 runs") and window.run_selection.record is second
    assert window.actions_["run"].iconText() == "Queue"
    landscape = window.area.views["landscape"]
    window.runs.choose(first.run)
    shown = first.step
    user.waits_until(lambda: landscape.figure() is not None and landscape.figure().step > shown)
    user.clicks("pause")
    user.waits_until(lambda: first.state == "paused")
    standing = second.step
    user.waits_until(lambda: second.step > standing)  # the other one goes on
    user.clicks("stop")
    user.waits_until(lambda: first.state == "stopped")
    assert first.has_estimates and second.state == "running"
    began = time.monotonic()
    said = user.answers("Discard", "Don't save")
    window.close()
    user.waits_until(lambda: not window.isVisible())
    assert len(said) == 2 and time.monotonic() - began < 30


def test_a_user_skips_final_estimates_and_makes_up_for_them(user, qtbot, quick, tmp_path):
    window = user.window
    user.fills_in(quick | SLOW_FINALS)
    user.clicks("run")
    user.waits_until(lambda: user.record.final_share is not None)
    assert user.can_click("run") and user.record.step == 300
    window.actions_["skip-estimates"].trigger()
    record = user.waits_for("ended")
    assert record.lacks_estimates and record.ended.estimates == {}
    assert "ended without final estimates" in window.runs.tips()[0]
    for view in window.area.views.values():
        view.refresh()
    curve = record.curve("gap")
    assert window.saver.save_to(tmp_path / "later.wgs")
    window.actions_["compute-estimates"].trigger()
    user.waits_until(lambda: record.final_share is not None)
    window.actions_["skip-estimates"].trigger()
    user.waits_until(lambda: record.state == "ended")
    assert all((ours == theirs).all() for ours, theirs in zip(curve, record.curve("gap"), strict=True))
    (saved,) = Document.open(tmp_path / "later.wgs").records()
    assert saved.state == "ended" and saved.lacks_estimates


def test_a_run_is_repeated_with_another_seed(user, qtbot, quick):
    first = user.runs(quick)
    user.window.actions_["repeat"].trigger()
    assert user.record is not first
    second = user.waits_for("ended")
    assert second.experiment.training.seed == first.experiment.training.seed + 1
    assert second.last("gap") != first.last("gap") and first.has_estimates
    assert user.window.form.time.text().startswith("Time: about ")
