"""A release: version and kind of the app that is built, and the places of its files."""

from dataclasses import dataclass
from pathlib import Path

import wganstudio

INSTALLER = Path(__file__).resolve().parents[1]
CHECKOUT = INSTALLER.parents[1]
TEMPLATES = INSTALLER / "templates"


@dataclass(frozen=True)
class Release:
    """One build of the app on one system."""

    cuda: bool = False
    checkout: Path = CHECKOUT

    @property
    def package(self) -> str:
        """Package name."""
        return "wganstudio-cuda" if self.cuda else "wganstudio"

    @property
    def version(self) -> str:
        """Version of the app."""
        return wganstudio.__version__

    @property
    def dist(self) -> Path:
        """Folder of finished files."""
        return self.checkout / "dist"

    @property
    def work(self) -> Path:
        """Folder of intermediate files."""
        return self.checkout / "build"

    @property
    def folder(self) -> Path:
        """Folder of the frozen app."""
        return self.dist / "wganstudio"

    def license(self) -> str:
        """Return the license of the app."""
        return (self.checkout / "LICENSE").read_text(encoding="utf-8").strip()
