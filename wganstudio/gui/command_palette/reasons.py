"""Reasons: why an action is disabled, found by asking which fact would enable it."""

from dataclasses import replace

from wganstudio.gui.actions import ActionInfo, WindowState
from wganstudio.gui.controllers.run_controller import RunStatus

IDLE, BUSY = RunStatus(warm=True), RunStatus(warm=True, busy=True)
REASONS: tuple[tuple[str, dict[str, object]], ...] = (
    ("The session is only read, as another program writes it.", {"read_only": False}),
    ("Select a run first.", {"selected": True, "selected_over": True}),
    ("A run is under way.", {"status": IDLE}),
    ("The selected run is under way.", {"selected_over": True}),
    ("No run is under way.", {"status": BUSY}),
    ("Wait until the run has stopped.", {"status": IDLE, "selected_over": True}),
)
"""A reason, and the facts that would be otherwise without it."""


def reason_disabled(info: ActionInfo, state: WindowState) -> str:
    """Return why an action is disabled in a state; empty if it is enabled or the reason is not known."""
    if info.enabled(state):
        return ""
    for reason, facts in REASONS:
        other = replace(state, **facts)  # type: ignore[arg-type]
        if other != state and info.enabled(other):
            return reason
    return ""
