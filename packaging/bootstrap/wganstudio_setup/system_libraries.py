"""System libraries that Qt's wheels need: which ones are missing and which packages provide them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from .console import Problem, report

# Files that each Qt platform loads, relative to PySide6's Qt folder.
ALWAYS = (
    "lib/libQt6Widgets.so.6",
    "lib/libQt6Svg.so.6",
    "lib/libQt6OpenGLWidgets.so.6",
    "lib/libQt6DBus.so.6",
)
PLATFORMS = {
    "offscreen": ("plugins/platforms/libqoffscreen.so",),
    "xcb": ("plugins/platforms/libqxcb.so",),
    "wayland": ("plugins/platforms/libqwayland.so",),
}

MANAGERS = {
    "apt-get": ("apt-get", "install", "-y", "--no-install-recommends"),
    "dnf": ("dnf", "install", "-y"),
    "pacman": ("pacman", "-S", "--needed", "--noconfirm"),
}

# soname: the package in Debian and Ubuntu (`|` between names of different releases), Fedora, Arch
PACKAGES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0t64|libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0t64|libglib2.0-0", "glib2", "glib2"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    # programs, handled in the same way
    "Xvfb": ("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    "dpkg-deb": ("dpkg", "dpkg", "dpkg"),
    "strip": ("binutils", "binutils", "binutils"),
    "xz": ("xz-utils", "xz", "xz"),
}


def unresolved(ldd_output: str) -> set[str]:
    """Return the libraries that ldd could not find."""
    return set(re.findall(r"^\s*(\S+) => not found", ldd_output, re.MULTILINE))


def missing(qt: Path, platform: str) -> set[str]:
    """Return the libraries that the loader does not find for Qt on `platform`."""
    files = [str(qt / name) for name in (*ALWAYS, *PLATFORMS[platform])]
    return unresolved(subprocess.run(["ldd", *files], capture_output=True, text=True).stdout)


def package_manager() -> str | None:
    """Return the package manager of this Linux, or None if it is not in MANAGERS."""
    return next((name for name in MANAGERS if shutil.which(name)), None)


def is_in_apt(package: str) -> bool:
    """Return True if this release has a package of that name."""
    return subprocess.run(["apt-cache", "show", package], capture_output=True).returncode == 0


def packages_for(libraries: Iterable[str], manager: str, is_available=is_in_apt) -> list[str]:
    """Return the packages that provide these libraries, by their names in this distribution."""
    column = list(MANAGERS).index(manager)
    packages = set()
    for library in libraries:
        if library not in PACKAGES:
            raise Problem(f"Qt needs the library {library}, but the package that provides it is unknown.")
        *newer, oldest = PACKAGES[library][column].split("|")
        packages.add(next((name for name in newer if is_available(name)), oldest))
    return sorted(packages)


def root_prefix() -> list[str] | None:
    """Return the prefix of commands that need root: empty for root, sudo if it asks nothing, else None."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def refresh(manager: str, prefix: list[str]) -> None:
    """Fetch apt's lists of packages: a fresh image has none, and old ones name files that are gone."""
    if manager == "apt-get":
        subprocess.run([*prefix, "apt-get", "update"], stdin=subprocess.DEVNULL, capture_output=True)


def install(packages: list[str], manager: str, prefix: list[str], log: Path) -> bool:
    """Install system packages; return False if the package manager failed (its output is in `log`)."""
    report(f"Installing the system packages {' '.join(packages)} (usually under a minute) ...")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = [*prefix, *MANAGERS[manager], *packages]
    if prefix and manager == "apt-get":  # sudo drops the environment
        command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *MANAGERS[manager], *packages]
    with log.open("a", encoding="utf-8") as out:
        print("$", *command, file=out, flush=True)
        return (
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env).returncode == 0
        )


def ensure(libraries: set[str], purpose: str, log: Path) -> None:
    """Install the packages that provide `libraries`; raise a Problem with the command if that fails."""
    if not libraries:
        return
    manager = package_manager()
    if manager is None:
        raise Problem(f"{purpose} needs missing system libraries: {' '.join(sorted(libraries))}.")
    prefix = root_prefix()
    if prefix is not None:
        refresh(manager, prefix)
    packages = packages_for(libraries, manager)
    if prefix is None or not install(packages, manager, prefix, log):
        failed = "needs administrator rights" if prefix is None else f"failed (see {log})"
        raise Problem(
            f"{purpose} needs missing system libraries, and installing them {failed}.",
            f"Run this command, then try again:\n  {command_line(packages, manager)}",
        )


def remedy(libraries: Iterable[str]) -> str:
    """Return the command that installs what provides `libraries`, or their names where it is unknown."""
    manager = package_manager()
    if manager is None or not PACKAGES.keys() >= set(libraries):
        return " ".join(sorted(libraries))
    return command_line(packages_for(libraries, manager), manager)


def command_line(packages: list[str], manager: str) -> str:
    """Return the command that a user types to install system packages."""
    refresh = "sudo apt-get update && " if manager == "apt-get" else ""
    return f"{refresh}sudo {' '.join((*MANAGERS[manager], *packages))}"
