"""Builds and checks what users install: `python packaging/installer build | check | try`.

Runs in the environment that `python3 packaging/bootstrap build` makes; that command ends here.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "bootstrap"))

from console import Problem


def main() -> int:
    parser = argparse.ArgumentParser(prog="installer", description=__doc__)
    parser.add_argument("command", choices=["build", "check", "try"])
    command = parser.parse_args().command
    try:
        if command == "build":
            from build import build

            return build()
        if command == "check":
            from check import check

            return check()
        from cleanroot import try_in_clean_root

        return try_in_clean_root()
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
