"""ManualZoom: tells which plot the user has zoomed; the signal of pyqtgraph does not."""

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal, Slot


class ManualZoom(QObject):
    """Belongs to the view box that it watches."""

    zoomed = Signal(object)
    """Emitted with the view box."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(box)
        self._box = box
        box.sigRangeChangedManually.connect(self._announce)

    @Slot(object)
    def _announce(self, _: object) -> None:
        self.zoomed.emit(self._box)
