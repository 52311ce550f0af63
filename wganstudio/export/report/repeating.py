"""How to repeat a run: the command line, and the versions that it ran with."""

import shlex
from collections.abc import Iterator
from typing import Any

import tomli_w

from wganstudio.experiment import BadExperiment, Experiment, preset_of, read
from wganstudio.experiment.presets import presets
from wganstudio.experiment.typed_text import override_texts

FILE = "experiment.toml"
"""The name under which the text of the experiment is to be saved, where no preset is close."""


def command(experiment: Experiment, session: str = "repeated.wgs") -> str:
    """Return the command that trains the same run: from the preset with its changes, or from a file."""
    start = preset_of(experiment)
    if start is not None and start.name in presets():
        changes = list(_changes(read(start.settings), experiment))
        if _leads_to(start.settings, changes, experiment):
            settings = [part for path, text in changes for part in ("--set", f"{path}={text}")]
            return shlex.join(["wganstudio", "run", start.name, *settings, "--session", session])
    return shlex.join(["wganstudio", "run", FILE, "--session", session])


def _changes(start: Experiment, experiment: Experiment) -> Iterator[tuple[str, str]]:
    """Yield the settings to change, kinds first, as they are typed."""
    before, after = start.settings(), experiment.settings()
    for group in (name for name in after if name != "about"):
        old, new = before[group], after[group]
        fields = {"kind": new["kind"], **new} if "kind" in new else new
        for name, value in fields.items():
            if old.get(name) != value or (name != "kind" and old.get("kind") != new.get("kind")):
                yield f"{group}.{name}", _typed(value)
        for name in old.keys() - new.keys():
            if old.get("kind") == new.get("kind"):
                yield f"{group}.{name}", "auto"


def _typed(value: Any) -> str:
    """Return a plain value as `--set` reads it."""
    if isinstance(value, str):
        return value
    return tomli_w.dumps({"x": value}).partition("=")[2].strip().replace("\n", "")


def _leads_to(settings: dict[str, Any], changes: list[tuple[str, str]], experiment: Experiment) -> bool:
    try:
        repeated = read(override_texts(settings, changes))
    except BadExperiment:
        return False
    return repeated.model_copy(update={"about": experiment.about}) == experiment
