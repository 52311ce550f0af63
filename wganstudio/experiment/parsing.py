"""Parse plain values into an Experiment: TOML, overrides, former names, one sentence for each mistake."""

import difflib
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import tomli_w
from pydantic import ValidationError

from wganstudio.experiment.experiment import AboutOptions, EvaluationOptions, Experiment, TrainingOptions
from wganstudio.experiment.files import read_regular
from wganstudio.experiment.options import AUTO, Options, extra
from wganstudio.experiment.problem import MAX_PROBLEMS, BadExperiment, Problem
from wganstudio.experiment.registry import find_kind, groups, kinds
from wganstudio.experiment.toml import parse_toml

MAX_FILE_BYTES = 1 << 20
MAX_NAME = 60
"""Characters of a name or value that a sentence quotes."""
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

MAX_REMEMBERED = 500
MAX_REMEMBERED_TEXT = 2000
"""Characters of a group's values that are worth remembering."""

Group = TypeVar("Group", bound=Options)
Settings = dict[str, Any]
"""Nested plain values as TOML holds them: group -> field -> value."""
_remembered: dict[tuple[type[Options], str], Options] = {}


def group_options(group: str, kind: object = None) -> type[Options]:
    """Return the options class of a group ("training"), or of a kind in it ("pair", "gaussians")."""
    if group in _PLAIN:
        return _PLAIN[group]
    if group not in groups():
        raise BadExperiment(Problem(group, unknown("group", group, [*groups(), *_PLAIN])))
    kind = DEFAULT_KINDS[group] if kind is None else kind
    options = find_kind(group, kind) if isinstance(kind, str) else None
    if options is None:
        message = unknown("kind", kind, kinds(group))
        if "did you mean" not in message:
            message += "; if a plugin brings this kind, install the plugin"
        raise BadExperiment(Problem(f"{group}.kind", message))
    return options


def read(settings: Mapping[str, Any]) -> Experiment:
    """Return the experiment that nested plain values describe.

    Former names of settings and kinds are accepted.

    Raises
    ------
    BadExperiment
        If anything is wrong; it lists every problem.
    """
    problems: list[Problem] = []
    options: dict[str, Options] = {}
    for group in islice(settings, MAX_PROBLEMS):
        if group not in Experiment.model_fields:
            problems.append(Problem(group, unknown("group", group, Experiment.model_fields)))
    for group in Experiment.model_fields:
        values = settings.get(group, {})
        if not isinstance(values, Mapping):
            problems.append(Problem(group, f"this must be a table of settings, not {_short(values)}"))
            continue
        try:
            options[group] = _group(group, values)
        except BadExperiment as error:
            problems.extend(error.problems)
    if problems:
        raise BadExperiment(*problems)
    experiment = Experiment(**options)
    if objection := experiment.solver.objection(experiment.critic):
        raise BadExperiment(Problem("critic.kind", objection))
    if objection := experiment.generator.objection(experiment.solver):
        raise BadExperiment(Problem("generator.kind", objection))
    if objection := experiment.sigma.objection(experiment.solver):
        raise BadExperiment(Problem("sigma.kind", objection))
    return experiment


def _group(group: str, values: Mapping[str, Any]) -> Options:
    """Return one group's options; the same object for the same values, as the runs of a session have them."""
    options = group_options(group, values.get("kind"))
    key = options, repr(values)
    built = _remembered.get(key)
    if built is None:
        built = checked(group, options, values)
        if len(_remembered) >= MAX_REMEMBERED:
            _remembered.clear()
        if len(key[1]) <= MAX_REMEMBERED_TEXT:
            _remembered[key] = built
    return built


def checked(group: str, options: type[Group], values: Mapping[str, Any]) -> Group:
    """Return one group's options from plain values; BadExperiment lists every problem."""
    try:
        return options.model_validate(dict(values))
    except ValidationError as error:
        raise BadExperiment(*_explain(group, options, error)) from error


def override(settings: Mapping[str, Any], changes: Iterable[tuple[str, Any]]) -> Settings:
    """Return the settings with changes ("group.field", value) applied, under the current names.

    A change of kind fills its group with the defaults of that kind, wherever it stands among the changes. Of
    two changes of one field, under its current or its former name, the later wins. A field that supplies
    others discards what was given for them before.
    """
    changes = list(changes)
    changed = dict(settings)
    for path, value in changes:
        group, dot, field = path.partition(".")
        if not (dot and field) or group not in Experiment.model_fields:
            raise BadExperiment(Problem(path, "no such setting; write group.field, such as training.steps"))
        if field == "kind":
            changed[group] = {"kind": value}
    changed = current_names(changed)
    for path, value in changes:
        group, _, field = path.partition(".")
        if field == "kind":
            continue
        values = changed.setdefault(group, {})
        if not isinstance(values, dict):
            raise BadExperiment(Problem(group, f"this must be a table of settings, not {_short(values)}"))
        field = _current_field(group, values, field)
        values[field] = value
        for supplied in _supplied_fields(group, values, field):
            values.pop(supplied, None)
    return changed


def current_names(settings: Mapping[str, Any]) -> Settings:
    """Return a copy of the settings with former names of fields and kinds replaced by the current ones.

    Groups and kinds that do not exist here stay as they are.
    """
    return {group: _current_group(group, values) for group, values in settings.items()}


def _current_group(group: str, values: Any) -> Any:
    if not isinstance(values, Mapping):
        return values
    options = _options_or_none(group, values)
    return dict(values) if options is None else options.renamed(values)


def _current_field(group: str, values: Mapping[str, Any], field: str) -> str:
    options = _options_or_none(group, values)
    return field if options is None else options.former_names().get(field, field)


def _supplied_fields(group: str, values: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """Return the fields whose values come from that of another one."""
    options = _options_or_none(group, values)
    if options is None or field not in options.model_fields or values[field] in (None, AUTO):
        return ()
    return extra(options.model_fields[field], "supplies") or ()


def _options_or_none(group: str, values: Mapping[str, Any]) -> type[Options] | None:
    try:
        return group_options(group, values.get("kind"))
    except BadExperiment:
        return None


def default_settings(group: str, kind: object = None) -> Settings:
    """Return the default settings of a group, or of a kind in it."""
    return group_options(group, kind)().settings()


def load(path: Path) -> Settings:
    """Return the settings in a TOML file, under the current names; BadExperiment if it is not TOML."""
    content = read_regular(path, MAX_FILE_BYTES)
    try:
        return current_names(parse_toml(content.decode("utf-8-sig")))
    except ValueError as error:
        raise BadExperiment(Problem("", f"{path} is not a TOML file: {error}")) from error


def to_toml(experiment: Experiment) -> str:
    """Return the experiment as a TOML document; `load` and `read` turn it back into the experiment."""
    settings = {group: values for group, values in experiment.settings().items() if values}
    return tomli_w.dumps(settings)


def _explain(group: str, options: type[Options], error: ValidationError) -> list[Problem]:
    problems: dict[str, Problem] = {}
    for detail in error.errors(include_url=False)[:MAX_PROBLEMS]:
        field = str(detail["loc"][0]) if detail["loc"] else ""
        path = f"{group}.{field}" if field else group
        if detail["type"] == "extra_forbidden":
            message = _unknown_field(options, field)
        elif detail["type"] == "value_error" and not field:
            message = str(detail["ctx"]["error"])
            path = f"{group}.{message.split()[0]}" if message.split()[0] in options.model_fields else group
        else:
            value = detail["input"] if not isinstance(detail["input"], Options) else ""
            message = f"{_short(value)} {_fault(options, field, detail)}. {wanted(options, field)}."
        problems.setdefault(path, Problem(path, message))
    return list(problems.values())


def _unknown_field(options: type[Options], field: str) -> str:
    current = options.former_names().get(field)
    if current is not None:  # both names are given
        return f"this is the former name of {current}, which is set as well; remove one of the two"
    former = difflib.get_close_matches(field, options.former_names(), n=1)
    if former and not difflib.get_close_matches(field, options.model_fields):
        return f"there is no field {field!r} (did you mean {options.former_names()[former[0]]}?)"
    return unknown("field", field, options.model_fields)


_NOUNS = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list of numbers",
}
_OUT_OF_RANGE = ("greater_than", "less_than", "too_short", "too_long", "string_too")
"""Beginnings of the types of pydantic's errors about limits."""


def _fault(options: type[Options], field: str, detail: Mapping[str, Any]) -> str:
    """Return the predicate of the sentence about a bad value, such as "is not a number"."""
    if detail["type"].startswith(_OUT_OF_RANGE) and len(detail["loc"]) == 1:
        is_number = isinstance(detail["input"], int | float)
        return "is out of range" if is_number else "has the wrong length"
    if _choices(options, field):
        return "is not available"
    variants, _ = _variants(options, field)
    if len(variants) > 1 or len(detail["loc"]) > 1 or variants[0].get("type") == "array":
        return "is not accepted here"
    return f"is not {_NOUNS.get(str(variants[0].get('type')), 'accepted here')}"


def wanted(options: type[Options], field: str) -> str:
    """Return what a field accepts as a sentence: "Enter a whole number from 1 to 512"."""
    if choices := _choices(options, field):
        optional = options.model_fields[field].default is None
        return "Choose one of " + ", ".join([*map(str, choices), *(["auto"] if optional else [])])
    variants, optional = _variants(options, field)
    schema = options.model_json_schema()["properties"][field]
    accepted = " or ".join(_accepted({**schema, **variant}) for variant in variants)
    return f"Enter {accepted}{', or auto' if optional else ''}"


def _choices(options: type[Options], field: str) -> tuple[Any, ...]:
    annotation = options.model_fields[field].annotation
    literals = [a for a in (annotation, *get_args(annotation)) if get_origin(a) is Literal]
    return get_args(literals[0]) if literals else ()


def _variants(options: type[Options], field: str) -> tuple[list[Mapping[str, Any]], bool]:
    """Return the JSON schemas of what a field accepts besides None, and if it accepts None."""
    schema = options.model_json_schema()["properties"][field]
    variants = schema.get("anyOf", [schema])
    accepted = [variant for variant in variants if variant.get("type") != "null"]
    return accepted, len(accepted) < len(variants)


def _accepted(schema: Mapping[str, Any]) -> str:
    kind = str(schema.get("type"))
    if kind == "array":
        items = schema.get("items", {}).get("type")
        if items == "array":
            return "a list of points, such as [[0, 0], [1, 2]]"
        count = f"{schema['minItems']} " if schema.get("minItems", 0) == schema.get("maxItems") else ""
        of = "texts" if items == "string" else "numbers"
        return f"a list of {count}{of} in [ ], separated by commas"
    if kind == "string" and "maxLength" in schema:
        return f"text of at most {schema['maxLength']:,} characters"
    return " ".join(filter(None, (_NOUNS.get(kind, "a value"), _limits(schema))))


def _limits(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"from {_number(low)} to {_number(high)}"
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    parts = [
        (low, "at least"),
        (above, "greater than"),
        (high, "at most"),
        (below, "less than"),
    ]
    return " and ".join(f"{text} {_number(limit)}" for limit, text in parts if limit is not None)


def _number(number: float) -> str:
    return f"{int(number):,}" if number == int(number) else f"{number:g}"


def unknown(what: str, name: object, choices: Iterable[str]) -> str:
    """Return the sentence that a name does not exist, with the nearest one that does."""
    choices = list(choices)
    close = difflib.get_close_matches(str(name)[:MAX_NAME], choices, n=1)
    hint = f"did you mean {close[0]}?" if close else "there is " + ", ".join(choices)
    return f"there is no {what} {_short(name)} ({hint})"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MAX_NAME else text[: MAX_NAME - 3] + "..."
