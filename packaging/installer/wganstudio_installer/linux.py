"""The Linux installers: a .deb for the system, and a self-extracting file for a user's home folder."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wganstudio_setup.console import Problem, report

from . import license_texts
from .release import TEMPLATES, Release

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
OWN_DEPENDS = ("xkb-data",)  # keyboard layouts; the library that reads them is part of the app
SYSTEMS = {  # glibc version: the oldest systems with it
    (2, 34): "Debian 12, Ubuntu 22.04",
    (2, 35): "Debian 12, Ubuntu 22.04",
    (2, 36): "Debian 12, Ubuntu 24.04",
}
GCC: dict[
    tuple[int, ...], str
] = {  # newest symbol version of libstdc++: its package version in Debian and Ubuntu
    (3, 4, 28): "9",
    (3, 4, 29): "11",
    (3, 4, 30): "12",
    (3, 4, 31): "13.1",
    (3, 4, 32): "13.2",
    (3, 4, 33): "14",
}
XZ_LEVEL = 6


def is_program_or_library(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


@dataclass
class Requirements:
    """System libraries that a tree of programs and libraries needs."""

    libraries: set[str]
    versions: dict[str, tuple[int, ...]]
    """The newest symbol version by family: GLIBC, GLIBCXX."""

    @property
    def glibc(self) -> str:
        """The oldest sufficient version of the C library."""
        return ".".join(map(str, self.versions["GLIBC"]))


def requirements(folder: Path) -> Requirements:
    """Return the libraries that a folder's files link to and that the folder does not contain."""
    binaries = [path for path in folder.rglob("*") if is_program_or_library(path)]
    process = subprocess.run(
        ["objdump", "-p", *map(str, binaries)], capture_output=True, text=True, check=True
    )
    inside = {path.name for path in folder.rglob("*.so*")}
    linked = set(re.findall(r"^ +NEEDED +(\S+)$", process.stdout, re.MULTILINE))
    versions: dict[str, tuple[int, ...]] = {}
    pattern = r"^ +0x\S+ 0x\S+ \d+ (GLIBC|GLIBCXX)_([\d.]+)$"
    for family, text in re.findall(pattern, process.stdout, re.MULTILINE):
        version = tuple(map(int, text.split(".")))
        versions[family] = max(version, versions.get(family, ()))
    return Requirements({name for name in linked - inside if not name.startswith("ld-linux")}, versions)


def packages(required: Requirements) -> list[str]:
    """Return the Debian packages that provide these libraries, with minimum versions."""
    paths = dict(re.findall(r"^\s+(\S+) \(.*\) => (\S+)$", output_of("ldconfig", "-p"), re.MULTILINE))
    missing = sorted(required.libraries - paths.keys())
    if missing:
        raise Problem(f"The app needs {', '.join(missing)}; no package of this system provides it.")
    names = {license_texts.package_of(Path(paths[name])) for name in required.libraries} | set(OWN_DEPENDS)
    least = {"libc6": required.glibc, "libstdc++6": GCC.get(required.versions.get("GLIBCXX", ()), "")}
    return sorted(
        f"{name} (>= {least[name]})" if least.get(name) else name
        for name in {str(name).partition(":")[0] for name in names}
    )


def output_of(*command: str) -> str:
    """Return the output of a command; ldconfig is not on every user's PATH."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return subprocess.run(
        [shutil.which(command[0], path=path) or command[0], *command[1:]],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def systems(glibc: str) -> str:
    """Return the names of the oldest systems with that glibc."""
    version = tuple(int(part) for part in glibc.split("."))
    return next(
        (names for glibc_version, names in SYSTEMS.items() if glibc_version >= version),
        "Debian 13, Ubuntu 25.04",
    )


def fill(template: str, **values: object) -> str:
    """Fill the @PLACEHOLDERS@ of a template; all given ones must occur in it and none may remain."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    for name, value in values.items():
        if f"@{name}@" not in text:
            raise KeyError(f"{template} has no @{name}@")
        text = text.replace(f"@{name}@", str(value))
    if left := re.findall(r"@[A-Z]+@", text):
        raise KeyError(f"{template}: no value for {left}")
    return text


def deb(release: Release, required: Requirements) -> Path:
    """Build the .deb; return its path."""
    target = release.dist / f"{release.package}_{release.version}_{ARCHITECTURES[platform.machine()]}.deb"
    report(f"Packing {target.name} ...")
    with tempfile.TemporaryDirectory(dir=release.work) as scratch:
        root = Path(scratch)
        root.chmod(0o755)
        app, share = root / "usr/lib/wganstudio", root / "usr/share"
        app.parent.mkdir(parents=True)
        shutil.copytree(release.folder, app, symlinks=True, copy_function=hard_link)
        (root / "usr/bin").mkdir()
        (root / "usr/bin/wganstudio").symlink_to("../lib/wganstudio/wganstudio")
        put(share / "applications/wganstudio.desktop", fill("wganstudio.desktop", PROGRAM="wganstudio"))
        put(share / "mime/packages/wganstudio.xml", fill("wganstudio.xml"))
        icon = release.folder / "_internal/resources/icons/wganstudio.svg"
        put(share / "icons/hicolor/scalable/apps/wganstudio.svg", icon.read_text())
        put(share / f"doc/{release.package}/copyright", fill("copyright", LICENSE=release.license()))
        size = sum(path.lstat().st_size for path in root.rglob("*")) // 1024
        other = "wganstudio" if release.package != "wganstudio" else "wganstudio-cuda"
        put(
            root / "DEBIAN/control",
            fill(
                "control",
                PACKAGE=release.package,
                VERSION=release.version,
                ARCHITECTURE=ARCHITECTURES[platform.machine()],
                KIB=size,
                DEPENDS=", ".join(packages(required)),
                OTHER=other,
            ),
        )
        for path in root.rglob("*"):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o022)  # whatever the umask of the builder
        command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", str(root), str(target)]
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode:
            raise Problem(f"dpkg-deb failed: {process.stderr.strip()}")
    return target


def self_extracting(release: Release, required: Requirements) -> Path:
    """Build the self-extracting file; return its path."""
    target = release.dist / f"{release.package}-{release.version}-linux-{platform.machine()}.run"
    report(f"Packing {target.name} (usually 3 to 5 minutes) ...")
    with extra_files(release), tempfile.TemporaryDirectory(dir=release.work) as scratch:
        payload = Path(scratch) / "payload.tar.xz"
        names = sorted(path.name for path in release.folder.iterdir())
        tar = ["tar", "-C", str(release.folder), "--owner=0", "--group=0", "--sort=name", "-cf", "-", *names]
        with payload.open("wb") as out, subprocess.Popen(tar, stdout=subprocess.PIPE) as feed:
            packed = subprocess.run(["xz", f"-{XZ_LEVEL}", "-T2", "-c"], stdin=feed.stdout, stdout=out)
        if feed.returncode or packed.returncode:
            raise Problem(f"Packing {release.folder} failed; is the disk full?")
        values = {
            "VERSION": release.version,
            "FILE": target.name,
            "SHA256": sha256(payload),
            "SIZE": payload.stat().st_size,
            "KIB": sum(path.lstat().st_size for path in release.folder.rglob("*")) // 1024,
            "GLIBC": required.glibc,
            "SYSTEMS": systems(required.glibc),
            "MACHINE": platform.machine(),
            "PACKAGES": " ".join(name.partition(" ")[0] for name in packages(required)),
        }
        lines = fill("install.sh", LINE=0, **values).count("\n") + 1
        with target.open("wb") as out:
            out.write(fill("install.sh", LINE=lines, **values).encode())
            with payload.open("rb") as packed_app:
                shutil.copyfileobj(packed_app, out)
    target.chmod(0o755)
    return target


@contextmanager
def extra_files(release: Release) -> Iterator[None]:
    """Add the files that the script reads from the unpacked app, for the time of packing."""
    share = release.folder / "share"
    put(share / "wganstudio.desktop", fill("wganstudio.desktop", PROGRAM="wganstudio"))
    put(share / "wganstudio.xml", fill("wganstudio.xml"))
    try:
        yield
    finally:
        shutil.rmtree(share)


def put(path: Path, text: str) -> None:
    """Write a text file that all users may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


def hard_link(source: str, target: str) -> None:
    """Link instead of copying: the app is large, and the package is built from it at once."""
    Path(target).hardlink_to(source)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
