"""Presets: experiments that are shipped, one TOML file each."""

from dataclasses import dataclass
from functools import cache

from wganstudio import resources
from wganstudio.experiment.experiment import AboutOptions
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


def _load(name: str) -> Preset:
    settings = load(resources.path("presets", f"{name}.toml"))
    return Preset(name, read(settings).about, settings)
