"""The comparison of settings: rows that differ, all rows, and what is copied."""

import pytest
from PySide6.QtCore import Qt

from wganstudio.experiment import override, preset, read
from wganstudio.gui.dialogs.compare_settings import CompareSettingsDialog

SETTINGS = preset("first-look").settings


def experiment(*changes):
    return read(override(SETTINGS, changes))


@pytest.fixture
def compared(qtbot):
    def show(*columns):
        dialog = CompareSettingsDialog(None, columns)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def texts(dialog):
    table = dialog.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_rows_that_differ_by_default_and_all_on_demand(compared):
    dialog = compared(("one", experiment()), ("two", experiment(("solver.penalty", 10))))
    assert texts(dialog) == [["≠", "Solver", "Penalty lambda", "1", "10"]]
    assert dialog.sentence.text().startswith("1 setting differs of ")
    dialog.all_rows.setChecked(True)
    everything = texts(dialog)
    assert len(everything) > 30 and [row for row in everything if row[0]] == [
        ["≠", "Solver", "Penalty lambda", "1", "10"]
    ]
    assert dialog.table.horizontalHeaderItem(3).text() == "one"


def test_fields_of_one_kind_are_shown_as_its_own_unless_left_at_auto(compared):
    dialog = compared(("one", experiment()), ("two", experiment(("pair.kind", "data"))))
    rows = {row[2]: row[3:] for row in texts(dialog)}
    assert rows["Kind"] == ["Gaussians", "Data"] and rows["Held-out fraction (Data only)"] == ["–", "0.2"]
    assert "Columns (Data only)" not in rows
    dialog.all_rows.setChecked(True)
    assert "Columns (Data only)" in {row[2] for row in texts(dialog)}


def test_equal_settings_are_said_to_be_equal(compared):
    dialog = compared(("one", experiment()), ("two", experiment()), ("three", experiment()))
    assert dialog.sentence.text() == "All settings are the same." and texts(dialog) == []


def test_the_rows_shown_are_copied(compared, qtbot, clipboard):
    dialog = compared(("one", experiment()), ("two", experiment(("solver.penalty", 10))))
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    copied = clipboard.text()
    assert copied == "Setting\tTitle\tone\ttwo\nsolver.penalty\tPenalty lambda\t1\t10\n"
    qtbot.mouseClick(dialog.markdown_button, Qt.MouseButton.LeftButton)
    assert clipboard.text().startswith("| Setting | Title | one | two |\n| --- |")
