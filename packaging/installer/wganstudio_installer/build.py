"""Build the installers for this system: freeze the app, then pack it."""

import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from wganstudio_setup.commands import BUILD_TOOLS
from wganstudio_setup.console import Problem, report, run_logged
from wganstudio_setup.machine import GIB, check_space

from . import linux, macos, windows
from .release import INSTALLER, Release

ICON_SIZE = 1024
SPACE = {False: 4 * GIB, True: 16 * GIB}

ICONS = """
import sys
from pathlib import Path
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PIL import Image
app = QGuiApplication([])
image = QImage(int(sys.argv[3]), int(sys.argv[3]), QImage.Format.Format_ARGB32)
image.fill(0)
painter = QPainter(image)
QSvgRenderer(sys.argv[1]).render(painter)
painter.end()
png = Path(sys.argv[2], "wganstudio.png")
assert image.save(str(png))
Image.open(png).save(png.with_suffix(".ico"), sizes=[(size, size) for size in (16, 32, 48, 64, 128, 256)])
"""


def build() -> int:
    """Freeze the app, pack it and write the checksums; return 0."""
    release = Release(cuda=has_cuda())
    check_space(release.checkout, SPACE[release.cuda])
    freeze(release)
    files = pack(release)
    sums = "".join(f"{linux.sha256(file)}  {file.name}\n" for file in files)
    (release.dist / "SHA256SUMS").write_text(sums, encoding="ascii")
    report(f"\n{size_of(release.folder):8.0f} MB  {release.folder}")
    for file in files:
        report(f"{file.stat().st_size / 1e6:8.0f} MB  {file}")
    return 0


def has_cuda() -> bool:
    """Return True if the installed PyTorch, which will be frozen, is a CUDA build."""
    command = [sys.executable, "-c", "import torch; print(torch.version.cuda or '')"]
    return bool(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())


def freeze(release: Release) -> None:
    """Freeze the app into dist/wganstudio."""
    work, log = release.work, release.work / "freeze.log"
    work.mkdir(exist_ok=True)
    log.unlink(missing_ok=True)
    svg = release.checkout / "resources" / "icons" / "wganstudio.svg"
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "WGANSTUDIO_WORK": str(work)}
    (work / "version.txt").write_text(windows.version_resource(release.version), encoding="utf-8")
    icons = [sys.executable, "-c", ICONS, str(svg), str(work), str(ICON_SIZE)]
    pyinstaller = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    pyinstaller += ["--distpath", str(release.dist), "--workpath", str(work / "pyinstaller")]
    pyinstaller.append(str(INSTALLER / "wganstudio.spec"))
    report(
        f"Freezing WGAN Studio {release.version} with PyInstaller "
        f"{importlib.metadata.version('pyinstaller')} (usually 3 minutes; log: {log}) ..."
    )
    for command in (icons, pyinstaller):
        succeeded, output = run_logged(command, log, env)
        if not succeeded:
            report("".join(f"  | {line}\n" for line in output.splitlines()[-12:]))
            raise Problem("Freezing failed; the lines above show the reason.", f"Full log: {log}")


def pack(release: Release) -> list[Path]:
    """Pack the frozen app into this system's installers; return their paths."""
    if sys.platform == "win32":
        return [windows.installer(release)]
    if sys.platform == "darwin":
        return [macos.disk_image(release)]
    missing = sorted(tool for tool in BUILD_TOOLS if not shutil.which(tool))
    if missing:
        raise Problem(f"Packing for Linux needs {', '.join(missing)}; Debian and Ubuntu provide them.")
    if platform.machine() not in linux.ARCHITECTURES:
        raise Problem(f"There is no build of PyTorch for {platform.machine()} processors.")
    requirements = linux.requirements(release.folder)
    return [linux.deb(release, requirements), linux.self_extracting(release, requirements)]


def size_of(folder: Path) -> float:
    """Return the total size of a folder's files in MB."""
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6
