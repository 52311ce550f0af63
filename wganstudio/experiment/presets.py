"""Presets: experiments that are shipped or that plugins bring, one TOML file each, with their time."""

import csv
import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wganstudio import resources
from wganstudio.experiment.experiment import AboutOptions, Experiment
from wganstudio.experiment.parsing import Settings, load, read
from wganstudio.experiment.problem import BadExperiment, Problem
from wganstudio.experiment.registry import load_plugins

LOGGER = logging.getLogger(__name__)
FIRST = "first-look"
FOLDER = "presets"
QUICK_SECONDS = 10


@dataclass(frozen=True)
class Preset:
    """A shipped experiment: its file, which names it, its description and its settings."""

    file: Path
    about: AboutOptions
    settings: Settings
    seconds: float | None = None
    """Measured duration of a run with its truths on two idle cores; None if it was not measured."""

    @property
    def name(self) -> str:
        """The name that users type."""
        return self.file.stem

    @property
    def picture(self) -> Path:
        """The file of its picture (`figures.preset_picture`), which need not exist."""
        return self.file.parent / "pictures" / f"{self.name}.npz"


@cache
def presets() -> dict[str, Preset]:
    """Return all presets by name, the recommended first one first, those of plugins last.

    One that cannot be read, such as that of a plugin for another version, is left out with a warning.
    """
    load_plugins()
    seconds, loaded = _durations(), {}
    for file in sorted(resources.files(FOLDER), key=lambda file: file.stem != FIRST):
        try:
            loaded[file.stem] = _load(file, seconds.get(file.stem))
        except BadExperiment as error:
            LOGGER.warning("The preset %s is left out: %s", file, error)
    return loaded


def preset(name: str) -> Preset:
    """Return one preset; BadExperiment names the nearest if there is none of that name."""
    if name not in presets():
        import difflib

        close = difflib.get_close_matches(name, presets(), n=1)
        hint = f"; did you mean {close[0]}?" if close else "; `wganstudio presets` lists them"
        raise BadExperiment(Problem("", f"there is no preset {name!r}{hint}"))
    return presets()[name]


def preset_of(experiment: Experiment) -> Preset | None:
    """Return the preset that the settings of an experiment started from; None if it is not known.

    Sessions of older versions do not name it: there an unchanged preset is found by its description.
    """
    about = experiment.about
    if about.preset:
        return presets().get(about.preset)
    described = (one for one in presets().values() if one.about.summary == about.summary)
    return next(described, None)


def presets_by_question() -> dict[str, list[Preset]]:
    """Return the presets by their question, in the order of resources/presets/questions.txt."""
    order = resources.path(FOLDER, "questions.txt").read_text(encoding="utf-8").splitlines()
    groups: dict[str, list[Preset]] = {question: [] for question in order}
    for one in presets().values():
        groups.setdefault(one.about.question, []).append(one)
    return {question: group for question, group in groups.items() if group}


def duration_text(seconds: float) -> str:
    """Return a duration in words, such as "about 2 min"."""
    if seconds < QUICK_SECONDS:
        return "a few seconds"
    if seconds < 50:
        return f"about {round(seconds, -1):.0f} s"
    return f"about {round(seconds / 60) or 1} min"


def _load(file: Path, seconds: float | None) -> Preset:
    settings = load(file)
    settings["about"] = settings.get("about", {}) | {"preset": file.stem}
    return Preset(file, read(settings).about, settings, seconds)


def _durations() -> dict[str, float]:
    """Return the measured seconds by preset (tests/benchmarks/presets.py)."""
    with resources.path(FOLDER, "durations.csv").open(newline="", encoding="utf-8") as file:
        return {row["preset"]: float(row["seconds"]) for row in csv.DictReader(file)}
