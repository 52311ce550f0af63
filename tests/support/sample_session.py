"""A session with a short run of every kind of solver, so that each view has something to show."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from wganstudio.experiment import preset, read, to_toml
from wganstudio.suites.five_systems import five_systems

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
        settings = (f"training.steps={STEPS.get(name, steps)}", *SHORT, *changes)
        _run(path, name, [part for change in settings for part in ("--set", change)])


def make_for_pictures(path: Path) -> None:
    """Train the runs of the pictures of README and help, as their presets describe them."""
    with TemporaryDirectory() as folder:
        for name in ("gaussian-to-ring", "convex-map"):
            _run(path, name)
        for number, experiment in enumerate(five_systems(read(preset("five-systems").settings))):
            file = Path(folder) / f"{number}.toml"
            file.write_text(to_toml(experiment), encoding="utf-8")
            _run(path, str(file))
        _run(path, "first-look")


def _run(path: Path, experiment: str, options: Sequence[str] = ()) -> None:
    command = [sys.executable, "-m", "wganstudio", "run", experiment, "--session", str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f"{experiment}: {'done' if done.returncode == 0 else done.stderr.strip()[-400:]}", flush=True)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
