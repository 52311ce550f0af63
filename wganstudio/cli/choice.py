"""The experiment that command-line arguments describe."""

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from wganstudio.experiment import (
    BadExperiment,
    Experiment,
    Problem,
    load,
    override_texts,
    preset,
    read,
)
from wganstudio.experiment.naming import Named, variant_of


def experiment_from_arguments(options: Namespace, earlier: Iterable[Named] = ()) -> Experiment:
    """Return the experiment given by NAME|FILE.toml, --set, --steps and --seed.

    One with changed settings is named after them and after what tells it from the earlier runs of its
    session, unless --set names it. It is not described as the unchanged one.
    """
    name: str = options.experiment
    settings = load(Path(name)) if name.endswith(".toml") else preset(name).settings
    changes = [change(text) for text in options.changes]
    for field in ("steps", "seed"):
        if (text := getattr(options, field)) is not None:
            changes.append((f"training.{field}", text))
    return variant_of(read(settings), read(override_texts(settings, changes)), earlier)


def change(text: str) -> tuple[str, str]:
    """Return the setting and the value in the argument of --set; raise BadExperiment if there is no "="."""
    path, equals, value = text.partition("=")
    if not equals:
        raise BadExperiment(
            Problem("", f"--set {text}: write group.field=value, such as training.steps=1000")
        )
    return path.strip(), value.strip()
