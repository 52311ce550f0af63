"""Set WGAN Studio up in a checkout and start it: `python3 packaging/bootstrap run | test | setup`.

Needs a Python and nothing else: no installed package, no root. Any Python can read this file and
wganstudio_setup/python_version.py, so that an old one reports what it lacks instead of a syntax error.
Python puts this folder on the path; it holds the package wganstudio_setup alone, whose name shadows nothing.
"""

import sys

from wganstudio_setup import python_version

if __name__ == "__main__":
    problem = python_version.problem(sys.version_info[:2])
    if problem:
        sys.exit(problem)
    try:
        from wganstudio_setup import commands
    except ImportError as missing:  # Debian's python3-minimal
        sys.exit("error: This Python is incomplete (%s).\n  " % missing + python_version.COMPLETE_PYTHON)
    sys.exit(commands.main(sys.argv[1:]))
