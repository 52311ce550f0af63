"""Entries: rows of a session as events, and events as rows. Reading executes and unpickles nothing."""

import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from wganstudio.experiment import BadExperiment, Experiment, read
from wganstudio.plain_text import printable
from wganstudio.session.errors import SessionError, broken
from wganstudio.session.untrusted import MALFORMED, read_json
from wganstudio.session.upgrade import events_of
from wganstudio.training.events import Arrays, Event
from wganstudio.training.topics import topics

MAX_TEXT = 20_000
"""Characters of a message or label; of longer ones the beginning is read."""
MAX_ENVIRONMENT = 100_000
"""Characters of the description of the machine."""
_DTYPES = {np.dtype(t) for t in ("float32", "float64", "int64", "int32", "uint8", "bool")}


class EntryReader:
    """Reads rows, and leaves out the snapshots of plugins that are not installed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unknown_topics: set[str] = set()

    def events(self, body: str, blob: bytes | None) -> list[Event]:
        """Return the events of a row; one of MALFORMED or SafetensorError where it is none."""
        arrays = _checked(load_arrays(blob)) if blob is not None else {}
        numbers = read_json(body)
        if numbers.get("kind") != "started":  # whose paths may contain any character
            numbers = printable(numbers, MAX_TEXT)
        elif len(json.dumps(numbers.get("environment"))) > MAX_ENVIRONMENT:
            raise ValueError("too long")
        return [] if self._is_unknown_topic(numbers) else events_of(numbers, arrays)

    def _is_unknown_topic(self, body: dict[str, Any]) -> bool:
        topic = body["topic"] if body.get("kind") == "snapshot" else None
        if not isinstance(topic, str) or topic in topics():
            return False
        if topic not in self._unknown_topics:
            self._unknown_topics.add(topic)
            message = "%s holds snapshots of %r, which no installed plugin knows; they are not shown."
            logging.getLogger(__name__).warning(message, self._path, topic)
        return True


def arrays_blob(event: Event) -> bytes | None:
    """Return the arrays of an event as they are stored; None if it has none."""
    if not event.arrays:
        return None
    return save_arrays({name: np.ascontiguousarray(array) for name, array in event.arrays.items()})


def experiment_text(experiment: Experiment) -> str:
    """Return an experiment as it is stored."""
    return json.dumps(experiment.settings())


def stored_experiment(path: Path, text: str) -> Experiment:
    """Return the experiment of a stored text; SessionError if it is none of this version."""
    try:
        return read(read_json(text))
    except BadExperiment as error:
        raise SessionError(f"{path} holds an experiment this version cannot read: {error}") from error
    except MALFORMED as error:
        raise broken(path, "an experiment cannot be understood") from error


def _checked(arrays: Arrays) -> Arrays:
    for array in arrays.values():
        if array.dtype not in _DTYPES:
            raise ValueError(f"unexpected dtype {array.dtype}")
    return arrays
