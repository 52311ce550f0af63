"""Sweeping fields from the window, sliding through the runs, and comparing two of them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from wganstudio.experiment import override, preset
from wganstudio.figures.comparison import limits_of
from wganstudio.gui.dialogs.sweep import SweepDialog
from wganstudio.gui.dialogs.sweep_axis import LIST


def test_run_a_sweep_of_lambda_with_both_penalties(user, qtbot, quick):
    window = user.window
    user.fills_in(quick)

    def fill_in(dialog):
        axis = dialog.first
        user.types_into(axis.low, "5e-1")
        user.types_into(axis.high, "2,")
        assert not dialog.run.isEnabled() and "is not a number" in axis.high.message.text()
        user.types_into(axis.high, "2.0")
        user.types_into(axis.count, "2")
        dialog.use_second.click()
        tick(dialog.second, "LP", "GP")
        assert dialog.summary.text().startswith("4 runs: λ = 0.5, 2; solver = ")

    user.later(lambda: fills_in_sweep(fill_in))
    window.actions_["sweep"].trigger()
    assert "3 runs queued" in window.status.text() or not window.run_controller.status.warm
    user.waits_until(lambda: len(window.session.records()) == 4 and user.record.state == "ended")
    assert len({record.name for record in window.session.records()}) == 4
    view = window.area.views["sweep"]
    user.waits_until(lambda: view.isVisible() and view.drawn is not None and view.drawn.name == "sweep")
    user.waits_until(lambda: len(view.figure().truths.penalties) == 2)
    figure = view.figure()
    assert [len(one.penalties) for one in figure.series] == [2, 2]
    assert figure.series[0].excess[0] > figure.series[0].excess[1]
    assert "slope" in view.summary.text()


def test_sweep_the_width_slide_through_it_and_compare_two_runs(user, qtbot, quick):
    window = user.window
    user.fills_in(quick)

    def fill_in(dialog):
        dialog.first.chooser.choose("critic.width")
        dialog.first.spacing.setCurrentText(LIST)
        dialog.first.list.setText("8, 16, 24")
        assert dialog.summary.text().startswith("3 runs: width = 8, 16, 24")

    user.later(lambda: fills_in_sweep(fill_in))
    window.actions_["sweep"].trigger()
    user.waits_until(lambda: len(window.session.records()) == 3 and user.record.state == "ended")
    assert [record.name for record in window.session.records()] == ["width 8", "width 16", "width 24"]
    sweep = window.area.views["sweep"]
    user.waits_until(lambda: sweep.isVisible() and sweep.drawn is not None)
    assert sweep.figure().path == "critic.width" and list(sweep.figure().series[0].x) == [8, 16, 24]

    bar, landscape = window.sweep_slider.bar, window.area.views["landscape"]
    (row,) = bar.rows
    assert bar.isVisible() and row.value.text() == "24 units (3 of 3)"
    user.waits_until(lambda: landscape.drawn is not None)
    bar.lock.click()
    locked = limits_of(landscape.drawn)
    row.slider.setValue(0)
    assert window.run_selection.record.name == "width 8" and landscape.record.name == "width 8"
    assert limits_of(landscape.drawn) == locked and window.area.views["costs"].record.name == "width 8"
    bar.lock.click()
    assert limits_of(landscape.drawn) != locked

    runs = window.runs
    runs.choose(1)
    window.run_selection.choose([1, 3])
    user.waits_until(lambda: len(landscape.comparison.views) == 2)
    other = landscape.comparison.views[1]
    user.waits_until(lambda: other.drawn is not None)
    assert limits_of(landscape.drawn) == limits_of(other.drawn)
    assert landscape.pane.title.text().startswith("A: width 8") and other.isVisible()
    landscape.compare_bar.button.click()
    shared = limits_of(landscape.drawn)
    window.run_selection.choose([2, 1])
    assert limits_of(landscape.drawn) == shared


def test_stop_all_gives_up_the_runs_that_wait(user, qtbot, long):
    window = user.window
    user.fills_in(long)
    user.later(lambda: fills_in_sweep(lambda dialog: None))
    window.actions_["sweep"].trigger()
    user.waits_until(lambda: user.record.state == "running")
    window.actions_["stop-all"].trigger()
    user.waits_for("stopped")
    qtbot.wait(200)
    assert len(window.session.records()) == 1 and not window.run_controller.busy
    assert any("Removed 4 runs from the queue." in entry.message for entry in window.log.entries)


def test_a_solver_without_lambda_is_offered_a_sweep_of_seeds(user):
    window = user.window
    window.form.load(override(preset("first-look").settings, [("solver.kind", "wc")]), "Clipped")
    summaries = []

    def look():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, SweepDialog):
            return False
        summaries.append((dialog.first.field.path, dialog.summary.text().split(". ")[0].rstrip(".")))
        dialog.reject()
        return True

    user.later(look)
    window.actions_["sweep"].trigger()
    assert summaries == [("training.seed", "3 runs: seed = 0, 1, 2")] and window.session.records() == []


def tick(axis, *texts):
    """Tick these choices and no others."""
    for row in range(axis.ticks.count()):
        item = axis.ticks.item(row)
        item.setCheckState(Qt.CheckState.Checked if item.text() in texts else Qt.CheckState.Unchecked)


def fills_in_sweep(fill_in):
    """Fill in the dialog once it is there, and click Run."""
    dialog = QApplication.activeModalWidget()
    if not isinstance(dialog, SweepDialog):
        return False
    fill_in(dialog)
    dialog.run.click()
    return True
