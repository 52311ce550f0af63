"""PresetGallery: opens the gallery over the views and puts the chosen preset into the form."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from wganstudio.figures.tokens import DARK, LIGHT
from wganstudio.gui.controllers.run_starter import RunStarter
from wganstudio.gui.form.form import ExperimentForm
from wganstudio.gui.gallery.page import GalleryPage
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import is_dark, recolor_icons

AT_START = "gallery-at-start"


class PresetGallery(QObject):
    """The page is made when it is first wanted, and is the second one beside the views."""

    opened, closed = Signal(), Signal()
    draw_wanted, data_wanted = Signal(), Signal()

    def __init__(
        self, pages: QStackedWidget, form: ExperimentForm, starter: RunStarter, settings: Settings
    ) -> None:
        super().__init__()
        self._pages, self._form, self._starter, self._settings = pages, form, starter, settings
        self.page: GalleryPage | None = None
        form.gallery_wanted.connect(self.toggle)

    @property
    def is_open(self) -> bool:
        """True while the page covers the views."""
        return self.page is not None and self._pages.currentWidget() is self.page

    @property
    def at_start(self) -> bool:
        """True if the user wants the gallery at every start."""
        return self._settings.get(AT_START, True)

    @Slot()
    def open(self) -> None:
        """Show the gallery."""
        if self.page is None:
            self.page = page = GalleryPage(self.at_start)
            page.chosen.connect(self.choose)
            page.run_wanted.connect(self.run)
            page.close_wanted.connect(self.close)
            page.draw_wanted.connect(self.draw_wanted)
            page.data_wanted.connect(self.data_wanted)
            page.shown_at_start.connect(self._remember)
            self._pages.addWidget(page)
        recolor_icons(self.page, DARK if is_dark() else LIGHT)
        self._pages.setCurrentWidget(self.page)
        self.opened.emit()

    @Slot()
    def close(self) -> None:
        """Show the views again."""
        if self.is_open:
            self._pages.setCurrentIndex(0)
            self.closed.emit()

    @Slot()
    def toggle(self) -> None:
        """Show the gallery, or the views."""
        if self.is_open:
            self.close()
        else:
            self.open()

    @Slot(str)
    def choose(self, name: str) -> None:
        """Put a preset into the form, and show the views."""
        self.close()
        self._form.load_preset(name)
        self._form.changed.emit()

    @Slot(str)
    def run(self, name: str) -> None:
        """Put a preset into the form and start it."""
        self.choose(name)
        self._starter.start_form()

    @Slot(bool)
    def _remember(self, shown: bool) -> None:
        self._settings.put(AT_START, shown)
