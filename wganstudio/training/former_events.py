"""Array events of session versions up to 4, where one event holds all arrays on the plane.

`session.upgrade` reads them from old sessions; `snapshots()` turns one into snapshots of today's topics.
"""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wganstudio.training.declarations.gradient_norms import Lipschitz
from wganstudio.training.snapshot import Arrays, Snapshot

_MAP = {
    "starts": "starts",
    "ends": "ends",
    "way": "distance",
    "true": "true_ends",
    "missed": "error",
    "grid": "grid",
    "line": "line",
}
FRAME_ARRAYS: dict[str, dict[str, str]] = {
    **{f"map-to-{to}": {f"{former}_{to}": name for former, name in _MAP.items()} for to in ("q", "p")},
    "generated": {"samples_q": "samples_q", "sigma": "sigma", "made": "generated", "nearest": "nearest"},
    "plan": {
        "sources": "sources",
        "partners": "partners",
        "shares": "shares",
        "breadth": "effective_count",
    },
    "atoms": {name: name for name in ("atoms", "weights", "psi", "scale")},
    "critic": {"u": "u", "slope": "gradient_norm", "gradient": "gradient"},
}
"""Topics of the frame, the critic last: the former name of each array -> its name."""


class _FormerEvent(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid")

    topic: ClassVar[str]
    former_names: ClassVar[dict[str, str]] = {}
    """Former name of an array -> its name, where they differ."""
    attribute_names: ClassVar[dict[str, str]] = {}
    """Field -> the name of the attribute."""

    kind: str
    step: int = Field(0, ge=0)
    arrays: Arrays = Field(default_factory=dict, exclude=True, repr=False)

    @model_validator(mode="after")
    def _validate(self) -> Self:
        try:
            self.snapshots()
        except ValueError as error:
            raise ValueError(f"{self.kind}: arrays do not fit: {error}") from error
        return self

    def snapshots(self) -> list[Snapshot]:
        """Return the snapshots of the event; ValueError where they do not match their topics."""
        arrays = {self.former_names.get(name, name): array for name, array in self.arrays.items()}
        return [
            Snapshot(
                topic=self.topic,
                step=self.step,
                recorded=self._is_recorded(),
                arrays=arrays,
                attributes=self._attributes(),
            )
        ]

    def _attributes(self) -> Any:
        return {name: getattr(self, field) for field, name in self.attribute_names.items()}

    def _is_recorded(self) -> bool:
        return True


class Scene(_FormerEvent):
    """The topic plane."""

    topic: ClassVar[str] = "plane"
    former_names: ClassVar[dict[str, str]] = {"potential_slope": "potential_norm"}
    attribute_names: ClassVar[dict[str, str]] = {"labels": "labels", "sigma_method": "sigma_method"}

    kind: str = "scene"
    labels: tuple[str, ...]
    sigma_method: str


class Fields(_FormerEvent):
    """The topics of the frame: critic, generated, plan, atoms, map-to-q and map-to-p."""

    kind: str = "fields"
    keep: bool = False

    def snapshots(self) -> list[Snapshot]:
        """Return the snapshots of the frame, the critic last; ValueError where they do not match."""
        known = {former for names in FRAME_ARRAYS.values() for former in names}
        if unknown := self.arrays.keys() - known:
            raise ValueError(f"fields: unknown arrays: {', '.join(sorted(unknown))}")
        parts = {
            topic: {name: self.arrays[former] for former, name in names.items() if former in self.arrays}
            for topic, names in FRAME_ARRAYS.items()
        }
        return [
            Snapshot(topic=topic, step=self.step, recorded=self.keep, arrays=arrays)
            for topic, arrays in parts.items()
            if arrays or topic == "critic"
        ]


class Slopes(_FormerEvent):
    """The topic gradient-norms."""

    topic: ClassVar[str] = "gradient-norms"

    kind: str = "slopes"
    lipschitz: Lipschitz
    keep: bool = False

    def _attributes(self) -> Any:
        return self.lipschitz

    def _is_recorded(self) -> bool:
        return self.keep


class Promises(_FormerEvent):
    """The topic theory-checks."""

    topic: ClassVar[str] = "theory-checks"
    former_names: ClassVar[dict[str, str]] = {"strengths": "epsilons"}
    attribute_names: ClassVar[dict[str, str]] = {
        "regularizer": "regularizer",
        "strength": "epsilon",
        "exact": "exact",
        "slope": "slope",
    }

    kind: str = "promises"
    regularizer: str
    strength: float
    exact: float
    slope: float


class Flow(_FormerEvent):
    """The topic flow."""

    topic: ClassVar[str] = "flow"
    former_names: ClassVar[dict[str, str]] = {"potential_slope": "potential_norm"}
    attribute_names: ClassVar[dict[str, str]] = {
        "penalty": "penalty",
        "congestion_cost": "congestion_cost",
    }

    kind: str = "flow"
    penalty: float
    congestion_cost: float


FormerEvent = Scene | Fields | Slopes | Promises | Flow
FORMER_EVENTS: dict[str, type[FormerEvent]] = {
    "scene": Scene,
    "fields": Fields,
    "slopes": Slopes,
    "promises": Promises,
    "flow": Flow,
}
"""Classes of former events by kind."""
