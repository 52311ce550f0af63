"""The supported versions of Python. Any Python can read this file, see __main__.py."""

import os

OLDEST = (3, 11)
NEWEST = (3, 14)
COMPLETE_PYTHON = "On Debian and Ubuntu: sudo apt-get install python3 python3-venv"


def _dotted(version):
    return "%d.%d" % version


def supported_on_path():
    """Return the commands of the supported Pythons on the PATH, newest first."""
    names = ["python%s" % _dotted((3, minor)) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return [name for name in names if any(os.access(os.path.join(f, name), os.X_OK) for f in folders)]


def problem(version, find_others=supported_on_path):
    """Return None for a supported version, else an error message with a remedy."""
    version = tuple(version)
    if OLDEST <= version <= NEWEST:
        return None
    sentence = "error: WGAN Studio needs Python %s to %s; this is Python %s, which is too %s." % (
        _dotted(OLDEST),
        _dotted(NEWEST),
        _dotted(version),
        "old" if version < OLDEST else "new",
    )
    others = find_others()
    if others:
        return sentence + "\n  A supported version is installed; run: %s packaging/bootstrap run" % others[0]
    return (
        sentence + "\n  Install a supported version (on Windows from python.org) and use it for this command."
    )
