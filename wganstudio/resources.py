"""Paths of the shipped files: icons, presets, help pages, themes.

They are in `resources/` beside the package in a checkout, in `wganstudio/resources` in an installed wheel,
and in the bundle's folder in a frozen app. Plugins add folders with presets, suites and help pages of theirs.
"""

import sys
from functools import cache
from pathlib import Path

PLUGIN_FILES = {"presets": "*.toml", "suites": "*.toml", "help": "*.md"}
"""The files that plugins may add, by folder."""
_plugin_homes: list[Path] = []


@cache
def home() -> Path:
    """Return the folder of the shipped files.

    Raises
    ------
    FileNotFoundError
        There is none; the message names the folders searched.
    """
    package = Path(__file__).resolve().parent
    candidates = [package / "resources", package.parent / "resources"]
    if bundle := getattr(sys, "_MEIPASS", None):
        candidates.insert(0, Path(bundle) / "resources")
    for folder in candidates:
        if (folder / "presets").is_dir():
            return folder
    searched = ", ".join(map(str, candidates))
    raise FileNotFoundError(
        f"The shipped files are missing (searched {searched}); install WGAN Studio again."
    )


def path(*parts: str) -> Path:
    """Return the path of one shipped file, e.g. `path("presets", "first-look.toml")`."""
    return home().joinpath(*parts)


def register_files(folder: Path) -> None:
    """Add a folder of a plugin with files in `presets`, `suites` or `help`.

    Raises
    ------
    ValueError
        If there is nothing of the kind in it, or if a file has the name of another one.
    """
    if folder in _plugin_homes:
        return
    added = [(kind, file.name) for kind in PLUGIN_FILES for file in _files_in(folder, kind)]
    if not added:
        raise ValueError(f"{folder} has no files in {', '.join(PLUGIN_FILES)}; are they part of the package?")
    for kind, name in added:
        if any(file.name == name for file in files(kind)):
            raise ValueError(f"There is another file {kind}/{name}; give that of the plugin another name.")
    _plugin_homes.append(folder)


def unregister_files(folder: Path) -> None:
    """Undo `register_files` (for tests)."""
    _plugin_homes.remove(folder)


def files(kind: str) -> list[Path]:
    """Return the files in a folder of `PLUGIN_FILES` by name: the shipped ones, then those of plugins."""
    return [file for folder in (home(), *_plugin_homes) for file in _files_in(folder, kind)]


def _files_in(folder: Path, kind: str) -> list[Path]:
    return sorted((folder / kind).glob(PLUGIN_FILES[kind]))
