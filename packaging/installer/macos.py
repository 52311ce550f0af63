"""The disk image for macOS, with the app bundle that the spec makes."""

import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from console import Problem, say
from release import Release

BUNDLE = "WGAN Studio.app"


def disk_image(release: Release) -> Path:
    """Build the .dmg: the app beside a link to Applications; its path."""
    target = release.dist / f"{release.package}-{release.version}-macos-{platform.machine()}.dmg"
    say(f"Packing {target.name} ...")
    with tempfile.TemporaryDirectory(dir=release.work) as scratch:
        shutil.copytree(release.dist / BUNDLE, Path(scratch) / BUNDLE, symlinks=True)
        (Path(scratch) / "Applications").symlink_to("/Applications")
        command = ["hdiutil", "create", "-volname", "WGAN Studio", "-srcfolder", scratch]
        command += ["-format", "ULFO", "-ov", str(target)]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Problem(f"hdiutil failed: {done.stderr.strip()}")
    return target
