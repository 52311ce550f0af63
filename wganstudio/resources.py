"""Where the shipped files are: icons, presets, help pages, themes.

They have three homes: `resources/` beside the package in a checkout, `wganstudio/resources` in an
installed wheel, and the bundle's folder in a frozen app.
"""

import sys
from functools import cache
from pathlib import Path


@cache
def home() -> Path:
    """The folder of the shipped files; FileNotFoundError names the places searched if there is none."""
    package = Path(__file__).resolve().parent
    places = [package / "resources", package.parent / "resources"]
    if bundle := getattr(sys, "_MEIPASS", None):
        places.insert(0, Path(bundle) / "resources")
    for place in places:
        if (place / "presets").is_dir():
            return place
    searched = ", ".join(map(str, places))
    raise FileNotFoundError(
        f"The shipped files are missing (searched {searched}); install WGAN Studio again."
    )


def path(*parts: str) -> Path:
    """The path of one shipped file, e.g. `path("presets", "first-look.toml")`."""
    return home().joinpath(*parts)
