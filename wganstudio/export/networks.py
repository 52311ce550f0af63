"""Trained networks of a run as files, made in a process of their own: this one has no torch."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

from wganstudio.export.files import ExportError, file_stem
from wganstudio.session import RunRecord
from wganstudio.training.events import TrainingState
from wganstudio.training.network_export import (
    FORMATS,
    NETWORKS,
    NetworkProgress,
    NetworkRequest,
    NetworksFailed,
    NetworksWritten,
)
from wganstudio.training.network_process import serve
from wganstudio.training.signals import held_back

POLL_SECONDS = 0.2
"""Seconds between two calls of `progress` while the process says nothing."""
_SPAWN = multiprocessing.get_context("spawn")
Progress = Callable[[int, int], object]


def write_networks(
    record: RunRecord,
    state: TrainingState | None,
    folder: Path,
    *,
    networks: tuple[str, ...] = NETWORKS,
    formats: tuple[str, ...] = FORMATS,
    progress: Progress | None = None,
) -> tuple[list[Path], list[str]]:
    """Write the networks of a run into a folder.

    Parameters
    ----------
    record
        The run; it must not be under way.
    state
        Its newest training state.
    folder
        The folder, which is created if needed.
    networks, formats
        Some of `NETWORKS` and `FORMATS`.
    progress
        Called with the number of files written and that of all. What it raises ends the export.

    Returns
    -------
    list of Path, list of str
        The files, and a sentence for each network that cannot be written.
    """
    if state is None:
        raise ExportError(
            f"Run {record.run} has no saved training state, which holds the networks; train it again."
        )
    request = NetworkRequest(
        record.requested.with_steps(record.steps),
        state,
        record.checkpoint.arrays if record.checkpoint is not None and record.complete else {},
        folder,
        file_stem(record),
        networks,
        formats,
    )
    ours, theirs = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=serve, args=(theirs, request), name="wganstudio-networks")
    with held_back():
        process.start()
    theirs.close()
    done = 0, 1
    try:
        while True:
            if progress is not None:
                progress(*done)
            if not ours.poll(POLL_SECONDS):
                continue
            match ours.recv():
                case NetworkProgress(written, total):
                    done = written, total
                case NetworksWritten(files, missing):
                    return list(files), list(missing)
                case NetworksFailed(message):
                    raise ExportError(message)
    except EOFError as error:
        process.join()
        raise ExportError(
            f"The process that writes the networks died (exit code {process.exitcode}); "
            "free memory and try again."
        ) from error
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
