"""Presets: experiments that are shipped, one TOML file each."""

from dataclasses import dataclass
from functools import cache

from wganstudio import resources
from wganstudio.experiment.experiment import AboutOptions, Experiment
from wganstudio.experiment.parsing import Settings, load, read
from wganstudio.experiment.problem import BadExperiment, Problem

FIRST = "first-look"


@dataclass(frozen=True)
class Preset:
    """A shipped experiment: its name (that of the file), its description and its settings."""

    name: str
    about: AboutOptions
    settings: Settings


@cache
def presets() -> dict[str, Preset]:
    """Return all shipped presets by name, the recommended first one first."""
    files = sorted(resources.path("presets").glob("*.toml"), key=lambda file: (file.stem != FIRST, file.stem))
    return {file.stem: _load(file.stem) for file in files}


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


def _load(name: str) -> Preset:
    settings = load(resources.path("presets", f"{name}.toml"))
    settings["about"] = settings["about"] | {"preset": name}
    return Preset(name, read(settings).about, settings)
