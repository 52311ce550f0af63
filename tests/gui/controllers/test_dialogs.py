"""Controllers that open a dialog: data import, export, painting, help; and the runner of suites."""

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QDialog

from wganstudio.experiment import override, preset, read
from wganstudio.figures.print_style import PrintStyle
from wganstudio.gui.controllers import sigma_painter, suite_runner
from wganstudio.gui.controllers.data_import import DataImport
from wganstudio.gui.controllers.dialog_actions import DialogActions
from wganstudio.gui.controllers.exporter import Exporter
from wganstudio.gui.controllers.sigma_painter import SigmaPainter
from wganstudio.gui.controllers.suite_runner import SuiteRunner
from wganstudio.gui.dialogs import export as export_dialog
from wganstudio.gui.dialogs import export_request
from wganstudio.suites.events import SuiteFinished
from wganstudio.suites.process import SuiteRequest, SuiteStopped


def test_a_file_becomes_p(form, settings, notifier, parent, qtbot, tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("x,y\n" + "1,2\n3,4\n" * 245, encoding="utf-8")
    data = DataImport(form, settings, notifier, parent)
    data.show_file(table)
    dialog = data.dialog
    qtbot.waitUntil(lambda: dialog.use.isEnabled(), timeout=20_000)
    with qtbot.waitSignal(data.form_wanted):
        dialog.accept()
    pair = form.groups["pair"].settings()
    assert pair["kind"] == "data" and pair["p_file"] == str(table) and data.dialog is None
    assert notifier.logs == ["P now uses mine.csv (490 rows, 2 columns)."]
    assert settings.get("data/folder", "") == str(tmp_path)
    qtbot.waitUntil(lambda: not data.busy)


def test_a_rejected_dialog_changes_nothing(form, settings, notifier, parent):
    data, before = DataImport(form, settings, notifier, parent), form.settings()
    data.ask()
    data.dialog.reject()
    assert form.settings() == before and data.dialog is None and notifier.logs == []


class FakeExportDialog:
    """Accepts at once."""

    DialogCode = QDialog.DialogCode

    def __init__(self, parent, record, views, choices, previewer):
        self._choices = replace(choices, formats="csv", folder=str(Path(choices.folder) / "out"))
        self._figures = ((record, None),)

    def exec(self):
        return QDialog.DialogCode.Accepted

    def deleteLater(self):
        pass

    def choices(self):
        return self._choices

    def request(self):
        folder = Path(self._choices.folder)
        return export_request.ExportRequest(self._figures, ("csv",), 300, folder, PrintStyle(), False, False)


@pytest.mark.parametrize("fails", [False, True])
def test_figures_are_exported_on_another_thread(
    settings, notifier, parent, qtbot, monkeypatch, tmp_path, fails
):
    def write(record, folder, formats, **options):
        if fails:
            raise OSError("no room")
        return [folder / "a.csv", folder / "b.csv"]

    monkeypatch.setattr(export_dialog, "ExportDialog", FakeExportDialog)
    monkeypatch.setattr(export_request, "export", write)
    settings.put("export/folder", str(tmp_path))
    exporter = Exporter(settings, notifier, parent)
    exporter.export(SimpleNamespace(), {})
    assert exporter.busy
    exporter.export(SimpleNamespace(), {})
    assert notifier.warnings == ["Figures are still being exported; try again when they are done."]
    qtbot.waitUntil(lambda: not exporter.busy)
    if fails:
        assert "no room" in notifier.errors[0]
    else:
        assert notifier.logs[-1] == f"2 files were exported to {tmp_path / 'out'}."
    assert settings.get("export/formats", "") == "csv"
    exporter.close()


def test_a_painted_field_fills_the_form(
    form, settings, notifier, parent, experiment, fake_reader, monkeypatch, qtbot
):
    class Dialog(FakeExportDialog):
        path = Path("sigma.png")

        def __init__(self, parent, experiment, folder):
            pass

        def settings(self):
            return {"kind": "image", "file": "sigma.png", "low": [-1, -1], "high": [1, 1]}

    monkeypatch.setattr(sigma_painter, "PaintSigmaDialog", Dialog)
    SigmaPainter(form, fake_reader(experiment), settings, notifier, parent).ask()
    assert form.groups["sigma"].settings()["file"] == "sigma.png" and "sigma.png" in notifier.logs[0]
    qtbot.wait(10)
    clipped = read(override(preset("first-look").settings, [("solver.kind", "wc")]))
    SigmaPainter(form, fake_reader(clipped), settings, notifier, parent).ask()
    assert "LP or GP" in notifier.errors[0]


def test_help_pages_share_one_dialog(parent):
    dialogs = DialogActions(parent)
    dialogs.show_help("first-steps")
    first = dialogs.help
    dialogs.show_help("truths")
    assert dialogs.help is first and first.isVisible()
    first.close()
    dialogs.close()


class FakeSuiteProcess:
    """Sends its messages, then waits for the stop."""

    messages: tuple[object, ...] = ()
    waits = False

    def __init__(self, request):
        from threading import Event

        self._left, self._stopped = list(self.messages), Event()

    def receive(self):
        if self._left:
            return self._left.pop(0)
        if self.waits:
            self._stopped.wait(20)
        return None

    def stop(self):
        self._stopped.set()

    def kill(self):
        self._stopped.set()

    def close(self):
        pass


def test_a_link_that_no_program_opens_is_told(parent, monkeypatch, caplog):
    dialogs = DialogActions(parent)
    dialogs.show_help("glossary")
    monkeypatch.setattr("wganstudio.gui.widgets.help_text.QDesktopServices.openUrl", lambda url: False)
    dialogs.help.text.anchorClicked.emit(QUrl("https://example.org/paper"))
    assert "https://example.org/paper" in caplog.text
    dialogs.help.close()


@pytest.fixture
def runner(qapp, monkeypatch):
    monkeypatch.setattr(suite_runner, "SuiteProcess", FakeSuiteProcess)
    runner = SuiteRunner()
    yield runner
    runner.close()


REQUEST = SuiteRequest(suite="x", session=Path("x.wgs"))


def test_the_events_of_a_suite_are_emitted_until_it_ends(runner, qtbot, monkeypatch):
    over = SuiteFinished(executed=2, finished=2, failed=0)
    monkeypatch.setattr(FakeSuiteProcess, "messages", (over,))
    received = []
    runner.received.connect(received.append)
    for count in (1, 2):
        with qtbot.waitSignal(runner.finished):
            runner.start(REQUEST)
            assert runner.running
        assert received == [over] * count and not runner.running


def test_a_suite_whose_process_dies_is_reported(runner, qtbot):
    received = []
    runner.received.connect(received.append)
    with qtbot.waitSignal(runner.finished):
        runner.start(REQUEST)
    assert isinstance(received[0], SuiteStopped) and received[0].reason == "error"


def test_a_suite_is_stopped_on_request_and_when_its_window_closes(runner, qtbot, monkeypatch):
    monkeypatch.setattr(FakeSuiteProcess, "waits", True)
    with qtbot.waitSignal(runner.finished):
        runner.start(REQUEST)
        runner.stop()
    runner.start(REQUEST)
    runner.close()
    assert not runner.running
    np.testing.assert_equal(runner._thread.isRunning(), False)


def test_an_export_shows_its_progress_and_can_be_canceled(settings, notifier, parent, qtbot, monkeypatch):
    monkeypatch.setattr(export_dialog, "ExportDialog", FakeExportDialog)
    exporter = Exporter(settings, notifier, parent)

    def export(*arguments, progress, **options):
        for number in range(1000):
            progress(number, 1000)
            time.sleep(0.01)
        return []

    monkeypatch.setattr(export_request, "export", export)
    exporter.export(SimpleNamespace(), {})
    qtbot.waitUntil(lambda: exporter.progress.bar.value() > 2)
    assert not exporter.progress.isHidden() and "of 1000" in exporter.progress.bar.text()
    exporter.progress.cancel.click()
    qtbot.waitUntil(lambda: not exporter.busy)
    assert exporter.progress.isHidden() and "canceled" in notifier.logs[-1]
    exporter.close()
