"""TourTargets: the parts of the window that the tour follows and points to."""

from typing import Protocol

from PySide6.QtWidgets import QMenuBar, QToolBar

from wganstudio.gui.actions import Action
from wganstudio.gui.controllers.preset_gallery import PresetGallery
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.views.choice import ViewChoice
from wganstudio.gui.widgets.docks import Dock


class TourTargets(Protocol):
    """The parts of the window that the tour follows and points to."""

    actions_: dict[str, Action]
    area: ViewArea
    docks: dict[str, Dock]
    form: ExperimentForm
    gallery: PresetGallery
    run_starter: RunStarter
    settings: Settings
    toolbar: QToolBar
    view_choice: ViewChoice

    def menuBar(self) -> QMenuBar: ...
