"""The actions of the window: texts, shortcuts, callbacks and when each is enabled."""

from wganstudio.gui.actions import ActionInfo
from wganstudio.gui.window_actions.current_view import current_view_actions
from wganstudio.gui.window_actions.navigation import navigation_actions
from wganstudio.gui.window_actions.publishing import publishing_actions
from wganstudio.gui.window_actions.runs import run_actions, selection_actions
from wganstudio.gui.window_actions.session import edit_actions, file_actions
from wganstudio.gui.window_actions.targets import ActionTargets
from wganstudio.gui.window_actions.views import help_actions, map_actions, time_actions, view_actions


def window_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return all actions of the window."""
    return (
        *file_actions(window),
        *edit_actions(window),
        *run_actions(window),
        *selection_actions(window),
        *publishing_actions(window),
        *time_actions(window),
        *view_actions(window),
        *current_view_actions(window),
        *map_actions(window),
        *help_actions(window),
        *navigation_actions(window),
    )
