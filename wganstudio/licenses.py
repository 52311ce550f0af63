"""The licenses of all packages that WGAN Studio requires, and of the libraries shipped with it."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from wganstudio import resources

LICENSE_FILE = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
SHORT = 120
REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*([^;]*)(?:;(.*))?")


@dataclass(frozen=True)
class Component:
    """A required package, or a library shipped with the installed app."""

    name: str
    version: str
    license: str
    """The short name of its license as its metadata give it; empty if the text itself names the license."""
    text: str


@cache
def components() -> tuple[Component, ...]:
    """Return all direct and indirect dependencies, then the other libraries shipped with the app.

    The build of the installer adds a text to resources/licenses for each library that it copies from the
    system, and one for Python.
    """
    distributions = sorted(required("wganstudio"), key=lambda package: package.name.lower())
    packages = [_component(package) for package in distributions]
    texts = sorted(resources.path("licenses").glob("*.txt"))
    others = [Component(file.stem, "", "", file.read_text("utf-8", errors="replace")) for file in texts]
    return (*packages, *others)


def required(name: str) -> list[Distribution]:
    """Return an installed distribution and all its installed dependencies."""
    installed: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        key = canonical(waiting.pop())
        if key in installed:
            continue
        try:
            installed[key] = distribution(key)
        except PackageNotFoundError:
            continue
        for line in installed[key].requires or ():
            match = REQUIREMENT.match(line)
            if match and "extra" not in (match[3] or ""):
                waiting.append(match[1])
    return list(installed.values())


def canonical(name: str) -> str:
    """Return the normalized name of a package (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(package: Distribution) -> Component:
    texts = [
        path.read_text("utf-8", errors="replace")
        for file in package.files or ()
        if LICENSE_FILE.search(file.name) and (path := Path(str(package.locate_file(file)))).is_file()
    ]
    if not texts:
        texts = [f"The installed package contains no license text; its home page: {_homepage(package)}"]
    return Component(package.metadata["Name"], package.version, _license(package), "\n\n".join(texts))


def _license(package: Distribution) -> str:
    """Return the short name of the license from the metadata: expression, license field or classifiers."""
    metadata = package.metadata.json
    stated = str(metadata.get("license_expression") or metadata.get("license") or "")
    if stated and len(stated) < SHORT and "\n" not in stated:
        return stated
    classes = [line for line in metadata.get("classifier", ()) if line.startswith("License ::")]
    return ", ".join(line.rpartition(" :: ")[2] for line in classes) or "see its text"


def _homepage(package: Distribution) -> str:
    links = [line.partition(", ")[2] for line in package.metadata.get_all("Project-URL") or ()]
    return str(package.metadata.json.get("home_page") or "") or (
        links[0] if links else package.metadata["Name"]
    )
