"""The disk image for macOS; it holds the app bundle built by the spec."""

import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from wganstudio_setup.console import Problem, report

from .release import Release

BUNDLE = "WGAN Studio.app"


def disk_image(release: Release) -> Path:
    """Build the .dmg, with the app beside a link to Applications; return its path."""
    target = release.dist / f"{release.package}-{release.version}-macos-{platform.machine()}.dmg"
    report(f"Packing {target.name} ...")
    with tempfile.TemporaryDirectory(dir=release.work) as scratch:
        shutil.copytree(release.dist / BUNDLE, Path(scratch) / BUNDLE, symlinks=True)
        (Path(scratch) / "Applications").symlink_to("/Applications")
        command = ["hdiutil", "create", "-volname", "WGAN Studio", "-srcfolder", scratch]
        command += ["-format", "ULFO", "-ov", str(target)]
        process = subprocess.run(command, capture_output=True, text=True)
    if process.returncode:
        raise Problem(f"hdiutil failed: {process.stderr.strip()}")
    return target
