"""A user without a home folder that can be written: a run, a saved session, and a warning."""

import tempfile

import pytest
from PySide6.QtWidgets import QFileDialog

from wganstudio import folders
from wganstudio.session import Document


@pytest.fixture
def no_home(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("WGANSTUDIO_HOME", "/proc/nowhere")
    yield
    folders.remove_substitutes()


def test_run_works_without_a_home_and_says_what_is_missing(no_home, user, tmp_path, monkeypatch):
    window = user.window
    window.reporter.report_start(window.settings)
    window.recovery.offer()
    assert "/proc/nowhere/sessions is not writable; save often" in window.banner.label.text()
    record = user.runs()
    assert record.state == "ended"
    target = tmp_path / "kept.wgs"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.actions_["save"].trigger()
    assert not window.session.modified
    document = Document.open(target)
    document.close()
    assert document.records()[0].state == "ended"
