"""The table of runs: rows, columns, filter, marks, folding, and both of its forms."""

import time
from typing import get_args

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from wganstudio.comparison.columns import STATE_SYMBOLS
from wganstudio.experiment import override, preset, read
from wganstudio.export.run_content import STATES
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.runs.columns_menu import AUTO, FOLD, RESET, fill_columns_menu
from wganstudio.gui.widgets.runs.model import DETAIL, MARK_COLUMN, NAME_COLUMN
from wganstudio.gui.widgets.runs.table import RunTable
from wganstudio.gui.widgets.runs.texts import STATE_COLORS, split_tags
from wganstudio.session import RunLabels, RunRecord, State
from wganstudio.training.events import Ended, Metrics, Started

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def make_table(qtbot):
    def make(width=1000):
        table = RunTable(Settings())
        qtbot.addWidget(table)
        table.resize(width, 500)
        table.show()
        qtbot.waitExposed(table)
        return table

    return make


@pytest.fixture
def table(make_table):
    return make_table()


def make_run(number, penalty=1.0, seed=0, name="", gap=None, **labels):
    settings = override(preset("first-look").settings, [("solver.penalty", penalty), ("training.seed", seed)])
    record = RunRecord(number, read(settings), name or f"run {number}", RunLabels(**labels))
    if gap is not None:
        estimates = {"gap": gap, "gap_se": 0.01}
        record.apply(Ended(step=record.steps, reason="done", seconds=9, estimates=estimates, gradient={}))
    return record


def titles(table):
    return [column.title for column in table.model.columns]


def column(table, title):
    return titles(table).index(title) + 1


def point_in(table, row, column, x=None):
    rect = table.view.visualRect(table.model.index(row, column))
    return QPoint(rect.left() + x if x is not None else rect.center().x(), rect.center().y())


def test_runs_of_another_session_have_their_own_texts(table):
    table.show_records([make_run(n, name=f"old {n}") for n in (1, 2)])
    table.show_records([make_run(n, name=f"new {n}") for n in (1, 2, 3)])
    assert table.texts() == ["new 1", "new 2", "new 3"]


def test_a_changed_run_changes_its_row_only(table, qtbot):
    runs = [make_run(n) for n in (1, 2, 3)]
    table.show_records(runs)
    runs[1].apply(Started(experiment=runs[1].experiment.settings(), environment={}, steps=100))
    changed = []
    table.model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    table.refresh(runs)
    assert changed == [(1, 1)] and "running" in table.texts(column(table, "State"))[1]
    table.refresh(runs)
    assert len(changed) == 1


def test_the_columns_are_the_settings_that_differ(table, qtbot):
    table.show_records([make_run(1)])
    qtbot.waitUntil(lambda: not table._search.isActive())
    assert "λ" not in titles(table)
    table.show_records([make_run(1), make_run(2, 10.0), make_run(3, 10.0, gap=2.0)])
    qtbot.waitUntil(lambda: "λ" in titles(table))
    assert table.texts(column(table, "λ")) == ["1", "10", "10"]
    assert table.texts(column(table, "final gap")) == ["", "", "2.000 ± 0.010"]


def test_columns_are_chosen_in_the_menu_and_remembered(table, make_table, qtbot):
    table.show_records([make_run(1, gap=2.0), make_run(2, 10.0)])
    fill_columns_menu(table.columns_menu, table.choice, table.model.records)
    entries = {}

    def collect(menu):
        for action in menu.actions():
            entries[action.data()] = action
            if action.menu():
                collect(action.menu())

    collect(table.columns_menu)
    assert {AUTO, "setting:critic.width", "truth:w1", "best:gap", "at:gap", "note", FOLD, RESET} <= set(
        entries
    )
    assert "setting:solver.epsilon" not in entries, "no run has it"
    assert entries["note"].isChecked() and not entries["best:gap"].isChecked()
    for key in ("note", "at:gap", "setting:critic.width"):
        entries[key].trigger()
    assert "Note" not in titles(table) and {"gap at 1,000", "Width"} <= set(titles(table))
    other = make_table()
    assert "Note" not in titles(other) and "gap at 1,000" in titles(other)
    entries[RESET].trigger()
    assert "Note" in titles(table) and "gap at 1,000" not in titles(table)


def test_a_click_on_a_header_sorts_numbers_as_numbers_and_empty_cells_last(table, qtbot):
    table.show_records([make_run(1, gap=10.0), make_run(2, gap=9.0), make_run(3), make_run(4, gap=-1.0)])
    header = table.view.horizontalHeader()
    section = column(table, "final gap")
    place = QPoint(header.sectionViewportPosition(section) + 10, header.height() // 2)
    names = []
    for _ in range(3):
        qtbot.mouseClick(header.viewport(), LEFT, pos=place)
        names.append([text[-1] for text in table.texts()])
    assert names == [list("4213"), list("1243"), list("1234")]


def test_the_selection_stays_while_rows_move(table, qtbot):
    runs = [make_run(n, float(n), gap=5.0 - n) for n in (1, 2, 3)]
    table.show_records(runs)
    table.choose(2)
    table.view.horizontalHeader().setSortIndicator(column(table, "final gap"), Qt.SortOrder.AscendingOrder)
    assert [text[-1] for text in table.texts()] == ["3", "2", "1"] and table.selected == [2]
    table.filter.setText("lambda>1")
    assert table.selected == [2]
    table.filter.setText("lambda>2")
    assert table.selected == [3], "the selected run is not shown any more"
    table.filter.setText("lambda>20")
    assert table.selected == [3] and table.empty.text() == "No run matches the filter."
    table.choose(1)
    assert table.filter.text() == "" and table.selected == [1]


def test_the_main_run_comes_first_and_changes_are_announced_once(table, qtbot):
    table.show_records([make_run(n) for n in (1, 2, 3)])
    chosen = []
    table.chosen.connect(chosen.append)
    for row, modifier in ((0, Qt.KeyboardModifier.NoModifier), (2, Qt.KeyboardModifier.ControlModifier)):
        qtbot.mouseClick(table.view.viewport(), LEFT, modifier, point_in(table, row, NAME_COLUMN))
    assert chosen == [[1], [3, 1]]
    qtbot.keyClick(table.view, Qt.Key.Key_Up)
    assert chosen[-1] == [2]


def test_a_chosen_run_is_the_only_selected_one(table, qtbot):
    table.show_records([make_run(number) for number in (1, 2, 3)])
    table.choose(1)
    qtbot.keyPress(table.view, Qt.Key.Key_Control)  # as for Ctrl+Z, whose run is chosen while it is held
    table.choose(2)
    qtbot.keyRelease(table.view, Qt.Key.Key_Control)
    assert table.selected == [2]


def test_a_deleted_run_passes_the_selection_on(table):
    runs = [make_run(n) for n in (1, 2, 3)]
    table.show_records(runs)
    table.choose(2)
    table.show_records([runs[0], runs[2]])
    assert table.selected == [3]
    table.show_records([])
    assert table.selected == [] and table.empty.isVisible()


def test_a_filter_without_a_meaning_gets_a_sentence_and_leaves_the_rows(table):
    table.show_records([make_run(1), make_run(2, 10.0)])
    table.filter.setText("lamda>5")
    assert "did you mean “lambda”" in table.problem.text() and table.problem.isVisible()
    assert len(table.texts()) == 2
    table.filter.setText("lambda>5")
    assert table.texts() == ["run 2"] and not table.problem.isVisible()


def test_a_run_that_changes_takes_its_place_in_a_filtered_table(table, qtbot):
    runs = [make_run(1), make_run(2, 10.0)]
    table.show_records(runs)
    table.filter.setText("is:running")
    assert table.texts() == []
    runs[0].apply(Started(experiment=runs[0].experiment.settings(), environment={}, steps=100))
    table.refresh(runs)
    qtbot.waitUntil(lambda: table.texts() == ["run 1"])


def test_seeds_fold_into_one_row_that_unfolds(table, qtbot):
    runs = [make_run(n, 1.0 + n // 4, seed=n, gap=float(n)) for n in range(1, 6)]
    table.show_records(runs)
    table.set_folded(True)
    assert table.texts() == ["run 1 · 3 seeds", "run 4 · 2 seeds"]
    assert table.texts(column(table, "final gap"))[0] == "2.0 ± 0.6"
    table.view.selectRow(0)
    assert table.selected == [1, 2, 3]
    qtbot.mouseClick(table.view.viewport(), LEFT, pos=point_in(table, 0, MARK_COLUMN, 10))
    assert table.texts()[:4] == ["run 1 · 3 seeds", "└ run 1", "└ run 2", "└ run 3"]
    assert set(table.selected) == {1, 2, 3}
    table.view.setCurrentIndex(table.model.index(0, NAME_COLUMN))
    qtbot.keyClick(table.view, Qt.Key.Key_Left)
    assert len(table.texts()) == 2
    qtbot.keyClick(table.view, Qt.Key.Key_Right)
    assert len(table.texts()) == 5
    table.choose(5)
    assert table.selected == [5], "its group unfolds"
    table.set_folded(False)
    assert len(table.texts()) == 5 and table.selected == [5]


def test_space_and_clicks_star_without_changing_the_selection(table, qtbot):
    runs = [make_run(1), make_run(2, starred=True)]
    table.show_records(runs)
    table.choose(1)
    labeled = []
    table.labeled.connect(lambda numbers, changes: labeled.append((numbers, changes)))
    qtbot.keyClick(table.view, Qt.Key.Key_Space)
    qtbot.mouseClick(table.view.viewport(), LEFT, pos=point_in(table, 1, MARK_COLUMN, 26))
    assert labeled == [([1], {"starred": True}), ([2], {"starred": False})]
    assert table.selected == [1]
    table.set_read_only(True)
    qtbot.keyClick(table.view, Qt.Key.Key_Space)
    assert len(labeled) == 2


def test_a_click_on_the_color_offers_others(table, qtbot):
    table.show_records([make_run(1)])
    labeled = []
    table.labeled.connect(lambda numbers, changes: labeled.append((numbers, changes)))
    qtbot.mouseClick(table.view.viewport(), LEFT, pos=point_in(table, 0, MARK_COLUMN, 8))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.actions()[0].isChecked() and len(menu.actions()) == 9
    menu.actions()[3].trigger()
    assert labeled == [([1], {"color": 2})]
    menu.close()


@pytest.mark.parametrize(
    ("title", "typed", "signal", "expected"),
    [
        ("Name", "Mine", "renamed", (1, "Mine")),
        ("Tags", "a,  b ,a", "labeled", ([1], {"tags": ("a", "b")})),
        ("Note", "good", "labeled", ([1], {"note": "good"})),
    ],
)
def test_names_tags_and_notes_are_typed_into_the_table(table, qtbot, title, typed, signal, expected):
    table.show_records([make_run(1)])
    got = []
    getattr(table, signal).connect(lambda *values: got.append(values))
    place = point_in(table, 0, column(table, title))
    qtbot.mouseClick(table.view.viewport(), LEFT, pos=place)
    qtbot.mouseDClick(table.view.viewport(), LEFT, pos=place)
    editor = table.view.viewport().findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, typed)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: got == [expected])


def test_nothing_is_typed_into_a_group_a_note_of_lines_or_a_read_only_session(table):
    table.show_records([make_run(1, note="a\nb"), make_run(2, seed=1)])
    editable = Qt.ItemFlag.ItemIsEditable

    def is_editable(row, title):
        return bool(table.model.flags(table.model.index(row, column(table, title))) & editable)

    assert not is_editable(0, "Note") and is_editable(1, "Note") and is_editable(0, "Name")
    assert not is_editable(0, "State")
    table.set_folded(True)
    assert not is_editable(0, "Name")
    table.set_folded(False)
    table.set_read_only(True)
    assert not is_editable(0, "Name")
    assert table.view.editTriggers() == table.view.EditTrigger.NoEditTriggers


def test_a_name_that_could_not_be_changed_is_shown_as_it_was(table):
    table.show_records([make_run(1)])
    table.model.setData(table.model.index(0, NAME_COLUMN), "typed")
    assert table.texts() == ["run 1"]


def test_a_narrow_panel_shows_three_lines_for_each_run(make_table):
    table = make_table(300)
    table.show_records([make_run(1, gap=2.0), make_run(2, seed=1, gap=3.0)])
    view = table.view
    assert view.compact and not view.horizontalHeader().isVisible()
    shown = [n for n in range(table.model.columnCount()) if not view.isColumnHidden(n)]
    assert shown == [NAME_COLUMN] and view.columnWidth(NAME_COLUMN) == view.viewport().width()
    assert view.rowHeight(0) >= 3 * view.fontMetrics().height()
    assert "gap 2" in table.model.index(0, NAME_COLUMN).data(DETAIL)
    table.set_folded(True)
    assert "2 seeds" in table.model.index(0, NAME_COLUMN).data(DETAIL)
    assert "gap 2.5 ± 0.5" in table.model.index(0, NAME_COLUMN).data(DETAIL)
    table.resize(1000, 400)
    assert not view.compact and view.horizontalHeader().isVisible() and not view.isColumnHidden(MARK_COLUMN)


def test_the_star_of_the_narrow_form_is_clicked_at_its_right(make_table, qtbot):
    table = make_table(300)
    table.show_records([make_run(1), make_run(2)])
    labeled = []
    table.labeled.connect(lambda numbers, changes: labeled.append(numbers))
    rect = table.view.visualRect(table.model.index(0, NAME_COLUMN))
    qtbot.mouseClick(table.view.viewport(), LEFT, pos=QPoint(rect.right() - 16, rect.top() + 14))
    assert labeled == [[1]] and table.selected == [2]


def test_thousands_of_runs_are_shown_refreshed_sorted_and_filtered_at_once(table):
    experiments = [make_run(1, float(n)).experiment for n in range(1, 51)]
    many = [RunRecord(n, experiments[n % 50], f"run {n}") for n in range(1, 20_001)]
    start = time.thread_time()
    table.show_records(many)
    for _ in range(30):
        many[7].apply(Metrics(step=1, values={"gap": 3.0}))
        table.refresh(many)
    assert time.thread_time() - start < 3
    start = time.thread_time()
    table.filter.setText("lambda>25")
    assert len(table.texts()) == 10_000
    table.filter.clear()
    table.view.horizontalHeader().setSortIndicator(NAME_COLUMN, Qt.SortOrder.DescendingOrder)
    table.view.selectAll()
    assert len(table.selected) == 20_000
    table.grab()
    assert time.thread_time() - start < 5, "with a comparison in Python it takes minutes"


def test_every_state_has_a_sign_a_color_and_words():
    states = set(get_args(State))
    assert set(STATE_SYMBOLS) == set(STATE_COLORS) == states
    assert set(STATES) == states - {"ended", "stopped"}, "how a run ended is told by its last event"


def test_tags_are_separated_by_commas():
    assert split_tags(" a, ,b b,a ") == ("a", "b b")
