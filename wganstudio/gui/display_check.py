"""Checks that a display is available before Qt starts, as Qt would abort without a readable message."""

import contextlib
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HEADLESS = "run without a window: wganstudio run first-look"


def display_problem(environ: Mapping[str, str] = os.environ, system: str = sys.platform) -> str | None:
    """Return why no window can be shown and what to do about it, or None if one can."""
    if not system.startswith("linux") or "QT_QPA_PLATFORM" in environ or "WAYLAND_DISPLAY" in environ:
        return None
    if not environ.get("DISPLAY"):
        return f"there is no display; {HEADLESS}"
    if missing := _missing_library():
        return f"the window needs a system library ({missing}); install it and start again, or {HEADLESS}"
    if not _x_server_answers():
        return f"no X server answers at DISPLAY={environ['DISPLAY']}; correct DISPLAY, or {HEADLESS}"
    return None


def report_startup_error(sentence: str) -> None:
    """Report an error on stderr and, where the application was double-clicked, in a small window."""
    with contextlib.suppress(OSError, AttributeError):  # a windowed app on Windows has no stderr
        print(f"wganstudio: {sentence}", file=sys.stderr)
        if sys.stderr.isatty():
            return
    text = f"WGAN Studio cannot open: {sentence}."
    if sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, text, "WGAN Studio", 0x10)
    for command in (["zenity", "--error", "--text"], ["kdialog", "--error"], ["xmessage"]):
        if os.environ.get("DISPLAY") and shutil.which(command[0]):
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run([*command, text], stderr=subprocess.DEVNULL, timeout=60)
            return


def _missing_library() -> str | None:
    """Return the name of the library that the X plugin of Qt lacks."""
    spec = importlib.util.find_spec("PySide6")
    for folder in (spec and spec.submodule_search_locations) or ():
        plugin = Path(folder, "Qt", "plugins", "platforms", "libqxcb.so")
        if plugin.exists():
            try:
                ctypes.CDLL(str(plugin))
            except OSError as error:
                return str(error).partition(":")[0]
    return None


def _x_server_answers() -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed
