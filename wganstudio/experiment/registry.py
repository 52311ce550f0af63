"""The registry of kinds: built in, or provided by the entry points of plugins."""

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
    """Class decorator: register a kind for form, command line, suites, sessions and help."""
    other = _kinds[cls.group].get(cls.name(), cls)
    if (other.__module__, other.__qualname__) != (cls.__module__, cls.__qualname__):
        raise ValueError(f"The {cls.group} kind {cls.name()!r} is already registered by {other.__module__}.")
    _kinds[cls.group][cls.name()] = cls
    return cls


def forget(cls: type[Kind]) -> None:
    """Undo `register` (for tests)."""
    _kinds[cls.group].pop(cls.name(), None)


def kinds(group: str) -> dict[str, type[Kind]]:
    """Return the kinds of one group that can be chosen, by name, in order of registration."""
    load_plugins()
    return {name: cls for name, cls in _kinds[group].items() if cls.offered}


def find_kind(group: str, name: str) -> type[Kind] | None:
    """Return the kind of that current name, else of that former name; None if there is none."""
    load_plugins()
    registered = _kinds[group]
    return registered.get(name) or next((cls for cls in registered.values() if cls.has_name(name)), None)


def groups() -> tuple[str, ...]:
    """Return the groups that have kinds: pair, critic, solver, generator, sigma, perturbation, truth."""
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
        except Exception as error:  # third-party code: the app must start without it
            logging.getLogger(__name__).warning("The plugin %r was left out: %s", point.name, error)
