"""CommandPalette: opens the command palette and runs what was chosen."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.command_palette.entries import RecentEntries
from wganstudio.gui.command_palette.sources import window_entries
from wganstudio.gui.command_palette.targets import PaletteTargets
from wganstudio.gui.dialogs.palette import PaletteDialog
from wganstudio.gui.dialogs.shortcuts import ShortcutsDialog


class CommandPalette(QObject):
    """The command palette and the overview of shortcuts of a window."""

    def __init__(self, targets: PaletteTargets, window: QWidget) -> None:
        super().__init__(window)
        self._targets = targets
        self._window = window
        self._recent = RecentEntries(targets.settings)
        self.dialog: PaletteDialog | None = None
        """The open palette."""

    @Slot()
    def open(self) -> None:
        """Show the palette."""
        entries = window_entries(self._targets, self._targets.state())
        self.dialog = dialog = PaletteDialog(self._window, entries, self._recent.keys())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._finished)
        dialog.open()

    @Slot()
    def show_shortcuts(self) -> None:
        """Show all shortcuts."""
        dialog = ShortcutsDialog(self._window, self._targets.actions_)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None and dialog.chosen is not None:
            self._recent.add(dialog.chosen.key)
            dialog.chosen.run()
