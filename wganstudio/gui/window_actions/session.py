"""Actions of the menus File and Edit."""

from PySide6.QtGui import QAction

from wganstudio.gui.actions import ActionInfo, WindowState
from wganstudio.gui.window_actions.targets import ActionTargets


def file_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions on sessions and files."""
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
            name="draw",
            text="&Draw distributions\u2026",
            callback=window.drawer.ask,
            icon="draw",
            shortcut="Ctrl+Shift+D",
            tooltip="Draw P and Q with the mouse, and train at once",
        ),
        ActionInfo(
            name="follow",
            text="&Follow a session\u2026",
            callback=files.follow_file,
            icon="follow",
            tooltip="Watch a session that another program is writing",
        ),
        ActionInfo(
            name="gallery",
            text="Preset &gallery\u2026",
            callback=window.gallery.open,
            icon="gallery",
            shortcut="Ctrl+G",
            tooltip="Choose an experiment by its picture and the question that it answers",
        ),
        ActionInfo(
            name="load-data",
            text="Load da&ta\u2026",
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


def edit_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions that change what was done."""
    return (
        ActionInfo(
            name="undo",
            text="&Undo",
            callback=window.undo.undo,
            shortcut="Ctrl+Z",
            tooltip="Take back the last change of the form or of the runs",
            enabled=_can_undo,
        ),
        ActionInfo(
            name="redo",
            text="&Redo",
            callback=window.undo.redo,
            shortcut="Ctrl+Shift+Z; Ctrl+Y",
            tooltip="Make the change again that was undone last",
            enabled=_can_redo,
        ),
        ActionInfo(
            name="history",
            text="&History of changes",
            callback=window.docks["history"].reveal,
            tooltip="List the changes; a click goes back or forward to one",
        ),
        ActionInfo(
            name="select-all",
            text="Select &all runs",
            callback=window.runs.select_all,
            shortcut="Ctrl+A",
            local=True,
            tooltip="Select every run in the list of runs",
        ),
        ActionInfo(
            name="trash",
            text="&Trash\u2026",
            callback=window.trash.show,
            tooltip="Restore deleted runs, or delete them for good",
        ),
    )


def _can_undo(state: WindowState) -> bool:
    return bool(state.undo_text)


def _can_redo(state: WindowState) -> bool:
    return bool(state.redo_text)
