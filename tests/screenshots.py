"""Screenshots of every view and dialog at three sizes in both themes, and the pictures of README and help.

    python tests/screenshots.py --out FOLDER [--session FILE.wgs] [--size 1280x720] [--theme dark] [--only A]
    python tests/screenshots.py --pictures          writes resources/help/images anew

The program needs a display (for example xvfb-run) and, the first time, some minutes to train the runs that it
shows; `--session` keeps them. Contact sheets are written beside the pictures where ImageMagick is installed.
The third size is a screen of 1920 x 1080 at 200 %: half the room, drawn with twice the pixels.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))

SIZES = {"1280x720": (1280, 720, 1), "1440x900": (1440, 900, 1), "1920x1080at200": (960, 540, 2)}
THEMES = ("light", "dark")
IMAGES = Path(__file__).parents[1] / "resources" / "help" / "images"


def main() -> int:
    """Take the pictures, each size in a process of its own: the scale of the screen is fixed at its start."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--session", type=Path, help="the session to show; it is made if it does not exist")
    parser.add_argument("--size", choices=SIZES, action="append", help="one of the sizes; all by default")
    parser.add_argument("--theme", choices=THEMES, action="append", help="one of the themes; both by default")
    parser.add_argument("--only", action="append", default=[], help="names that contain this")
    parser.add_argument("--pictures", action="store_true", help="write the pictures of README and help")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        from every_picture import take_all

        (size,) = options.size
        take_all(options.session, options.out, SIZES[size][:2], options.theme, options.only, options.pictures)
        os._exit(0)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        session = options.session or Path(home) / "sample.wgs"
        if not session.exists():
            from sample_session import make, make_for_pictures

            (make_for_pictures if options.pictures else make)(session)
        environment = os.environ | {"WGANSTUDIO_HOME": home}
        codes = [
            _take(size, options, session, environment)
            for size in (["1440x900"] if options.pictures else options.size or SIZES)
        ]
    return max(codes)


def _take(size: str, options: argparse.Namespace, session: Path, environment: dict[str, str]) -> int:
    out = IMAGES if options.pictures else options.out / size
    out.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        __file__,
        "--child",
        "--size",
        size,
        "--session",
        str(session),
        "--out",
        str(out),
    ]
    for theme in ["light"] if options.pictures else options.theme or THEMES:
        command += ["--theme", theme]
    for name in options.only:
        command += ["--only", name]
    command += ["--pictures"] * options.pictures
    code = subprocess.run(command, env=environment | {"QT_SCALE_FACTOR": str(SIZES[size][2])}).returncode
    if not options.pictures:
        _make_sheets(out)
    return code


def _make_sheets(folder: Path) -> None:
    """Put the pictures of a folder onto contact sheets, where ImageMagick is installed."""
    if shutil.which("montage") is None:
        return
    for theme in THEMES:
        pictures = sorted(folder.glob(f"*-{theme}.png"))
        for sheet in range(0, len(pictures), 9):
            names = [str(picture) for picture in pictures[sheet : sheet + 9]]
            target = folder / f"sheet-{theme}-{sheet // 9 + 1}.jpg"
            geometry = ["-geometry", "640x400+6+6", "-tile", "3x", "-background", "#888888"]
            subprocess.run(["montage", *names, "-label", "%t", *geometry, str(target)], check=False)


if __name__ == "__main__":
    sys.exit(main())
