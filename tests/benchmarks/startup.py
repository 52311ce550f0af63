"""Start-up time, from the start of the process to the visible window: frozen app and checkout, warm and cold.

The table startup.csv holds medians in seconds and ratios to the first program; the resolution is 20 ms.

    python tests/benchmarks/startup.py [PROGRAM ...]      (default: dist/wganstudio and main.py)

Needs an X display and xdotool. A cold start empties the file cache of the system, which needs root and
Linux.
"""

import csv
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 5
USUAL = [f"{ROOT}/dist/wganstudio/wganstudio", f"{sys.executable} {ROOT}/main.py"]


def drop_caches() -> bool:
    """Empty the file cache of the system; return False if that is not allowed."""
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3")
        return True
    except OSError:
        return False


def seconds_to_window(command: list[str]) -> float:
    """Start a program, wait for its window, terminate it; return the seconds until the window."""
    with tempfile.TemporaryDirectory() as home:
        start = time.perf_counter()
        process = subprocess.Popen(command, env={**os.environ, "WGANSTUDIO_HOME": home})
        look = ["xdotool", "search", "--onlyvisible", "--pid", str(process.pid), "--name", "WGAN Studio"]
        try:
            while not subprocess.run(look, capture_output=True).stdout.strip():
                if process.poll() is not None or time.perf_counter() - start > 60:
                    raise SystemExit(f"{command} showed no window")
                time.sleep(0.005)
            return time.perf_counter() - start
        finally:
            time.sleep(1.5)
            process.terminate()
            process.wait()


def main() -> None:
    commands = {text: shlex.split(text) for text in sys.argv[1:] or USUAL}
    kinds = ["warm", "cold"] if drop_caches() else ["warm"]
    seconds: dict[tuple[str, str], list[float]] = {}
    for command in commands.values():
        seconds_to_window(command)
    for _ in range(ROUNDS):
        for kind in kinds:
            for text, command in commands.items():
                if kind == "cold":
                    drop_caches()
                seconds.setdefault((kind, text), []).append(seconds_to_window(command))
    rows = [("start", "program", "median_s", "lowest_s", "highest_s", "ratio", "rounds")]
    for (kind, text), measured in seconds.items():
        median = statistics.median(measured)
        ratio = median / statistics.median(seconds[kind, next(iter(commands))])
        name = "frozen app" if "dist/" in text else Path(shlex.split(text)[-1]).name
        rows.append(
            (
                kind,
                name,
                f"{median:.2f}",
                f"{min(measured):.2f}",
                f"{max(measured):.2f}",
                f"{ratio:.2f}",
                ROUNDS,
            )
        )
    with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    for row in rows:
        print(*row, sep=",")


if __name__ == "__main__":
    main()
