"""LinkedZoom: whether the maps of a run zoom together, remembered from one start to the next."""

from PySide6.QtCore import QObject, Slot

from wganstudio.gui.settings import Settings
from wganstudio.gui.views.area import ViewArea

KEY = "linked-zoom"


class LinkedZoom(QObject):
    """The choice of the user; maps zoom together by default."""

    def __init__(self, area: ViewArea, settings: Settings) -> None:
        super().__init__()
        self._area = area
        self._settings = settings

    @property
    def is_on(self) -> bool:
        """True if the maps of a run zoom together."""
        return self._settings.get(KEY, True)

    def restore(self) -> None:
        """Link the views as they were when the window was closed."""
        self._area.plane_zoom.set_linked(self.is_on)

    @Slot()
    def toggle(self) -> None:
        """Link the views, or no longer."""
        self._settings.put(KEY, not self.is_on)
        if self._area.views:
            self.restore()
