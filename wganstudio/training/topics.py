"""Topics: the schemas of snapshots. A declaration beside each producer registers what its snapshots hold.

Declarations import neither torch nor a producer, so that a process that only shows runs knows every topic.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from wganstudio.training.discovery import discover

Array = NDArray[Any]
Arrays = Mapping[str, Array]
Dims = Mapping[str, tuple[int, ...]]
"""Sizes of the symbolic dimensions: of "n" one, of "*plane" one for each axis."""
Check = Callable[[Arrays, Dims, Any], str]
"""Maps arrays, dimensions and attributes to the first problem, or "" if there is none."""
_KINDS = {"float": "f", "integer": "iu"}
RESERVED = frozenset(
    {
        "started",
        "snapshot",
        "metrics",
        "progress",
        "truth",
        "truth-missing",
        "flow-missing",
        "checkpoint",
        "paused",
        "resumed",
        "ended",
        "failed",
        "scene",
        "fields",
        "slopes",
        "promises",
        "scalars",
    }
)
"""Kinds of events, today's and former ones, which no topic may be called."""


@dataclass(frozen=True)
class ArraySpec:
    """The shape and the type of one array.

    Each of `dims` is a size, a symbol such as "n", which is the same for all arrays of a snapshot, or, at
    most once, a symbol with a star such as "*plane" for any number of dimensions.
    """

    dims: tuple[str | int, ...]
    kind: Literal["float", "integer"] = "float"
    optional: bool = False

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.dims))}]"

    def bind(self, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]] | None:
        """Return the sizes of the symbols for a shape; None if the shape does not match."""
        stars = [k for k, dim in enumerate(self.dims) if isinstance(dim, str) and dim.startswith("*")]
        extra = len(shape) - len(self.dims)
        if extra < -len(stars) or (extra and not stars):
            return None
        parts: list[tuple[int, ...]] = [(size,) for size in shape]
        if stars:
            first = stars[0]
            parts[first : first + extra + 1] = [tuple(shape[first : first + extra + 1])]
        bound: dict[str, tuple[int, ...]] = {}
        for dim, sizes in zip(self.dims, parts, strict=True):
            if isinstance(dim, int):
                if sizes != (dim,):
                    return None
            elif bound.setdefault(dim.lstrip("*"), sizes) != sizes:
                return None
        return bound


@dataclass(frozen=True)
class Topic:
    """Declaration of the snapshots of one name: their contents and their producer."""

    name: str
    arrays: Mapping[str, ArraySpec]
    attributes: type[BaseModel] | None = None
    """A frozen model of the numbers and texts beside the arrays."""
    live: bool = False
    """Snapshots are also sent between the recorded steps, to whoever watches the topic."""
    recorded: bool = True
    """Snapshots at logarithmic steps are kept in the session."""
    frame: bool = False
    """The topic is part of the frame: shown together with the critic at the same step, never across steps."""
    check: Check | None = None
    """A rule that shapes cannot express."""
    estimates: Callable[[Arrays], dict[str, float]] | None = None
    """Maps the arrays of a run's last snapshot to numbers that join its final estimates."""
    producer: str | type = field(default="", compare=False)
    """A `producers.Producer`, or where to import it: "module:Class". Topics may share a producer."""

    def validate(self, arrays: Arrays, attributes: BaseModel | None) -> None:
        """Raise ValueError, in one sentence, if a snapshot does not match."""
        required = {name for name, spec in self.arrays.items() if not spec.optional}
        if missing := sorted(required - arrays.keys()):
            raise ValueError(f"{self.name}: arrays are missing: {', '.join(missing)}")
        if unknown := sorted(arrays.keys() - self.arrays.keys()):
            raise ValueError(f"{self.name}: unknown arrays: {', '.join(unknown)}")
        wanted = type(None) if self.attributes is None else self.attributes
        if not isinstance(attributes, wanted):
            raise ValueError(f"{self.name}: the attributes must be of type {wanted.__name__}")
        dims = self.dims(arrays)
        if self.check is not None and (wrong := self.check(arrays, dims, attributes)):
            raise ValueError(f"{self.name}: {wrong}")

    def dims(self, arrays: Arrays) -> dict[str, tuple[int, ...]]:
        """Return the sizes of the symbolic dimensions; ValueError where arrays do not match."""
        dims: dict[str, tuple[int, ...]] = {}
        for name, spec in self.arrays.items():
            if name not in arrays:
                continue
            array = arrays[name]
            if array.dtype.kind not in _KINDS[spec.kind]:
                raise ValueError(f"{self.name}: array {name} has type {array.dtype}, not {spec.kind}")
            bound = spec.bind(array.shape)
            if bound is None:
                raise ValueError(f"{self.name}: array {name} has shape {array.shape}, not {spec}")
            for dim, sizes in bound.items():
                if dims.setdefault(dim, sizes) != sizes:
                    raise ValueError(
                        f"{self.name}: arrays do not match: {dim} is {_text(sizes)} in {name} "
                        f"and {_text(dims[dim])} elsewhere"
                    )
        if "K" in dims and "plane" in dims and dims["K"] != (len(dims["plane"]),):
            raise ValueError(f"{self.name}: arrays do not match the plane")
        return dims


_topics: dict[str, Topic] = {}


def register_topic(topic: Topic) -> Topic:
    """Make a topic known to run, record, session and views; return it."""
    if topic.name in RESERVED:
        raise ValueError(f"The topic {topic.name!r} cannot be registered: this is the kind of an event.")
    if topic.name in _topics and _topics[topic.name] != topic:
        raise ValueError(f"The topic {topic.name!r} is already registered.")
    _topics[topic.name] = topic
    return topic


def forget_topic(name: str) -> None:
    """Undo `register_topic` (for tests)."""
    _topics.pop(name, None)


def topics() -> dict[str, Topic]:
    """Return the topics by name, in order of registration."""
    discover()
    return dict(_topics)


def topic(name: str) -> Topic:
    """Return the topic of a name; ValueError if there is none."""
    if name not in _topics:
        discover()
    if name not in _topics:
        raise ValueError(f"There is no topic {name!r}; registered are {', '.join(_topics)}.")
    return _topics[name]


def live_topics() -> frozenset[str]:
    """Return the names of the topics that are also sent between the recorded steps."""
    return frozenset(name for name, topic in topics().items() if topic.live)


def recorded_topics() -> frozenset[str]:
    """Return the names of the topics that sessions keep."""
    return frozenset(name for name, topic in topics().items() if topic.recorded)


def as_float32(array: Any) -> NDArray[np.float32]:
    """Return an array as contiguous float32, as snapshots carry it."""
    return np.ascontiguousarray(array, dtype=np.float32)


def _text(sizes: tuple[int, ...]) -> str:
    return str(sizes[0]) if len(sizes) == 1 else str(sizes)
