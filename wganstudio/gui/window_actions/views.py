"""Actions of the menus Time, View and Help."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction

from wganstudio.gui.actions import ActionInfo, WindowState
from wganstudio.gui.theme import Mode
from wganstudio.gui.window_actions.targets import ActionTargets

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
    "help-python": ("P&ython", "python"),
    "help-frameworks": ("Lightning, Ignite, &Hugging Face", "frameworks"),
    "help-plugins": ("Plug&ins", "plugins"),
    "help-results": ("Resu&lts", "results"),
    "help-glossary": ("Gl&ossary", "glossary"),
}
THEMES: dict[Mode, str] = {"system": "&System", "light": "&Light", "dark": "&Dark"}


def time_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions on the shown step."""
    shown = window.shown_step
    acts: tuple[tuple[str, str, Callable[[], object], str, str], ...] = (
        ("play", "&Play or pause", shown.play_or_pause, "Space", "Play the recorded frames in all views"),
        ("live", "&Newest frame", shown.go_live, "Ctrl+End", "Show the newest frame, and follow the run"),
        ("previous", "P&revious frame", partial(shown.move, -1), "Left", "Show the frame before"),
        ("next", "N&ext frame", partial(shown.move, 1), "Right", "Show the next frame"),
        ("back", "Ten frames &back", partial(shown.move, -10), "Shift+Left", "Go ten frames back"),
        ("forward", "Ten frames &forward", partial(shown.move, 10), "Shift+Right", "Go ten frames on"),
        ("first", "F&irst frame", shown.go_to_first, "Home", "Show the first frame of the run"),
        ("last", "&Last recorded frame", shown.go_to_last, "End", "Show the last recorded frame"),
    )
    return tuple(
        ActionInfo(
            name=f"time-{name}",
            text=text,
            callback=callback,
            shortcut=shortcut,
            tooltip=tooltip,
            enabled=_has_frames,
        )
        for name, text, callback, shortcut, tooltip in acts
    )


def view_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions on the look of the window."""
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


def map_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions on the map that has the keyboard, or else on the first one in sight."""
    tools = (
        ("scale", "C&olor scale\u2026", "Type the limits of the colors, and choose other ones"),
        ("cut", "Profile along a c&ut", "Draw a line on the map, and show the values along it"),
        ("probe", "Set a prob&e", "Set a point on the map whose reading is followed over time"),
        ("probe-mode", "Set probes by clic&king", "Let each click on the map set a probe"),
        ("surface", "3-D surf&ace\u2026", "Show the map as a surface that you turn"),
        ("reset", "Reset the &map", "Reset zoom and color scales, and remove cut and probes"),
    )
    infos = (
        ActionInfo(
            name=f"map-{name}",
            text=text,
            callback=partial(window.area.use_map_tool, name),
            tooltip=tooltip,
        )
        for name, text, tooltip in tools
    )
    link = ActionInfo(
        name="map-link",
        text="Link the &zoom of maps",
        callback=window.linked_zoom.toggle,
        tooltip="Zoom all maps of a run together, or each on its own",
        checkable=True,
    )
    return (*infos, link)


def help_actions(window: ActionTargets) -> tuple[ActionInfo, ...]:
    """Return the actions that explain."""
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
    tour = ActionInfo(
        name="tour",
        text="Guided to&ur",
        callback=window.start_tour,
        tooltip="Lead through the window in six steps",
    )
    report = ActionInfo(
        name="report",
        text="Co&py report\u2026",
        callback=window.reporter.show_report,
        tooltip="Show and copy what is needed to explain a problem: versions, last log lines, experiment",
    )
    about = ActionInfo(
        name="about",
        text="&About WGAN Studio",
        callback=window.dialogs.show_about,
        role=QAction.MenuRole.AboutRole,
    )
    return (tour, *pages, report, about)


def _has_frames(state: WindowState) -> bool:
    return state.has_frames
