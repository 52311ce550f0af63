"""Code that an experiment names: modules and TorchScript files, which run only with the user's consent.

Consent is given in this process, by `allow`, to the present content of a module or file. Jobs carry it to the
processes that they are sent to. An experiment never contains it: one that somebody else wrote runs no code by
being opened, run or resumed.
"""

import hashlib
import os
import sys
from collections.abc import Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path

from wganstudio.experiment.files import read_regular, user_path
from wganstudio.experiment.problem import BadExperiment, Problem

MAX_BYTES = 1 << 30
_granted: dict[str, str] = {}
"""The digests of the code that may run, by its name."""


def allow(name: str) -> None:
    """Consent to the present content of a module, or of a file by its absolute path."""
    _granted[name] = digest(name)


def granted() -> dict[str, str]:
    """Return the digests of the code that may run in this process, by its name."""
    return dict(_granted)


def adopt(consent: Mapping[str, str]) -> None:
    """Replace the consent of this process by that of the process that sent a job."""
    _granted.clear()
    _granted.update(consent)


def require_consent(name: str, content: bytes | None = None) -> str:
    """Return the digest of a module, or of the content of a file, to which the user has consented.

    Raises
    ------
    BadExperiment
        The user has not consented, or the code has changed since.
    """
    present = digest(name) if content is None else _digest_of([content])
    known = _granted.get(name)
    if known == present:
        return present
    why = "has changed since you allowed it" if known else "you have not allowed to run"
    raise _refused(
        f"{name} is code that {why}; read it, then confirm it in the window, name it with --allow-code in "
        "the terminal, or call wganstudio.allow_code in Python"
    )


def digest(name: str) -> str:
    """Return the SHA-256 digest of a file, or of a module and the packages that it is in."""
    files = [Path(name)] if is_file_name(name) else module_files(name)
    return _digest_of([read_regular(file, MAX_BYTES) for file in files])


def _digest_of(contents: list[bytes]) -> str:
    total = hashlib.sha256()
    for content in contents:
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def code_name(text: str) -> str:
    """Return the name of code as a user types it: a module, perhaps with ":Class", or the path of a file."""
    path = user_path(text)
    if len(path.parts) > 1 or path.is_file():
        return file_name(text)
    return text.partition(":")[0]


def file_name(path: str) -> str:
    """Return the name of the code in a file: its absolute path."""
    return os.path.abspath(user_path(path))


def is_file_name(name: str) -> bool:
    """Return True for the name of a file, False for that of a module."""
    return os.path.isabs(name)


def module_files(name: str) -> list[Path]:
    """Return the file of a module, after those of the packages that it is in, without importing any.

    Raises
    ------
    BadExperiment
        There is no such module, or it has no file.
    """
    files: list[Path] = []
    places: list[str] | None = None
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        spec = None if count > 1 and places is None else _find(".".join(parts[:count]), places)
        if spec is None:
            raise _refused(f"there is no module {name}; {_remedy()}")
        if spec.has_location and spec.origin:
            files.append(Path(spec.origin))
        elif count == len(parts):
            raise _refused(f"{name} is no file of Python code; name the module that defines the class")
        places = _places(spec)
    return files


def _remedy() -> str:
    """Return how a module is made known to this program."""
    if getattr(sys, "frozen", False):
        return "check its name, and put it into the folder of plugins, which the help page Plugins names"
    return "check its name, and install it or add its folder to PYTHONPATH"


def _find(name: str, places: list[str] | None) -> ModuleSpec | None:
    """Return what is known of a module, as `importlib.util.find_spec`, which would import its packages."""
    try:
        for finder in sys.meta_path:
            spec = finder.find_spec(name, places, None)
            if spec is not None:
                return spec
    except (ImportError, ValueError, LookupError):  # as finders tell that there is none
        return None
    return None


def _places(spec: ModuleSpec) -> list[str] | None:
    """Return the folders of a package; None for a module, and for what is found only once it is imported."""
    try:
        return None if spec.submodule_search_locations is None else list(spec.submodule_search_locations)
    except LookupError:
        return None


def _refused(message: str) -> BadExperiment:
    return BadExperiment(Problem("", message))
