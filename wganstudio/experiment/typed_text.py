"""Values typed as text, at the terminal or in the form: the type of the field decides what a text means."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from wganstudio.experiment.parsing import BadExperiment, Settings, group_options, override

_WORDS = {"true": "yes", "false": "no"}


def override_texts(settings: Mapping[str, Any], changes: Iterable[tuple[str, str]]) -> Settings:
    """Return the settings with changes ("group.field", text) applied, as `override` does with values."""
    changes = list(changes)
    kinds = [(path, _plain(text)) for path, text in changes if path.endswith(".kind")]
    chosen = override(settings, kinds)
    typed = [
        (path, _plain(text) if path.endswith(".kind") else _typed(chosen, path, text))
        for path, text in changes
    ]
    return override(settings, typed)


def _typed(settings: Mapping[str, Any], path: str, text: str) -> Any:
    """Return what a text means for the field at a path; a literal if there is no such field."""
    group, _, field = path.partition(".")
    values = settings.get(group, {})
    try:
        options = group_options(group, values.get("kind") if isinstance(values, Mapping) else None)
    except BadExperiment:  # `override` explains it
        return _literal(text)
    info = options.model_fields.get(options.former_names().get(field, field))
    return _literal(text) if info is None else parse_text(info, text)


def parse_text(info: FieldInfo, text: str) -> Any:
    """Return the plain value that a text means for a field; the text itself if it means none.

    A field of text takes the text, without the quotes of a TOML string; a choice takes the name of one of its
    values; a list of texts may leave out brackets and quotes; all others take a TOML literal.
    """
    annotation = info.annotation
    accepted = [kind for kind in (get_args(annotation) or (annotation,)) if kind is not NoneType]
    if get_origin(annotation) is Literal:
        return _choice(get_args(annotation), text)
    if any(get_origin(kind) is Literal for kind in accepted):
        return _choice(tuple(value for kind in accepted for value in get_args(kind)), text)
    if accepted == [str]:
        return _plain(text)
    if annotation == tuple[str, ...]:
        return _texts(text)
    value = _literal(text)
    return value if isinstance(value, str | int | float | list) else text


def _choice(values: tuple[Any, ...], text: str) -> Any:
    plain = _plain(text)
    spoken = _WORDS.get(plain.lower(), plain)
    return next((value for value in values if str(value) in (plain, spoken)), plain)


def _texts(text: str) -> list[str]:
    literal = _literal(text)
    if isinstance(literal, list) and all(isinstance(item, str) for item in literal):
        return literal
    inner = text.strip().removeprefix("[").removesuffix("]")
    return [item.strip() for item in next(csv.reader([inner], skipinitialspace=True), [])]


def _plain(text: str) -> str:
    """Return the text, or the content of a TOML string."""
    value = _literal(text)
    return value if isinstance(value, str) else text


def _literal(text: str) -> Any:
    """Return the value of a TOML literal if the text is one, else the text itself."""
    try:
        table = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return table["value"] if set(table) == {"value"} else text
