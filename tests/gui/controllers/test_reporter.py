"""Reports are shown before they are copied; the start tells of a crash and of read-only folders."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from wganstudio.diagnostics import log_file
from wganstudio.experiment import preset
from wganstudio.gui.controllers.reporter import Reporter
from wganstudio.gui.dialogs.text import TextDialog
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.banner import Banner
from wganstudio.session.record import RunRecord
from wganstudio.training.events import Failed


class Desk:
    """A reporter, and what it acts on."""

    def __init__(self, form: ExperimentForm, parent: QWidget) -> None:
        self.parent = parent
        self.banner = Banner()
        self.notifier = Notifier(self.banner)
        self.selection = SimpleNamespace(record=None)
        self.reporter = Reporter(self.selection, form, self.notifier, parent)  # type: ignore[arg-type]

    @property
    def dialogs(self) -> list[TextDialog]:
        return self.parent.findChildren(TextDialog)

    def press(self, qtbot: Any, text: str) -> None:
        buttons = {button.text(): button for button in self.banner.offer_buttons}
        qtbot.mouseClick(buttons[text], Qt.MouseButton.LeftButton)


@pytest.fixture
def desk(qtbot: Any, form: ExperimentForm, parent: QWidget) -> Desk:
    desk = Desk(form, parent)
    qtbot.addWidget(desk.banner)
    form.load_preset("first-look")
    return desk


def test_a_report_is_read_first_and_copied_on_demand(desk: Desk, qtbot: Any, clipboard: Any) -> None:
    clipboard.setText("mine")
    with log_file.recording("window"):
        desk.notifier.log("Saved the session.")
        desk.reporter.show_report()
    (dialog,) = desk.dialogs
    text = dialog.text.toPlainText()
    assert "Saved the session." in text and "Qt: 6." in text and "Display: " in text
    assert "# Error\nnone" in text and "[training]" in text
    assert dialog.text.isReadOnly() and clipboard.text() == "mine"
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert clipboard.text() == text
    dialog.close()


def test_the_shown_run_goes_before_the_form(desk: Desk, experiment: Any) -> None:
    record = RunRecord(1, experiment, "a run")
    record.apply(Failed(message="It failed.", detail="the reason"))
    desk.selection.record = record
    desk.reporter.show_report()
    (dialog,) = desk.dialogs
    assert "# Error\nIt failed.\n\nthe reason" in dialog.text.toPlainText()
    dialog.close()


def test_a_form_with_a_problem_has_a_report_too(desk: Desk, form: ExperimentForm) -> None:
    form.load(preset("first-look").settings | {"solver": {"kind": "lp", "penalty": -1}})
    desk.reporter.show_report()
    (dialog,) = desk.dialogs
    assert "The form holds none that can run: solver.penalty" in dialog.text.toPlainText()
    dialog.close()


def test_a_fault_of_the_program_offers_a_report_and_bad_input_does_not(desk: Desk, qtbot: Any) -> None:
    desk.notifier.show_error("solver.penalty is negative.", "two\nproblems")
    assert desk.banner.offer_buttons == []
    desk.notifier.show_error("It failed.", "Traceback (most recent call last)\nValueError: deep inside")
    desk.press(qtbot, "Copy report\u2026")
    (dialog,) = desk.dialogs
    assert "# Error\nIt failed.\n\nTraceback" in dialog.text.toPlainText() and desk.banner.isHidden()
    dialog.close()


def test_the_start_tells_of_a_crash(
    desk: Desk, qtbot: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wganstudio.diagnostics.crash.is_over", lambda pid: True)
    (home / "logs").mkdir()
    (home / "logs" / "2026-01-01-000000-window-12.log").write_text("working\n")
    (home / "logs" / "2026-01-01-000000-window-12.crash").write_text("Fatal Python error: Segmentation fault")
    desk.reporter.report_start(Settings())
    assert desk.banner.label.text() == "WGAN Studio ended unexpectedly last time."
    desk.press(qtbot, "Show log")
    (dialog,) = desk.dialogs
    assert "working" in dialog.text.toPlainText() and "Segmentation fault" in dialog.text.toPlainText()
    dialog.close()
    desk.reporter.report_crash()
    report = desk.dialogs[-1]
    assert "Fatal Python error" in report.text.toPlainText().partition("# Experiment")[0]
    report.close()
    desk.banner.dismiss()
    desk.reporter.report_start(Settings())
    assert desk.banner.isHidden(), "it is told once"


def test_the_start_tells_that_nothing_can_be_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WGANSTUDIO_HOME", "/proc/nowhere")
    desk.reporter.report_start(Settings())
    assert desk.banner.label.text() == (
        "Unsaved sessions cannot be kept safe: /proc/nowhere/sessions is not writable; save often."
    )
    messages = [record.getMessage() for record in caplog.records]
    assert len([text for text in messages if text.startswith("Settings cannot be saved")]) == 1


def test_a_start_like_any_other_says_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.reporter.report_start(Settings())
    assert desk.banner.isHidden() and caplog.records == []
