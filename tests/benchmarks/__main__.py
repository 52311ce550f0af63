"""All measurements of speed and memory in one run, and the comparison of two such runs.

    python tests/benchmarks [--full] [--out FILE.json] [PROGRAM...]
    python tests/benchmarks compare BEFORE.json AFTER.json

A run writes the tables of its programs, the machine and the commit into one JSON file; the tables beside
the programs stay as they are. Without --full the programs take fewer repetitions and smaller sizes. Programs
that need a display are left out where there is none. The comparison prints the ratio AFTER / BEFORE of each
number, the median over the rows of a table first, then the rows that differ by more than a tenth.
"""

import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WINDOW = f"{sys.executable} {ROOT / 'main.py'}"
NOTABLE = 0.1
"""Relative difference from which on a row is printed."""


@dataclass(frozen=True)
class Program:
    """A program of this folder: its arguments, and the columns that tell the rows of its table apart."""

    name: str
    keys: tuple[str, ...]
    quick: tuple[str, ...] = ()
    full: tuple[str, ...] = ()
    needs_display: bool = False


PROGRAMS = (
    Program("solver_step", ("solver", "dim", "width", "depth", "activation", "batch"), ("--blocks", "5")),
    Program("stacked", ("dim", "width", "depth", "batch"), ("--blocks", "2")),
    Program("c_transform", ("n", "dim", "batch"), ("--blocks", "3")),
    Program("conjugate", ("dim", "points"), ("--blocks", "3")),
    Program("grid", ("pair", "cells"), ("64", "128"), ("64", "128", "256", "512", "1024")),
    Program("probe", ("loop", "steps", "width", "batch", "critic_steps"), ("--repeats", "1")),
    Program("memory", ("name", "task", "settings"), ("default",)),
    Program("drawing", ("points", "drawn"), ("--repeats", "3"), needs_display=True),
    Program("maps", ("view",), ("--repeats", "10"), needs_display=True),
    Program("acts", ("act",), ("--turns", "1"), needs_display=True),
    Program("window", ("setting", "figure"), ("--seconds", "5", "--turns", "1"), needs_display=True),
    Program("startup", ("start", "program"), (WINDOW,), (WINDOW,), needs_display=True),
)
"""The programs of speed and memory. The others measure accuracy, take hours, and write their own tables."""

Rows = list[dict[str, str]]


def main() -> int:
    """Run the programs, or compare two runs."""
    if sys.argv[1:2] == ["compare"]:
        if len(sys.argv) != 4:
            raise SystemExit("Give two files: python tests/benchmarks compare BEFORE.json AFTER.json")
        before, after = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[2:4])
        print("\n".join(comparison(before, after)))
        return 0
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="all repetitions and sizes")
    parser.add_argument("--out", type=Path, help="the file to write (default: named after the commit)")
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", help="default: all")
    options = parser.parse_args()
    if unknown := set(options.programs) - {one.name for one in PROGRAMS}:
        parser.error(f"there is no program {', '.join(sorted(unknown))}")
    chosen = [one for one in PROGRAMS if not options.programs or one.name in options.programs]
    result: dict[str, Any] = {"mode": "full" if options.full else "quick", **surroundings(), "tables": {}}
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = copied_tree(Path(folder))
        for program in chosen:
            rows = measured(program, copy, options.full)
            failed += rows is None
            result["tables"][program.name] = rows or []
    path = options.out or Path(f"benchmarks-{result['commit'][:10]}.json")
    path.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print(f"Written: {path}")
    return int(failed > 0)


def surroundings() -> dict[str, Any]:
    """Return commit and machine."""
    git = ["git", "-C", str(ROOT)]
    commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True).stdout.strip()
    return {
        "commit": commit or "unknown",
        "changed": bool(changed),
        "date": time.strftime("%Y-%m-%d %H:%M"),
        "machine": {
            "system": platform.platform(),
            "processor": processor(),
            "cores": psutil.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
            "python": platform.python_version(),
            "torch": torch.__version__,
        },
    }


def processor() -> str:
    """Return the model of the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def copied_tree(folder: Path) -> Path:
    """Return a copy of this folder, where the programs leave their tables, in a tree like the checkout's."""
    for entry in ROOT.iterdir():
        if entry.name != "tests":
            (folder / entry.name).symlink_to(entry)
    (folder / "tests").mkdir()
    for entry in HERE.parent.iterdir():
        if entry != HERE:
            (folder / "tests" / entry.name).symlink_to(entry)
    return Path(shutil.copytree(HERE, folder / "tests" / HERE.name))


def measured(program: Program, folder: Path, full: bool) -> Rows | None:
    """Run a program and return its table, empty without the display that it needs; None if it fails."""
    if program.needs_display and sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        print(f"{program.name}: left out, as there is no display", flush=True)
        return []
    table = folder / f"{program.name}.csv"
    if table.exists():  # some programs keep the rows that they do not measure
        header = table.read_text(encoding="utf-8").partition("\n")[0]
        table.write_text(f"{header}\n", encoding="utf-8")
    arguments = program.full if full else program.quick
    began = time.perf_counter()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, f"{program.name}.py", *arguments], cwd=folder, env=environment, capture_output=True
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        print(f"{program.name}: failed\n{done.stderr.decode(errors='replace')[-2000:]}", flush=True)
        return None
    with table.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    print(f"{program.name}: {len(rows)} rows in {seconds:.0f} s", flush=True)
    for row in rows:
        print("  ", *row.values(), sep="\t")
    return rows


def comparison(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the lines that compare two runs."""
    lines = [f"{run['commit'][:10]} {run['date']} {run['machine']['processor']}" for run in (before, after)]
    if before["machine"] != after["machine"]:
        lines.append("The machines differ: compare the ratios within the tables rather than times.")
    for program in PROGRAMS:
        pairs = matched(
            program, before["tables"].get(program.name, []), after["tables"].get(program.name, [])
        )
        columns = [name for name in (pairs[0][0] if pairs else {}) if name not in program.keys]
        for column in columns:
            ratios = {
                " ".join(old[key] for key in program.keys): number(new.get(column)) / number(old[column])
                for old, new in pairs
                if number(old[column]) and number(new.get(column))
            }
            if not ratios:
                continue
            lines.append(f"{program.name} {column}: {statistics.median(ratios.values()):.3f}")
            lines += [f"    {ratio:.3f}  {row}" for row, ratio in ratios.items() if abs(ratio - 1) > NOTABLE]
    return lines


def matched(program: Program, before: Rows, after: Rows) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Return the rows that two tables have in common."""
    new = {tuple(row.get(key) for key in program.keys): row for row in after}
    keyed = [(tuple(row.get(key) for key in program.keys), row) for row in before]
    return [(row, new[key]) for key, row in keyed if key in new]


def number(text: str | None) -> float:
    """Return a number, 0 where the text is none."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


if __name__ == "__main__":
    sys.exit(main())
