"""Kill WGAN Studio at random moments: `.venv/bin/python tests/support/kill_loop.py [--kills N] [--seed S]`.

Real processes train, resume, save, export, run suites, migrate and recover sessions until they are killed;
then their files are checked and their work is continued. Each kill is a row of the table; the folders of
kills with faults are kept beside it. A stopped program continues where it was when it is started again with
the same seed and table. The exit code is 1 if there are faults.
"""

import argparse
import csv
import faulthandler
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import fields
from pathlib import Path

from killing.kills import Row, try_kill
from killing.materials import Materials
from killing.plan import KINDS, planned
from killing.starter import starter

STALL = 900
"""Seconds after which a kill ends the program, which then prints the lines where it stands."""


def main() -> int:
    options = _parser().parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    kept = options.out.resolve().with_suffix(".faults")
    rows = _rows(options.out)
    faults = [row for row in rows if row["faults"]]
    done = {int(row["number"]) for row in rows if int(row["seed"]) == options.seed}
    begin = time.monotonic()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        starts = starter(options.start)
        materials = Materials(Path(name) / "materials", starts)
        for number in range(options.kills):
            if number in done:
                continue
            faulthandler.dump_traceback_later(STALL, exit=True)
            kill = planned(options.seed, number, tuple(options.kinds), resumed=options.resumed)
            row = try_kill(kill, materials, starts, kept / f"{options.seed}-{number}")
            _append(options.out, row)
            rows.append({key: str(value) for key, value in row.cells().items()})
            if row.faults:
                faults.append(rows[-1])
                print(f"{kill}: {row.faults}", flush=True)
            print(
                f"{number + 1}/{options.kills} kills, {len(faults)} with faults, "
                f"{time.monotonic() - begin:.0f} s; {row.kind}: {row.phase}",
                file=sys.stderr,
                flush=True,
            )
    faulthandler.cancel_dump_traceback_later()
    _report(rows)
    return int(bool(faults))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--resumed", type=float, default=0.5, help="share of runs that are resumed")
    parser.add_argument("--start", choices=("spawn", "forkserver"), default="", help="how processes start")
    parser.add_argument("--out", type=Path, default=Path("kills.csv"))
    return parser


def _rows(table: Path) -> list[dict[str, str]]:
    if not table.exists():
        return []
    with table.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _append(table: Path, row: Row) -> None:
    new = not table.exists()
    with table.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        if new:
            writer.writeheader()
        writer.writerow(row.cells())


def _report(rows: list[dict[str, str]]) -> None:
    """Print how many kills of each kind there were, and what was found."""
    kinds, faulty = Counter(row["kind"] for row in rows), Counter(r["kind"] for r in rows if r["faults"])
    for kind, count in kinds.items():
        print(f"{kind}: {count} kills, {faulty[kind]} with faults")
    killed = sum(row["killed"] == "True" for row in rows)
    opened = sum(row["read_only"] == row["read_write"] == "True" for row in rows)
    lost = max((float(row["lost_seconds"]) for row in rows if row["lost_seconds"]), default=0.0)
    resumed = Counter(row["resumed"] for row in rows if row["resumed"])
    orphans = sum(int(row["orphans"]) for row in rows)
    print(f"{killed} of {len(rows)} were killed before they ended;")
    print(f"{opened} of {len(rows)} opened read-only and read-write; at most {lost:.1f} s lost;")
    print(f"{dict(resumed)} resumed; {orphans} orphans; {sum(int(r['leftovers']) for r in rows)} files left")


if __name__ == "__main__":
    sys.exit(main())
