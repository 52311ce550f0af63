"""ActionTargets: the parts of the window that its actions call."""

from typing import Protocol

from wganstudio.gui.command_palette.palette import CommandPalette
from wganstudio.gui.controllers.comparison_starter import ComparisonStarter
from wganstudio.gui.controllers.data_import import DataImport
from wganstudio.gui.controllers.dialog_actions import DialogActions
from wganstudio.gui.controllers.distribution_drawer import DistributionDrawer
from wganstudio.gui.controllers.file_actions import FileActions
from wganstudio.gui.controllers.full_screen import FullScreen
from wganstudio.gui.controllers.linked_zoom import LinkedZoom
from wganstudio.gui.controllers.log_drawer import LogDrawer
from wganstudio.gui.controllers.named_layouts import NamedLayouts
from wganstudio.gui.controllers.panes import Panes
from wganstudio.gui.controllers.preset_gallery import PresetGallery
from wganstudio.gui.controllers.publisher import Publisher
from wganstudio.gui.controllers.reporter import Reporter
from wganstudio.gui.controllers.run_continuer import RunContinuer
from wganstudio.gui.controllers.run_inspection import RunInspection
from wganstudio.gui.controllers.run_labeler import RunLabeler
from wganstudio.gui.controllers.run_selection import RunSelection
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.controllers.session_saver import SessionSaver
from wganstudio.gui.controllers.shown_step import ShownStep
from wganstudio.gui.controllers.sigma_painter import SigmaPainter
from wganstudio.gui.controllers.trash import Trash
from wganstudio.gui.controllers.undo import Undo
from wganstudio.gui.controllers.view_copier import ViewCopier
from wganstudio.gui.controllers.view_opener import ViewOpener
from wganstudio.gui.theme import Mode
from wganstudio.gui.views.area import ViewArea
from wganstudio.gui.widgets.docks import Dock
from wganstudio.gui.widgets.runs.table import RunTable


class ActionTargets(Protocol):
    """The parts of the window that its actions call."""

    file_actions: FileActions
    data_import: DataImport
    saver: SessionSaver
    run_starter: RunStarter
    comparison_starter: ComparisonStarter
    run_selection: RunSelection
    run_continuer: RunContinuer
    run_inspection: RunInspection
    run_labeler: RunLabeler
    shown_step: ShownStep
    sigma_painter: SigmaPainter
    dialogs: DialogActions
    publisher: Publisher
    reporter: Reporter
    undo: Undo
    trash: Trash
    runs: RunTable
    docks: dict[str, Dock]
    area: ViewArea
    gallery: PresetGallery
    view_copier: ViewCopier
    view_opener: ViewOpener
    drawer: DistributionDrawer
    palette_: CommandPalette
    panes: Panes
    layouts: NamedLayouts
    linked_zoom: LinkedZoom
    log_drawer: LogDrawer
    full_screen: FullScreen

    def start_tour(self) -> None: ...
    def stop_run(self) -> None: ...
    def stop_all(self) -> None: ...
    def export_figures(self) -> None: ...
    def choose_theme(self, mode: Mode) -> None: ...
    def reset_layout(self) -> None: ...
    def close(self) -> bool: ...
