"""DialogActions: opens the dialogs that need nothing of the session: suites, help and about."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from wganstudio.gui.dialogs.about import AboutDialog
from wganstudio.gui.dialogs.help import HelpDialog
from wganstudio.gui.dialogs.suite_summary import AllowsCode, SecondsOf, no_code, unknown_seconds

if TYPE_CHECKING:
    from wganstudio.gui.dialogs.suites import SuitesDialog


class DialogActions(QObject):
    """The Suites action and the Help menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__()
        self._parent = parent
        self.help: HelpDialog | None = None
        self.suites: SuitesDialog | None = None
        self.seconds_of: SecondsOf = unknown_seconds
        """Estimates the time of a run, for the suites."""
        self.allows_code: AllowsCode = no_code
        """Asks before code of the user's runs, for the suites."""

    @Slot(str)
    def show_help(self, page: str) -> None:
        """Show a help page, or one of its sections."""
        if self.help is None:
            self.help = HelpDialog(self._parent)
        self.help.show_page(page)

    @Slot()
    def show_suites(self) -> None:
        """Show the dialog that runs suites."""
        from wganstudio.gui.dialogs.suites import SuitesDialog

        if self.suites is None:
            self.suites = SuitesDialog(self._parent, self.seconds_of, self.allows_code)
        self.suites.show()
        self.suites.raise_()

    @Slot()
    def show_about(self) -> None:
        """Show name and versions."""
        dialog = AboutDialog(self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def close(self) -> None:
        """Close the suites dialog, which stops a suite under way."""
        if self.suites is not None:
            self.suites.close()
