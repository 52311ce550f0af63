"""Every dialog of the window, each opened as the window opens it, for tests and screenshots."""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QDialog, QWidget

import wganstudio.gui
from figure_records.gaussians import gaussian_record
from wganstudio.experiment import preset, read
from wganstudio.gui.command_palette.sources import window_entries
from wganstudio.gui.dialogs import progress, questions
from wganstudio.gui.dialogs.about import AboutDialog, LicensesDialog
from wganstudio.gui.dialogs.animate import AnimateDialog
from wganstudio.gui.dialogs.compare_settings import CompareSettingsDialog
from wganstudio.gui.dialogs.data.dialog import DataDialog
from wganstudio.gui.dialogs.export import ExportDialog
from wganstudio.gui.dialogs.export_choices import ExportChoices
from wganstudio.gui.dialogs.help import HelpDialog
from wganstudio.gui.dialogs.labels import LabelsDialog
from wganstudio.gui.dialogs.paint_sigma import PaintSigmaDialog
from wganstudio.gui.dialogs.palette import PaletteDialog
from wganstudio.gui.dialogs.shortcuts import ShortcutsDialog
from wganstudio.gui.dialogs.suites import SuitesDialog
from wganstudio.gui.dialogs.sweep import SweepDialog
from wganstudio.gui.dialogs.text import TextDialog
from wganstudio.gui.dialogs.trash import TrashDialog
from wganstudio.gui.drawing.dialog import DrawDialog
from wganstudio.gui.drawing.drawing import Drawing
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.maps.scale_dialog import ScaleDialog
from wganstudio.gui.views.maps.surface_dialog import SurfaceDialog
from wganstudio.gui.window import MainWindow

Act = Callable[[QWidget], object]
"""What is done with an open dialog."""


def dialog_classes() -> set[type[QDialog]]:
    """Return every class of dialogs in the package."""
    for module in pkgutil.walk_packages(wganstudio.gui.__path__, "wganstudio.gui."):
        importlib.import_module(module.name)
    classes: set[type[QDialog]] = set()
    left = [QDialog]
    while left:
        for cls in left.pop().__subclasses__():
            left.append(cls)
            if cls.__module__.startswith("wganstudio."):
                classes.add(cls)
    return classes


def _animate(window: MainWindow, folder: Path) -> QDialog:
    return AnimateDialog(window, [gaussian_record(2), gaussian_record(1)], window.settings)


def _about(window: MainWindow, folder: Path) -> QDialog:
    return AboutDialog(window)


def _licenses(window: MainWindow, folder: Path) -> QDialog:
    return LicensesDialog(window)


def _data(window: MainWindow, folder: Path) -> QDialog:
    table = folder / "table.csv"
    table.write_text("x,y\n" + "1,2\n3,4\n" * 50, encoding="utf-8")
    dialog = DataDialog(window, _run_here, {"kind": "data"})
    dialog.show_file(table)
    for _ in range(5):
        QApplication.processEvents()
    return dialog


def _run_here(job: Any) -> None:
    job.run()


def _export(window: MainWindow, folder: Path) -> QDialog:
    choices = ExportChoices(folder=str(folder))
    return ExportDialog(window, gaussian_record(2), window.area.views, choices, window.exporter.previewer)


def _help(window: MainWindow, folder: Path) -> QDialog:
    dialog = HelpDialog(window)
    dialog.show_page("first-steps")
    return dialog


def _paint(window: MainWindow, folder: Path) -> QDialog:
    return PaintSigmaDialog(window, read(preset("first-look").settings), str(folder))


def _scale(window: MainWindow, folder: Path) -> QDialog:
    view = window.area.views["landscape"]
    assert isinstance(view, LandscapeView)
    view.set_records([gaussian_record(2)])
    dialog = ScaleDialog(window, view.tools.scales)
    dialog.show_scales()
    return dialog


def _suites(window: MainWindow, folder: Path) -> QDialog:
    dialog = SuitesDialog(window, lambda experiment: 60.0)
    dialog.file.setCurrentText("teaching")
    dialog.summary.read_now()
    while dialog.summary.facts is None:
        QApplication.processEvents()
    return dialog


def _sweep(window: MainWindow, folder: Path) -> QDialog:
    return SweepDialog(window, read(preset("first-look").settings))


def _compare(window: MainWindow, folder: Path) -> QDialog:
    names = ("first-look", "rings")
    return CompareSettingsDialog(window, [(name, read(preset(name).settings)) for name in names])


def _draw(window: MainWindow, folder: Path) -> QDialog:
    return DrawDialog(window, Drawing(), str(folder), can_run=True)


def _labels(window: MainWindow, folder: Path) -> QDialog:
    return LabelsDialog(window, [gaussian_record(2)])


def _trash(window: MainWindow, folder: Path) -> QDialog:
    dialog = TrashDialog(window)
    dialog.show_records([gaussian_record(2)], {1: 2_000_000})
    return dialog


def _text(window: MainWindow, folder: Path) -> QDialog:
    return TextDialog(window, "Report", "Read this report before you copy it.", "first line\nsecond line")


def _palette(window: MainWindow, folder: Path) -> QDialog:
    return PaletteDialog(window, window_entries(window, window.state()), [])


def _shortcuts(window: MainWindow, folder: Path) -> QDialog:
    return ShortcutsDialog(window, window.actions_)


MAKERS: dict[type[QDialog], Callable[[MainWindow, Path], QDialog]] = {
    AboutDialog: _about,
    AnimateDialog: _animate,
    CompareSettingsDialog: _compare,
    DataDialog: _data,
    DrawDialog: _draw,
    ExportDialog: _export,
    HelpDialog: _help,
    LabelsDialog: _labels,
    LicensesDialog: _licenses,
    PaintSigmaDialog: _paint,
    PaletteDialog: _palette,
    ScaleDialog: _scale,
    ShortcutsDialog: _shortcuts,
    SuitesDialog: _suites,
    SurfaceDialog: lambda window, folder: SurfaceDialog(window, "Landscape"),
    SweepDialog: _sweep,
    TextDialog: _text,
    TrashDialog: _trash,
}
"""Makes each dialog; a new one needs a line here."""

QUESTIONS: dict[str, Callable[[MainWindow], object]] = {
    "layout-name": lambda window: window.layouts.ask_to_save(),
    "question-runs": lambda window: questions.ask_about_runs(window, ["First look"], 2),
    "question-delete": lambda window: questions.ask_to_delete(window, "2 runs", "3 MB"),
    "question-session": lambda window: questions.ask_about_session(window, "session"),
    "question-steps": lambda window: questions.ask_steps(window, "First look", 3000),
    "question-changed": lambda window: questions.ask_about_changed_file(window, "session.wgs"),
    "question-discard": lambda window: questions.ask_to_discard(window, "Discard the drawing?"),
    "question-code": lambda window: questions.ask_to_run_code(
        window, "my_critics", ["/home/me/my_critics.py"]
    ),
    "question-replace": lambda window: questions.ask_to_replace(window, "session.wgs"),
}
"""Asks each question; the window waits until it is answered."""


def with_every_dialog(window: MainWindow, folder: Path, act: Callable[[str, QWidget], object]) -> None:
    """Open one dialog after the other, and act on each with its name."""
    for cls, make in MAKERS.items():
        dialog = make(window, folder)
        dialog.show()
        QApplication.processEvents()
        act(cls.__name__, dialog)
        dialog.close()
        dialog.deleteLater()
    for name, ask in QUESTIONS.items():
        with_modal(lambda ask=ask: ask(window), lambda dialog, name=name: act(name, dialog))
    dialog = progress._dialog(window, "Opening session.wgs\u2026")
    act("progress", dialog)
    dialog.close()
    dialog.deleteLater()
    QApplication.processEvents()


def with_modal(ask: Callable[[], object], act: Act) -> None:
    """Ask a question that blocks, act on its dialog, and cancel it."""
    errors: list[BaseException] = []
    answer = _Answer(act, errors)
    QTimer.singleShot(0, answer.give)
    ask()
    if errors:
        raise errors[0]


class _Answer(QObject):
    def __init__(self, act: Act, errors: list[BaseException]) -> None:
        super().__init__()
        self._act = act
        self._errors = errors

    @Slot()
    def give(self) -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, self.give)
            return
        try:
            self._act(dialog)
        except BaseException as error:
            self._errors.append(error)
        dialog.close()
