"""A user compares runs: over one another, filtered and starred, and seeds as one row."""

from PySide6.QtCore import QPoint, Qt

from wganstudio.gui.widgets.runs.model import MARK_COLUMN, NAME_COLUMN

LEFT = Qt.MouseButton.LeftButton


def click(user, qtbot, row, column, x=60, modifier=Qt.KeyboardModifier.NoModifier):
    """Clicks a row of the table, `x` pixels right of the left end of a cell."""
    view = user.window.runs.view
    rect = view.visualRect(view.model().index(row, column))
    qtbot.mouseClick(view.viewport(), LEFT, modifier, QPoint(rect.left() + x, rect.center().y()))


def float_runs(user):
    """Takes the table of runs out of the window and makes it wide."""
    dock = user.window.docks["runs"]
    dock.setFloating(True)
    dock.resize(1000, 400)
    user.waits_until(lambda: not user.window.runs.view.compact)


def test_a_user_compares_three_runs(user, qtbot, quick):
    window = user.window
    for penalty in ("1", "10", "100"):
        user.runs(quick | {"solver.penalty": penalty})
    window.view_choice.want("costs")
    user.waits_until(lambda: window.area.views["costs"].drawn is not None)
    click(user, qtbot, 0, NAME_COLUMN, 60)
    assert window.area.views["costs"].drawn.overlay.main is None
    click(user, qtbot, 2, NAME_COLUMN, 60, Qt.KeyboardModifier.ShiftModifier)
    view = window.area.views["costs"]
    user.waits_until(lambda: len(view.drawn.overlay.marks) == 3)
    assert {curve.quantity for curve in view.drawn.overlay.curves} == {"gap", "value"}
    assert window.run_selection.records[0].run == 3 and len(view.others) == 2
    click(user, qtbot, 1, NAME_COLUMN, 60)
    assert view.drawn.overlay.main is None and view.record.run == 2


def test_a_user_filters_and_stars_runs(user, qtbot, quick):
    window = user.window
    for penalty in ("1", "10"):
        user.runs(quick | {"solver.penalty": penalty})
    float_runs(user)
    qtbot.keyClicks(window.runs.filter, "lambda>5")
    assert len(window.runs.texts()) == 1 and window.run_selection.record.run == 2
    click(user, qtbot, 0, MARK_COLUMN, 26)
    assert window.session.record(2).labels.starred and not window.session.record(1).labels.starred
    window.runs.filter.clear()
    assert len(window.runs.texts()) == 2
    qtbot.keyClicks(window.runs.filter, "is:starred")
    assert window.runs.selected == [2]
    window.runs.filter.clear()
    window.runs.choose(1)
    window.runs.view.setFocus()
    qtbot.keyClick(window.runs.view, Qt.Key.Key_Space)
    assert window.session.record(1).labels.starred and window.session.modified


def test_a_user_folds_seeds_into_one_row(user, qtbot, quick):
    window = user.window
    for seed in ("0", "1", "2"):
        user.runs(quick | {"training.seed": seed})
    float_runs(user)
    window.runs.set_folded(True)
    (text,) = window.runs.texts()
    assert text.endswith("3 seeds")
    click(user, qtbot, 0, NAME_COLUMN)
    window.view_choice.want("costs")
    view = window.area.views["costs"]
    user.waits_until(lambda: view.drawn is not None and view.drawn.overlay.main is not None)
    gap = next(curve for curve in view.drawn.overlay.curves if curve.quantity == "gap")
    assert gap.has_band and len(gap.runs) == 3
    click(user, qtbot, 0, MARK_COLUMN, 10)
    assert len(window.runs.texts()) == 4
