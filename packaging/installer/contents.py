"""What goes into the frozen app and what stays out: read by the spec, and by the tests."""

import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from wganstudio import licenses

# Parts of packages that nothing in the app reaches.
UNUSED = (
    r"torch/(test|include|share)/",
    r"torch/bin/(?!torch_shm_manager)",  # that one shares tensors between processes
    r"torch/lib/lib(torchbind_test|jitbackend_test|backend_with_compiler)\.",
    r"torch/lib/.*\.(a|lib)$",
    r"PySide6/Qt/translations/",  # of Qt's own dialogs; the app speaks English
    r"PySide6/Qt/plugins/(egldeviceintegrations|generic|networkinformation|tls)/",
    r"PySide6/Qt/plugins/platformthemes/libqgtk3",  # all of GTK for its colors
    r"PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)\.",
    r"PySide6/Qt/plugins/imageformats/libqtiff",  # for a library that new systems have under another name
    r"PySide6/Qt/plugins/wayland-graphics-integration-client/",  # nothing draws with OpenGL
    r"PySide6/Qt/lib/libQt6(Network|EglF[Ss]\w+|Test)\.",
    r"libQt6(Network|EglF[Ss]\w+|Test)\.",  # links to the same at the top
    r"PySide6/Qt(Network|Test)\.",
    r".*\.dist-info/(INSTALLER|REQUESTED|direct_url\.json)$",  # these name the build machine's folders
)
MODULES = ["tkinter", "readline", "PySide6.QtNetwork", "PySide6.QtTest", "PIL.ImageTk"]

# The build machine's own libraries that travel too: another Linux has other versions, or none. All others
# are part of every desktop and must fit its drivers and fonts, so they stay the system's.
TRAVEL = re.compile(
    r"lib(python|crypto|ssl|sqlite3|ffi|bz2|uuid|xkbcommon"
    r"|xcb-(cursor|icccm|image|keysyms|render-util|util|xkb))[.-]"
)
SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
BLOATED = re.compile(r"(^|/)(ot|kiwisolver)/.*\.so$")  # with debugging symbols: 180 MB of POT alone


def strangers() -> list[str]:
    """The modules that are installed here, for developing or by accident, but that the app does not require.

    Packages reach for others "if they are there"; the app must not depend on what its builder had.
    """
    canonical = licenses.canonical
    required = {canonical(one.metadata["Name"]) for one in licenses.required("wganstudio")}
    owners = metadata.packages_distributions().items()
    return sorted(module for module, names in owners if not required & set(map(canonical, names)))


def is_wanted(name: str, source: str) -> bool:
    """Whether a file goes into the app. `name` is its place there, `source` where it was found."""
    name = name.replace("\\", "/")
    if any(re.match(pattern, name) for pattern in UNUSED):
        return False
    return (
        not source.startswith(SYSTEM)
        or ".so" not in Path(source).name
        or bool(TRAVEL.match(Path(source).name))
    )


def from_system(sources: list[str]) -> list[str]:
    """Those of the files that are the build machine's own libraries."""
    return [source for source in sources if source.startswith(SYSTEM) and TRAVEL.match(Path(source).name)]


def slimmed(name: str, source: str, folder: Path) -> str:
    """The path of a copy without debugging symbols, or of the file itself where there are none to lose."""
    if sys.platform != "linux" or not BLOATED.search(name) or not shutil.which("strip"):
        return source
    copy = folder / name.replace("/", "-")
    copy.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["strip", "--strip-unneeded", "-o", str(copy), source], check=True)
    return str(copy)
