"""RunStream: a run that was started by this window, with the link to its trainer and what was asked of it."""

from dataclasses import dataclass, field

from wganstudio.gui.controllers.run_worker import RunLink
from wganstudio.session.record import RunRecord
from wganstudio.training.topics import live_topics


@dataclass(eq=False)
class RunStream:
    """The record of a run and the link that its events come by."""

    record: RunRecord
    link: RunLink
    kept: bool = True
    """False once its session was closed."""
    resuming: bool = False
    """The run is still as it was recorded: the trainer has not yet accepted its state."""
    stopping: bool = False
    """It takes no more steps, or will take none once it has read the command."""
    skipping: bool = False
    """Its final estimates are to be skipped."""
    spare_wanted: bool = True
    """No trainer was asked for the run that may come after it."""
    watched: frozenset[str] = field(default_factory=live_topics)

    @property
    def under_way(self) -> bool:
        """True until the last event has come."""
        return self.resuming or not self.record.over

    @property
    def training(self) -> bool:
        """True while it takes steps, or waits to."""
        return self.under_way and not self.finishing

    @property
    def finishing(self) -> bool:
        """True while it computes its final estimates, or is about to."""
        return self.under_way and (
            self.stopping or (not self.resuming and self.record.final_share is not None)
        )
