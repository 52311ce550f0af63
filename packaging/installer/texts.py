"""The license texts of what travels in the app and is no Python package: Python, system libraries."""

import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import contents


def write(folder: Path, sources: list[str]) -> None:
    """Put one text a component into a folder; the file's name is the component's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    python = f"Python {platform.python_version()}"
    (folder / f"{python}.txt").write_text(_of_python(), encoding="utf-8")
    for package, text in _of_libraries(contents.from_system(sources)).items():
        (folder / f"{package}.txt").write_text(text, encoding="utf-8")


def _of_python() -> str:
    places = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path(sys.base_prefix) / "Resources")
    for place in places:
        for name in ("LICENSE.txt", "LICENSE"):
            if (place / name).is_file():
                return (place / name).read_text(encoding="utf-8", errors="replace")
    return "Python is used under the PSF license: https://docs.python.org/3/license.html"


def _of_libraries(sources: list[str]) -> dict[str, str]:
    """Package and version of each library, and what its makers say of its license."""
    found = {}
    for source in sources:
        owner = package(Path(source))
        if owner is None:
            found[f"{Path(source).name} (from the system it was built on)"] = "Its license is known there."
            continue
        name = owner.partition(":")[0]
        title = f"{name} {_ask('dpkg-query', '-W', '-f', '${Version}', owner)}".replace("/", "-")
        copyright = Path("/usr/share/doc", name, "copyright")
        found[title] = copyright.read_text(encoding="utf-8", errors="replace")
    return found


def package(library: Path) -> str | None:
    """The Debian package that owns a library; it may know it under /usr/lib or under /lib."""
    for path in (library, library.resolve()):
        for name in (str(path), str(path).removeprefix("/usr"), f"/usr{path}"):
            if answer := _ask("dpkg-query", "-S", name):
                return answer.splitlines()[0].rpartition(": ")[0].split(",")[0]
    return None


def _ask(*command: str) -> str:
    """What a command prints; nothing if it fails, or is not to be had."""
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()
