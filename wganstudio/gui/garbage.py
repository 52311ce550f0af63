"""GarbageCollector: Python's cyclic garbage is collected in the window's thread only.

In another thread a collection would destroy Qt objects there, which crashes the process.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

from wganstudio.training import heap

PERIOD_MS = 1000
FREEZE_MS = 5000
"""The time after which the window is complete; what lives by then is left out of later collections."""


class GarbageCollector(QObject):
    """Replaces Python's automatic collection by a timer, until `close`."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self, interval=PERIOD_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()
        self._freezing = QTimer(self, singleShot=True, interval=FREEZE_MS)
        self._freezing.timeout.connect(self._freeze)
        self._freezing.start()

    def close(self) -> None:
        """Leave the collection to Python again."""
        self._timer.stop()
        self._freezing.stop()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        """Collect the oldest generation that is due."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[0]:
            gc.collect(2 if all(due) else int(due[1]))

    @Slot()
    def _freeze(self) -> None:
        heap.freeze()
