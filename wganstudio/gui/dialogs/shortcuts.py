"""ShortcutsDialog: every shortcut of the window, by menu."""

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from wganstudio.gui.actions import MENUS, SUBMENUS, Action, plain_text, shortcut_text
from wganstudio.gui.widgets.buttons import button_box

KEYS = {
    "Tab, Shift+Tab": "Next or previous control",
    "Left, Right": "Previous or next tab, where tabs have the keyboard",
    "Menu key, Shift+F10": "Menu of the run or view that has the keyboard",
    "Escape": "Close a dialog",
}
"""Keys that no action has."""


class ShortcutsDialog(QDialog):
    """A list that can be searched, made from the actions."""

    def __init__(self, parent: QWidget, actions: Mapping[str, Action]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.line = QLineEdit(placeholderText="Search")
        self.line.setAccessibleName("Search shortcuts")
        self.list = QTreeWidget()
        self.list.setAccessibleName("Shortcuts")
        self.list.setHeaderLabels(["Action", "Shortcut"])
        self.list.setRootIsDecorated(False)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        for title, rows in shortcuts(actions).items():
            group = QTreeWidgetItem([title])
            self.list.addTopLevelItem(group)
            group.addChildren([QTreeWidgetItem([text, key]) for text, key in rows])
        self.list.expandAll()
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.line, self.list, buttons):
            column.addWidget(widget)
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * 80, metrics.lineSpacing() * 30)
        self.resize(self.size().boundedTo(parent.size()))
        self.list.header().resizeSection(0, metrics.averageCharWidth() * 46)
        self.line.textChanged.connect(self._search)

    @Slot(str)
    def _search(self, text: str) -> None:
        words = text.casefold().split()
        for number in range(self.list.topLevelItemCount()):
            group = self.list.topLevelItem(number)
            assert group is not None
            rows = [group.child(place) for place in range(group.childCount())]
            for row in rows:
                line = f"{row.text(0)} {row.text(1)}".casefold()
                row.setHidden(not all(word in line for word in words))
            group.setHidden(all(row.isHidden() for row in rows))


def shortcuts(actions: Mapping[str, Action]) -> dict[str, list[tuple[str, str]]]:
    """Return texts and shortcuts of the actions that have one, by the title of their menu."""
    groups: dict[str, list[tuple[str, str]]] = {}
    placed: set[str] = set()
    for title, names in MENUS:
        listed = [name for name in names.split() if name in actions and name not in SUBMENUS]
        placed |= set(listed)
        groups[title.replace("&", "")] = _rows(actions, listed)
    groups["Elsewhere"] = _rows(actions, [name for name in actions if name not in placed])
    groups["Everywhere"] = [(text, key) for key, text in KEYS.items()]
    return {title: rows for title, rows in groups.items() if rows}


def _rows(actions: Mapping[str, Action], names: list[str]) -> list[tuple[str, str]]:
    return [(plain_text(actions[name]), key) for name in names if (key := shortcut_text(actions[name]))]
