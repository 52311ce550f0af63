"""One's own data: dropped or chosen, looked at, used, trained on; what a generator makes of it."""

import gzip
import threading

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from wganstudio.gui.dialogs.data import dialog as data_dialog
from wganstudio.gui.dialogs.data import preview_job
from wganstudio.gui.widgets.docks import in_sight

COPY, BUTTON, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def table(tmp_path):
    """200 points in two clusters, with a column of words between the numbers."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(200, 2)) + 4 * (np.arange(200)[:, None] % 2)
    lines = ["width,kind,height,noise"]
    lines += [f"{x:.4f},{'ab'[k % 2]},{y:.4f},{rng.random():.3f}" for k, (x, y) in enumerate(points)]
    path = tmp_path / "clusters.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def drags(target, *paths):
    """Drags files over a widget and lets them go; whether they were taken."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(QPoint(300, 300), COPY, mime, BUTTON, NONE)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    drop = QDropEvent(QPointF(300, 300), COPY, mime, BUTTON, NONE)
    QApplication.sendEvent(target, drop)
    return drop.isAccepted()


@pytest.fixture
def drop(user, qtbot):
    """Drops a file on the window and waits until it was looked at; the dialog."""

    def act(path):
        assert drags(user.window, path)
        dialog = user.window.data_import.dialog
        user.waits_until(lambda: dialog.preview is not None or bool(dialog.problem.text()))
        return dialog

    return act


def uses(user, dialog):
    user.qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    user.waits_until(lambda: not dialog.isVisible())


def pair(window):
    return window.form.groups["pair"].settings()


def test_drop_a_csv_on_the_window_and_train_on_it(user, qtbot, quick, drop, table):
    dialog = drop(table)
    assert "200 rows" in dialog.head.text() and not dialog.problem.isVisible() and not dialog.bad.isVisible()
    tree, rows = dialog.columns.tree, dialog.pane.rows
    assert (
        dialog.columns.names() == ["width", "height", "noise", "kind"] and tree.topLevelItem(3).isDisabled()
    )
    low, high = (float(tree.topLevelItem(0).text(k)) for k in (1, 2))
    assert low <= float(rows.item(0, 0).text()) <= high and rows.rowCount() == 10
    tree.topLevelItem(2).setCheckState(0, Qt.CheckState.Unchecked)
    user.waits_until(lambda: rows.columnCount() == 2)
    assert not dialog.columns.all.isChecked() and dialog.pane.plot.x_column.findText("noise") < 0
    dialog.use_box.standardize.click()
    user.types_into(dialog.use_box.held_out, "0.25")
    uses(user, dialog)
    chosen = pair(user.window)
    assert chosen["kind"] == "data" and chosen["p_file"] == str(table) and chosen["columns"] == "width,height"
    assert chosen["standardize"] is True and chosen["held_out"] == 0.25 and "array" not in chosen
    assert user.window.form.problems() == () and user.window.form.modified
    record = user.runs(quick)
    assert record.state == "ended" and record.experiment.pair.p_file == str(table)
    rows = np.unique(record.snapshot("plane").arrays["samples_p"], axis=0)
    assert 100 < len(rows) <= 150 and np.abs(rows.mean(0)).max() < 0.2 and np.abs(rows.std(0) - 1).max() < 0.2


def test_look_at_what_the_generator_makes(user, qtbot, quick, drop, table):
    uses(user, drop(table))
    user.types("pair.columns", "width, height")
    generator = user.window.form.groups["generator"]
    generator.fill({"kind": "particles", "num_particles": 50, "critic_steps": 2})
    record = user.runs(quick | {"training.steps": "40", "evaluation.interval": "40"})
    assert record.state == "ended", record.failed
    samples = user.window.area.views["samples"]
    assert not in_sight(samples) and samples.drawn is None, "it lies behind a tab and costs nothing"
    user.window.area.docks["samples"].raise_()
    user.waits_until(lambda: in_sight(samples) and samples.drawn is not None)
    cloud = samples.figure().picture
    assert cloud.points.shape == (50, 2) and cloud.steps == tuple(record.recorded_steps("critic"))
    particles = record.checkpoint.arrays["generator.points"]
    assert np.array_equal(np.sort(cloud.points, axis=0), np.sort(particles, axis=0)), "each of them, once"
    user.window.shown_step.go_to_first()
    user.waits_until(lambda: samples.shown_step == 0)
    assert samples.figure().step == 0 and samples.figure().summary == "initial points"


def test_a_bad_file_is_refused_in_the_dialog_and_nothing_is_lost(user, qtbot, drop, table, tmp_path):
    before = user.window.form.settings()
    broken = tmp_path / "broken.npy"
    broken.write_bytes(b"\x93NUMPY\x01\x00nothing")
    dialog = drop(broken)
    assert dialog.problem.isVisible() and "broken.npy" in dialog.problem.text()
    assert not dialog.use.isEnabled() and not dialog.columns.tree.isVisible()
    assert drags(dialog, table), "another one can be dropped on the dialog"
    user.waits_until(lambda: dialog.preview is not None)
    assert not dialog.problem.isVisible() and dialog.use.isEnabled()
    dialog.reject()
    assert user.window.form.settings() == before and user.window.data_import.dialog is None


def test_bad_rows_must_be_left_out(user, qtbot, drop, table):
    table.write_text(table.read_text() + "1.0,a,nan,0\n2.0,b,oops,0\n", encoding="utf-8")
    dialog = drop(table)
    assert dialog.bad.text().startswith("2 of the 202 rows read cannot be used; the first is line 202:")
    assert not dialog.use.isEnabled() and dialog.use.toolTip()
    dialog.skip_bad.click()
    uses(user, dialog)
    assert pair(user.window)["skip_bad"] is True


def test_choose_an_array_of_an_archive(user, qtbot, drop, tmp_path):
    path = tmp_path / "several.npz"
    np.savez(path, few=np.zeros((5, 2)), many=np.arange(60.0).reshape(20, 3))
    dialog = drop(path)
    assert [dialog.array.itemText(k) for k in range(dialog.array.count())] == ["few", "many"]
    assert len(dialog.preview.columns) == 2
    dialog.array.setCurrentIndex(1)
    dialog.array.activated.emit(1)
    user.waits_until(lambda: dialog.preview is not None and len(dialog.preview.columns) == 3)
    assert dialog.array.isVisible() and dialog.array.currentText() == "many"
    uses(user, dialog)
    assert pair(user.window)["array"] == "many"


def test_images_are_shown_and_can_be_made_smaller(user, qtbot, drop, tmp_path):
    path = tmp_path / "images-idx3-ubyte.gz"
    pixels = np.random.default_rng(0).integers(0, 256, (12, 10, 10), dtype=np.uint8)
    head = b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in pixels.shape)
    path.write_bytes(gzip.compress(head + pixels.tobytes()))
    dialog = drop(path)
    strip = dialog.pane.strip
    assert strip.isVisible() and not strip.pixmap().isNull() and not dialog.columns.isVisible()
    assert "12 images" in dialog.head.text() and "10 x 10" in dialog.head.text()
    user.types_into(dialog.side, "5")
    user.waits_until(lambda: "5 x 5" in dialog.head.text())
    uses(user, dialog)
    chosen = pair(user.window)
    assert chosen["image_size"] == 5 and "columns" not in chosen


def test_a_slow_disk_does_not_hold_the_window_up(user, qtbot, table, tmp_path, monkeypatch):
    slow, look = threading.Event(), preview_job.preview

    def waiting(*order):
        assert slow.wait(20)
        return look(*order)

    monkeypatch.setattr(preview_job, "preview", waiting)
    assert drags(user.window, table)
    dialog = user.window.data_import.dialog
    qtbot.wait(100)
    assert dialog.isVisible() and dialog.head.text().startswith("Reading") and not dialog.use.isEnabled()
    other = tmp_path / "other.npy"
    np.save(other, np.arange(12.0).reshape(4, 3))
    assert drags(dialog, other), "one need not wait for the first"
    slow.set()
    user.waits_until(lambda: dialog.use.isEnabled())
    assert dialog.head.text().startswith("other.npy") and len(dialog.preview.columns) == 3
    assert drags(dialog, table)
    dialog.reject()  # with its job under way
    user.waits_until(lambda: not user.window.data_import.busy)


def test_choosing_other_data_keeps_what_was_set_of_the_pair(user, qtbot, drop, table):
    user.window.form.load_preset("data")
    user.types("pair.seed", "7")
    uses(user, drop(table))
    assert pair(user.window)["seed"] == 7 and pair(user.window)["p_file"] == str(table)


def test_sessions_experiments_and_nothing_else_are_opened_by_dropping_too(user, qtbot, tmp_path, table):
    experiment = tmp_path / "mine.toml"
    experiment.write_text('[pair]\nkind = "gaussians"\ndim = 3\n', encoding="utf-8")
    assert drags(user.window, experiment) and pair(user.window)["dim"] == 3
    missing = tmp_path / "missing.wgs"
    assert drags(user.window, missing) and user.window.banner.isVisible()
    assert not drags(user.window, table, experiment), "one at a time"
    assert user.window.data_import.dialog is None


def test_use_data_is_in_the_menu_and_asks_for_a_file(user, qtbot, table, monkeypatch):
    user.window.actions_["load-data"].trigger()
    dialog = user.window.data_import.dialog
    assert dialog.isVisible() and "Choose a file" in dialog.head.text() and not dialog.use.isEnabled()
    monkeypatch.setattr(data_dialog.QFileDialog, "getOpenFileName", lambda *a, **k: (str(table), ""))
    qtbot.mouseClick(dialog.file_button, Qt.MouseButton.LeftButton)
    user.waits_until(lambda: dialog.use.isEnabled())
    uses(user, dialog)
    assert pair(user.window)["p_file"] == str(table)
