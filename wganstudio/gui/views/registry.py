"""Registry of the live views: those of this package and those of plugins."""

import importlib
import pkgutil
from typing import TypeVar

import wganstudio.gui.views as package
from wganstudio.experiment.registry import VIEWS, load_plugins
from wganstudio.gui.views.base import AREAS, View

V = TypeVar("V", bound=type[View])

_views: dict[str, type[View]] = {}
_package_imported = False


def register_view(cls: V) -> V:
    """Class decorator: give the view a dock in the window and an entry in the View menu.

    Raises
    ------
    ValueError
        If another view has the name, or if the area does not exist.
    """
    registered = _views.get(cls.name, cls)
    if (registered.__module__, registered.__qualname__) != (cls.__module__, cls.__qualname__):
        raise ValueError(f"The view {cls.name!r} is already registered by {registered.__module__}.")
    if cls.area not in AREAS:
        raise ValueError(f"The view {cls.name!r} has no area {cls.area!r}; choose one of {', '.join(AREAS)}.")
    _views[cls.name] = cls
    return cls


def unregister_view(cls: type[View]) -> None:
    """Undo `register_view` (for tests)."""
    _views.pop(cls.name, None)


def registered_views() -> tuple[type[View], ...]:
    """Return all views, ordered by position.

    The first call imports every module of this package, which also works in a frozen app, and loads the
    views of plugins, at the entry points `wganstudio.views`.
    """
    global _package_imported
    if not _package_imported:
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
        load_plugins(VIEWS)
        _package_imported = True
    return tuple(sorted(_views.values(), key=lambda cls: (cls.position, cls.name)))
