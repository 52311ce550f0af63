"""Every kind of each group, found by name: built in, or from a plugin's entry point."""

import logging
from importlib.metadata import entry_points
from typing import TypeVar

from wganstudio.experiment.options import Kind

K = TypeVar("K", bound=type[Kind])

_kinds: dict[str, dict[str, type[Kind]]] = {
    name: {} for name in ("pair", "critic", "solver", "generator", "sigma", "perturbation", "truth")
}
_plugins_loaded = False


def register(cls: K) -> K:
    """Class decorator: make a kind known to form, command line, suite, session and help."""
    known = _kinds[cls.group].get(cls.name(), cls)
    if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
        raise ValueError(f"The {cls.group} kind {cls.name()!r} is already taken by {known.__module__}.")
    _kinds[cls.group][cls.name()] = cls
    return cls


def forget(cls: type[Kind]) -> None:
    """Undo `register` (for tests)."""
    _kinds[cls.group].pop(cls.name(), None)


def kinds(group: str) -> dict[str, type[Kind]]:
    """The kinds of one group by name, in order of registration."""
    load_plugins()
    return dict(_kinds[group])


def find_kind(group: str, name: str) -> type[Kind] | None:
    """Return the kind of that name, or of that former name; None if there is none."""
    known = kinds(group)
    return known.get(name) or next((cls for cls in known.values() if cls.formerly == name), None)


def groups() -> tuple[str, ...]:
    """The groups that have kinds: pair, critic, solver, generator, sigma, perturbation, truth."""
    return tuple(_kinds)


def load_plugins() -> None:
    """Import the plugins, once a process; one that fails is left out with a warning."""
    global _plugins_loaded
    if _plugins_loaded:
        return
    _plugins_loaded = True
    for point in entry_points(group="wganstudio.plugins"):
        try:
            point.load()
        except Exception as error:  # somebody else's code: the app must open without it
            logging.getLogger(__name__).warning("The plugin %r was left out: %s", point.name, error)
