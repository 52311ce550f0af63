"""The actions of the window: texts, shortcuts, callbacks and when each is enabled."""

from functools import partial
from typing import Protocol

from PySide6.QtGui import QAction

from wganstudio.gui.actions import ActionInfo, WindowState
from wganstudio.gui.controllers.data_import import DataImport
from wganstudio.gui.controllers.dialog_actions import DialogActions
from wganstudio.gui.controllers.file_actions import FileActions
from wganstudio.gui.controllers.reporter import Reporter
from wganstudio.gui.controllers.run_continuer import RunContinuer
from wganstudio.gui.controllers.run_labeler import RunLabeler
from wganstudio.gui.controllers.run_queue import RunQueue
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.controllers.session_saver import SessionSaver
from wganstudio.gui.controllers.sigma_painter import SigmaPainter
from wganstudio.gui.theme import Mode

HELP_PAGES = {
    "help-first": ("&First steps", "first-steps"),
    "help-views": ("&Reading the views", "reading-the-views"),
    "help-truths": ("&Truths and the limits of the theorem", "truths"),
    "help-congested": ("&Congested transport and speed limits", "congested"),
    "help-generators": ("&Generators, data and differentiability", "generators"),
    "help-regularized": ("R&egularized transport", "regularized"),
    "help-convex": ("W\u2082 by con&vex potentials", "convex"),
    "help-benchmark": ("The &Wasserstein-1 benchmark", "benchmark"),
    "help-suites": ("&Suites: many runs from one file", "suites"),
    "help-results": ("Resu&lts", "results"),
    "help-glossary": ("Gl&ossary", "glossary"),
}
THEMES: dict[Mode, str] = {"system": "&System", "light": "&Light", "dark": "&Dark"}


class ActionTargets(Protocol):
    """The parts of the window that its actions call."""

    file_actions: FileActions
    data_import: DataImport
    saver: SessionSaver
    run_starter: RunStarter
    run_queue: RunQueue
    run_selection: RunSelection
    run_continuer: RunContinuer
    run_labeler: RunLabeler
    sigma_painter: SigmaPainter
    dialogs: DialogActions
    reporter: Reporter

    def stop_run(self) -> None: ...
    def export_figures(self) -> None: ...
    def choose_theme(self, mode: Mode) -> None: ...
    def reset_layout(self) -> None: ...
    def close(self) -> bool: ...


def window_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return all actions of the window."""
    return (*_file(window), *_run(window), *_selection(window), *_view(window), *_help(window))


def _file(window: ActionTargets) -> tuple[ActionInfo, ...]:
    files, saver = window.file_actions, window.saver
    return (
        ActionInfo(
            name="new",
            text="&New session",
            callback=files.new_session,
            icon="new",
            shortcut="Ctrl+N",
            tooltip="Begin an empty session",
        ),
        ActionInfo(
            name="open",
            text="&Open\u2026",
            callback=files.open_file,
            icon="open",
            shortcut="Ctrl+O",
            tooltip="Open a session (.wgs) or an experiment (.toml)",
        ),
        ActionInfo(
            name="follow",
            text="&Follow a session\u2026",
            callback=files.follow_file,
            icon="follow",
            tooltip="Watch a session that another program is writing",
        ),
        ActionInfo(
            name="load-data",
            text="Load &data\u2026",
            callback=window.data_import.ask,
            icon="folder",
            shortcut="Ctrl+D",
            tooltip="Use a table or images as the distribution P",
        ),
        ActionInfo(
            name="save",
            text="&Save",
            callback=saver.save,
            icon="save",
            shortcut="Ctrl+S",
            tooltip="Save the session with all its runs",
        ),
        ActionInfo(
            name="save-as",
            text="Save &as\u2026",
            callback=saver.save_as,
            shortcut="Ctrl+Shift+S",
            tooltip="Save the session under another name",
        ),
        ActionInfo(
            name="save-experiment",
            text="Save e&xperiment as TOML\u2026",
            callback=files.save_experiment,
            tooltip="Save the settings of the form, for later or for the terminal",
        ),
        ActionInfo(
            name="quit",
            text="&Quit",
            callback=window.close,
            shortcut="Ctrl+Q",
            tooltip="Close the window",
            role=QAction.MenuRole.QuitRole,
        ),
    )


def _run(window: ActionTargets) -> tuple[ActionInfo, ...]:
    starter, queue = window.run_starter, window.run_queue
    steps = tuple(
        ActionInfo(
            name=f"step-{count}",
            text=text,
            callback=partial(starter.take_steps, count),
            icon="step",
            shortcut=shortcut,
            tooltip=f"Take {count} step{'s' * (count > 1)}, then pause",
            enabled=_can_step,
        )
        for count, text, shortcut in (
            (1, "Step &1", "F7"),
            (10, "Step 1&0", "Ctrl+F7"),
            (100, "Step 10&0", "Ctrl+Shift+F7"),
        )
    )
    return (
        ActionInfo(
            name="run",
            text="&Run",
            callback=starter.start_form,
            icon="run",
            shortcut="F5",
            tooltip="Train the critic described by the form",
            enabled=_can_run,
        ),
        ActionInfo(
            name="pause",
            text="&Pause",
            callback=starter.pause_or_resume,
            icon="pause",
            shortcut="F6",
            tooltip="Pause after the current step, or resume",
            enabled=_can_command,
        ),
        *steps,
        ActionInfo(
            name="stop",
            text="S&top",
            callback=window.stop_run,
            icon="stop",
            shortcut="Shift+F5",
            tooltip="End the run now and keep it, with final estimates",
            enabled=_can_command,
        ),
        ActionInfo(
            name="sweep",
            text="S&weep lambda\u2026",
            callback=queue.ask_for_sweep,
            shortcut="Ctrl+F5",
            tooltip="Train the experiment for several values of lambda, with one- and two-sided penalties",
            enabled=_can_run,
        ),
        ActionInfo(
            name="systems",
            text="Compare &five solvers\u2026",
            callback=queue.compare_solvers,
            tooltip="Train WGAN-GP, W1, semi-discrete, regularized and convex solvers on the current pair",
            enabled=_can_run,
        ),
        ActionInfo(
            name="suites",
            text="S&uites\u2026",
            callback=window.dialogs.show_suites,
            tooltip="Run many experiments from one file and watch the matrix of results",
        ),
        ActionInfo(
            name="paint",
            text="Pa&int speed limits\u2026",
            callback=window.sigma_painter.ask,
            tooltip="Paint a custom speed-limit field \u03c3 for the current pair",
        ),
    )


def _selection(window: ActionTargets) -> tuple[ActionInfo, ...]:
    selection = window.run_selection
    return (
        ActionInfo(
            name="export",
            text="&Export figures\u2026",
            callback=window.export_figures,
            icon="export",
            shortcut="Ctrl+Shift+E",
            tooltip="Export figures and tables of the selected run",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="continue",
            text="C&ontinue run",
            callback=window.run_continuer.resume_selected,
            icon="resume",
            tooltip="Continue the selected run where it was stopped or crashed, or extend a finished one",
            enabled=_can_continue,
        ),
        ActionInfo(
            name="use-settings",
            text="&Use these settings",
            callback=selection.use_settings,
            icon="reset",
            tooltip="Put the settings of the selected run into the form",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="rename",
            text="Re&name",
            callback=selection.edit_name,
            icon="rename",
            tooltip="Rename the selected run",
            enabled=_can_rename,
        ),
        ActionInfo(
            name="star",
            text="St&ar",
            callback=window.run_labeler.star,
            tooltip="Star the selected runs, or take the stars away (Space in the table of runs)",
            enabled=_can_rename,
        ),
        ActionInfo(
            name="labels",
            text="Ta&gs and note\u2026",
            callback=window.run_labeler.edit,
            tooltip="Edit the tags of the selected runs, and the note of a single one",
            enabled=_can_rename,
        ),
        ActionInfo(
            name="delete",
            text="&Delete run",
            callback=selection.delete,
            icon="delete",
            tooltip="Remove the selected run from the session",
            enabled=_can_delete,
        ),
    )


def _view(window: ActionTargets) -> tuple[ActionInfo, ...]:
    themes = (
        ActionInfo(name=mode, text=text, callback=partial(window.choose_theme, mode), group="theme")
        for mode, text in THEMES.items()
    )
    return (
        *themes,
        ActionInfo(
            name="reset-layout",
            text="&Reset layout",
            callback=window.reset_layout,
            tooltip="Put every panel and view back in its place",
        ),
    )


def _help(window: ActionTargets) -> tuple[ActionInfo, ...]:
    pages = (
        ActionInfo(
            name=name,
            text=text,
            callback=partial(window.dialogs.show_help, page),
            icon="help" if name == "help-first" else "",
            shortcut="F1" if name == "help-first" else "",
        )
        for name, (text, page) in HELP_PAGES.items()
    )
    report = ActionInfo(
        name="report",
        text="Copy r&eport\u2026",
        callback=window.reporter.show_report,
        tooltip="Show and copy what is needed to explain a problem: versions, last log lines, experiment",
    )
    about = ActionInfo(
        name="about",
        text="&About WGAN Studio",
        callback=window.dialogs.show_about,
        role=QAction.MenuRole.AboutRole,
    )
    return (*pages, report, about)


def _can_run(state: WindowState) -> bool:
    return state.can_run


def _can_command(state: WindowState) -> bool:
    return state.can_command


def _can_step(state: WindowState) -> bool:
    return not state.read_only and not state.status.stopping


def _has_selection(state: WindowState) -> bool:
    return state.selected


def _can_rename(state: WindowState) -> bool:
    return state.selected and not state.read_only


def _can_continue(state: WindowState) -> bool:
    return state.selected_over and state.can_run


def _can_delete(state: WindowState) -> bool:
    return state.selected_over and not state.read_only
