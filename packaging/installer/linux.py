"""The Linux installers: a .deb for the system, and a file that unpacks itself into somebody's home folder."""

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

import texts
from console import Problem, say
from release import Release

HERE = Path(__file__).parent / "linux"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
OWN_DEPENDS = ("xkb-data",)  # keyboards; the library that reads it travels in the app
SYSTEMS = {  # glibc: the oldest systems that have it
    (2, 34): "Debian 12, Ubuntu 22.04",
    (2, 35): "Debian 12, Ubuntu 22.04",
    (2, 36): "Debian 12, Ubuntu 24.04",
}
GCC = {  # newest symbols of libstdc++: its version in Debian and Ubuntu
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
class Needs:
    """What a tree of programs and libraries takes from the system."""

    libraries: set[str]
    versions: dict[str, tuple[int, ...]]
    """The newest version that is asked for, by the family of its symbols: GLIBC, GLIBCXX."""

    @property
    def glibc(self) -> str:
        """The oldest C library that will do."""
        return ".".join(map(str, self.versions["GLIBC"]))


def needs(folder: Path) -> Needs:
    """What the files of a folder link to and do not bring along themselves."""
    binaries = [path for path in folder.rglob("*") if is_program_or_library(path)]
    done = subprocess.run(["objdump", "-p", *map(str, binaries)], capture_output=True, text=True, check=True)
    inside = {path.name for path in folder.rglob("*.so*")}
    linked = set(re.findall(r"^ +NEEDED +(\S+)$", done.stdout, re.MULTILINE))
    versions: dict[str, tuple[int, ...]] = {}
    asked = r"^ +0x\S+ 0x\S+ \d+ (GLIBC|GLIBCXX)_([\d.]+)$"
    for family, text in re.findall(asked, done.stdout, re.MULTILINE):
        version = tuple(map(int, text.split(".")))
        versions[family] = max(version, versions.get(family, ()))
    return Needs({name for name in linked - inside if not name.startswith("ld-linux")}, versions)


def packages(found: Needs) -> list[str]:
    """The Debian packages that bring these libraries, with the versions that count."""
    where = dict(re.findall(r"^\s+(\S+) \(.*\) => (\S+)$", ask("ldconfig", "-p"), re.MULTILINE))
    lost = sorted(found.libraries - where.keys())
    if lost:
        raise Problem(f"The app needs {', '.join(lost)}, and no package of this system brings that.")
    names = {texts.package(Path(where[name])) for name in found.libraries} | set(OWN_DEPENDS)
    least = {"libc6": found.glibc, "libstdc++6": GCC.get(found.versions.get("GLIBCXX", ()), "")}
    return sorted(
        f"{name} (>= {least[name]})" if least.get(name) else name
        for name in {str(one).partition(":")[0] for one in names}
    )


def ask(*command: str) -> str:
    """What a command prints; ldconfig is not on everybody's path."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return subprocess.run(
        [shutil.which(command[0], path=path) or command[0], *command[1:]],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def systems(glibc: str) -> str:
    """The oldest systems with that glibc, for people."""
    version = tuple(int(part) for part in glibc.split("."))
    return next((names for known, names in SYSTEMS.items() if known >= version), "Debian 13, Ubuntu 25.04")


def fill(template: str, **words: object) -> str:
    """A template with its @WORDS@ filled in; every word must be in it, and none may be left."""
    text = (HERE / template).read_text(encoding="utf-8")
    for word, value in words.items():
        if f"@{word}@" not in text:
            raise KeyError(f"{template} has no @{word}@")
        text = text.replace(f"@{word}@", str(value))
    if left := re.findall(r"@[A-Z]+@", text):
        raise KeyError(f"{template}: nothing was given for {left}")
    return text


def deb(release: Release, found: Needs) -> Path:
    """Build the .deb; its path."""
    target = release.dist / f"{release.package}_{release.version}_{ARCHITECTURES[platform.machine()]}.deb"
    say(f"Packing {target.name} ...")
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
                DEPENDS=", ".join(packages(found)),
                OTHER=other,
            ),
        )
        command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", str(root), str(target)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Problem(f"dpkg-deb failed: {done.stderr.strip()}")
    return target


def self_extracting(release: Release, found: Needs) -> Path:
    """Build the file that unpacks itself; its path."""
    target = release.dist / f"{release.package}-{release.version}-linux-{platform.machine()}.run"
    say(f"Packing {target.name} (usually 3 to 5 minutes) ...")
    with extra_files(release), tempfile.TemporaryDirectory(dir=release.work) as scratch:
        payload = Path(scratch) / "payload.tar.xz"
        names = sorted(path.name for path in release.folder.iterdir())
        tar = ["tar", "-C", str(release.folder), "--owner=0", "--group=0", "--sort=name", "-cf", "-", *names]
        with payload.open("wb") as out, subprocess.Popen(tar, stdout=subprocess.PIPE) as feed:
            packed = subprocess.run(["xz", f"-{XZ_LEVEL}", "-T2", "-c"], stdin=feed.stdout, stdout=out)
        if feed.returncode or packed.returncode:
            raise Problem(f"Packing {release.folder} failed; is the disk full?")
        words = {
            "VERSION": release.version,
            "FILE": target.name,
            "SHA256": sha256(payload),
            "SIZE": payload.stat().st_size,
            "KIB": sum(path.lstat().st_size for path in release.folder.rglob("*")) // 1024,
            "GLIBC": found.glibc,
            "SYSTEMS": systems(found.glibc),
            "MACHINE": platform.machine(),
            "PACKAGES": " ".join(name.partition(" ")[0] for name in packages(found)),
        }
        lines = fill("install.sh", LINE=0, **words).count("\n") + 1
        with target.open("wb") as out:
            out.write(fill("install.sh", LINE=lines, **words).encode())
            with payload.open("rb") as packed_app:
                shutil.copyfileobj(packed_app, out)
    target.chmod(0o755)
    return target


@contextmanager
def extra_files(release: Release) -> Iterator[None]:
    """What the script takes from the unpacked app: lies there only while it is packed."""
    share = release.folder / "share"
    put(share / "wganstudio.desktop", fill("wganstudio.desktop", PROGRAM="wganstudio"))
    put(share / "wganstudio.xml", fill("wganstudio.xml"))
    try:
        yield
    finally:
        shutil.rmtree(share)


def put(path: Path, text: str) -> None:
    """Write a text file with the permissions of a shipped one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


def hard_link(source: str, target: str) -> None:
    """In place of a copy: the app is large, and the package is made of it at once."""
    Path(target).hardlink_to(source)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
