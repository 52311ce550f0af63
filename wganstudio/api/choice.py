"""The experiment that the arguments of a function of the interface describe."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wganstudio.experiment import Experiment, Preset, load, override, preset, read
from wganstudio.experiment.files import user_path
from wganstudio.experiment.naming import Named, variant_of


def chosen_experiment(
    source: Experiment | Preset | str | Path, changes: Mapping[str, Any], earlier: Iterable[Named] = ()
) -> Experiment:
    """Return the experiment of a source with changed settings, which are named "group.field".

    One with changed settings is named after them and after what tells it from the earlier runs of its
    session. It is not described as the unchanged one.
    """
    match source:
        case Experiment():
            settings: Mapping[str, Any] = source.settings()
        case Preset():
            settings = source.settings
        case str() if not source.endswith(".toml"):
            settings = preset(source).settings
        case _:
            settings = load(user_path(source))
    return variant_of(read(settings), read(override(settings, changes.items())), earlier)
