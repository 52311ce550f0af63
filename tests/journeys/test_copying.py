"""Copying a view as a picture, as data and as Python, and looking at two views of one kind."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import wganstudio
from wganstudio.export import export
from wganstudio.figures.mpl import render_files
from wganstudio.figures.panels import FigurePanel
from wganstudio.gui.widgets.docks import in_sight

ROOT = Path(wganstudio.__file__).parents[1]


@pytest.fixture
def active(user, qtbot):
    """A user whose window is active."""
    user.window.activateWindow()
    qtbot.waitUntil(user.window.isActiveWindow)
    return user


def python(code, folder):
    """Run lines in a Python of its own, as a user does who pastes them into a file."""
    (folder / "pasted.py").write_text(code, encoding="utf-8")
    command = [sys.executable, "pasted.py"]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(folder)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


def uses(user, name):
    """Bring a view to the front and click it; return it."""
    view = user.window.area.views[name]
    user.window.area.docks[name].raise_()
    user.qtbot.waitUntil(lambda: in_sight(view))
    user.qtbot.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton)
    assert user.window.current_view.view is view
    return view


def picture_of(view):
    return render_files([FigurePanel(view.figure())], ["png"], "figure")["figure.png"]


def test_a_user_takes_a_figure_to_a_notebook(active, clipboard, chosen, tmp_path):
    user, window = active, active.window
    record = user.runs()
    view = uses(user, "landscape")
    view.truth.setChecked(True)
    view.boxes[0].setRange(xRange=(0.0, 1.0), yRange=(-0.5, 0.5), padding=0)
    view._on_manual_zoom(view.boxes[0])

    # before the session is saved, the lines say what they read
    window.actions_["copy-code"].trigger()
    code = clipboard.text()
    assert (
        "not saved" in code
        and "show_truth=True" in code
        and "show_samples" not in code
        and f"step={record.steps}" in code
    )
    python(code, tmp_path)
    assert (tmp_path / "landscape.png").read_bytes() == picture_of(view)

    # afterwards they read the file of the user
    chosen(tmp_path / "mine.wgs")
    window.actions_["save"].trigger()
    user.waits_until(lambda: window.session.path is not None)
    window.actions_["copy-code"].trigger()
    code = clipboard.text()
    assert "#" not in code.split("import")[0] and str(tmp_path / "mine.wgs") in code
    (tmp_path / "landscape.png").unlink()
    python(code, tmp_path)
    assert (tmp_path / "landscape.png").read_bytes() == picture_of(view)


def test_a_user_copies_picture_and_data(active, qtbot, clipboard, tmp_path):
    window, record = active.window, active.runs()
    view = uses(active, "costs")
    window.actions_["copy-picture"].trigger()
    assert clipboard.pixmap().width() == view.body.width()
    window.actions_["copy-data"].trigger()
    qtbot.waitUntil(lambda: clipboard.mimeData().hasFormat("text/csv"))
    copied = bytes(clipboard.mimeData().data("text/csv"))
    files = export(record, tmp_path, ["csv"], figures=["costs"])
    assert len(files) > 1 and all(file.read_bytes() in copied for file in files)
    rows = [line.split("\t") for line in clipboard.text().split("\n")]
    assert ["step", "gap", "gap_se"] in [row[:3] for row in rows]
    assert "Copied the data of" in window.log.entries[-1].message


def test_a_user_looks_at_two_runs_in_two_views(active, qtbot, another_window):
    user, window = active, active.window
    first = user.runs()
    uses(user, "landscape")
    window.actions_["open-another"].trigger()
    (copy,) = window.area.copies.views.values()
    window.actions_["pin-view"].trigger()
    user.types("critic.width", "24")
    user.clicks("run")
    user.waits_until(lambda: user.record is not first and user.record.state == "ended")
    view = window.area.views["landscape"]
    qtbot.waitUntil(lambda: in_sight(view) and in_sight(copy))
    assert view.record is user.record and copy.record is first
    assert view.drawn is not copy.drawn and first.name in window.area.dock_of(copy).windowTitle()

    # the next start shows both views again
    window.layout_.save()
    later = another_window()
    assert list(later.area.copies.docks) == ["landscape-2"]
    assert not later.area.copies.docks["landscape-2"].isHidden()
