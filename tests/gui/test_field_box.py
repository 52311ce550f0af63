"""The number boxes of dialogs take what the form takes, in every locale."""

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from keyboard import retype
from wganstudio.experiment import group_options, read
from wganstudio.gui.dialogs.data.dialog import DataDialog
from wganstudio.gui.dialogs.export_choices import PrintOptions
from wganstudio.gui.dialogs.suites import SuitesDialog, WorkerOptions
from wganstudio.gui.dialogs.sweep import SweepDialog
from wganstudio.gui.dialogs.sweep_axis import SweepOptions
from wganstudio.gui.form.field_box import FieldBox


@pytest.fixture
def locale():
    """Set the locale of the window; the former one afterwards."""
    before = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(before)


def typed(qtbot, box, text):
    """Replace the text of a box."""
    retype(qtbot, box.editor.inner, text)
    return box


FRACTIONS = {
    "en_US": ["0.5", "5e-1", ".5"],
    "de_DE": ["0.5", "0,5", "5e-1", "5,0e-1"],
    "ar_EG": ["0.5", "5e-1", "\u0660\u066b\u0665"],
}


@pytest.mark.parametrize("name", FRACTIONS)
@pytest.mark.parametrize(
    ("options", "field"),
    [(group_options("pair", "data"), "held_out"), (group_options("solver", "lp"), "penalty")],
)
def test_a_fraction_may_be_typed_as_in_the_form(qtbot, locale, name, options, field):
    locale(name)
    box = FieldBox(options, field)
    qtbot.addWidget(box)
    for text in FRACTIONS[name]:
        typed(qtbot, box, "1")
        assert typed(qtbot, box, text).value() == 0.5 and box.valid, text


@pytest.mark.parametrize("name", FRACTIONS)
@pytest.mark.parametrize(
    ("options", "field"),
    [
        (group_options("pair", "data"), "image_size"),
        (SweepOptions, "count"),
        (PrintOptions, "dpi"),
        (WorkerOptions, "workers"),
    ],
)
def test_a_whole_number_may_be_typed_as_in_the_form(qtbot, locale, name, options, field):
    locale(name)
    box = FieldBox(options, field)
    qtbot.addWidget(box)
    for text in ("40", "4e1", "40.0", *(["40,0"] if name == "de_DE" else [])):
        value = typed(qtbot, box, text).value()
        assert value == 40 and isinstance(value, int) and box.valid, text


@pytest.mark.parametrize(
    ("options", "field", "text", "sentence"),
    [
        (group_options("solver", "lp"), "penalty", "0", "is out of range. Enter a number greater than 0"),
        (SweepOptions, "count", "2.5", "is not a whole number. Enter a whole number from 1 to 50"),
        (PrintOptions, "dpi", "much", "is not a whole number. Enter a whole number from 30 to 2,400"),
        (group_options("pair", "data"), "held_out", "1,5", "is not a number. Enter a number from 0 to 0.9"),
    ],
)
def test_a_wrong_number_gets_the_sentence_of_the_form(qtbot, locale, options, field, text, sentence):
    locale("en_US")
    box = FieldBox(options, field)
    qtbot.addWidget(box)
    default = box.value()
    box.show()
    typed(qtbot, box, text)
    assert sentence in box.message.text() and box.message.isVisible()
    assert not box.valid
    typed(qtbot, box, "")
    assert box.valid and box.value() == default


def test_no_dialog_has_a_number_box_of_its_own(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialogs = [SweepDialog(parent, read({})), SuitesDialog(parent), DataDialog(parent, lambda job: None, {})]
    for dialog in dialogs:
        assert not dialog.findChildren(QSpinBox) and not dialog.findChildren(QDoubleSpinBox)
        assert dialog.findChildren(FieldBox)


def test_a_dialog_with_a_wrong_number_cannot_be_accepted(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    sweep = SweepDialog(parent, read({}))
    axis = sweep.first
    assert (axis.low.value(), axis.high.value(), axis.count.value()) == (1, 100, 5)
    typed(qtbot, axis.count, "0")
    assert not sweep.run.isEnabled()
    typed(qtbot, axis.count, "3")
    assert sweep.run.isEnabled() and sweep.summary.text() == "3 runs: \u03bb = 1, 10, 100"
    suites = SuitesDialog(parent)
    typed(qtbot, suites.workers, "0")
    assert not suites.run.isEnabled()
