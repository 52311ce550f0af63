"""What a run says: one closed union of events for the window, the terminal and the session document.

Numbers are plain, arrays are numpy; nothing here knows torch, Qt or SQLite.
"""

from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from wganstudio.truths import Truth

Array = NDArray[Any]
Arrays = dict[str, Array]


MAP_ARRAYS = ("starts", "ends", "way", "true", "missed", "grid", "line")
"""What Fields may say of a map, with "_q" or "_p" after it."""


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")

    kind: str
    step: int = Field(0, ge=0)
    """Critic steps done when this was said."""
    arrays: Arrays = Field(default_factory=dict, exclude=True, repr=False)

    def fit(self, *names: str, shape: tuple[int, ...] | None = None) -> None:
        """ValueError unless the named arrays are there and, where one is given, of that shape."""
        if missing := set(names) - self.arrays.keys():
            raise ValueError(f"{self.kind}: arrays are missing: {', '.join(sorted(missing))}")
        if shape is not None and any(self.arrays[name].shape != shape for name in names):
            raise ValueError(f"{self.kind}: arrays do not fit the plane")


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
    critic is known, `potential` and `potential_slope`, shaped like sigma; where points are images, `image`
    [3], their channels, height and width.
    """

    kind: Literal["scene"] = "scene"
    labels: tuple[str, ...]
    """Names of the plane's axes."""
    sigma_method: str
    """How sigma was found."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.fit("origin", "axes", "x", "sigma", "samples_p", "samples_q")
        origin, axes, shown = self.arrays["origin"], self.arrays["axes"], len(self.labels)
        sides = ("y", "x") if shown == 2 else ("x",)
        self.fit(*sides)
        shape = tuple(len(self.arrays[side]) for side in sides)
        if shown not in (1, 2) or origin.ndim != 1 or axes.shape != (shown, len(origin)) or min(shape) < 2:
            raise ValueError("scene: the plane does not fit")
        for name in ("sigma", "potential", "potential_slope"):
            if name in self.arrays:
                self.fit(name, shape=shape)
        if any(
            self.arrays[s].ndim != 2 or self.arrays[s].shape[1] != shown for s in ("samples_p", "samples_q")
        ):
            raise ValueError("scene: samples do not fit the plane")
        return self


class Scalars(_Event):
    """One point of the curves, on fresh samples: gap and, with a penalty, value and penalty; their standard
    errors end in `_se`. Where the true gradient is known also cos, l2, cos_published, l2_published; where the
    solver has maps what `training.maps.MomentsJudge` finds."""

    kind: Literal["scalars"] = "scalars"
    values: dict[str, float]


class Fields(_Event):
    """The critic on the plane. Arrays: `u` and `slope` (|grad u|), shaped like the scene's sigma, and
    `gradient` [K, m, n], grad u in the plane's axes ([1, n] for K = 1; runs of before have none). With a
    generator also `samples_q` and `sigma`, which take the place of the scene's, and in more than two
    dimensions `made` [k, D], points that it makes, and `nearest` [k, D], of P's atoms the nearest to each.
    With a dual over atoms: `sources` [k, D], points of Q, `partners` [k, m, D], the atoms that take most
    of the mass of each, `shares` [k, m], how much of it they take, and `breadth` [k], 1 / sum p^2 over all
    atoms; of the line or the plane also `atoms` [n, K], `weights` [n], `psi` [n] and, but for
    runs of before, `scale` [1], what the cost is divided by. Where the solver maps P to Q, on the plane
    `starts_q` [k, K], samples of P, and `ends_q`, where they are carried, with `way_q` [k], how far in all of
    space; where the pair's map is known `true_q` [k, K], the true ends, and `missed_q` [k], how far off; for
    D = 2 `grid_q` [m, n, 2], where a regular grid is carried, for D = 1 `grid_q` [m, 1] and `line_q` [m, 1],
    from where. Those ending in `_p` are of the map from Q to P.

    `keep` marks the frames at logarithmic steps, which the session records; others may be replaced unread.
    """

    kind: Literal["fields"] = "fields"
    keep: bool = False

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.fit("u", "slope")
        shape = self.arrays["u"].shape
        self.fit("slope", shape=shape)
        if "gradient" in self.arrays:
            self.fit("gradient", shape=(len(shape), *shape))
        if "sigma" in self.arrays:
            self.fit("sigma", shape=shape)
        for name in {"samples_q", "atoms"} & self.arrays.keys():
            if self.arrays[name].shape[1:] != (len(shape),):
                raise ValueError(f"fields: the {name} do not fit the plane")
        if "atoms" in self.arrays:
            self.fit("weights", "psi", shape=self.arrays["atoms"].shape[:1])
        if "partners" in self.arrays:
            self.fit("sources", "shares", "breadth")
            count, most, dim = self.arrays["partners"].shape
            for name, wanted in (("sources", (count, dim)), ("shares", (count, most)), ("breadth", (count,))):
                self.fit(name, shape=wanted)
        for to in ("q", "p"):
            self._carried(to, len(shape))
        if "nearest" in self.arrays:
            self.fit("made", "nearest", shape=self.arrays["nearest"].shape)
        return self

    def _carried(self, to: str, axes: int) -> None:
        """ValueError where the arrays of a map do not fit each other."""
        if not any(f"{name}_{to}" in self.arrays for name in MAP_ARRAYS):
            return
        self.fit(f"starts_{to}", f"ends_{to}", f"way_{to}")
        shape = self.arrays[f"starts_{to}"].shape
        if len(shape) != 2 or shape[1] != axes:
            raise ValueError("fields: the samples that a map carries do not fit the plane")
        self.fit(f"ends_{to}", shape=shape)
        self.fit(f"way_{to}", shape=shape[:1])
        if {f"true_{to}", f"missed_{to}"} & self.arrays.keys():
            self.fit(f"true_{to}", shape=shape)
            self.fit(f"missed_{to}", shape=shape[:1])
        if {f"grid_{to}", f"line_{to}"} & self.arrays.keys():
            self.fit(f"grid_{to}")
            grid = self.arrays[f"grid_{to}"].shape
            if len(grid) != axes + 1 or grid[-1] != axes or min(grid[:-1]) < 2:
                raise ValueError("fields: the grid that a map carries does not fit the plane")
            if axes == 1:
                self.fit(f"line_{to}", shape=grid)


class Lipschitz(BaseModel):
    """What bounds the Lipschitz constant of a critic: twice from below and, where known, from above."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    empirical: float
    """Largest |u(x) - u(y)| / |x - y| over pairs of a sample x of P and a sample y of Q."""
    largest_slope: float
    """Largest |grad u| at samples of P, Q and sigma."""
    certified: float | None
    """What the architecture certifies for all of R^D; None where it certifies nothing."""


class Slopes(_Event):
    """How steep the critic is. Arrays: `edges` [k + 1] of bins of |grad u|, the last of them infinite, and
    `p`, `q`, `sigma` [k], the share of each law's samples in every bin.

    The samples are the same throughout a run. `keep` as in Fields, at the same steps.
    """

    kind: Literal["slopes"] = "slopes"
    lipschitz: Lipschitz
    keep: bool = False

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.fit("edges", "p", "q", "sigma")
        edges = self.arrays["edges"]
        if edges.ndim != 1 or len(edges) < 2 or not (np.diff(edges) > 0).all():
            raise ValueError("slopes: the edges do not ascend")
        if any(self.arrays[law].shape != (len(edges) - 1,) for law in ("p", "q", "sigma")):
            raise ValueError("slopes: the shares do not fit the bins")
        return self


class Promises(_Event):
    """What regularized transport promises, and what is found on points of both laws (arXiv 1802.08249).

    Arrays: as the inner solver goes on `accuracies` of the dual, `certified` gaps, the generator gradient's
    `errors` and their `bounds` [k]; over `strengths` [m] of the regularizer `lower` and `upper` bound of the
    cost, and the `excess` over the exact one that theory allows; between batches of `sizes` [s] the mean
    cost, `values`, with standard errors, `value_errors` (not where the cost is between features).
    """

    kind: Literal["promises"] = "promises"
    regularizer: Literal["entropy", "l2"]
    strength: float
    """lambda, of the run."""
    exact: float
    """The exact cost between the same points."""
    slope: float
    """Of log error over log accuracy."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for names in (
            ("accuracies", "certified", "errors", "bounds"),
            ("strengths", "lower", "upper", "excess"),
            ("sizes", "values", "value_errors"),
        ):
            if names[0] == "sizes" and names[0] not in self.arrays:
                continue
            self.fit(*names)
            shape = self.arrays[names[0]].shape
            if len(shape) != 1 or not shape[0]:
                raise ValueError(f"promises: the {names[0]} are no list")
            self.fit(*names, shape=shape)
        return self


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


class Flow(_Event):
    """The true flow on the scene's plane, for D <= 2.

    Arrays: `momentum` [K, m, n] ([1, n] for D = 1); shaped like the scene's sigma the `sigma` that the flow
    was found with, the `potential` (up to a constant) and `potential_slope`, its gradient's length.
    """

    kind: Literal["flow"] = "flow"
    penalty: float = Field(gt=0)
    """lambda."""
    congestion_cost: float = Field(ge=0)
    """INT |w|^2 / sigma over all space."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self.fit("sigma", "momentum", "potential", "potential_slope")
        shape = self.arrays["sigma"].shape
        self.fit("potential", "potential_slope", shape=shape)
        self.fit("momentum", shape=(len(shape), *shape))
        return self


class FlowMissing(_Event):
    """The true flow cannot be shown, and why."""

    kind: Literal["flow-missing"] = "flow-missing"
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
    reason: Literal["done", "stopped", "plateau", "truth"]
    """All steps were taken, the user stopped it, or what `training.stopping` names was reached."""
    seconds: float
    processor_seconds: float | None = None
    """Of all threads of its process; runs of before have none."""
    estimates: dict[str, float]
    """gap, gap_se and, with a penalty, value, value_se: on fresh samples."""
    gradient: dict[str, float]
    """cos, l2, cos_published, l2_published where the true gradient is known."""
    flow: dict[str, float] = Field(default_factory=dict)
    """l2, angle and weighted_l2 (`truth.field.FlowError`) where the true flow is known."""
    lipschitz: Lipschitz | None = None
    """Of the critic at the end; runs of before have none."""


class Failed(_Event):
    """The run could not go on: one sentence, and the details for whoever wants them."""

    kind: Literal["failed"] = "failed"
    message: str
    detail: str = ""
    cause: Literal["input", "numbers", "died", "error"] = "error"
    """Bad input, numbers that left the finite, the process died, or anything else."""


Event = (
    Started
    | Scene
    | Scalars
    | Fields
    | Slopes
    | Promises
    | Progress
    | TruthFound
    | TruthMissing
    | Flow
    | FlowMissing
    | Checkpoint
    | Paused
    | Resumed
    | Ended
    | Failed
)
AnyEvent = Annotated[Event, Field(discriminator="kind")]
TIMING_FIELDS = frozenset({"seconds", "processor_seconds"})
"""Fields that depend on the clock: all else of a run on the CPU repeats bit for bit."""
TERMINAL = (Ended, Failed)
"""After one of these the run says no more."""
LIVE_KINDS = frozenset({"fields", "slopes"})
"""The kinds that are said live, between the recorded ones, for whoever watches."""


def is_coalescible(event: Event) -> bool:
    """Whether a newer event of the same kind may take this one's place before it was read."""
    return isinstance(event, Progress) or (isinstance(event, Fields | Slopes) and not event.keep)


def as_float32(array: Any) -> NDArray[np.float32]:
    """An array as the contiguous float32 that events carry."""
    return np.ascontiguousarray(array, dtype=np.float32)
