"""The dialog that shows how a file is read, and lets the user change each guess."""

import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QLocale, Qt, QThreadPool
from PySide6.QtWidgets import QApplication, QWidget

from messy_table import write_messy_table
from wganstudio.experiment import read
from wganstudio.gui.dialogs.data import preview_job
from wganstudio.gui.dialogs.data.dialog import DataDialog
from wganstudio.gui.dialogs.data.split_box import IN_P, IN_Q
from wganstudio.gui.dialogs.data.use_box import BOTH, SPLIT, P, Q

TICKED, UNTICKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked


@pytest.fixture
def messy(tmp_path):
    """A measurement as a German spreadsheet saves it."""
    return write_messy_table(tmp_path / "messreihe.csv")


@pytest.fixture
def shows(qtbot):
    """Shows a file in a new dialog; the dialog once it was read."""
    parent, pool, jobs = QWidget(), QThreadPool(), []
    qtbot.addWidget(parent)

    def start(job):
        jobs.append(job)
        pool.start(job)

    def show(path, current=None):
        dialog = DataDialog(parent, start, current or {"kind": "data"})
        dialog.open()
        dialog.show_file(path)
        rests(qtbot, dialog)
        return dialog

    yield show
    pool.waitForDone()
    QApplication.processEvents()


def rests(qtbot, dialog):
    """Wait until the file was read."""
    qtbot.waitUntil(lambda: not dialog.reading, timeout=20_000)


def chooses(qtbot, dialog, box, text):
    """Choose an entry of a combo box and wait until the file was read again."""
    place = box.findText(text)
    assert place >= 0, [box.itemText(k) for k in range(box.count())]
    box.setCurrentIndex(place)
    box.activated.emit(place)
    rests(qtbot, dialog)


def combo(dialog, field):
    return dialog.format.boxes[field].editor.inner


def guess(dialog, field):
    """The text that tells what was guessed."""
    inner = combo(dialog, field)
    return inner.currentText() if hasattr(inner, "currentText") else inner.placeholderText()


def table(dialog):
    rows = dialog.pane.rows
    return [[rows.item(r, c).text() for c in range(rows.columnCount())] for r in range(rows.rowCount())]


def drawn(dialog):
    """The number of points drawn in the colors of P and of Q."""
    return [len(points.getData()[0]) for points in dialog.pane.plot.points]


def test_a_messy_file_is_read_as_it_was_meant_and_every_guess_is_shown(shows, messy):
    dialog = shows(messy)
    expected = {
        "encoding": "utf-16",
        "delimiter": "semicolon",
        "decimal": "comma",
        "thousands": "none",
        "skip_rows": "3",
        "header": "yes",
        "units_row": "yes",
    }
    for field, text in expected.items():
        assert guess(dialog, field) == f"guessed: {text}", field
    header = [dialog.pane.rows.horizontalHeaderItem(k).text() for k in range(3)]
    assert header == ["Breite [mm]", "H\u00f6he [mm]", "Masse [g]"]
    assert table(dialog)[0] == ["12.05", "30.07", "1000"] and len(table(dialog)) == 10
    assert dialog.use.isEnabled() and dialog.problem.text() == ""


def test_a_column_of_ids_is_left_out_with_the_reason_and_can_be_ticked(qtbot, shows, messy):
    dialog = shows(messy)
    tree = dialog.columns.tree
    rows = {tree.topLevelItem(k).text(0): tree.topLevelItem(k) for k in range(5)}
    assert rows["id"].checkState(0) == UNTICKED and "id" in rows["id"].text(1) and not rows["id"].isDisabled()
    assert rows["Art"].isDisabled() and rows["Art"].text(1) == "not numeric"
    rows["id"].setCheckState(0, TICKED)
    rests(qtbot, dialog)
    assert dialog.pane.rows.columnCount() == 4 and table(dialog)[0][-1] == "1000"
    assert rows["id"].text(1) == "1000" and dialog.columns.all.isChecked()
    assert dialog.settings()["columns"] == "Breite,H\u00f6he,Masse,id"
    rows["id"].setCheckState(0, UNTICKED)
    rests(qtbot, dialog)
    assert dialog.settings()["columns"] is None
    for name in ("Breite [mm]", "H\u00f6he [mm]", "Masse [g]"):
        rows[name].setCheckState(0, UNTICKED)
    assert not dialog.use.isEnabled() and dialog.use.toolTip() == "Tick at least one column."


def test_an_ambiguous_guess_is_marked_with_its_reason_until_the_user_decides(qtbot, shows, tmp_path):
    path = tmp_path / "ambiguous.csv"
    path.write_text("a;b\n" + "".join(f"{k},{k + 100};{k + 1},{2 * k + 100}\n" for k in range(1, 60)))
    dialog = shows(path)
    note = dialog.format.notes["decimal"]
    assert note.isVisible() and "1,101 in column a was read as" in note.text()
    assert note.text().endswith("1 other column is ambiguous too.")
    assert combo(dialog, "decimal").property("doubtful")
    before = table(dialog)[0]
    other = "point" if before == ["1.101", "2.102"] else "comma"
    chooses(qtbot, dialog, combo(dialog, "decimal"), other)
    if other == "point":
        chooses(qtbot, dialog, combo(dialog, "thousands"), "comma")
    assert table(dialog)[0] == (["1101", "2102"] if other == "point" else ["1.101", "2.102"])
    assert not note.isVisible() and not combo(dialog, "decimal").property("doubtful")
    assert dialog.settings()["decimal"] == other and dialog.settings()["encoding"] is None


@pytest.mark.parametrize(
    ("field", "choice", "first"),
    [
        ("header", "no", ["1", "2"]),
        ("encoding", "utf-32", None),
        ("encoding", "latin-1", ["3", "4"]),
        ("units_row", "no", ["3", "4"]),
    ],
)
def test_a_changed_guess_reads_the_file_again(qtbot, shows, tmp_path, field, choice, first):
    path = tmp_path / "years.csv"
    path.write_text("1,2\n3,4\n5,6\n7,9\n" if field == "header" else "a,b\n3,4\n5,6\n7,9\n")
    dialog = shows(path)
    chooses(qtbot, dialog, combo(dialog, field), choice)
    assert dialog.settings()[field] == choice if first else dialog.preview is None
    if first is None:
        assert dialog.problem.isVisible() and not dialog.use.isEnabled()
        chooses(qtbot, dialog, combo(dialog, field), combo(dialog, field).itemText(0))
        assert not dialog.problem.isVisible() and dialog.use.isEnabled() and table(dialog)[0] == ["3", "4"]
    else:
        assert table(dialog)[0] == first


def test_lines_to_skip_are_typed_as_in_the_form(qtbot, shows, tmp_path):
    path = tmp_path / "series.csv"
    path.write_text("a,b\n" + "".join(f"{k},{k * k + 1}\n" for k in range(20)))
    dialog = shows(path)
    line = combo(dialog, "skip_rows")
    qtbot.keyClicks(line, "3")
    rests(qtbot, dialog)
    assert dialog.settings()["skip_rows"] == 3 and len(dialog.preview.points) < 19
    qtbot.keyClicks(line, "x")
    assert "'3x' is not a whole number" in dialog.format.boxes["skip_rows"].message.text()
    assert not dialog.use.isEnabled()


def test_a_contradiction_gets_one_sentence_within_the_dialog(qtbot, shows, messy):
    dialog = shows(messy)
    chooses(qtbot, dialog, combo(dialog, "decimal"), "comma")
    chooses(qtbot, dialog, combo(dialog, "thousands"), "comma")
    assert dialog.problem.text() == "thousands and decimal must be different characters"
    assert dialog.problem.isVisible() and not dialog.use.isEnabled() and dialog.format.isVisible()
    chooses(qtbot, dialog, combo(dialog, "thousands"), "none")
    assert not dialog.problem.isVisible() and dialog.use.isEnabled()


def test_only_the_latest_reading_counts(qtbot, shows, messy, monkeypatch):
    dialog = shows(messy)
    gates, look = [threading.Event(), threading.Event()], preview_job.preview
    order = iter(gates)

    def waiting(path, choice, size):
        gate = next(order)
        result = look(path, choice, size)
        assert gate.wait(20)
        return result

    monkeypatch.setattr(preview_job, "preview", waiting)
    box = combo(dialog, "units_row")
    for text in ("no", box.itemText(0)):
        box.setCurrentIndex(box.findText(text))
        box.activated.emit(box.currentIndex())
        qtbot.wait(50)
    assert dialog.reading and not dialog.use.isEnabled() and dialog.use.toolTip() == "The file is being read."
    gates[1].set()
    rests(qtbot, dialog)
    shown = table(dialog)
    gates[0].set()
    qtbot.wait(100)
    assert table(dialog) == shown and guess(dialog, "units_row") == "guessed: yes"


def test_two_chosen_columns_are_plotted(qtbot, shows, messy):
    dialog = shows(messy)
    plot = dialog.pane.plot
    assert (plot.x_column.currentText(), plot.y_column.currentText()) == ("Breite [mm]", "H\u00f6he [mm]")
    chooses(qtbot, dialog, plot.y_column, "Masse [g]")
    x, y = plot.points[0].getData()
    assert np.array_equal(x, dialog.preview.points[:, 0]) and np.array_equal(y, dialog.preview.points[:, 2])
    assert plot.plot.getAxis("left").labelText == "Masse [g]"
    (low, high), _ = plot.plot.viewRange()
    assert low < x.min() and high > x.max()
    dialog.columns.tree.topLevelItem(0).setCheckState(0, UNTICKED)
    rests(qtbot, dialog)
    assert plot.y_column.currentText() == "Masse [g]" and plot.x_column.findText("Breite [mm]") < 0


@pytest.mark.parametrize("values", ["1\n2\n4\n8\n", "5\n5\n5\n"])
def test_a_single_column_is_plotted_over_its_rows(shows, tmp_path, values):
    path = tmp_path / "one.csv"
    path.write_text("a\n" + values)
    plot = shows(path).pane.plot
    assert plot.y_column.currentText() == "row number"
    assert np.array_equal(plot.points[0].getData()[1], np.arange(1, 1 + values.count("\n")))


@pytest.mark.parametrize(
    "values", [[1.7e9, 1.70000001e9], [-0.0004, 0.0003], [1e6 + 0.001, 1e6 + 0.002], [0, 5]]
)
def test_ticks_of_the_plot_tell_neighbors_apart(shows, tmp_path, values):
    np.save(tmp_path / "a.npy", np.linspace(*values, 60).reshape(30, 2))
    axis = shows(tmp_path / "a.npy").pane.plot.plot.getAxis("bottom")
    spacing, ticks = axis.tickValues(*axis.range, 400)[0]
    texts = axis.tickStrings(ticks, axis.scale, spacing)
    assert len(set(texts)) == len(texts) > 1
    assert np.allclose([float(text) for text in texts], ticks, rtol=0, atol=spacing / 10)


def test_names_with_commas_quotes_and_blanks_are_chosen_by_name(qtbot, shows, tmp_path):
    path = tmp_path / "names.csv"
    path.write_text('"name, with comma","quote""d",plain one\n1,2,3\n4,5,6\n7,8,10\n')
    dialog = shows(path)
    dialog.columns.tree.topLevelItem(2).setCheckState(0, UNTICKED)
    rests(qtbot, dialog)
    assert [column.name for column in dialog.preview.columns] == ["name, with comma", 'quote"d']
    pair = read({"pair": dialog.settings() | {"held_out": 0, "q": "standard"}}).build_pair()
    assert pair.p.dim == 2


@pytest.mark.parametrize(
    ("use", "files"),
    [
        (P, {"p_file": True, "q_file": "old.csv"}),
        (Q, {"p_file": "mine.csv", "q_file": True}),
        (BOTH, {"p_file": True, "q_file": True}),
    ],
)
def test_a_file_may_be_p_or_q_or_both(qtbot, shows, messy, use, files):
    current = {
        "kind": "data",
        "p_file": "mine.csv",
        "q_file": "old.csv",
        "split_column": "x",
        "p_values": "1",
    }
    dialog = shows(messy, current)
    chooses(qtbot, dialog, dialog.use_box.use, use)
    assert dialog.use.text() == use and dialog.use.isEnabled()
    assert drawn(dialog) == ([0, 90] if use == Q else [90, 0]) and not dialog.pane.plot.legend.isVisible()
    settings = current | dialog.settings()
    for name, value in files.items():
        assert settings[name] == (str(messy) if value is True else value)
    assert settings["split_column"] is None and settings["p_values"] is None


def test_the_format_and_columns_of_p_stay_where_a_file_becomes_q(qtbot, shows, messy):
    current = {"kind": "data", "p_file": "mine.csv", "columns": "Breite", "decimal": "comma"}
    dialog = shows(messy, current)
    chooses(qtbot, dialog, dialog.use_box.use, Q)
    assert combo(dialog, "decimal").currentText() == "comma", "it applies to both files"
    settings = current | dialog.settings()
    assert settings["columns"] == "Breite" and settings["decimal"] == "comma"
    chooses(qtbot, dialog, combo(dialog, "encoding"), "utf-16")
    assert (current | dialog.settings())["encoding"] == "utf-16"


def test_a_column_splits_a_table_into_p_and_q(qtbot, shows, messy):
    dialog = shows(messy)
    chooses(qtbot, dialog, dialog.use_box.use, SPLIT)
    assert not dialog.use.isEnabled() and "Choose the column" in dialog.use.toolTip()
    chooses(qtbot, dialog, dialog.split.column, "Art")
    values = dialog.split.values
    listed = [[values.topLevelItem(k).text(c) for c in (0, 1)] for k in range(3)]
    assert sorted(listed) == [["b", "30"], ["g", "30"], ["r", "30"]]
    assert dialog.use.isEnabled()
    assert drawn(dialog) == [30, 60] and dialog.pane.plot.legend.isVisible()
    settings = {"pair": dialog.settings() | {"held_out": 0}}
    pair = read(settings).build_pair()
    assert (len(pair.p), len(pair.q)) == (30, 60) and pair.p.dim == 3
    values.topLevelItem(2).setCheckState(IN_Q, UNTICKED)
    pair = read({"pair": dialog.settings() | {"held_out": 0}}).build_pair()
    assert (len(pair.p), len(pair.q)) == (30, 30), "a value without a tick belongs to neither"
    rests(qtbot, dialog)
    assert drawn(dialog) == [30, 30]
    values.topLevelItem(2).setCheckState(IN_P, TICKED)
    pair = read({"pair": dialog.settings() | {"held_out": 0}}).build_pair()
    assert (len(pair.p), len(pair.q)) == (60, 30)
    values.topLevelItem(1).setCheckState(IN_P, TICKED)
    assert values.topLevelItem(1).checkState(IN_Q) == UNTICKED, "a value belongs to one of them"
    rests(qtbot, dialog)
    assert (
        not dialog.use.isEnabled() and dialog.use.toolTip() == "Tick at least one value for P and one for Q."
    )


def test_a_numeric_column_may_split_and_one_with_many_values_may_not(qtbot, shows, tmp_path):
    path = tmp_path / "labels.csv"
    rng = np.random.default_rng(0)
    lines = [f"{x:.4f},{y:.4f},{k % 2}" for k, (x, y) in enumerate(rng.normal(size=(500, 2)))]
    path.write_text("a,b,label\n" + "\n".join(lines) + "\n")
    dialog = shows(path)
    chooses(qtbot, dialog, dialog.use_box.use, SPLIT)
    chooses(qtbot, dialog, dialog.split.column, "label")
    assert dialog.use.isEnabled() and [column.name for column in dialog.preview.columns] == ["a", "b"]
    pair = read({"pair": dialog.settings() | {"held_out": 0}}).build_pair()
    assert (len(pair.p), len(pair.q)) == (250, 250)
    chooses(qtbot, dialog, dialog.split.column, "a")
    assert not dialog.use.isEnabled() and "has more than" in dialog.split.note.text()


def test_pictures_of_several_sizes_are_offered_a_resize(qtbot, shows, tmp_path):
    for name, size in (("a.png", (40, 40)), ("b.png", (30, 50)), ("c.png", (64, 48))):
        Image.new("L", size, 100).save(tmp_path / name)
    dialog = shows(tmp_path)
    assert "b.png has 30 x 50 pixels" in dialog.problem.text() and dialog.side.isVisible()
    assert not dialog.use.isEnabled() and dialog.resize_images.isVisible()
    qtbot.mouseClick(dialog.resize_images, Qt.MouseButton.LeftButton)
    rests(qtbot, dialog)
    assert dialog.use.isEnabled() and dialog.settings()["image_size"] == 32
    assert not dialog.resize_images.isVisible() and "32 x 32" in dialog.head.text()
    split = dialog.use_box.use.findText(SPLIT)
    assert not dialog.use_box.use.model().item(split).isEnabled(), "images have no columns"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("one.csv", b"\0\0\0\0"),
        ("words.txt", b"nothing but words\nand more words\n"),
        ("broken.npy", b"\x93NUMPY\x01\x00nothing"),
        ("broken.csv.gz", b"\x1f\x8bbroken"),
    ],
)
def test_a_bad_file_gets_one_sentence_and_another_can_be_chosen(qtbot, shows, tmp_path, messy, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    dialog = shows(path)
    assert dialog.problem.isVisible() and name in dialog.problem.text() and "\n" not in dialog.problem.text()
    assert not dialog.use.isEnabled() and not dialog.columns.isVisible()
    dialog.show_file(messy)
    rests(qtbot, dialog)
    assert dialog.use.isEnabled() and not dialog.problem.isVisible()


def test_the_dialog_fits_a_small_screen(shows, messy):
    dialog = shows(messy)
    assert dialog.width() <= 1280 and dialog.height() <= 680
    dialog.resize(700, 400)
    assert dialog.width() == 700 and dialog.height() == 400, "as at 200 % on a screen of 1440 x 900"
    for widget in (dialog.use, dialog.use_box.use, dialog.head):
        corner = widget.mapTo(dialog, widget.rect().bottomRight())
        assert widget.isVisible() and corner.x() <= dialog.width() and corner.y() <= dialog.height()


def test_the_tab_key_visits_the_controls_from_top_to_bottom(qtbot, shows, messy):
    dialog = shows(messy)
    dialog.activateWindow()
    order = [
        dialog.file_button,
        dialog.folder_button,
        combo(dialog, "encoding"),
        combo(dialog, "comment"),
        dialog.columns.all,
        dialog.columns.tree,
        dialog.pane.rows,
        dialog.pane.plot.x_column,
        dialog.pane.plot.y_column,
        dialog.use_box.use,
        dialog.use_box.held_out.editor.inner,
        dialog.use_box.standardize,
    ]
    visited, widget = [], dialog.file_button
    while widget not in visited:
        visited.append(widget)
        widget = widget.nextInFocusChain()
    places = [visited.index(control) for control in order]
    assert places == sorted(places)


def test_numbers_of_the_dialog_follow_the_locale(qtbot, shows, messy):
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("de_DE"))
        dialog = shows(messy)
        line = dialog.use_box.held_out.editor.inner
        qtbot.keyClicks(line, "0,25")
        assert dialog.settings()["held_out"] == 0.25
    finally:
        QLocale.setDefault(before)
