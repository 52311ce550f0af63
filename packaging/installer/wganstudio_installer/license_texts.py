"""Licenses of components in the app that are no runtime Python package, collected at build time.

The app reads the licenses of its Python packages from their metadata, which travels with them. The build adds
one text for Python, one for PyInstaller, whose start program is part of the app, and one for each bundled
system library. resources/licenses holds those that no package provides: the digits data and Qt.
"""

import importlib.metadata
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from wganstudio import licenses

from . import app_contents


def write(folder: Path, sources: list[str]) -> None:
    """Write one text per component into `folder`; the file name is the component's name and version."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    texts = {f"Python {platform.python_version()}": _license_of_python()}
    texts |= _licenses_of_package("pyinstaller", "PyInstaller")
    texts |= _licenses_of_libraries(app_contents.bundled_system_libraries(sources))
    for component, text in texts.items():
        (folder / f"{component}.txt").write_text(text, encoding="utf-8")


def _license_of_python() -> str:
    folders = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path(sys.base_prefix) / "Resources")
    for folder in folders:
        for name in ("LICENSE.txt", "LICENSE"):
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8", errors="replace")
    return "Python is used under the PSF license: https://docs.python.org/3/license.html"


def _licenses_of_package(name: str, title: str) -> dict[str, str]:
    """Return the license texts in an installed package's metadata, by title and version."""
    try:
        package = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return {}
    paths = [
        Path(str(package.locate_file(file)))
        for file in package.files or ()
        if ".dist-info" in str(file) and licenses.LICENSE_FILE.search(file.name)
    ]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()]
    return {f"{title} {package.version}": "\n\n".join(texts)} if texts else {}


def _licenses_of_libraries(sources: list[str]) -> dict[str, str]:
    """Return the copyright file of each library's Debian package, by package and version."""
    texts = {}
    for source in sources:
        owner = package_of(Path(source))
        if owner is None:
            texts[f"{Path(source).name} (from the build system)"] = "See the license on the build system."
            continue
        name = owner.partition(":")[0]
        title = f"{name} {_output_of('dpkg-query', '-W', '-f', '${Version}', owner)}".replace("/", "-")
        copyright = Path("/usr/share/doc", name, "copyright")
        texts[title] = copyright.read_text(encoding="utf-8", errors="replace")
    return texts


def package_of(library: Path) -> str | None:
    """Return the Debian package that owns a library; dpkg may list it under /usr/lib or under /lib."""
    for path in (library, library.resolve()):
        for name in (str(path), str(path).removeprefix("/usr"), f"/usr{path}"):
            if owner := _output_of("dpkg-query", "-S", name):
                return owner.splitlines()[0].rpartition(": ")[0].split(",")[0]
    return None


def _output_of(*command: str) -> str:
    """Return the output of a command; empty if it fails or does not exist."""
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()
