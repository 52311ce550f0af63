"""The dialog of a sweep: any field, its values, a second field, seeds, and what is said of the runs."""

import pytest
from PySide6.QtCore import Qt

from wganstudio.experiment import read
from wganstudio.gui.dialogs.sweep import SweepDialog
from wganstudio.gui.dialogs.sweep_axis import GEOMETRIC, LINEAR, LIST

EXPERIMENT = read({"solver": {"kind": "lp", "penalty": 1.0}, "critic": {"width": 128}})


@pytest.fixture
def dialog(qtbot):
    dialog = SweepDialog(None, EXPERIMENT)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def tick(axis, *texts):
    for row in range(axis.ticks.count()):
        item = axis.ticks.item(row)
        item.setCheckState(Qt.CheckState.Checked if item.text() in texts else Qt.CheckState.Unchecked)


def test_it_opens_with_lambda_in_equal_ratios(dialog):
    assert dialog.first.field.path == "solver.penalty" and dialog.first.spacing.currentText() == GEOMETRIC
    assert dialog.summary.text() == "5 runs: λ = 0.1, 0.3162, 1, 3.162, 10"
    assert [one.solver.penalty for one in dialog.experiments()] == [0.1, 0.3162, 1, 3.162, 10]


def test_a_field_is_found_by_a_part_of_its_title(dialog, qtbot):
    line = dialog.first.chooser.line
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "critic: wid")
    dialog.first.chooser._complete()
    assert dialog.first.field.path == "critic.width" and line.text() == "Critic: Width"
    assert dialog.first.spacing.currentText() == LIST
    dialog.first.list.setText("16, 32 64")
    assert dialog.summary.text() == "3 runs: width = 16, 32, 64"
    assert [one.about.name for one in dialog.experiments()] == ["width 16", "width 32", "width 64"]


def test_values_are_checked_by_the_field(dialog, qtbot):
    axis = dialog.first
    axis.chooser.choose("critic.width")
    axis.list.setText("16, 1.5")
    assert "whole number" in axis.message.text() and axis.message.isVisible() and not dialog.run.isEnabled()
    axis.list.setText("")
    assert "Give a value" in axis.message.text()
    axis.spacing.setCurrentText(LINEAR)
    qtbot.waitUntil(axis.low.isVisible)
    assert dialog.run.isEnabled()
    assert all(isinstance(value, int) for value in axis.values())


def test_choices_are_ticked(dialog):
    axis = dialog.first
    axis.chooser.choose("critic.activation")
    assert axis.ticks.isVisible() and not axis.list.isVisible()
    tick(axis)
    assert "Tick a value" in axis.message.text() and not dialog.run.isEnabled()
    tick(axis, "elu", "relu")
    assert {one.critic.activation for one in dialog.experiments()} == {"elu", "relu"}


def test_both_penalties_are_a_grid_with_seeds(dialog):
    dialog.first.spacing.setCurrentText(LIST)
    dialog.first.list.setText("0.5, 2")
    dialog.use_second.setChecked(True)
    assert dialog.second.isVisible() and dialog.second.field.path == "solver.kind"
    tick(dialog.second, "LP", "GP")
    assert dialog.summary.text().startswith("4 runs: λ = 0.5, 2; solver = ")
    dialog.seeds.setText("0, 1")
    assert dialog.summary.text().startswith("8 runs") and dialog.summary.text().endswith("seed = 0, 1")
    dialog.second.chooser.choose("solver.penalty")
    assert "two different fields" in dialog.summary.text() and not dialog.run.isEnabled()


def test_an_impossible_combination_is_a_sentence(dialog):
    dialog.use_second.setChecked(True)
    tick(dialog.second, "LP", "WC")
    assert "penalty" in dialog.message.text() and not dialog.run.isEnabled()


def test_seeds_are_checked(dialog):
    dialog.seeds.setText("0, x")
    assert "'x'" in dialog.message.text() and not dialog.run.isEnabled()


def test_a_solver_without_lambda_starts_with_the_seed(qtbot):
    dialog = SweepDialog(None, read({"solver": {"kind": "wc"}}))
    qtbot.addWidget(dialog)
    assert dialog.first.field.path == "training.seed" and len(dialog.experiments()) == 3


def test_the_time_of_all_runs_is_estimated(qtbot):
    dialog = SweepDialog(None, EXPERIMENT, lambda experiment: 60.0)
    qtbot.addWidget(dialog)
    assert dialog.summary.text().endswith("About 5.0 min in all.")
    unknown = SweepDialog(None, EXPERIMENT, lambda experiment: None)
    qtbot.addWidget(unknown)
    assert "About" not in unknown.summary.text()
