"""Actions, menus and toolbar of the window, as data."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton

from wganstudio.gui.theme import set_icon


@dataclass(frozen=True)
class ActionInfo:
    """One thing the user can do: the window's method `slot` does it, and may read `argument`."""

    name: str
    text: str
    slot: str
    shortcut: str = ""
    icon: str = ""
    tip: str = ""
    argument: Any = None
    group: str = ""
    """Checkable actions of one group exclude each other."""


ACTIONS = (
    ActionInfo("new", "&New session", "filing.new_session", "Ctrl+N", "new", "Begin an empty session"),
    ActionInfo(
        "open",
        "&Open\u2026",
        "filing.open_file",
        "Ctrl+O",
        "open",
        "Open a session (.wgs) or an experiment (.toml)",
    ),
    ActionInfo(
        "follow",
        "&Follow a session\u2026",
        "filing.follow_file",
        "",
        "follow",
        "Watch a session that a run without a window is writing",
    ),
    ActionInfo(
        "use-data",
        "Use &data\u2026",
        "filing.data.ask",
        "Ctrl+D",
        "folder",
        "Make a table or images of your own the law P",
    ),
    ActionInfo("save", "&Save", "filing.save", "Ctrl+S", "save", "Save the session with all its runs"),
    ActionInfo(
        "save-as",
        "Save &as\u2026",
        "filing.save_as",
        "Ctrl+Shift+S",
        "",
        "Save the session under another name",
    ),
    ActionInfo(
        "export",
        "&Export figures\u2026",
        "shown.export",
        "Ctrl+Shift+E",
        "export",
        "Print figures and tables of the shown run",
    ),
    ActionInfo(
        "save-experiment",
        "Save e&xperiment as TOML\u2026",
        "filing.save_experiment",
        "",
        "",
        "Save the form's settings, to run them again here or in a terminal",
    ),
    ActionInfo("quit", "&Quit", "close", "Ctrl+Q", "", "Close the window"),
    ActionInfo("run", "&Run", "start_run", "F5", "run", "Train the critic that the form describes"),
    ActionInfo("pause", "&Pause", "pause_or_resume", "F6", "pause", "Wait after the present step, or go on"),
    ActionInfo("step-1", "Step &1", "take_steps", "F7", "step", "Take 1 step, then wait", 1),
    ActionInfo("step-10", "Step 1&0", "take_steps", "Ctrl+F7", "step", "Take 10 steps, then wait", 10),
    ActionInfo(
        "step-100", "Step 10&0", "take_steps", "Ctrl+Shift+F7", "step", "Take 100 steps, then wait", 100
    ),
    ActionInfo(
        "stop",
        "S&top",
        "stop_run",
        "Shift+F5",
        "stop",
        "End the run now, keep it, and estimate what was reached",
    ),
    ActionInfo(
        "sweep",
        "S&weep lambda\u2026",
        "sweeping.ask",
        "Ctrl+F5",
        "",
        "Train the form's experiment for several lambdas, one- and two-sided",
    ),
    ActionInfo(
        "systems",
        "&Five systems",
        "sweeping.compare",
        "",
        "",
        "Train WGAN-GP, a W1 solver, semi-discrete, regularized and convex transport on the form's pair",
    ),
    ActionInfo(
        "suites",
        "S&uites\u2026",
        "show_suites",
        "",
        "",
        "Run many experiments from one file, and watch their matrix fill in",
    ),
    ActionInfo(
        "paint",
        "Pa&int speed limits\u2026",
        "painting.ask",
        "",
        "",
        "Paint own sigma over the form's pair, to be solved by grid and by network",
    ),
    ActionInfo(
        "use-settings",
        "&Use these settings",
        "shown.use_settings",
        "",
        "reset",
        "Put the shown run's settings into the form",
    ),
    ActionInfo("rename", "Re&name", "shown.rename", "", "rename", "Give the shown run another name"),
    ActionInfo(
        "delete", "&Delete run", "shown.delete", "", "delete", "Remove the shown run from the session"
    ),
    ActionInfo("system", "&System", "choose_theme", argument="system", group="theme"),
    ActionInfo("light", "&Light", "choose_theme", argument="light", group="theme"),
    ActionInfo("dark", "&Dark", "choose_theme", argument="dark", group="theme"),
    ActionInfo(
        "reset-layout", "&Reset layout", "reset_layout", "", "", "Put every panel and view back in its place"
    ),
    ActionInfo("help-first", "&First steps", "show_help", "F1", "help", argument="first-steps"),
    ActionInfo("help-views", "&Reading the views", "show_help", argument="reading-the-views"),
    ActionInfo("help-truths", "&Truths, and what the theorem does not cover", "show_help", argument="truths"),
    ActionInfo("help-congested", "&Congested transport and speed limits", "show_help", argument="congested"),
    ActionInfo(
        "help-generators",
        "&Generators, data, and when the gradient exists",
        "show_help",
        argument="generators",
    ),
    ActionInfo("help-regularized", "&Regularized transport", "show_help", argument="regularized"),
    ActionInfo("help-convex", "W\u2082 by con&vex potentials", "show_help", argument="convex"),
    ActionInfo("help-benchmark", "The &Wasserstein-1 benchmark", "show_help", argument="benchmark"),
    ActionInfo("help-suites", "&Suites: many runs from one file", "show_help", argument="suites"),
    ActionInfo("about", "&About WGAN Studio", "show_about"),
)

MENUS = (
    (
        "&File",
        (
            "new",
            "open",
            "@recent",
            "follow",
            "-",
            "use-data",
            "-",
            "save",
            "save-as",
            "-",
            "export",
            "save-experiment",
            "-",
            "quit",
        ),
    ),
    (
        "&Run",
        (
            "run",
            "pause",
            "stop",
            "-",
            "step-1",
            "step-10",
            "step-100",
            "-",
            "sweep",
            "systems",
            "suites",
            "paint",
            "-",
            "use-settings",
            "rename",
            "delete",
        ),
    ),
    ("&View", ("@docks", "-", "@theme", "reset-layout")),
    (
        "&Help",
        (
            "help-first",
            "help-views",
            "help-truths",
            "help-congested",
            "help-generators",
            "help-regularized",
            "help-convex",
            "help-benchmark",
            "help-suites",
            "-",
            "about",
        ),
    ),
)
"""A title and the names of its actions; "-" is a line, "@name" a submenu that the window fills."""

SUBMENUS = {"@recent": "Open &recent", "@docks": "&Panels and views", "@theme": "&Theme"}
THEME = ("system", "light", "dark")
TOOLBAR = ("run", "pause", "stop", "-", "step-1", "step-10", "step-100", "-")
RUN_MENU = ("use-settings", "rename", "export", "-", "delete")

SHORT = {"step-1": "Step 1", "step-10": "10", "step-100": "100"}
"""What stands on the toolbar, where it is not the action's text."""


def make_actions(window: QMainWindow) -> dict[str, QAction]:
    """Every action by name, connected to the window's methods."""
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for act in ACTIONS:
        action = QAction(act.text, window)
        action.setObjectName(act.name)
        action.setData(act.argument)
        action.triggered.connect(attrgetter(act.slot)(window))
        if act.shortcut:
            action.setShortcut(QKeySequence(act.shortcut))
        if act.icon:
            set_icon(action, act.icon)
        if act.tip:
            action.setStatusTip(act.tip)
            action.setToolTip(f"{act.tip} ({act.shortcut})" if act.shortcut else act.tip)
        if act.group:
            action.setCheckable(True)
            groups.setdefault(act.group, QActionGroup(window)).addAction(action)
        actions[act.name] = action
    actions["quit"].setMenuRole(QAction.MenuRole.QuitRole)
    actions["about"].setMenuRole(QAction.MenuRole.AboutRole)
    return actions


def fill_menu(menu: QMenu, names: tuple[str, ...], actions: dict[str, QAction]) -> dict[str, QMenu]:
    """Put actions into a menu; its submenus by name."""
    submenus: dict[str, QMenu] = {}
    for name in names:
        if name == "-":
            menu.addSeparator()
        elif name in SUBMENUS:
            submenus[name] = menu.addMenu(SUBMENUS[name])
        else:
            menu.addAction(actions[name])
    return submenus


def make_menus(window: QMainWindow, actions: dict[str, QAction]) -> dict[str, QMenu]:
    """The menu bar; its submenus by name."""
    submenus: dict[str, QMenu] = {}
    for title, names in MENUS:
        submenus |= fill_menu(window.menuBar().addMenu(title), names, actions)
    for name in THEME:
        submenus["@theme"].addAction(actions[name])
    return submenus


def make_toolbar(window: QMainWindow, actions: dict[str, QAction]) -> QToolBar:
    """The toolbar with the run's controls."""
    bar = QToolBar("Run controls")
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for name in TOOLBAR:
        if name == "-":
            bar.addSeparator()
            continue
        actions[name].setIconText(SHORT.get(name, actions[name].text().replace("&", "")))
        bar.addAction(actions[name])
        button = bar.widgetForAction(actions[name])
        assert isinstance(button, QToolButton)
        button.setObjectName(f"button-{name}")
    window.addToolBar(bar)
    return bar
