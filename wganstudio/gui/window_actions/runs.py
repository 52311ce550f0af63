"""Actions of the menu Run: runs to start, and the selected ones."""

from functools import partial

from wganstudio.gui.actions import ActionInfo, WindowState
from wganstudio.gui.window_actions.targets import ActionTargets


def run_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions that start and end runs."""
    starter, comparison = window.run_starter, window.comparison_starter
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
            (100, "St&ep 100", "Ctrl+Shift+F7"),
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
            shortcut="F8",
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
            tooltip="End the run now and keep it; its final estimates are computed in the background",
            enabled=_can_command,
        ),
        ActionInfo(
            name="stop-all",
            text="Stop all and &clear the queue",
            callback=window.stop_all,
            shortcut="Ctrl+Shift+F5",
            tooltip="End all runs and keep them, and remove those that wait",
            enabled=_can_stop_all,
        ),
        ActionInfo(
            name="sweep",
            text="S&weep\u2026",
            callback=comparison.ask_for_sweep,
            shortcut="Ctrl+F5",
            tooltip="Train the experiment with several values of one or two fields, or several seeds",
            enabled=_can_run,
        ),
        ActionInfo(
            name="systems",
            text="Compare &five solvers\u2026",
            callback=comparison.compare_solvers,
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


def selection_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions on the selected runs."""
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
            name="repeat",
            text="Run again wit&h another seed",
            callback=window.run_continuer.repeat_selected,
            tooltip="Train the settings of the selected run once more, with the next seed",
            enabled=_can_repeat,
        ),
        ActionInfo(
            name="skip-estimates",
            text="S&kip final estimates",
            callback=window.run_continuer.skip_estimates,
            tooltip="End the selected run without its final estimates, which can be computed later",
            enabled=_can_skip,
        ),
        ActionInfo(
            name="compute-estimates",
            text="Compute fi&nal estimates",
            callback=window.run_continuer.compute_estimates,
            tooltip="Compute the final estimates of the selected run from its last training state",
            enabled=_can_estimate,
        ),
        ActionInfo(
            name="use-settings",
            text="Use these settin&gs",
            callback=selection.use_settings,
            icon="reset",
            tooltip="Put the settings of the selected run into the form, to change them",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="compare-settings",
            text="Compare &settings\u2026",
            callback=window.run_inspection.compare,
            tooltip="Show the settings of the selected runs side by side, or of one run beside the form",
            enabled=_has_selection,
        ),
        ActionInfo(
            name="rename",
            text="Rena&me",
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
            text="Edit &labels\u2026",
            callback=window.run_labeler.edit,
            tooltip="Edit the tags of the selected runs, and the note of a single one",
            enabled=_can_rename,
        ),
        ActionInfo(
            name="delete",
            text="&Delete runs",
            callback=selection.delete,
            icon="delete",
            shortcut="Del",
            local=True,
            tooltip="Move the selected runs to the trash",
            enabled=_can_delete,
        ),
    )


def _can_run(state: WindowState) -> bool:
    return state.can_run


def _can_command(state: WindowState) -> bool:
    return state.can_command


def _can_step(state: WindowState) -> bool:
    return not state.read_only and (state.status.busy or state.runs_at_once)


def _can_stop_all(state: WindowState) -> bool:
    return state.status.busy or state.queued > 0


def _can_repeat(state: WindowState) -> bool:
    return state.selected and state.can_run


def _can_skip(state: WindowState) -> bool:
    return state.selected_finishing


def _can_estimate(state: WindowState) -> bool:
    return state.selected_lacks_estimates and state.selected_over and state.can_run


def _has_selection(state: WindowState) -> bool:
    return state.selected


def _can_rename(state: WindowState) -> bool:
    return state.selected and not state.read_only


def _can_continue(state: WindowState) -> bool:
    return state.selected_over and state.can_run


def _can_delete(state: WindowState) -> bool:
    return state.selected and not state.read_only
