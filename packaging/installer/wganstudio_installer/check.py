"""Check the built app, packages and checksums without installing them into the system."""

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

from wganstudio_setup.commands import virtual_x_server
from wganstudio_setup.console import Problem, report

from . import linux
from .build import size_of
from .release import Release

SELF_TEST_SECONDS = 400
DEB_PATHS = (
    "usr/bin/wganstudio",
    "usr/lib/wganstudio/wganstudio",
    "usr/lib/wganstudio/_internal/resources/presets/first-look.toml",
    "usr/share/applications/wganstudio.desktop",
    "usr/share/icons/hicolor/scalable/apps/wganstudio.svg",
    "usr/share/mime/packages/wganstudio.xml",
)


def check() -> int:
    """Check all files in dist; return 0 if they pass."""
    release = Release(cuda=any(Release().dist.glob("wganstudio-cuda*")))
    if not release.folder.is_dir():
        raise Problem("There is no build yet.", "Build it first: python3 packaging/bootstrap build")
    checksums(release)
    release.work.mkdir(exist_ok=True)
    with hidden_display(release.work / "check.log") as environ:
        frozen_app(release.folder, environ)
        if sys.platform == "linux":
            for package in sorted(release.dist.glob("*.deb")):
                debian_package(package)
            for file in sorted(release.dist.glob("*.run")):
                self_extracting(file, environ)
    report("All installers passed.")
    return 0


def checksums(release: Release) -> None:
    """Compare every file with its checksum."""
    lines = (release.dist / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    for line in lines:
        checksum, name = line.split(maxsplit=1)
        if linux.sha256(release.dist / name) != checksum:
            raise Problem(f"{name} differs from the file that was built.", "Build it again.")
    report(f"checksums: {len(lines)} files match")


def frozen_app(folder: Path, environ: dict[str, str]) -> None:
    """Check that the app in a folder passes its self-test and works in the terminal."""
    suffix = ".exe" if sys.platform == "win32" else ""
    terminal = folder / f"wganstudio-terminal{suffix}" if suffix else folder / "wganstudio"
    version = output_of([terminal, "--version"], environ)
    start = time.monotonic()
    output = output_of([terminal, "--self-test"], environ)
    report("".join(f"  | {line}\n" for line in output.splitlines()).rstrip())
    truth = output_of([terminal, "truth", "gaussians", "--json"], environ)
    if '"lower"' not in truth:
        raise Problem(f"The frozen app fails to compute a truth: {truth[-300:]}")
    report(f"{version} in {folder}: {size_of(folder):.0f} MB, self-test in {time.monotonic() - start:.0f} s")


def debian_package(package: Path) -> None:
    """Check a package's files, their owner and permissions, and its dependencies."""
    fields = output_of(["dpkg-deb", "--field", package])
    data = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE)
    with data, tarfile.open(fileobj=data.stdout, mode="r|") as files:
        members = {member.name.removeprefix("./"): member for member in files}
    missing = [path for path in DEB_PATHS if path not in members]
    writable = [
        name
        for name, member in members.items()
        if member.uid or member.gid or (member.mode & 0o022 and not member.issym())
    ]
    outside = [name for name in members if name != "." and not name.startswith("usr")]
    if missing or writable or outside:
        raise Problem(
            f"{package.name}: missing {missing[:3]}, not root's {writable[:3]}, outside usr {outside[:3]}"
        )
    if not re.search(r"^Depends: .*libc6 \(>= 2\.", fields, re.MULTILINE):
        raise Problem(f"{package.name} does not depend on libc6.")
    if shutil.which("desktop-file-validate"):
        with tempfile.TemporaryDirectory() as folder:
            entry = Path(folder) / "wganstudio.desktop"
            entry.write_text(linux.fill("wganstudio.desktop", PROGRAM="wganstudio"))
            output_of(["desktop-file-validate", entry])
    report(f"{package.name}: {package.stat().st_size / 1e6:.0f} MB, {len(members)} files, all owned by root")


def self_extracting(file: Path, environ: dict[str, str]) -> None:
    """Check installation into an empty home, an upgrade, removal, and the refusal of a damaged copy."""
    with tempfile.TemporaryDirectory(prefix="wganstudio-home-") as folder:
        home = Path(folder)
        environ = {**environ, "HOME": folder, "WGANSTUDIO_HOME": str(home / "mine")}
        environ = {name: text for name, text in environ.items() if not name.startswith("XDG_")}
        start = time.monotonic()
        output_of(["sh", file], environ)
        seconds = time.monotonic() - start
        app = home / ".local/bin/wganstudio"
        output_of([app, "--self-test"], environ)
        session = home / "kept.wgs"
        output_of([app, "run", "first-look", "--steps", "5", "--session", session], environ)
        output_of(["sh", file], environ)
        if not session.exists():
            raise Problem(f"{file.name}: an upgrade lost the user's file.")
        output_of(["sh", file, "--uninstall"], environ)
        left = sorted(str(path.relative_to(home)) for path in home.rglob("*") if path != session)
        left = [name for name in left if not re.match(r"(mine|\.cache)\b|\.local(/(share|state))?$", name)]
        if left:
            raise Problem(f"{file.name} leaves behind: {', '.join(left[:5])}")
        damaged = home / "damaged.run"
        shutil.copyfile(file, damaged)
        with damaged.open("r+b") as handle:
            handle.seek(-1000, os.SEEK_END)
            handle.write(b"broken")
        process = subprocess.run(["sh", str(damaged)], env=environ, capture_output=True, text=True)
        if process.returncode == 0 or "damaged" not in process.stderr:
            raise Problem(f"{file.name} installs a damaged copy.")
    report(
        f"{file.name}: {file.stat().st_size / 1e6:.0f} MB, installed in {seconds:.0f} s, upgraded, removed"
    )


@contextlib.contextmanager
def hidden_display(log: Path) -> Iterator[dict[str, str]]:
    """Yield the environment variables of a hidden display, whose output goes into `log`."""
    environ = {name: text for name, text in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    if sys.platform != "linux":
        yield environ
    elif shutil.which("Xvfb"):
        with virtual_x_server(log) as display:
            environ.pop("WAYLAND_DISPLAY", None)
            environ.pop("QT_QPA_PLATFORM", None)
            yield {**environ, "DISPLAY": display}
    else:
        report("Checking offscreen, as Xvfb is not installed.")
        yield {**environ, "QT_QPA_PLATFORM": "offscreen"}


def output_of(command: Sequence[str | Path], environ: dict[str, str] | None = None) -> str:
    """Return the output of a command; raise a Problem with its last lines if it fails."""
    try:
        process = subprocess.run(
            [str(part) for part in command],
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SELF_TEST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Problem(f"{Path(command[0]).name} did not finish within {SELF_TEST_SECONDS} s.") from None
    if process.returncode:
        last = (process.stdout + process.stderr).strip()[-800:]
        line = " ".join(str(part) for part in command)
        raise Problem(f"{line} failed with exit code {process.returncode}: {last}")
    return process.stdout.strip()
