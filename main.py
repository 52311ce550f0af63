"""Start the desktop app: double-click this file, or `python main.py`; with a command, act without it."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a frozen app starts its children through this file
    from wganstudio.cli import main

    sys.exit(main())
