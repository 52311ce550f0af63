"""From plain values to an Experiment: TOML, overrides, and one clear sentence for whatever is wrong."""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import tomli_w
from pydantic import ValidationError

from wganstudio.experiment.experiment import AboutOptions, EvaluationOptions, Experiment, TrainingOptions
from wganstudio.experiment.options import AUTO, Options
from wganstudio.experiment.registry import find_kind, groups, kinds

MAX_FILE_BYTES = 1 << 20
_PLAIN: dict[str, type[Options]] = {
    "about": AboutOptions,
    "training": TrainingOptions,
    "evaluation": EvaluationOptions,
}
DEFAULT_KINDS = {
    "pair": "gaussians",
    "critic": "mlp",
    "solver": "lp",
    "generator": "none",
    "sigma": "segments",
    "perturbation": "none",
    "truth": "best",
}

Group = TypeVar("Group", bound=Options)
Settings = dict[str, Any]
"""Nested plain values as TOML holds them: group -> field -> value."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field: its path ("pair.dim"; "" for the whole) and a sentence."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class BadExperiment(ValueError):
    """The settings do not make an experiment; `problems` says why, a field each."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(map(str, problems)))


def group_options(group: str, kind: object = None) -> type[Options]:
    """The options class of a group ("training"), or of a kind in it ("pair", "gaussians")."""
    if group in _PLAIN:
        return _PLAIN[group]
    if group not in groups():
        raise BadExperiment(Problem(group, unknown("group", group, [*groups(), *_PLAIN])))
    kind = DEFAULT_KINDS[group] if kind is None else kind
    options = find_kind(group, kind) if isinstance(kind, str) else None
    if options is None:
        raise BadExperiment(Problem(f"{group}.kind", unknown("kind", kind, kinds(group))))
    return options


def read(settings: Mapping[str, Any]) -> Experiment:
    """The experiment that nested plain values describe; BadExperiment lists every problem found."""
    problems: list[Problem] = []
    made: dict[str, Options] = {}
    for group in settings:
        if group not in Experiment.model_fields:
            problems.append(Problem(group, unknown("group", group, Experiment.model_fields)))
    for group in Experiment.model_fields:
        values = settings.get(group, {})
        if not isinstance(values, Mapping):
            problems.append(Problem(group, f"a table of settings is needed, not {values!r}"))
            continue
        try:
            made[group] = checked(group, group_options(group, values.get("kind")), values)
        except BadExperiment as error:
            problems.extend(error.problems)
    if problems:
        raise BadExperiment(*problems)
    experiment = Experiment(**made)
    if objection := experiment.solver.objection(experiment.critic):
        raise BadExperiment(Problem("critic.kind", objection))
    if objection := experiment.generator.objection(experiment.solver):
        raise BadExperiment(Problem("generator.kind", objection))
    if objection := experiment.sigma.objection(experiment.solver):
        raise BadExperiment(Problem("sigma.kind", objection))
    return experiment


def checked(group: str, options: type[Group], values: Mapping[str, Any]) -> Group:
    """One group's options from plain values; BadExperiment lists every problem found."""
    try:
        return options.model_validate(dict(values))
    except ValidationError as error:
        raise BadExperiment(*_explain(group, options, error)) from error


def override(settings: Mapping[str, Any], changes: Iterable[tuple[str, Any]]) -> Settings:
    """The settings with changes ("group.field", value) applied.

    A chosen kind fills its group with that kind's defaults; all other changes apply after, in any order.
    """
    changed = {
        group: dict(values) if isinstance(values, Mapping) else values for group, values in settings.items()
    }
    changes = list(changes)
    for path, value in changes:
        group, dot, field = path.partition(".")
        if not (dot and field) or group not in Experiment.model_fields:
            raise BadExperiment(
                Problem(path, "no such setting; write group.field, for example training.steps")
            )
        if field == "kind":
            changed[group] = {"kind": value}
    changed = {group: _renamed(group, values) for group, values in changed.items()}
    for path, value in changes:
        group, _, field = path.partition(".")
        if field != "kind":
            values = changed.setdefault(group, {})
            (name,) = _renamed(group, {"kind": values.get("kind"), field: value}).keys() - {"kind"}
            values[name] = value
    return changed


def _renamed(group: str, values: Any) -> Any:
    """Replace former names in one group's settings; settings that are no group's stay as they are."""
    try:
        return group_options(group, values.get("kind")).renamed(values)
    except (BadExperiment, AttributeError):
        return values


def default_settings(group: str, kind: object = None) -> Settings:
    """What a freshly chosen kind fills its group with."""
    return group_options(group, kind)().settings()


def parse_value(text: str) -> Any:
    """A TOML literal if the text parses as one, else the text itself."""
    try:
        table = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return table["value"] if set(table) == {"value"} else text


def load(path: Path) -> Settings:
    """The settings in a TOML file; BadExperiment where it cannot be read as one."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadExperiment(Problem("", f"{path} cannot be read: {error.strerror or error}")) from error
    if len(raw) > MAX_FILE_BYTES:
        raise BadExperiment(Problem("", f"{path} is larger than 1 MiB and no experiment; choose a TOML file"))
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadExperiment(Problem("", f"{path} is not a TOML file: {error}")) from error


def to_toml(experiment: Experiment) -> str:
    """The experiment as a TOML document that `load` and `read` turn back into it."""
    settings = {group: values for group, values in experiment.settings().items() if values}
    return tomli_w.dumps(settings)


def _explain(group: str, options: type[Options], error: ValidationError) -> list[Problem]:
    problems: dict[str, Problem] = {}
    for detail in error.errors(include_url=False):
        field = str(detail["loc"][0]) if detail["loc"] else ""
        path = f"{group}.{field}" if field else group
        if detail["type"] == "extra_forbidden":
            message = unknown("field", field, options.model_fields)
        elif detail["type"] == "value_error" and not field:
            message = str(detail["ctx"]["error"])
            path = f"{group}.{message.split()[0]}" if message.split()[0] in options.model_fields else group
        else:
            shown = detail["input"] if not isinstance(detail["input"], Options) else ""
            message = f"{_short(shown)} will not do; {wanted(options, field)}"
        problems.setdefault(path, Problem(path, message))
    return list(problems.values())


def wanted(options: type[Options], field: str) -> str:
    """What a field accepts, in words: "give a whole number from 1 to 512"."""
    from typing import Literal, get_args, get_origin

    info = options.model_fields[field]
    schema = options.model_json_schema()["properties"][field]
    annotation = info.annotation
    choices = [a for a in (annotation, *get_args(annotation)) if get_origin(a) is Literal]
    if choices:
        return "choose one of " + ", ".join(map(str, get_args(choices[0])))
    variants = [v for v in schema.get("anyOf", [schema]) if v.get("type") != "null"]
    words = " or ".join(_words(variant, schema) for variant in variants)
    optional = ", or auto" if len(variants) < len(schema.get("anyOf", [schema])) else ""
    return f"give {words}{optional}"


def _words(variant: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    limits = {**schema, **variant}
    names = {
        "integer": "a whole number",
        "number": "a number",
        "string": "a text",
        "boolean": "true or false",
        "array": "a list of numbers in [ ], separated by commas",
    }
    words = names.get(str(variant.get("type")), "a value")
    if variant.get("type") == "array" and variant.get("items", {}).get("type") == "array":
        words = "a list of points, such as [[0, 0], [1, 2]]"
    low, above = limits.get("minimum"), limits.get("exclusiveMinimum")
    high, below = limits.get("maximum"), limits.get("exclusiveMaximum")
    parts = [f"from {low}" if low is not None else "", f"above {above}" if above is not None else ""]
    parts += [f"to {high}" if high is not None else "", f"below {below}" if below is not None else ""]
    return " ".join([words, *filter(None, parts)])


def unknown(what: str, name: object, known: Iterable[str]) -> str:
    """That there is none of that name, and which was perhaps meant."""
    known = list(known)
    close = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {close[0]}?" if close else "there is " + ", ".join(known)
    return f"there is no {what} {name!r} ({hint})".replace(f"{AUTO!r}", AUTO)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
