"""A session with a short run of every kind of solver, so that each view has something to show."""

import subprocess
import sys
from pathlib import Path

from wganstudio.experiment import preset, presets

SHORT = ("evaluation.final_samples=16384", "truth.seconds=20")
STEPS = {"first-look": 800, "eight-gaussians-gan": 400, "digits-gan": 60, "convex-map": 300, "points": 300}
RUNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("eight-gaussians-gan", ()),
    ("digits-gan", ()),
    ("convex-map", ()),
    ("points", ()),
    ("five-points", ()),
    ("digits-transport", ()),
    ("five-systems", ()),
    ("first-look", ("solver.penalty=3", "solver.kind=gp")),
    ("first-look", ("solver.penalty=10",)),
    ("first-look", ()),
)
"""Presets and further settings; the last run is the one that a window shows first."""


def make(path: Path, steps: int = 200) -> None:
    """Train the runs one after the other in the terminal, and keep them in one session file."""
    for name, changes in RUNS:
        assert name in presets() and preset(name)
        settings = (f"training.steps={STEPS.get(name, steps)}", *SHORT, *changes)
        options = [part for change in settings for part in ("--set", change)]
        command = [sys.executable, "-m", "wganstudio", "run", name, "--session", str(path), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        print(f"{name}: {'done' if done.returncode == 0 else done.stderr.strip()[-400:]}", flush=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
