"""The sliders over swept values."""

import pytest

from wganstudio.experiment import override, read
from wganstudio.figures.families import field_families
from wganstudio.gui.widgets.sweep_bar import SweepBar
from wganstudio.session import RunRecord


def record(run, **changes):
    paths = {name.replace("__", "."): value for name, value in changes.items()}
    return RunRecord(run, read(override({}, paths.items())))


@pytest.fixture
def bar(qtbot):
    bar = SweepBar()
    qtbot.addWidget(bar)
    return bar


def test_a_slider_selects_the_run_with_another_value(bar, qtbot):
    runs = [record(k, critic__width=width) for k, width in enumerate((64, 16, 32), 1)]
    bar.show_families(runs[0], field_families(runs[0], runs))
    (row,) = bar.rows
    assert not bar.isHidden() and (row.low.text(), row.high.text()) == ("16", "64")
    assert row.title.text() == "width:" and row.value.text() == "64 units (3 of 3)"
    with qtbot.waitSignal(bar.run_wanted) as signal:
        row.slider.setValue(0)
    assert signal.args == [2]
    bar.show_families(runs[1], field_families(runs[1], runs))
    assert row.slider.value() == 0 and row.value.text() == "16 units (1 of 3)"


def test_kinds_are_a_list_and_a_grid_has_two_rows(bar, qtbot):
    runs = [
        record(k, solver__kind=kind, solver__penalty=penalty)
        for k, (kind, penalty) in enumerate([("lp", 1.0), ("gp", 1.0), ("lp", 5.0), ("gp", 5.0)], 1)
    ]
    bar.show_families(runs[0], field_families(runs[0], runs))
    kind, penalty = bar.rows
    assert kind.slider.isHidden() and not penalty.slider.isHidden()
    assert [kind.choice.itemText(k) for k in range(2)] == ["GP", "LP"] and kind.choice.currentText() == "LP"
    with qtbot.waitSignal(bar.run_wanted) as signal:
        kind.choice.setCurrentIndex(0)
    assert signal.args == [2]


def test_a_run_of_no_sweep_hides_the_bar_unless_scales_are_locked(bar, qtbot):
    runs = [record(1), record(2, critic__width=16)]
    bar.show_families(runs[0], field_families(runs[0], runs))
    with qtbot.waitSignal(bar.lock_toggled) as signal:
        bar.lock.click()
    assert signal.args == [True]
    bar.show_families(None, ())
    assert not bar.isHidden() and bar.rows == []
    bar.lock.click()
    bar.show_families(None, ())
    assert bar.isHidden()
