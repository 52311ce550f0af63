"""Paths of the shipped files: icons, presets, help pages, themes.

They are in `resources/` beside the package in a checkout, in `wganstudio/resources` in an installed wheel,
and in the bundle's folder in a frozen app.
"""

import sys
from functools import cache
from pathlib import Path


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
