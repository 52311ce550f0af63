"""The Windows installer, and the resource that names the version in Explorer."""

import shutil
import subprocess
from pathlib import Path

from console import Problem, say
from release import Release

HERE = Path(__file__).parent
LARGEST = 2 * 2**30
"""NSIS cannot make a larger file; the CUDA variant is shipped as a .zip of its folder instead."""

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
    """What PyInstaller writes into the .exe."""
    return VERSION_RESOURCE.format(numbers=version.replace(".", ", "), version=version)


def compiler(release: Release, target: Path, icon: Path) -> list[str]:
    """The command that builds the installer."""
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
        str(HERE / "windows.nsi"),
    ]


def installer(release: Release) -> Path:
    """Build what Windows users download; its path."""
    name = f"{release.package}-{release.version}-windows-x64"
    if release.cuda:
        say(f"Packing {name}.zip ...")
        archive = shutil.make_archive(str(release.dist / name), "zip", release.dist, release.folder.name)
        return Path(archive)
    target = release.dist / f"{name}.exe"
    say(f"Packing {target.name} (several minutes) ...")
    try:
        done = subprocess.run(
            compiler(release, target, release.work / "wganstudio.ico"), capture_output=True, text=True
        )
    except FileNotFoundError:
        raise Problem("NSIS is missing.", "Install it and start again: winget install NSIS.NSIS") from None
    if done.returncode:
        raise Problem(f"makensis failed: {(done.stdout + done.stderr).strip()[-600:]}")
    return target
