"""Actions that find what the window can do, move about in it and arrange it."""

from wganstudio.gui.actions import ActionInfo
from wganstudio.gui.window_actions.targets import ActionTargets


def navigation_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions on panes, layouts, the log, the command palette and the full screen."""
    return (
        ActionInfo(
            name="palette",
            text="&Commands\u2026",
            callback=window.palette_.open,
            shortcut="Ctrl+Shift+P",
            tooltip="Search everything that the window can do or show",
        ),
        ActionInfo(
            name="shortcuts",
            text="&Keyboard shortcuts",
            callback=window.palette_.show_shortcuts,
            shortcut="Ctrl+/",
            tooltip="Show all keyboard shortcuts",
        ),
        ActionInfo(
            name="next-pane",
            text="&Next pane",
            callback=window.panes.next,
            shortcut="F6",
            tooltip="Move the keyboard to the next part of the window",
        ),
        ActionInfo(
            name="previous-pane",
            text="Pre&vious pane",
            callback=window.panes.previous,
            shortcut="Shift+F6",
            tooltip="Move the keyboard to the previous part of the window",
        ),
        ActionInfo(
            name="full-screen",
            text="&Full screen with larger type",
            callback=window.full_screen.toggle,
            shortcut="F11",
            tooltip="Show the views alone on the whole screen, or return",
        ),
        ActionInfo(
            name="log",
            text="Lo&g",
            callback=window.log_drawer.toggle,
            tooltip="Open or close the log",
        ),
        ActionInfo(
            name="save-layout",
            text="&Save layout\u2026",
            callback=window.layouts.ask_to_save,
            tooltip="Keep the present arrangement of panels and views under a name",
        ),
        ActionInfo(
            name="delete-layout",
            text="&Delete layout\u2026",
            callback=window.layouts.ask_to_delete,
            tooltip="Forget a saved layout",
        ),
    )
