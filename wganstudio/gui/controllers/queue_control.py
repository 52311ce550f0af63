"""QueueControl: shows the queue when something waits, and remembers it and the number of runs at once."""

import os

from PySide6.QtCore import QObject, Slot

from wganstudio.gui.controllers.run_controller import RunController
from wganstudio.gui.controllers.waiting_runs import WaitingRuns, runs_text
from wganstudio.gui.notifier import Notifier
from wganstudio.gui.settings import Settings
from wganstudio.gui.widgets.docks import Dock
from wganstudio.gui.widgets.queue_panel import MAX_SLOTS, QueuePanel, default_slots

SLOTS = "runs-at-once"
"""The setting for the number of runs that train at once."""


def remembered_slots(settings: Settings) -> int:
    """Return the number of runs that may train at once."""
    chosen = settings.get(SLOTS, "")
    return min(int(chosen), MAX_SLOTS) if chosen.isdecimal() and int(chosen) else default_slots(_cores())


class QueueControl(QObject):
    """The dock of the queue."""

    def __init__(
        self,
        waiting: WaitingRuns,
        controller: RunController,
        panel: QueuePanel,
        dock: Dock,
        settings: Settings,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._waiting = waiting
        self._controller = controller
        self._dock = dock
        self._settings = settings
        self._notifier = notifier
        self._number = 0
        controller.set_slots(panel.slots.value())
        panel.slots_chosen.connect(self._set_slots)
        waiting.changed.connect(self._on_changed)

    def restore(self) -> None:
        """Take back what waited when the program was closed; it starts when the user says so."""
        self._waiting.restore(self._settings)
        if number := len(self._waiting):
            self._notifier.log(f"{runs_text(number)} in the queue from the last time: press Start there.")

    def close(self) -> None:
        """Keep what waits for the next start."""
        self._waiting.save(self._settings)

    @Slot()
    def stop_all(self) -> None:
        """Stop all runs, and remove what waits."""
        number = self._waiting.clear()
        if number:
            self._notifier.log(f"Removed {runs_text(number)} from the queue.")
        self._controller.stop_all()

    @Slot(int)
    def _set_slots(self, count: int) -> None:
        self._settings.put(SLOTS, str(count))
        self._controller.set_slots(count)

    @Slot()
    def _on_changed(self) -> None:
        """Show the queue when something begins to wait; hide it when nothing does any more."""
        before, self._number = self._number, len(self._waiting)
        if self._number and not before:
            self._dock.show()
            self._dock.raise_()
        elif before and not self._number and not self._dock.isFloating():
            self._dock.hide()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
