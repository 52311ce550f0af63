"""What a run says: one closed union of events for the window, the terminal and the session document.

Numbers are plain, arrays are numpy; nothing here knows torch, Qt or SQLite.
"""

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from wganstudio.truth import Truth

Array = NDArray[Any]
Arrays = dict[str, Array]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")

    step: int = Field(0, ge=0)
    """Critic steps done when this was said."""
    arrays: Arrays = Field(default_factory=dict, exclude=True, repr=False)


class Started(_Event):
    """The run begins: the experiment with every `auto` filled in, and where it runs."""

    kind: Literal["started"] = "started"
    experiment: dict[str, Any]
    environment: dict[str, Any]
    steps: int


class Scene(_Event):
    """What is shown of the pair on the plane, said once.

    Arrays: `origin` [D] and `axes` [K, D] of the plane (K = 2, or 1 for D = 1); `x` [n] and, for K = 2,
    `y` [m], the coordinates of its points; `samples_p`, `samples_q` [k, K], samples in plane coordinates;
    `sigma` [m, n] ([n] for K = 1), the density of sigma (D > 2: its marginal on the plane); where the true
    critic is known, `potential` and `potential_slope`, shaped like sigma.
    """

    kind: Literal["scene"] = "scene"
    labels: tuple[str, ...]
    """Names of the plane's axes."""
    sigma_method: str
    """How sigma was found."""


class Scalars(_Event):
    """One point of the curves, on fresh samples: gap and, with a penalty, value and penalty; their standard
    errors end in `_se`. Where the true gradient is known also cos, l2, cos_published, l2_published."""

    kind: Literal["scalars"] = "scalars"
    values: dict[str, float]


class Fields(_Event):
    """The critic on the plane. Arrays: `u` and `slope` (|grad u|), shaped like the scene's sigma.

    `keep` marks the frames at logarithmic steps, which the session records; others may be replaced unread.
    """

    kind: Literal["fields"] = "fields"
    keep: bool = False


class Progress(_Event):
    """Where the run stands: steps in all, steps per second, seconds to go."""

    kind: Literal["progress"] = "progress"
    steps: int
    rate: float
    eta: float


class TruthFound(_Event):
    """A reference cost was computed beside the run."""

    kind: Literal["truth"] = "truth"
    truth: Truth


class TruthMissing(_Event):
    """The reference costs cannot be computed, and why."""

    kind: Literal["truth-missing"] = "truth-missing"
    message: str


class Checkpoint(_Event):
    """The critic's weights at a step; the newest replaces the one before. Arrays: by parameter name."""

    kind: Literal["checkpoint"] = "checkpoint"


class Paused(_Event):
    """The run waits for resume, step or stop."""

    kind: Literal["paused"] = "paused"


class Resumed(_Event):
    """The run goes on."""

    kind: Literal["resumed"] = "resumed"


class Ended(_Event):
    """The run is over and its final estimates are there."""

    kind: Literal["ended"] = "ended"
    reason: Literal["done", "stopped"]
    seconds: float
    estimates: dict[str, float]
    """gap, gap_se and, with a penalty, value, value_se: on fresh samples."""
    gradient: dict[str, float]
    """cos, l2, cos_published, l2_published where the true gradient is known."""


class Failed(_Event):
    """The run could not go on: one sentence, and the details for whoever wants them."""

    kind: Literal["failed"] = "failed"
    message: str
    detail: str = ""
    cause: Literal["input", "numbers", "died", "error"] = "error"
    """Bad input, numbers that left the finite, the process died, or anything else."""


Event = (
    Started | Scene | Scalars | Fields | Progress | TruthFound | TruthMissing | Checkpoint | Paused | Resumed
    | Ended | Failed
)  # fmt: skip
AnyEvent = Annotated[Event, Field(discriminator="kind")]
OVER = (Ended, Failed)
"""After one of these the run says no more."""


def replaceable(event: Event) -> bool:
    """Whether a newer event of the same kind may take this one's place before it was read."""
    return isinstance(event, Progress) or (isinstance(event, Fields) and not event.keep)


def as_float32(array: Any) -> NDArray[np.float32]:
    """An array as the contiguous float32 that events carry."""
    return np.ascontiguousarray(array, dtype=np.float32)
