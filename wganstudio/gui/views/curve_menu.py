"""CurveMenu: a button with a menu of the curves of a plot, each shown or hidden."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from wganstudio.gui.widgets.buttons import MenuButton


def menu_button(text: str, tip: str) -> MenuButton:
    """Return a button with an empty menu."""
    button = MenuButton()
    _set_up(button, text, tip)
    return button


class CurveMenu(MenuButton):
    """The keys of the entries are the names of what is drawn."""

    toggled_curve = Signal(str)
    """Emitted with the key of a curve to hide, or to show again."""

    def __init__(self) -> None:
        super().__init__()
        _set_up(self, "Curves", "Show or hide curves; a click on a line of the legend does so, too")
        self.menu().triggered.connect(self._triggered)

    def offer(self, curves: Sequence[tuple[str, str]], hidden: Collection[str]) -> None:
        """List curves, each with its key and its title."""
        menu = self.menu()
        if [(action.data(), action.text()) for action in menu.actions()] != list(curves):
            menu.clear()
            for key, title in curves:
                action = QAction(title, menu, checkable=True)
                action.setData(key)
                menu.addAction(action)
        for action in menu.actions():
            action.setChecked(action.data() not in hidden)
        self.setEnabled(bool(curves))

    @Slot(QAction)
    def _triggered(self, action: QAction) -> None:
        self.toggled_curve.emit(str(action.data()))


def _set_up(button: MenuButton, text: str, tip: str) -> None:
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setMenu(QMenu(button))
