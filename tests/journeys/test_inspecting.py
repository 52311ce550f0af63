"""Which settings made this picture: the inspector, compared settings, and names that say what differs."""

from PySide6.QtCore import Qt

from wganstudio.gui.dialogs.compare_settings import CompareSettingsDialog


def rows(inspector, section):
    return {row.label.text(): row for row in inspector.boxes[section].rows if not row.isHidden()}


def test_a_user_sees_which_settings_made_the_picture(user, qtbot, quick, clipboard):
    window, inspector = user.window, user.window.inspector
    window.docks["inspector"].raise_()
    user.waits_until(inspector.empty.isVisible)
    record = user.runs(quick | {"solver.penalty": "10"})
    window.docks["inspector"].raise_()
    user.waits_until(lambda: inspector.state.text().startswith("Finished, 300 of 300 steps."))
    outcome = rows(inspector, "outcome")
    assert " ± " in outcome["Gap"].value.text() and " ± " in outcome["Value"].value.text()
    assert "MB" in rows(inspector, "resources")["Memory peak"].value.text()
    user.waits_until(lambda: len(record.truths) == 3)
    user.waits_until(lambda: any("in [" in row.value.text() for row in rows(inspector, "truths").values()))
    penalty = rows(inspector, "settings-solver")["Penalty lambda"]
    assert penalty.value.text() == "10" and penalty.notes.text() == "≠ preset: 1"

    user.types("solver.penalty", "3")  # the form goes on to describe another run
    user.waits_until(lambda: window.form.experiment().solver.penalty == 3.0)
    window.docks["inspector"].raise_()
    user.waits_until(lambda: "≠ form: 3" in penalty.notes.text())
    qtbot.mouseClick(inspector.copy_button, Qt.MouseButton.LeftButton)
    assert "Penalty lambda: 10 (≠ form: 3; ≠ preset: 1)" in clipboard.text()
    button = inspector.findChild(type(inspector.copy_button), "inspector-use-settings")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    user.waits_until(lambda: "≠ form" not in penalty.notes.text())
    assert window.form.experiment().solver.penalty == 10.0


def test_a_runs_name_says_what_differs(user, qtbot, quick, clipboard):
    window = user.window
    line = window.form.name
    assert line.text() == "" and line.placeholderText().startswith("First look")
    user.fills_in({"evaluation.final_samples": "4096", "training.steps": "200", "solver.penalty": "10"})
    user.waits_until(lambda: line.placeholderText() == "λ = 10, 200 steps")
    user.clicks("run")
    assert user.waits_for("ended").name == "λ = 10, 200 steps"
    user.types("solver.penalty", "1")
    user.waits_until(lambda: line.placeholderText() == "200 steps")
    user.clicks("run")
    user.waits_until(lambda: len(window.session.records()) == 2 and user.record.state == "ended")
    assert user.record.name == "200 steps"
    qtbot.keyClicks(line, "Mine")
    user.clicks("run")
    user.waits_until(lambda: len(window.session.records()) == 3 and user.record.state == "ended")
    assert user.record.name == "Mine"


def test_settings_of_two_runs_are_compared(user, qtbot, quick, clipboard):
    window = user.window
    user.runs(quick)
    user.types("solver.penalty", "10")
    user.clicks("run")
    user.waits_until(lambda: len(window.session.records()) == 2 and user.record.state == "ended")
    names = [record.name for record in window.session.records()]
    window.runs.select_all()
    window.actions_["compare-settings"].trigger()
    dialog = window.findChild(CompareSettingsDialog)
    assert dialog.isVisible() and dialog.table.rowCount() == 1
    shown = {dialog.table.horizontalHeaderItem(c).text(): dialog.table.item(0, c).text() for c in (2, 3, 4)}
    assert shown == {"Setting": "Penalty lambda", names[0]: "1", names[1]: "10"}
    dialog.reject()
    window.runs.choose(window.session.records()[0].run)
    window.actions_["compare-settings"].trigger()
    user.waits_until(lambda: len(window.findChildren(CompareSettingsDialog)) == 1)
    (dialog,) = window.findChildren(CompareSettingsDialog)
    heads = [dialog.table.horizontalHeaderItem(c).text() for c in range(3, dialog.table.columnCount())]
    assert heads == [names[0], "Form", "Preset “First look: what WGAN-GP computes”"]
    dialog.reject()
