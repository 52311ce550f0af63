"""A file as people bring it: looked at, corrected, and used as P, Q or both."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from messy_table import write_messy_table


@pytest.fixture
def messy(tmp_path):
    """A measurement as a German spreadsheet saves it."""
    return write_messy_table(tmp_path / "messreihe.csv")


@pytest.fixture
def load(user):
    """Opens a file in the dialog; the dialog once it was read."""

    def act(path):
        user.window.data_import.show_file(path)
        dialog = user.window.data_import.dialog
        user.waits_until(lambda: not dialog.reading)
        return dialog

    return act


def chooses(user, dialog, box, text):
    """Chooses an entry of a combo box, by the keyboard, and waits until the file was read again."""
    place = box.findText(text)
    assert place >= 0, [box.itemText(k) for k in range(box.count())]
    box.setFocus()
    while box.currentIndex() != place:
        key = Qt.Key.Key_Down if box.currentIndex() < place else Qt.Key.Key_Up
        user.qtbot.keyClick(box, key)
    user.waits_until(lambda: not dialog.reading)


def accepts(user, dialog):
    assert dialog.use.isEnabled(), dialog.use.toolTip()
    user.qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    user.waits_until(lambda: not dialog.isVisible())


def pair(user):
    return user.window.form.groups["pair"].settings()


def test_split_a_spreadsheet_by_kind_and_train_on_it(user, quick, load, messy):
    dialog = load(messy)
    chooses(user, dialog, dialog.use_box.use, "Split into P and Q")
    chooses(user, dialog, dialog.split.column, "Art")
    accepts(user, dialog)
    assert pair(user)["split_column"] == "Art" and pair(user)["p_values"] == "r"
    assert user.window.log.entries[-1].message == "P and Q now use messreihe.csv (90 rows, 3 columns)."
    record = user.runs(quick)
    assert record.state == "ended", record.failed
    samples_p = record.snapshot("plane").arrays["samples_p"]
    assert len(np.unique(samples_p, axis=0)) <= 30


def test_correct_a_guess_and_use_the_file_as_both(user, load, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("a;b\n" + "".join(f"{k},{k + 100};{k + 1},{2 * k + 100}\n" for k in range(1, 60)))
    dialog = load(path)
    assert dialog.format.notes["decimal"].isVisible()
    chooses(user, dialog, dialog.format.boxes["decimal"].editor.inner, "point")
    chooses(user, dialog, dialog.format.boxes["thousands"].editor.inner, "comma")
    assert dialog.pane.rows.item(0, 0).text() == "1101"
    chooses(user, dialog, dialog.use_box.use, "Use as both")
    accepts(user, dialog)
    settings = pair(user)
    assert settings["p_file"] == settings["q_file"] == str(path)
    assert (settings["decimal"], settings["thousands"]) == ("point", "comma") and "encoding" not in settings
    assert user.window.form.problems() == ()


def test_give_q_another_file_than_p(user, load, messy, tmp_path):
    accepts(user, load(messy))
    other = tmp_path / "other.npy"
    np.save(other, np.random.default_rng(0).normal(size=(50, 3)))
    dialog = load(other)
    chooses(user, dialog, dialog.use_box.use, "Use as Q")
    accepts(user, dialog)
    assert pair(user)["p_file"] == str(messy) and pair(user)["q_file"] == str(other)
    assert user.window.log.entries[-1].message == "Q now uses other.npy (50 rows, 3 columns)."


def test_a_wrong_choice_is_taken_back(user, load, messy):
    dialog = load(messy)
    encoding = dialog.format.boxes["encoding"].editor.inner
    chooses(user, dialog, encoding, "utf-32")
    assert dialog.problem.isVisible() and not dialog.use.isEnabled()
    chooses(user, dialog, encoding, "guessed: utf-16")
    assert not dialog.problem.isVisible() and dialog.use.isEnabled()
