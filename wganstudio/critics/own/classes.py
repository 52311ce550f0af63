"""Networks of the user's classes, with weights from safetensors files."""

import importlib
import sys
from types import ModuleType
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load
from torch import nn

from wganstudio.experiment import BadExperiment, Problem
from wganstudio.experiment.files import read_regular, user_path
from wganstudio.experiment.trusted_code import MAX_BYTES, require_consent

_imported: dict[str, str] = {}
"""The digests of the modules as they were imported."""


def build_class(text: str, arguments: dict[str, Any]) -> nn.Module:
    """Return an object of a class that is named as module:Class.

    Raises
    ------
    BadExperiment
        The module has not been allowed or cannot be imported, or the class is missing, is no nn.Module, or
        does not take the arguments.
    """
    name, _, attributes = text.partition(":")
    found: Any = _imported_module(name, require_consent(name))
    for attribute in attributes.split("."):
        found = getattr(found, attribute, None)
    if found is None:
        raise _refused("module", f"the module {name} has no class {attributes}")
    if not (isinstance(found, type) and issubclass(found, nn.Module)):
        raise _refused("module", f"{text} is no subclass of torch.nn.Module; name the class of the network")
    try:
        network: nn.Module = found(**arguments)
    except Exception as error:
        raise _refused("arguments", f"{text} was not built: {reason(error)}") from error
    return network


def _imported_module(name: str, digest: str) -> ModuleType:
    """Import a module, again where it has changed since this process imported it."""
    try:
        if _imported.get(name, digest) != digest:
            parts = name.split(".")
            for count in range(1, len(parts) + 1):
                importlib.reload(sys.modules[".".join(parts[:count])])
        module = importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise _refused("module", f"{name} cannot be imported: {reason(error)}") from error
    _imported[name] = digest
    return module


def load_weights(network: nn.Module, path: str) -> None:
    """Give a network the state dict in a safetensors file.

    Raises
    ------
    BadExperiment
        The file cannot be read, is no safetensors file, or holds the weights of another network.
    """
    try:
        content = read_regular(user_path(path), MAX_BYTES)
    except BadExperiment as error:
        raise _refused("weights_file", str(error)) from error
    try:
        network.load_state_dict(load(content))
    except SafetensorError as error:
        raise _refused(
            "weights_file",
            f"{path} is no safetensors file; save the weights by "
            "safetensors.torch.save_file(network.state_dict(), path)",
        ) from error
    except RuntimeError as error:
        raise _refused(
            "weights_file", f"{path} holds the weights of another network: {reason(error)}"
        ) from error


def reason(error: BaseException) -> str:
    """Return the last line of an error that is not empty, which is the message of torch's long ones."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1]}" if lines else type(error).__name__


def _refused(field: str, message: str) -> BadExperiment:
    return BadExperiment(Problem(field, message))
