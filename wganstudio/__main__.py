"""`python -m wganstudio`: the window, or one command of the terminal."""

import sys

from wganstudio.cli import main

if __name__ == "__main__":
    sys.exit(main())
