"""A run is published: a report, an animation, a table, citations, logs and networks."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog


@pytest.fixture
def saves_as(monkeypatch):
    """Let the file dialogs answer with a path."""

    def answer(path: Path) -> None:
        for name in ("getSaveFileName", "getExistingDirectory"):
            result = (str(path), "") if name == "getSaveFileName" else str(path)
            monkeypatch.setattr(QFileDialog, name, lambda *_, result=result, **__: result)

    return answer


def test_publish_a_run(user, qtbot, quick, tmp_path, saves_as, clipboard):
    window = user.window
    assert not window.actions_["save-report"].isEnabled()
    user.runs(quick)

    saves_as(tmp_path / "run.html")
    window.actions_["save-report"].trigger()
    assert window.jobs.busy
    user.waits_until(lambda: not window.jobs.busy)
    text = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>") and "<script" not in text and text.count("<img") >= 3
    assert "run.html" in window.log.entries[-1].message

    def fill_in():
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return False
        user.types_into(dialog.boxes["width"], "240")
        user.types_into(dialog.boxes["frames"], "3")
        qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
        return True

    saves_as(tmp_path / "run.gif")
    user.later(fill_in)
    window.actions_["animate"].trigger()
    user.waits_until(lambda: not window.jobs.busy)
    with Image.open(tmp_path / "run.gif") as image:
        assert image.n_frames == 3 and 230 <= image.width <= 250

    window.actions_["copy-table-latex"].trigger()
    user.waits_until(lambda: not window.jobs.busy)
    assert "\\toprule" in clipboard.text()
    saves_as(tmp_path / "runs.md")
    window.actions_["save-table"].trigger()
    user.waits_until(lambda: not window.jobs.busy)
    assert (tmp_path / "runs.md").read_text(encoding="utf-8").startswith("| Name |")

    window.actions_["copy-bibtex"].trigger()
    assert "@misc{wganstudio," in clipboard.text()
    window.actions_["copy-methods"].trigger()
    assert "~\\cite{" in clipboard.text()


def test_export_networks_and_curves(user, quick, tmp_path, saves_as):
    pytest.importorskip("tensorboard", exc_type=ImportError)
    window = user.window
    user.runs(quick)
    saves_as(tmp_path / "files")
    window.actions_["export-curves"].trigger()
    user.waits_until(lambda: not window.jobs.busy)
    assert list((tmp_path / "files").glob("*/events.out.tfevents*"))
    window.actions_["export-networks"].trigger()
    user.waits_until(lambda: not window.jobs.busy)
    assert list((tmp_path / "files").glob("*-critic.safetensors"))


def test_a_report_can_be_canceled(user, quick, tmp_path, saves_as):
    window = user.window
    user.runs(quick)
    saves_as(tmp_path / "run.html")
    window.actions_["save-report"].trigger()
    window.jobs.cancel()
    user.waits_until(lambda: not window.jobs.busy)
    assert not (tmp_path / "run.html").exists()
    assert window.log.entries[-1].message == "The report was canceled."
