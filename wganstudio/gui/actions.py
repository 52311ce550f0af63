"""Actions as data: what they call, when they are enabled, and how they become menus and a toolbar."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton

from wganstudio.gui.controllers.run_controller import RunStatus
from wganstudio.gui.theme import set_icon


@dataclass(frozen=True)
class WindowState:
    """The facts that decide which actions are enabled."""

    status: RunStatus = field(default_factory=RunStatus)
    read_only: bool = False
    """The session is only read: another program writes it."""
    selected: bool = False
    """A run is selected."""
    selected_over: bool = False
    """The selected run is not the one under way."""
    queued: int = 0
    """Runs that wait in the queue."""

    @property
    def can_run(self) -> bool:
        """True if a run can be started."""
        return not self.read_only and not self.status.busy

    @property
    def can_command(self) -> bool:
        """True if the run under way accepts commands."""
        return self.status.busy and not self.status.stopping


def always(_: WindowState) -> bool:
    """Enable an action in every state."""
    return True


@dataclass(frozen=True)
class ActionInfo:
    """One thing that the user can do."""

    name: str
    text: str
    callback: Callable[[], object]
    icon: str = ""
    shortcut: str = ""
    tooltip: str = ""
    enabled: Callable[[WindowState], bool] = always
    group: str = ""
    """Checkable actions of one group exclude each other."""
    role: QAction.MenuRole = QAction.MenuRole.TextHeuristicRole
    """The place of the action in the menus of macOS."""


class Action(QAction):
    """An action of the window, made from its info."""

    def __init__(self, info: ActionInfo, parent: QObject) -> None:
        super().__init__(info.text, parent)
        self.info = info
        self.setObjectName(info.name)
        self.setMenuRole(info.role)
        if info.shortcut:
            self.setShortcut(QKeySequence(info.shortcut))
        if info.icon:
            set_icon(self, info.icon)
        if info.tooltip:
            self.setStatusTip(info.tooltip)
            self.setToolTip(f"{info.tooltip} ({info.shortcut})" if info.shortcut else info.tooltip)
        self.setCheckable(bool(info.group))
        self.triggered.connect(self._run)

    @Slot()
    def _run(self) -> None:
        self.info.callback()


MENUS = (
    (
        "&File",
        "new open @recent follow - load-data - save save-as - export save-experiment - quit",
    ),
    (
        "&Run",
        "run pause stop - step-1 step-10 step-100 - sweep systems suites paint - "
        "continue use-settings rename star labels delete",
    ),
    ("&View", "@docks - @theme reset-layout"),
    (
        "&Help",
        "help-first help-views help-truths help-congested help-generators help-regularized help-convex "
        "help-benchmark help-suites - help-results help-glossary - report about",
    ),
)
"""A title and the names of its actions; "-" is a line, "@name" a submenu that the window fills."""

SUBMENUS = {"@recent": "Open &recent", "@docks": "&Panels and views", "@theme": "&Theme"}
THEMES = "system light dark"
TOOLBAR = "run pause stop - step-1 step-10 step-100 -"
RUN_MENU = "continue use-settings rename star labels export - delete"

SHORT_TEXTS = {"step-1": "Step 1", "step-10": "10", "step-100": "100"}
"""Texts of the toolbar that differ from the action's text."""


def make_actions(infos: Iterable[ActionInfo], parent: QObject) -> dict[str, Action]:
    """Return an action for each info, by name."""
    actions = {info.name: Action(info, parent) for info in infos}
    groups: dict[str, QActionGroup] = {}
    for action in actions.values():
        if group := action.info.group:
            groups.setdefault(group, QActionGroup(parent)).addAction(action)
    return actions


def show_state(actions: dict[str, Action], state: WindowState) -> None:
    """Enable the actions that are possible in a state; Pause becomes Resume while a run is paused."""
    for action in actions.values():
        action.setEnabled(action.info.enabled(state))
    paused = state.status.paused
    actions["pause"].setText("&Resume" if paused else "&Pause")
    actions["pause"].setIconText("Resume" if paused else "Pause")
    set_icon(actions["pause"], "resume" if paused else "pause")


def fill_menu(menu: QMenu, names: str, actions: dict[str, Action]) -> dict[str, QMenu]:
    """Put actions into a menu and return its submenus by name."""
    submenus: dict[str, QMenu] = {}
    for name in names.split():
        if name == "-":
            menu.addSeparator()
        elif name in SUBMENUS:
            submenus[name] = menu.addMenu(SUBMENUS[name])
        else:
            menu.addAction(actions[name])
    return submenus


def make_menus(window: QMainWindow, actions: dict[str, Action]) -> dict[str, QMenu]:
    """Fill the menu bar and return its submenus by name."""
    submenus: dict[str, QMenu] = {}
    for title, names in MENUS:
        submenus |= fill_menu(window.menuBar().addMenu(title), names, actions)
    fill_menu(submenus["@theme"], THEMES, actions)
    return submenus


def make_toolbar(window: QMainWindow, actions: dict[str, Action]) -> QToolBar:
    """Add the toolbar with the controls of the run."""
    bar = QToolBar("Run controls")
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for name in TOOLBAR.split():
        if name == "-":
            bar.addSeparator()
            continue
        actions[name].setIconText(SHORT_TEXTS.get(name, actions[name].text().replace("&", "")))
        bar.addAction(actions[name])
        button = bar.widgetForAction(actions[name])
        assert isinstance(button, QToolButton)
        button.setObjectName(f"button-{name}")
    window.addToolBar(bar)
    return bar
