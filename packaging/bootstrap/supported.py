"""Which Pythons will do. Written for any Python to read, see __main__.py."""

import os

OLDEST = (3, 11)
NEWEST = (3, 14)
WHOLE = "On Debian and Ubuntu: sudo apt-get install python3 python3-venv"


def _dotted(version):
    return "%d.%d" % version


def others_on_path():
    """The commands of the supported Pythons that are on the PATH, newest first."""
    names = ["python%s" % _dotted((3, minor)) for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return [name for name in names if any(os.access(os.path.join(f, name), os.X_OK) for f in folders)]


def problem(version, others=others_on_path):
    """None if this Python will do, else what is wrong and what helps."""
    version = tuple(version)
    if OLDEST <= version <= NEWEST:
        return None
    sentence = "error: WGAN Studio needs Python %s to %s; this is Python %s, which is too %s." % (
        _dotted(OLDEST),
        _dotted(NEWEST),
        _dotted(version),
        "old" if version < OLDEST else "new",
    )
    there = others()
    if there:
        return sentence + "\n  Start it with one that is here: %s packaging/bootstrap run" % there[0]
    return sentence + "\n  Install one of those (on Windows from python.org) and start it with that."
