"""The licenses of everything that WGAN Studio stands on or brings along."""

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
    """A package, or a library that travels in the installed app."""

    name: str
    version: str
    license: str
    """Its license in a word or two, as its makers name it; empty for a text that names itself."""
    text: str


@cache
def components() -> tuple[Component, ...]:
    """Every package that the app needs, directly or through others, then what else lies in the app.

    The installer's build adds one text to resources/licenses for each library that it takes from the
    system, and one for Python.
    """
    distributions = sorted(required("wganstudio"), key=lambda one: one.name.lower())
    packages = [_component(one) for one in distributions]
    texts = sorted(resources.path("licenses").glob("*.txt"))
    others = [Component(one.stem, "", "", one.read_text("utf-8", errors="replace")) for one in texts]
    return (*packages, *others)


def required(name: str) -> list[Distribution]:
    """The distribution of that name and all that it requires here; what is not installed is left out."""
    required_here: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        key = canonical(waiting.pop())
        if key in required_here:
            continue
        try:
            required_here[key] = distribution(key)
        except PackageNotFoundError:
            continue
        for line in required_here[key].requires or ():
            match = REQUIREMENT.match(line)
            if match and "extra" not in (match[3] or ""):
                waiting.append(match[1])
    return list(required_here.values())


def canonical(name: str) -> str:
    """A package's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(one: Distribution) -> Component:
    texts = [
        path.read_text("utf-8", errors="replace")
        for file in one.files or ()
        if LICENSE_FILE.search(file.name) and (path := Path(str(one.locate_file(file)))).is_file()
    ]
    if not texts:
        texts = [f"Its package brings no text of its own; its makers: {_makers(one)}"]
    return Component(one.metadata["Name"], one.version, _license(one), "\n\n".join(texts))


def _license(one: Distribution) -> str:
    """The license in a word, as the package says it in one of three ways."""
    metadata = one.metadata.json
    stated = str(metadata.get("license_expression") or metadata.get("license") or "")
    if stated and len(stated) < SHORT and "\n" not in stated:
        return stated
    classes = [line for line in metadata.get("classifier", ()) if line.startswith("License ::")]
    return ", ".join(line.rpartition(" :: ")[2] for line in classes) or "see its text"


def _makers(one: Distribution) -> str:
    links = [line.partition(", ")[2] for line in one.metadata.get_all("Project-URL") or ()]
    return str(one.metadata.json.get("home_page") or "") or (links[0] if links else one.metadata["Name"])
