"""The Windows installer, and the version resource that Explorer shows."""

import shutil
import subprocess
from pathlib import Path

from wganstudio_setup.console import Problem, report

from .release import TEMPLATES, Release

LARGEST = 2 * 2**30
"""Size limit of NSIS; the CUDA variant is larger and ships as a .zip of its folder."""

VERSION_RESOURCE = """VSVersionInfo(
  ffi=FixedFileInfo(filevers=({numbers}, 0), prodvers=({numbers}, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('ProductName', 'WGAN Studio'), StringStruct('FileDescription', 'WGAN Studio'),
      StringStruct('FileVersion', '{version}'), StringStruct('ProductVersion', '{version}'),
      StringStruct('LegalCopyright', 'The WGAN Studio authors; MIT license')])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])]),
  ],
)
"""


def version_resource(version: str) -> str:
    """Return the version resource that PyInstaller writes into the .exe."""
    return VERSION_RESOURCE.format(numbers=version.replace(".", ", "), version=version)


def compiler(release: Release, target: Path, icon: Path) -> list[str]:
    """Return the makensis command that builds the installer."""
    kib = sum(path.stat().st_size for path in release.folder.rglob("*") if path.is_file()) // 1024
    words = {
        "VERSION": release.version,
        "FOLDER": release.folder,
        "TARGET": target,
        "ICON": icon,
        "KIB": kib,
    }
    program = shutil.which("makensis") or r"C:\Program Files (x86)\NSIS\makensis.exe"
    return [
        program,
        "-V2",
        "-WX",
        *(f"-D{word}={value}" for word, value in words.items()),
        str(TEMPLATES / "windows.nsi"),
    ]


def installer(release: Release) -> Path:
    """Build the .exe, or the .zip of the CUDA variant; return its path."""
    name = f"{release.package}-{release.version}-windows-x64"
    if release.cuda:
        report(f"Packing {name}.zip ...")
        archive = shutil.make_archive(str(release.dist / name), "zip", release.dist, release.folder.name)
        return Path(archive)
    target = release.dist / f"{name}.exe"
    report(f"Packing {target.name} (several minutes) ...")
    try:
        process = subprocess.run(
            compiler(release, target, release.work / "wganstudio.ico"), capture_output=True, text=True
        )
    except FileNotFoundError:
        raise Problem(
            "NSIS is not installed.", "Install it and try again: winget install NSIS.NSIS"
        ) from None
    if process.returncode:
        raise Problem(f"makensis failed: {(process.stdout + process.stderr).strip()[-600:]}")
    return target
