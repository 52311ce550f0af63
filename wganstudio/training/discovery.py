"""Imports every declaration of topics and metrics: those of this package, and those of plugins."""

import pkgutil
from functools import cache
from importlib import import_module

from wganstudio.experiment.registry import load_plugins


def discover() -> None:
    """Import all declarations; a second call is cheap."""
    _import_declarations()
    load_plugins()


@cache
def _import_declarations() -> None:
    from wganstudio.training import declarations

    for module in pkgutil.iter_modules(declarations.__path__, f"{declarations.__name__}."):
        import_module(module.name)
