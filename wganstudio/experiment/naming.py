"""Names of runs: they say which settings differ from the preset, or among the runs of a sweep."""

from collections.abc import Iterable, Sequence

from wganstudio.experiment.differences import ABSENT, ComparedField, differing_fields
from wganstudio.experiment.experiment import AboutOptions, Experiment
from wganstudio.experiment.parsing import group_options
from wganstudio.experiment.value_texts import lower_title, short_kind, value_text
from wganstudio.plain_text import one_line

MAX_NAME = 100
"""Characters of a name, as `AboutOptions` allows."""
MAX_PARTS = 4
"""Settings that a name mentions."""
ORDER = ("pair", "perturbation", "sigma", "solver", "critic", "generator", "training", "truth", "evaluation")
"""The groups, those that change the result most first."""
UNMISTAKABLE = ("pair", "solver", "critic", "training", "evaluation")
"""Groups whose fields need no name of their group before them."""

Named = tuple[str, Experiment]
"""The name and the experiment of a run."""


def setting_phrase(field: ComparedField, column: int = 0) -> str:
    """Return a setting in the fewest words: "λ = 10", "width 256", "5,000 steps", "GP"."""
    value, group = field.values[column], field.group
    if value is ABSENT:
        return f"no {lower_title(field.title)}"
    if field.name == "kind":
        short = short_kind(group, value)
        return short if group in ("pair", "solver") or value == "none" else f"{group} {lower_title(short)}"
    if field.symbol and value is not None:
        phrase = f"{field.symbol} = {value_text(value)}"
    elif field.unit == lower_title(field.title) and value is not None:
        phrase = value_text(value, field.unit)
    else:
        phrase = f"{lower_title(field.title)} {value_text(value)}"
    return phrase if group in UNMISTAKABLE or group in phrase.lower() else f"{group} {phrase}"


def run_name(experiment: Experiment, base: Experiment | None, others: Iterable[Named] = ()) -> str:
    """Return a name for a run without one.

    It is that of `base`, the preset or the loaded settings, where the settings are the same. Otherwise it
    says what differs from it, after the name of `base` where one of the `others` started from another preset.
    Where another run of that name has other settings, it says as well what differs from that run.
    """
    taken = [*others]
    fields = [] if base is None else _without_evaluation(_changes(base, experiment))
    title = "" if base is None else base.about.name
    if fields and all(other.about.preset == experiment.about.preset for _, other in taken):
        title = ""
    elif fields:
        title = title.partition(": ")[0]
    return _distinct_name(experiment, fields, title, taken)


def names_among(experiments: Sequence[Experiment], others: Iterable[Named] = ()) -> list[str]:
    """Return a name for each of several experiments: the settings in which they differ."""
    fields, taken = differing_fields(experiments), [*others]
    names = []
    for column, experiment in enumerate(experiments):
        own = [_only(field, column) for field in fields if field.values[column] is not ABSENT]
        names.append(_distinct_name(experiment, own, "", taken))
    return names


def default_name(experiment: Experiment) -> str:
    """Return the name of a run of which nothing more is known: its pair and its solver."""
    return ", ".join(short_kind(group, getattr(experiment, group).name()) for group in ("pair", "solver"))


def is_same(one: Experiment, other: Experiment) -> bool:
    """Return True if two experiments have equal settings, whatever they are called."""
    return not differing_fields([one, other])


def named(experiment: Experiment, name: str) -> Experiment:
    """Return the experiment under a name."""
    about = experiment.about.model_copy(update={"name": one_line(name, MAX_NAME)})
    return experiment.model_copy(update={"about": about})


def as_variant(experiment: Experiment, name: str = "") -> Experiment:
    """Return an experiment whose settings were changed: without the description of the unchanged one."""
    about = AboutOptions(preset=experiment.about.preset, suite=experiment.about.suite)
    return named(experiment.model_copy(update={"about": about}), name)


def variant_of(loaded: Experiment, experiment: Experiment, others: Iterable[Named] = ()) -> Experiment:
    """Return an experiment made from another one by changing settings.

    If anything differs it is named after what differs, and after what tells it from the others, unless it has
    a name of its own; and it is not described as the unchanged one.
    """
    if is_same(experiment, loaded):
        return experiment
    given = experiment.about.name if experiment.about.name != loaded.about.name else ""
    return as_variant(experiment, given or run_name(experiment, loaded, others))


def _distinct_name(
    experiment: Experiment, fields: list[ComparedField], title: str, others: Sequence[Named]
) -> str:
    """Return a name that no other run with other settings has."""
    first: list[ComparedField] = []
    name = ", ".join(filter(None, (title, _joined(fields)))) or default_name(experiment)
    while namesake := next((o for n, o in others if n == name and not is_same(o, experiment)), None):
        new = [field for field in _changes(namesake, experiment) if field not in first]
        if not new:
            return name
        first += new[:MAX_PARTS]
        rest = [field for field in fields if field.path not in {one.path for one in first}]
        name = _joined(first + rest, in_order=False)
        name = f"{title}, {name}" if title else name
    return name


def _changes(base: Experiment, experiment: Experiment) -> list[ComparedField]:
    """Return what a name says about an experiment that differs from another one.

    Where the kind changes, only what is not the default of the new kind counts, and what has a symbol.
    """
    fields = differing_fields([base, experiment])
    renewed = {field.group for field in fields if field.name == "kind"}
    return [
        _only(field, 1)
        for field in fields
        if field.values[1] is not ABSENT
        and (field.name == "kind" or field.group not in renewed or _is_chosen(field, experiment))
    ]


def _without_evaluation(fields: list[ComparedField]) -> list[ComparedField]:
    """Leave out what does not change the result, unless there is nothing else."""
    return [field for field in fields if field.group != "evaluation"] or fields


def _is_chosen(field: ComparedField, experiment: Experiment) -> bool:
    if field.values[0] is not ABSENT and field.symbol:
        return True
    options = group_options(field.group, getattr(experiment, field.group).name())
    return bool(options.model_fields[field.name].default != field.values[1])


def _only(field: ComparedField, column: int) -> ComparedField:
    """Return the field with the value of one experiment."""
    return ComparedField(field.path, field.title, field.unit, field.symbol, (field.values[column],))


def _joined(fields: Sequence[ComparedField], *, in_order: bool = True) -> str:
    if in_order:
        fields = sorted(fields, key=_rank)
    phrases = list(dict.fromkeys(map(setting_phrase, fields)))
    more = len(phrases) - MAX_PARTS
    return ", ".join([*phrases[:MAX_PARTS], *([f"{more} more"] if more > 0 else [])])


def _rank(field: ComparedField) -> tuple[int, bool, bool]:
    return ORDER.index(field.group), field.name != "kind", not field.symbol
