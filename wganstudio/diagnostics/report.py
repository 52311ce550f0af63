"""The report of a problem: plain text that the user reads first, and sends or does not."""

import locale
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

import wganstudio
from wganstudio.diagnostics.log_file import last_lines
from wganstudio.diagnostics.privacy import Privacy
from wganstudio.experiment.registry import plugin_packages

LOG_LINES = 100
LIBRARIES = ("torch", "PySide6-Essentials", "pyqtgraph", "numpy", "scipy", "POT", "matplotlib")
MAX_DETAIL = 20_000
"""Characters of the details of an error."""


def report(
    message: str = "", detail: str = "", *, experiment: str = "", display: Mapping[str, str] | None = None
) -> str:
    """Return what is needed to explain a problem, without home folder, names and folders of the user.

    Parameters
    ----------
    message, detail
        The error, and its traceback.
    experiment
        The experiment as TOML.
    display
        Facts about the display, by name; without a window there are none.
    """
    error = f"{message}\n\n{detail[-MAX_DETAIL:]}".strip()
    sections = {
        "WGAN Studio report": _versions(display or {}),
        "Error": error,
        "Experiment": experiment.strip(),
        "Log": "\n".join(last_lines(LOG_LINES)),
    }
    text = "\n\n".join(f"# {title}\n{body or 'none'}" for title, body in sections.items())
    return Privacy.of_this_user().clean(text) + "\n"


def _versions(display: Mapping[str, str]) -> str:
    facts = {
        "WGAN Studio": wganstudio.__version__ + (" (installer)" if hasattr(sys, "_MEIPASS") else ""),
        "Python": platform.python_version(),
        "System": platform.platform(),
        **display,
        **{name: _version(name) for name in LIBRARIES},
        "Plugins": ", ".join(plugin_packages()) or "none",
        "Encoding": locale.getpreferredencoding(False),
    }
    return "\n".join(f"{name}: {text}" for name, text in facts.items())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not found"
