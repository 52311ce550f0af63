"""Contents of the frozen app: excluded parts, libraries that travel with it. Used by the spec."""

import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from wganstudio import licenses

# Parts of packages that the app never uses.
UNUSED = (
    r"torch/(test|include|share)/",
    r"torch/bin/(?!torch_shm_manager)",  # that one shares tensors between processes
    r"torch/lib/lib(torchbind_test|jitbackend_test|backend_with_compiler)\.",
    r"torch/lib/.*\.(a|lib)$",
    r"PySide6/Qt/translations/",  # of Qt's own dialogs; the app speaks English
    r"PySide6/Qt/plugins/(egldeviceintegrations|generic|networkinformation|tls)/",
    r"PySide6/Qt/plugins/platformthemes/libqgtk3",  # needs all of GTK
    r"PySide6/Qt/plugins/platforms/libq(eglfs|linuxfb|minimal|minimalegl|vkkhrdisplay|vnc)\.",
    r"PySide6/Qt/plugins/imageformats/libqtiff",  # needs a library whose name differs between systems
    r"PySide6/Qt/plugins/wayland-graphics-integration-client/",  # the app does not draw with OpenGL
    r"PySide6/Qt/lib/libQt6(Network|EglF[Ss]\w+|Test)\.",
    r"libQt6(Network|EglF[Ss]\w+|Test)\.",  # links to the same files
    r"PySide6/Qt(Network|Test)\.",
    r".*\.dist-info/(INSTALLER|REQUESTED|direct_url\.json)$",  # these contain paths of the build machine
)
MODULES = ["tkinter", "readline", "PySide6.QtNetwork", "PySide6.QtTest", "PIL.ImageTk"]

# System libraries that travel with the app, as other Linux systems have other versions or none. All other
# system libraries are part of every desktop and must match its drivers and fonts.
BUNDLED = re.compile(
    r"lib(python|crypto|ssl|sqlite3|ffi|bz2|uuid|xkbcommon"
    r"|xcb-(cursor|icccm|image|keysyms|render-util|util|xkb))[.-]"
)
SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
UNSTRIPPED = re.compile(r"(^|/)(ot|kiwisolver)/.*\.so$")  # with debugging symbols: 180 MB of POT alone


def unrequired_modules() -> list[str]:
    """Return the installed modules that the app does not require.

    Packages import optional others where they are installed; the app must not depend on the build machine.
    """
    canonical = licenses.canonical
    required = {canonical(package.metadata["Name"]) for package in licenses.required("wganstudio")}
    owners = metadata.packages_distributions().items()
    return sorted(module for module, names in owners if not required & set(map(canonical, names)))


def is_wanted(name: str, source: str) -> bool:
    """Return True if a file goes into the app: `name` is its path there, `source` its path here."""
    name = name.replace("\\", "/")
    if any(re.match(pattern, name) for pattern in UNUSED):
        return False
    return (
        not source.startswith(SYSTEM)
        or ".so" not in Path(source).name
        or bool(BUNDLED.match(Path(source).name))
    )


def bundled_system_libraries(sources: list[str]) -> list[str]:
    """Return those of the files that are system libraries of the build machine."""
    return [source for source in sources if source.startswith(SYSTEM) and BUNDLED.match(Path(source).name)]


def stripped(name: str, source: str, folder: Path) -> str:
    """Return the path of a copy without debugging symbols, or `source` itself where there are none."""
    if sys.platform != "linux" or not UNSTRIPPED.search(name) or not shutil.which("strip"):
        return source
    copy = folder / name.replace("/", "-")
    copy.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["strip", "--strip-unneeded", "-o", str(copy), source], check=True)
    return str(copy)
