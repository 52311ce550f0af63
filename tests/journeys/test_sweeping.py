"""Sweeping lambda from the window."""

from PySide6.QtWidgets import QApplication

from wganstudio.experiment import override, preset
from wganstudio.gui.dialogs.sweep import SweepDialog


def test_run_a_sweep(user, qtbot, quick):
    window = user.window
    user.fills_in(quick)

    def fill_in():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, SweepDialog):
            return False
        user.types_into(dialog.low, "5e-1")
        user.types_into(dialog.high, "2,")
        assert not dialog.run.isEnabled() and "is not a number" in dialog.high.message.text()
        user.types_into(dialog.high, "2.0")
        user.types_into(dialog.count, "2")
        dialog.penalties.setCurrentIndex(2)
        assert dialog.summary.text() == "4 runs: λ = 0.5, 2"
        dialog.run.click()
        return True

    user.later(fill_in)
    window.actions_["sweep"].trigger()
    assert "3 runs queued" in window.status.text() or not window.run_controller.status.warm
    user.waits_until(lambda: len(window.session.records()) == 4 and user.record.state == "ended")
    names = [record.name for record in window.session.records()]
    assert names == ["LP, λ = 0.5", "GP, λ = 0.5", "LP, λ = 2", "GP, λ = 2"]
    view = window.area.views["sweep"]
    user.waits_until(lambda: view.isVisible() and view.figure() is not None)
    user.waits_until(lambda: len(view.figure().truths.penalties) == 2)
    figure = view.figure()
    assert [len(one.penalties) for one in figure.series] == [2, 2]
    assert figure.series[0].excess[0] > figure.series[0].excess[1]
    assert "slope" in view.summary.text()


def test_stop_all_gives_up_the_runs_that_wait(user, qtbot, long):
    window = user.window
    user.fills_in(long)
    user.later(lambda: _accepts())
    window.actions_["sweep"].trigger()
    user.waits_until(lambda: user.record.state == "running")
    window.actions_["stop-all"].trigger()
    user.waits_for("stopped")
    qtbot.wait(200)
    assert len(window.session.records()) == 1 and not window.run_controller.busy
    assert any("Removed 4 runs from the queue." in entry.message for entry in window.log.entries)


def test_a_solver_without_lambda_says_what_to_choose(user):
    window = user.window
    window.form.load(override(preset("first-look").settings, [("solver.kind", "wc")]), "Clipped")
    window.actions_["sweep"].trigger()
    assert "choose LP or GP" in window.banner.label.text()
    assert window.session.records() == []


def _accepts():
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, SweepDialog):
        dialog.run.click()
        return True
    return False
