"""The registry of kinds: built in, or provided by the entry points of plugins."""

import logging
import traceback
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from wganstudio.experiment.options import Kind

LOGGER = logging.getLogger(__name__)
PLUGINS = "wganstudio.plugins"
"""Entry points that every process imports: kinds, topics, metrics, figures and shipped files of plugins."""
VIEWS = "wganstudio.views"
"""Entry points that the window alone imports: views, which need Qt."""

K = TypeVar("K", bound=type[Kind])

_kinds: dict[str, dict[str, type[Kind]]] = {
    name: {} for name in ("pair", "critic", "solver", "generator", "sigma", "perturbation", "truth")
}
_loaded: set[str] = set()
"""The groups of entry points that were imported."""


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


def load_plugins(group: str = PLUGINS) -> None:
    """Import the entry points of a group, once a process.

    One that fails is left out with a warning, and so are the kinds that it has registered until then.
    """
    if group in _loaded:
        return
    _loaded.add(group)
    for point in entry_points(group=group):
        before = {name: dict(registered) for name, registered in _kinds.items()}
        try:
            point.load()
        except Exception as error:  # third-party code: the app must start without it
            _kinds.update(before)
            message = "The plugin %s is left out, as it cannot be imported (%s: %s); update or uninstall it."
            LOGGER.warning(
                message, _label(point), type(error).__name__, error, extra={"detail": traceback.format_exc()}
            )


def plugin_packages() -> tuple[str, ...]:
    """Return the names and versions of the installed packages that bring plugins."""
    points = (*entry_points(group=PLUGINS), *entry_points(group=VIEWS))
    packages = (point.dist for point in points if point.dist is not None)
    return tuple(sorted({f"{package.name} {package.version}" for package in packages}))


def _label(point: EntryPoint) -> str:
    package = "" if point.dist is None else f" of {point.dist.name} {point.dist.version}"
    return f"{point.name!r}{package}"
