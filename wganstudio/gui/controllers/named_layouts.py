"""NamedLayouts: arrangements of panels and views by name, shipped ones and those that the user has saved."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu, QWidget

from wganstudio.gui.dialogs.inputs import ask_item, ask_text
from wganstudio.gui.layout import WindowLayout
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.arrangement import Columns

DEFAULT = "Default"
SHIPPED: dict[str, tuple[bool, Columns]] = {
    "Maps": (
        True,
        ((("landscape", "samples", "cells", "transport_map", "plan"),), (("gradient", "momentum"),)),
    ),
    "Curves": (
        True,
        (
            (("costs", "accuracy"), ("gradient_norms", "theory_checks")),
            (("congestion_theorem", "sweep", "systems"),),
        ),
    ),
    "Presentation": (False, ((("landscape", "samples", "cells"),), (("costs", "gradient", "momentum"),))),
}
"""Whether the panels are shown, and the views in columns of rows of tabs."""
MAX_NAME = 40


class NamedLayouts(QObject):
    """Chooses, saves and deletes layouts."""

    def __init__(self, layout: WindowLayout, settings: Settings, notifier: Notifier, parent: QWidget) -> None:
        super().__init__(parent)
        self._layout = layout
        self._settings = settings
        self._notifier = notifier
        self._parent = parent

    def names(self) -> list[str]:
        """Return the names of all layouts, shipped ones first."""
        return [DEFAULT, *SHIPPED, *self.saved()]

    def saved(self) -> list[str]:
        """Return the names of the layouts that the user has saved."""
        return [name for name in self._settings.get("layouts", "").split("\n") if name]

    def choose(self, name: str) -> None:
        """Arrange panels and views as a layout says."""
        if name == DEFAULT:
            self._layout.reset()
        elif name in SHIPPED:
            panels, columns = SHIPPED[name]
            self._layout.arrange(columns, panels=panels)
        elif name in self.saved():
            self._layout.restore_named(_key(name))

    def save(self, name: str) -> None:
        """Keep the present arrangement under a name."""
        name = " ".join(name.split())[:MAX_NAME]
        if not name or name == DEFAULT or name in SHIPPED:
            self._notifier.show_warning(f"Choose another name than \u201c{name}\u201d for the layout.")
            return
        self._layout.save_named(_key(name))
        self._settings.put("layouts", "\n".join(dict.fromkeys([*self.saved(), name])))
        self._notifier.log(f"Saved the layout \u201c{name}\u201d.")

    def delete(self, name: str) -> None:
        """Forget a layout of the user."""
        self._settings.put("layouts", "\n".join(other for other in self.saved() if other != name))
        self._settings.remove(_key(name))

    @Slot()
    def ask_to_save(self) -> None:
        """Ask for a name, and save the present arrangement under it."""
        name = ask_text(self._parent, "Save layout", "Name of the layout")
        if name is not None:
            self.save(name)

    @Slot()
    def ask_to_delete(self) -> None:
        """Ask which layout of the user is to be deleted."""
        names = self.saved()
        if not names:
            self._notifier.show_warning("There is no saved layout to delete; the shipped ones stay.")
            return
        name = ask_item(self._parent, "Delete layout", "Layout", names)
        if name is not None:
            self.delete(name)

    def fill_menu(self, menu: QMenu) -> None:
        """Put the layouts into a menu."""
        menu.clear()
        for name in self.names():
            action = menu.addAction(name.replace("&", "&&"))
            action.setData(name)
            action.triggered.connect(self._choose_sender)

    @Slot()
    def _choose_sender(self) -> None:
        self.choose(self.sender().data())  # type: ignore[attr-defined]


def _key(name: str) -> str:
    """Return the key of a layout in the settings, where a name may hold any character."""
    return f"named/{name.encode().hex()}"
