"""Sets WGAN Studio up in a checkout and starts it: `python3 packaging/bootstrap run | test | setup`.

Needs nothing but a Python: no package, no root. This file and supported.py keep to what any Python can
read, so that an old one is told what is missing instead of showing a syntax error.
"""

import sys

import supported

if __name__ == "__main__":
    problem = supported.problem(sys.version_info[:2])
    if problem:
        sys.exit(problem)
    try:
        import commands
    except ImportError as missing:  # Debian's python3-minimal
        sys.exit("error: This Python lacks a part of its own library (%s).\n  " % missing + supported.WHOLE)
    sys.exit(commands.main(sys.argv[1:]))
