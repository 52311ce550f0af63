"""Check what was built, without installing it into the system: app, packages, checksums."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import linux
from build import size_of
from commands import virtual_x_server
from console import Problem, say
from release import Release

SELF_TEST_SECONDS = 400
DEB_PLACES = (
    "usr/bin/wganstudio",
    "usr/lib/wganstudio/wganstudio",
    "usr/lib/wganstudio/_internal/resources/presets/first-look.toml",
    "usr/share/applications/wganstudio.desktop",
    "usr/share/icons/hicolor/scalable/apps/wganstudio.svg",
    "usr/share/mime/packages/wganstudio.xml",
)


def check() -> int:
    """Check what lies in dist/; 0 if all of it is right."""
    release = Release(cuda=any(Release().dist.glob("wganstudio-cuda*")))
    if not release.folder.is_dir():
        raise Problem("Nothing was built yet.", "Build it first: python3 packaging/bootstrap build")
    checksums(release)
    with screen() as environ:
        frozen_app(release.folder, environ)
        if sys.platform == "linux":
            for package in sorted(release.dist.glob("*.deb")):
                debian_package(package)
            for file in sorted(release.dist.glob("*.run")):
                self_extracting(file, environ)
    say("All that was built passed.")
    return 0


def checksums(release: Release) -> None:
    """Every file is the one whose sum was written."""
    lines = (release.dist / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    for line in lines:
        told, name = line.split(maxsplit=1)
        if linux.sha256(release.dist / name) != told:
            raise Problem(f"{name} is not the file that was built.", "Build it again.")
    say(f"checksums: {len(lines)} files are as they were built")


def frozen_app(folder: Path, environ: dict[str, str]) -> None:
    """The app in a folder passes its self-test and answers in the terminal."""
    suffix = ".exe" if sys.platform == "win32" else ""
    terminal = folder / f"wganstudio-terminal{suffix}" if suffix else folder / "wganstudio"
    version = ask([terminal, "--version"], environ)
    begun = time.monotonic()
    said = ask([terminal, "--self-test"], environ)
    say("".join(f"  | {line}\n" for line in said.splitlines()).rstrip())
    truth = ask([terminal, "truth", "gaussians", "--json"], environ)
    if '"lower"' not in truth:
        raise Problem(f"The frozen app computes no truth: {truth[-300:]}")
    say(f"{version} in {folder}: {size_of(folder):.0f} MB, self-test in {time.monotonic() - begun:.0f} s")


def debian_package(package: Path) -> None:
    """The package holds what it must, belongs to root, and leads nowhere else."""
    told = ask(["dpkg-deb", "--field", package])
    data = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
    with data, tarfile.open(fileobj=data.stdout, mode="r|") as files:
        members = {member.name.removeprefix("./"): member for member in files}
    missing = [place for place in DEB_PLACES if place not in members]
    loose = [
        name for name, one in members.items() if one.uid or one.gid or (one.mode & 0o022 and not one.issym())
    ]
    astray = [name for name in members if name != "." and not name.startswith("usr")]
    if missing or loose or astray:
        raise Problem(f"{package.name}: missing {missing[:3]}, not root's {loose[:3]}, astray {astray[:3]}")
    if not re.search(r"^Depends: .*libc6 \(>= 2\.", told, re.MULTILINE):
        raise Problem(f"{package.name} names no libc6 in its Depends.")
    if shutil.which("desktop-file-validate"):
        with tempfile.TemporaryDirectory() as folder:
            entry = Path(folder) / "wganstudio.desktop"
            entry.write_text(linux.fill("wganstudio.desktop", PROGRAM="wganstudio"))
            ask(["desktop-file-validate", entry])
    say(f"{package.name}: {package.stat().st_size / 1e6:.0f} MB, {len(members)} files, all root's")


def self_extracting(file: Path, environ: dict[str, str]) -> None:
    """The file installs into an empty home, works there, upgrades itself, and leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="wganstudio-home-") as folder:
        home = Path(folder)
        environ = {**environ, "HOME": folder, "WGANSTUDIO_HOME": str(home / "mine")}
        environ = {name: text for name, text in environ.items() if not name.startswith("XDG_")}
        begun = time.monotonic()
        ask(["sh", file], environ)
        seconds = time.monotonic() - begun
        app = home / ".local/bin/wganstudio"
        ask([app, "--self-test"], environ)
        session = home / "kept.wgs"
        ask([app, "run", "first-look", "--steps", "5", "--session", session], environ)
        ask(["sh", file], environ)
        if not session.exists():
            raise Problem(f"{file.name}: an upgrade lost the user's file.")
        ask(["sh", file, "--uninstall"], environ)
        left = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path != session)
        left = [name for name in left if not re.match(r"(mine|\.cache)\b|\.local(/(share|state))?$", name)]
        if left:
            raise Problem(f"{file.name} leaves behind: {', '.join(left[:5])}")
        damaged = home / "damaged.run"
        shutil.copyfile(file, damaged)
        with damaged.open("r+b") as handle:
            handle.seek(-1000, os.SEEK_END)
            handle.write(b"broken")
        done = subprocess.run(["sh", str(damaged)], env=environ, capture_output=True, text=True)
        if done.returncode == 0 or "damaged" not in done.stderr:
            raise Problem(f"{file.name}: a damaged copy was not refused.")
    say(f"{file.name}: {file.stat().st_size / 1e6:.0f} MB, installed in {seconds:.0f} s, upgraded, removed")


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Environment variables with a screen in them that nobody looks at."""
    environ = {name: text for name, text in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    if sys.platform != "linux":
        yield environ
    elif shutil.which("Xvfb"):
        with virtual_x_server() as display:
            environ.pop("WAYLAND_DISPLAY", None)
            environ.pop("QT_QPA_PLATFORM", None)
            yield {**environ, "DISPLAY": display}
    else:
        say("Checking without a screen, as Xvfb is missing.")
        yield {**environ, "QT_QPA_PLATFORM": "offscreen"}


def ask(command: Sequence[str | Path], environ: dict[str, str] | None = None) -> str:
    """What a command prints; a Problem with its last words if it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SELF_TEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Problem(f"{Path(command[0]).name} did not end within {SELF_TEST_SECONDS} s.") from None
    if done.returncode:
        last = (done.stdout + done.stderr).strip()[-800:]
        raise Problem(f"{' '.join(str(part) for part in command)} ended with {done.returncode}: {last}")
    return done.stdout.strip()
