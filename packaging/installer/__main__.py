"""Build and check the installers: `python packaging/installer build | check | try`.

Runs in the environment of `python3 packaging/bootstrap build`, which calls this program.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "bootstrap"))

from wganstudio_setup.console import Problem


def main() -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(prog="installer", description=__doc__)
    parser.add_argument("command", choices=["build", "check", "try"])
    command = parser.parse_args().command
    try:
        if command == "build":
            from wganstudio_installer.build import build

            return build()
        if command == "check":
            from wganstudio_installer.check import check

            return check()
        from wganstudio_installer.clean_root import try_in_clean_root

        return try_in_clean_root()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
