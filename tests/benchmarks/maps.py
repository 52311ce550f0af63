"""Time to draw one frame of each map view: maps.csv.

    python tests/benchmarks/maps.py [--repeats 40]       (needs a display, for example xvfb-run)

Each view shows one recorded frame after the other; the table holds the medians of building (figure and
items) and of painting, in ms. The records are those of the tests, on a grid of 96 points.
"""

import argparse
import csv
import statistics
import sys
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from figure_records.gaussians import gaussian_record
from figure_records.solver_records import atomic_record, generator_record, map_record
from wganstudio.gui.views.cells import CellsView
from wganstudio.gui.views.frame_view import FrameView
from wganstudio.gui.views.gradient import GradientView
from wganstudio.gui.views.landscape import LandscapeView
from wganstudio.gui.views.momentum import MomentumView
from wganstudio.gui.views.samples import SamplesView
from wganstudio.gui.views.transport_map import TransportMapView
from wganstudio.session import RunRecord

POINTS = 96
SIZE = 720, 520


def atoms() -> RunRecord:
    """Return a run of semi-discrete transport to 24 atoms."""
    rng = np.random.default_rng(3)
    return atomic_record(rng.normal(size=(24, 2)), rng.normal(size=(8, 2)))


def plane() -> RunRecord:
    """Return a run between Gaussians on the plane."""
    return gaussian_record(2, points=POINTS)


CASES: tuple[tuple[type[FrameView], Callable[[], RunRecord]], ...] = (
    (LandscapeView, plane),
    (GradientView, plane),
    (MomentumView, plane),
    (CellsView, atoms),
    (TransportMapView, lambda: map_record(2)),
    (SamplesView, lambda: generator_record(2)),
)


def draw(view: FrameView, step: int) -> tuple[float, float]:
    """Return the ms of building and of painting a frame."""
    began = time.perf_counter()
    view.set_step(step)
    built = time.perf_counter()
    QApplication.processEvents()
    return 1e3 * (built - began), 1e3 * (time.perf_counter() - built)


def measure(cls: type[FrameView], record: RunRecord, repeats: int) -> tuple[float, float]:
    """Return the median ms of building and of painting."""
    view = cls()
    view.resize(*SIZE)
    view.show()
    view.set_records([record])
    QApplication.processEvents()
    steps = record.recorded_steps("critic")[-2:]
    times = [draw(view, step) for step in islice(cycle(steps), repeats + 4)][4:]
    view.hide()
    view.deleteLater()
    built, painted = zip(*times, strict=True)
    return statistics.median(built), statistics.median(painted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=40)
    options = parser.parse_args()
    rows = []
    for cls, make in CASES:
        record = make()
        if len(record.recorded_steps("critic")) < 2:
            print(f"{cls.name}: fewer than two recorded frames")
            continue
        built, painted = measure(cls, record, options.repeats)
        rows.append([cls.name, f"{built:.3g}", f"{painted:.3g}"])
        print(*rows[-1], sep="\t", flush=True)
    with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["view", "build_ms", "paint_ms"])
        writer.writerows(rows)


if __name__ == "__main__":
    app = QApplication([])
    main()
