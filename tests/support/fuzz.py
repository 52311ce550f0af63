"""Give loaders mutated files: `.venv/bin/python tests/support/fuzz.py [--count N] [--seed S] [--out FOLDER]`.

Inputs that a loader does not take as it should are kept in the folder, with a line in faults.txt. A stopped
program continues where it was when it is started again with the same seed and folder. The exit code is 1 if
there are faults.
"""

import argparse
import faulthandler
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

from fuzzing import seeds, try_input

STALL = 120
"""Seconds after which an input ends the program, which then prints the lines where it stands."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("fuzz"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    place, faults = options.out / f"next-{options.seed}.txt", options.out / "faults.txt"
    start = int(place.read_text()) if place.exists() else 0
    results: Counter[str] = Counter()
    slowest = most = 0.0
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = seeds(folder)
        for number in range(start, options.count):
            place.write_text(str(number))
            faulthandler.dump_traceback_later(STALL, exit=True)
            outcome = try_input(number, options.seed, corpus, folder)
            results["fault" if outcome.is_fault else outcome.result] += 1
            slowest, most = max(slowest, outcome.seconds), max(most, outcome.growth)
            if outcome.is_fault:
                (path,) = folder.glob(f"input{corpus[number % len(corpus)].suffix}")
                shutil.copy(path, options.out / f"{options.seed}-{number}{path.suffix}")
                with faults.open("a", encoding="utf-8") as file:
                    print(options.seed, number, outcome.kind, outcome.result, file=file)
                print(number, outcome.kind, outcome.result, flush=True)
    faulthandler.cancel_dump_traceback_later()
    place.write_text(str(max(start, options.count)))
    print(f"{dict(results)}; slowest {slowest:.2f} s; largest growth {most / 2**20:.0f} MiB")
    return int(results["fault"] > 0)


if __name__ == "__main__":
    sys.exit(main())
