"""A release: which version of the app, of which kind, is being built, and where its files lie."""

from dataclasses import dataclass
from pathlib import Path

import wganstudio

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Release:
    """One build of the app on one system."""

    cuda: bool = False
    checkout: Path = CHECKOUT

    @property
    def package(self) -> str:
        """Its name among packages."""
        return "wganstudio-cuda" if self.cuda else "wganstudio"

    @property
    def version(self) -> str:
        """The app's own."""
        return wganstudio.__version__

    @property
    def dist(self) -> Path:
        """Where finished files go."""
        return self.checkout / "dist"

    @property
    def work(self) -> Path:
        """Where unfinished files go."""
        return self.checkout / "build"

    @property
    def folder(self) -> Path:
        """The frozen app."""
        return self.dist / "wganstudio"

    def license(self) -> str:
        """The app's own license."""
        return (self.checkout / "LICENSE").read_text(encoding="utf-8").strip()
