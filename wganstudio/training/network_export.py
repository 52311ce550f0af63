"""The export of trained networks: its request, its messages, and the main function of its process."""

import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.training.events import Arrays, TrainingState
from wganstudio.training.failures import explain
from wganstudio.training.signals import leave_to_parent

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


def serve(pipe: Connection, request: NetworkRequest) -> None:
    """Write the networks, and tell the parent how far it is; the main function of the process."""
    leave_to_parent()
    from wganstudio.training.network_files import write_networks  # imports torch

    try:
        for message in write_networks(request):
            pipe.send(message)
    except BadExperiment as error:
        pipe.send(NetworksFailed(str(error)))
    except OSError as error:
        reason = error.strerror or str(error)
        pipe.send(
            NetworksFailed(f"{request.folder} could not be written to: {reason}; choose another folder.")
        )
    except Exception as error:
        pipe.send(NetworksFailed(explain(error, "The export"), traceback.format_exc()))
