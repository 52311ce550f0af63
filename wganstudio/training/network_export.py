"""The export of trained networks: its request, and the messages of its process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wganstudio.experiment import Experiment
from wganstudio.experiment.trusted_code import granted
from wganstudio.training.events import Arrays, TrainingState

NETWORKS = ("critic", "generator", "map")
FORMATS = ("safetensors", "onnx")


@dataclass(frozen=True)
class NetworkRequest:
    """The networks to write, and where."""

    experiment: Experiment
    """As requested."""
    state: TrainingState
    checkpoint: Arrays
    """The weights at the end of the run; empty for one that was stopped."""
    folder: Path
    stem: str
    networks: tuple[str, ...] = NETWORKS
    formats: tuple[str, ...] = FORMATS
    consent: Mapping[str, str] = field(default_factory=granted)
    """The code of the user that may run, by default as this process allows it."""


@dataclass(frozen=True)
class NetworkProgress:
    """Files written, and all."""

    done: int
    total: int


@dataclass(frozen=True)
class NetworksWritten:
    """The files, and a sentence for each that could not be made."""

    files: tuple[Path, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class NetworksFailed:
    """Nothing more can be written: a sentence, and the details of a fault."""

    message: str
    detail: str = ""


NetworkMessage = NetworkProgress | NetworksWritten | NetworksFailed
