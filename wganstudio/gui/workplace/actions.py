"""Actions of the workplace: moving about the window and arranging it."""

from typing import Protocol

from wganstudio.gui.actions import ActionInfo
from wganstudio.gui.workplace.panes import Panes


class WorkplaceTargets(Protocol):
    """The parts of the window that these actions call."""

    panes: Panes


def workplace_actions(window: WorkplaceTargets) -> tuple[ActionInfo, ...]:
    """Return the actions of the workplace."""
    return (
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
    )
