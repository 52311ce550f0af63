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
    """The selected run is not under way."""
    selected_finishing: bool = False
    """The selected run computes its final estimates."""
    selected_lacks_estimates: bool = False
    """The selected run is over and has no final estimates."""
    undo_text: str = ""
    """The name of the change that can be undone; empty if there is none."""
    redo_text: str = ""
    """The name of the change that can be done again; empty if there is none."""
    queued: int = 0
    """Runs that wait in the queue."""
    held: bool = False
    """The queue does not start its runs."""
    has_frames: bool = False
    """The selected run has earlier frames to show."""

    @property
    def can_run(self) -> bool:
        """True if a run can be started, or added to the queue."""
        return not self.read_only

    @property
    def runs_at_once(self) -> bool:
        """True if a run of the form would start at once."""
        return self.status.free and (self.held or not self.queued)

    @property
    def can_command(self) -> bool:
        """True if a run accepts commands."""
        return self.status.busy


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
    """Several are separated by "; "."""
    local: bool = False
    """The shortcut acts only in the widgets that hold the action."""
    tooltip: str = ""
    enabled: Callable[[WindowState], bool] = always
    group: str = ""
    """Checkable actions of one group exclude each other."""
    checkable: bool = False
    """The action alone is on or off."""
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
            self.setShortcuts(QKeySequence.listFromString(info.shortcut))
        if info.local:
            self.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if info.icon:
            set_icon(self, info.icon)
        if info.tooltip:
            self.setStatusTip(info.tooltip)
            self.setToolTip(self.full_tooltip)
        self.setCheckable(info.checkable or bool(info.group))
        self.triggered.connect(self._run)

    @property
    def full_tooltip(self) -> str:
        """The tooltip with the shortcut."""
        info = self.info
        return f"{info.tooltip} ({info.shortcut})" if info.shortcut else info.tooltip

    @Slot()
    def _run(self) -> None:
        self.info.callback()


QUEUE_TIP = "Other runs come first: add the run described by the form to the queue (F5)"
MENUS = (
    (
        "&File",
        "new open @recent follow - gallery draw load-data - save save-as - "
        "export save-report animate @others save-experiment - quit",
    ),
    ("&Edit", "undo redo history - select-all rename delete trash - @table @cite"),
    (
        "&Run",
        "run pause stop stop-all - step-1 step-10 step-100 - sweep systems suites paint - "
        "continue repeat skip-estimates compute-estimates use-settings compare-settings star labels",
    ),
    (
        "&Time",
        "time-play time-live - time-previous time-next time-back time-forward - time-first time-last",
    ),
    (
        "&View",
        "palette - @docks @view log - map-scale map-cut map-probe map-probe-mode map-surface map-link "
        "map-reset - next-pane previous-pane - full-screen @layouts save-layout delete-layout reset-layout - "
        "@theme",
    ),
    (
        "&Help",
        "tour - help-first help-views help-truths help-congested help-generators help-regularized "
        "help-convex help-benchmark help-suites help-python help-frameworks help-plugins - help-results "
        "help-glossary - shortcuts report about",
    ),
)
"""A title and the names of its actions; "-" is a line, "@name" a submenu that the window fills."""

SUBMENUS = {
    "@recent": "Open &recent",
    "@docks": "&Panels and views",
    "@view": "Current vie&w",
    "@theme": "&Theme",
    "@layouts": "&Layouts",
    "@others": "Export for other progra&ms",
    "@table": "Ta&ble of runs",
    "@cite": "&Cite",
}
THEMES = "system light dark"
FIXED_SUBMENUS = {
    "@theme": THEMES,
    "@view": "copy-picture copy-data copy-code copy-figure-bibtex copy-figure-methods - "
    "open-another pin-view - view-full-screen",
    "@others": "export-networks export-curves",
    "@table": "copy-table copy-table-markdown copy-table-latex save-table",
    "@cite": "copy-bibtex copy-methods",
}
"""Submenus that always hold the same actions."""
TOOLBAR = "run pause stop - step-1 step-10 step-100 -"
RUN_MENU = (
    "continue repeat skip-estimates compute-estimates use-settings compare-settings rename star labels "
    "export save-report animate - delete"
)

SHORT_TEXTS = {"step-1": "Step 1", "step-10": "10", "step-100": "100"}
"""Texts of the toolbar that differ from the action's text."""


def plain_text(action: QAction) -> str:
    """Return the text of an action without its mnemonic."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")


def shortcut_text(action: QAction) -> str:
    """Return the shortcut of an action as the system writes it."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def make_actions(infos: Iterable[ActionInfo], parent: QObject) -> dict[str, Action]:
    """Return an action for each info, by name."""
    actions = {info.name: Action(info, parent) for info in infos}
    groups: dict[str, QActionGroup] = {}
    for action in actions.values():
        if group := action.info.group:
            groups.setdefault(group, QActionGroup(parent)).addAction(action)
    return actions


def show_state(actions: dict[str, Action], state: WindowState) -> None:
    """Enable the actions that are possible in a state; Run and Pause say what they would do."""
    for action in actions.values():
        action.setEnabled(action.info.enabled(state))
    for name, text in (("undo", state.undo_text), ("redo", state.redo_text)):
        actions[name].setText(f"&{name.capitalize()} {text.replace('&', '&&')}".rstrip())
    run = actions["run"]
    run.setText("&Run" if state.runs_at_once else "Add &run to the queue")
    run.setIconText("Run" if state.runs_at_once else "Queue")
    run.setToolTip(run.full_tooltip if state.runs_at_once else QUEUE_TIP)
    paused = state.status.paused
    actions["pause"].setText("Resu&me" if paused else "&Pause")
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
    for name, names in FIXED_SUBMENUS.items():
        fill_menu(submenus[name], names, actions)
    return submenus


def make_toolbar(window: QMainWindow, actions: dict[str, Action]) -> QToolBar:
    """Add the toolbar with the controls of the run."""
    bar = QToolBar("Run controls")
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    if (row := bar.layout()) is not None:
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(4)
    for name in TOOLBAR.split():
        if name == "-":
            bar.addSeparator()
            continue
        actions[name].setIconText(SHORT_TEXTS.get(name, actions[name].text().replace("&", "")))
        bar.addAction(actions[name])
        button = bar.widgetForAction(actions[name])
        assert isinstance(button, QToolButton)
        button.setObjectName(f"button-{name}")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    window.addToolBar(bar)
    for holder, name in ((bar, "qt_toolbar_ext_button"), (window.menuBar(), "qt_menubar_ext_button")):
        for rest in holder.findChildren(QToolButton, name):
            rest.setAccessibleName("What does not fit here")
            rest.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return bar
