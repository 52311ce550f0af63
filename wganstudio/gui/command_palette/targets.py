"""PaletteTargets: the parts of the window that the command palette lists and opens."""

from typing import Protocol

from wganstudio.gui.actions import Action, WindowState
from wganstudio.gui.controllers.dialog_actions import DialogActions
from wganstudio.gui.controllers.file_actions import FileActions
from wganstudio.gui.controllers.named_layouts import NamedLayouts
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.docks import Dock


class PaletteTargets(Protocol):
    """The parts of the window that the command palette lists and opens."""

    actions_: dict[str, Action]
    area: ViewArea
    dialogs: DialogActions
    docks: dict[str, Dock]
    file_actions: FileActions
    form: ExperimentForm
    layouts: NamedLayouts
    settings: Settings

    def state(self) -> WindowState: ...
