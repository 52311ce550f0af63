"""A suite run from the window: its matrix fills in, it stops and goes on."""

import pytest
from PySide6.QtCore import Qt

from wganstudio.gui.dialogs.suites import SuitesDialog

SUITE = """
title = "Two by two"

[shared]
critic = { width = 8, depth = 1 }
training = { batch = 16 }
evaluation = { interval = 10, samples = 16, final_samples = 1024, resolution = 8 }

[pairs]
"near" = { pair.kind = "gaussians", pair.scale_q = 2.0 }

[[matrix]]
solvers = ["wc", "lp"]
pairs = ["near"]

[budget]
steps = 20
"""


@pytest.fixture
def suites(user, qtbot):
    user.window.actions_["suites"].trigger()
    dialog = user.window.findChild(SuitesDialog)
    yield dialog
    dialog.close()


def waits_until_over(user, dialog):
    user.waits_until(lambda: not dialog.running, lambda: (dialog.message.text(), dialog.bar.value()))


def texts(dialog):
    matrix = dialog.matrix
    return [
        [matrix.item(row, column).text() for column in range(matrix.columnCount())]
        for row in range(matrix.rowCount())
    ]


def test_run_a_suite_and_see_its_matrix_fill_in(user, suites, qtbot, tmp_path):
    file, out = tmp_path / "two.toml", tmp_path / "two.wgs"
    file.write_text(SUITE)
    suites.file.setCurrentText(str(file))
    suites.out.setText(str(out))
    qtbot.mouseClick(suites.run, Qt.MouseButton.LeftButton)
    assert suites.running and not suites.run.isEnabled()
    waits_until_over(user, suites)
    assert suites.bar.format() == "2 of 2 runs finished", suites.message.text()
    suites.quantity.setCurrentIndex(suites.quantity.findData("w1"))
    (clipped,), (penalty_of,) = texts(suites)
    assert float(clipped) >= 0 and clipped != penalty_of
    assert "20 steps" in suites.matrix.item(0, 0).toolTip()


def test_a_suite_that_cannot_be_says_why(user, suites, qtbot, tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(SUITE.replace('"lp"', '"nobody"'))
    suites.file.setCurrentText(str(file))
    suites.out.setText(str(tmp_path / "bad.wgs"))
    qtbot.mouseClick(suites.run, Qt.MouseButton.LeftButton)
    waits_until_over(user, suites)
    assert "nobody" in suites.message.text() and suites.run.isEnabled()


def test_a_session_without_a_suite_is_reported(user, suites, qtbot, tmp_path):
    suites.out.setText(str(tmp_path / "none.wgs"))
    qtbot.mouseClick(suites.show_button, Qt.MouseButton.LeftButton)
    assert "There is no session" in suites.message.text()
