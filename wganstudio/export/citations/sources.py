"""The sources that the settings of an experiment carry."""

from collections.abc import Iterable, Iterator

from wganstudio.experiment import Experiment
from wganstudio.experiment.options import Options, extra
from wganstudio.export.citations.bibliography import BibEntry, entries_of, software
from wganstudio.figures import Figure


def sources_of(experiment: Experiment) -> tuple[str, ...]:
    """Return the sources of the kinds in use, and of the fields that differ from their defaults."""
    sources = (source for options in groups_in_use(experiment) for source in _sources(options))
    return tuple(dict.fromkeys(sources))


def groups_in_use(experiment: Experiment) -> list[Options]:
    """Return the groups that affect what an experiment computes."""
    solver = experiment.solver
    groups: list[Options] = [experiment.pair, solver]
    if solver.uses_critic:
        groups.append(experiment.critic)
    if experiment.generator.moves:
        groups.append(experiment.generator)
    if solver.samples_sigma:
        groups.append(experiment.sigma)
    if experiment.perturbation.name() != "none":
        groups.append(experiment.perturbation)
    return groups


def cited_entries(experiments: Iterable[Experiment], figure: Figure | None = None) -> list[BibEntry]:
    """Return the entries of all sources of the experiments and of a figure, and of WGAN Studio, each once."""
    entries = [
        entry
        for experiment in experiments
        for source in sources_of(experiment)
        for entry in entries_of(source)
    ]
    entries += [] if figure is None else entries_of(figure.source)
    return list({entry.key: entry for entry in [*entries, software()]}.values())


def _sources(options: Options) -> Iterator[str]:
    if source := getattr(options, "source", ""):
        yield source
    for name, field in type(options).model_fields.items():
        source = extra(field, "source")
        if source and getattr(options, name) != field.default:
            yield source
