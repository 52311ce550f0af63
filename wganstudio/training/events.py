"""Events of a run: one closed union for the window, the terminal and the session document.

Numbers are plain, arrays are numpy; nothing here knows torch, Qt or SQLite.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from wganstudio.training.declarations.gradient_norms import Lipschitz as Lipschitz
from wganstudio.training.snapshot import Arrays as Arrays
from wganstudio.training.snapshot import EventBase
from wganstudio.training.snapshot import Snapshot as Snapshot
from wganstudio.training.topics import as_float32 as as_float32
from wganstudio.training.topics import topic
from wganstudio.truths import Truth


class Started(EventBase):
    """The run begins: the experiment with every `auto` filled in, and where it runs."""

    kind: Literal["started"] = "started"
    experiment: dict[str, Any]
    environment: dict[str, Any]
    steps: int


def moved_note(started: Started) -> str:
    """Return a sentence about a run that continues on another kind of device; empty for any other."""
    if (before := started.environment.get("moved_from")) is None:
        return ""
    here = started.environment["device"]
    return (
        f"The run was on {before} before and continues on {here}: from here on its numbers differ from those "
        "of a run that stays on one device."
    )


class Metrics(EventBase):
    """One point of the curves, on fresh samples: gap and, with a penalty, value and penalty; their standard
    errors end in `_se`. Where the true gradient is known also cos, l2, cos_published, l2_published; where the
    solver has maps the numbers of `training.metrics.MomentEvaluator`."""

    kind: Literal["metrics"] = "metrics"
    values: dict[str, float]
    seconds: float | None = Field(None, ge=0, allow_inf_nan=False)
    """Time since the start of the run, interruptions left out; absent in old sessions."""
    samples: int | None = Field(None, ge=0)
    """Samples that the steps have drawn of P or of Q, the larger number; absent in old sessions."""


class Progress(EventBase):
    """The position of the run: total steps, steps per second, seconds left."""

    kind: Literal["progress"] = "progress"
    steps: int
    rate: float
    eta: float
    final_share: float | None = None
    """The share of the final estimates that is computed; None while the run trains."""


class TruthFound(EventBase):
    """A reference cost was computed beside the run."""

    kind: Literal["truth"] = "truth"
    truth: Truth


class TruthMissing(EventBase):
    """The reference costs are not known, or some of them could not be computed, and why."""

    kind: Literal["truth-missing"] = "truth-missing"
    message: str
    detail: str = ""
    failed: bool = False
    """True if the computation ended with an error; truths that came before it hold."""


class FlowMissing(EventBase):
    """The true flow cannot be shown, and why."""

    kind: Literal["flow-missing"] = "flow-missing"
    message: str


class Checkpoint(EventBase):
    """The critic's weights at a step; the newest replaces the one before. Arrays: by parameter name."""

    kind: Literal["checkpoint"] = "checkpoint"


class TrainingState(EventBase):
    """Everything that a run continues from bit for bit, as `packed_state.pack` returns it.

    Made by the clock, so it is no part of the recorded stream; a newer one replaces it.
    """

    kind: Literal["training-state"] = "training-state"
    body: str


class Paused(EventBase):
    """The run waits for resume, step or stop."""

    kind: Literal["paused"] = "paused"


class Resumed(EventBase):
    """The run continues."""

    kind: Literal["resumed"] = "resumed"


class Ended(EventBase):
    """The run is over, with its final estimates."""

    kind: Literal["ended"] = "ended"
    reason: Literal["done", "stopped", "plateau", "truth"]
    """All steps were taken, the user stopped it, or the criterion of `training.stopping` was met."""
    seconds: float
    processor_seconds: float | None = None
    """CPU time of all threads of the process; absent in old sessions."""
    memory_peak: int | None = None
    """Bytes that the process of the run held at once (`memory_peak.MemoryPeak`); absent in old sessions."""
    device_memory_peak: int | None = None
    """Bytes of tensors on the GPU at once; absent for a run on another device."""
    estimates: dict[str, float]
    """gap, gap_se and, with a penalty, value, value_se: on fresh samples."""
    gradient: dict[str, float]
    """cos, l2, cos_published, l2_published where the true gradient is known."""
    flow: dict[str, float] = Field(default_factory=dict)
    """l2, angle and weighted_l2 (`truths.field.FlowError`) where the true flow is known."""
    lipschitz: Lipschitz | None = None
    """Bounds for the critic at the end; absent in old sessions."""


class Failed(EventBase):
    """The run stopped on an error: one sentence, and the details."""

    kind: Literal["failed"] = "failed"
    message: str
    detail: str = ""
    cause: Literal["input", "numbers", "died", "memory", "device", "error"] = "error"
    """Bad input, numbers that are not finite, a dead process, too little memory, a device that failed, or any
    other error."""


Event = (
    Started
    | Snapshot
    | Metrics
    | Progress
    | TruthFound
    | TruthMissing
    | FlowMissing
    | Checkpoint
    | TrainingState
    | Paused
    | Resumed
    | Ended
    | Failed
)
AnyEvent = Annotated[Event, Field(discriminator="kind")]
TIMING_FIELDS = frozenset({"seconds", "processor_seconds", "memory_peak", "device_memory_peak"})
"""Fields that depend on clock and memory: everything else of a run on the CPU repeats bit for bit."""
TERMINAL = (Ended, Failed)
"""The last event of a run is one of these."""


def is_coalescible(event: Event) -> bool:
    """Return True if a newer event of the same name may replace this one before it is read."""
    return isinstance(event, Progress | TrainingState) or (isinstance(event, Snapshot) and not event.recorded)


def supersedes(new: Event, old: Event) -> bool:
    """Return True if `new` replaces the unread `old`.

    A frame is replaced as a whole: its first snapshot at another step drops all unread ones of the frame, so
    that no reader combines topics of different steps.
    """
    if not (is_coalescible(new) and is_coalescible(old)):
        return False
    if new.name == old.name:
        return True
    if not (isinstance(new, Snapshot) and isinstance(old, Snapshot)):
        return False
    return new.step != old.step and topic(new.topic).frame and topic(old.topic).frame
