"""Time to draw the Costs view of long runs, with all points of its curves and with those that can be seen.

    python tests/benchmarks/drawing.py [--repeats 5]       (needs a display, for example xvfb-run)

The two alternate; drawing.csv holds the medians of building (figure and items) and of painting, in ms.
"""

import argparse
import csv
import math
import statistics
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from wganstudio.experiment import preset, read
from wganstudio.figures.types import Float
from wganstudio.gui.views import curve_items, thinning
from wganstudio.gui.views.costs import CostsView
from wganstudio.session import RunRecord
from wganstudio.training.events import Metrics

POINTS = (1_000, 10_000, 100_000)
INTERVAL = 50


def long_record(points: int) -> RunRecord:
    """Return a record with this many points of noisy curves."""
    record = RunRecord(1, read(preset("first-look").settings))
    for k in range(points):
        add_point(record, k)
    return record


def add_point(record: RunRecord, k: int) -> None:
    gap = 1 + math.exp(-k / 1000) + 0.1 * math.sin(k)
    values = {"gap": gap, "gap_se": 0.01, "value": 0.9 * gap, "value_se": 0.01}
    record.apply(Metrics(step=INTERVAL * k, values=values))


def all_points(*curves: Float) -> NDArray[np.intp]:
    return np.arange(len(curves[0]))


def draw(view: CostsView) -> tuple[float, float]:
    """Return the ms of building and of painting the view once more."""
    record = view.record
    assert record is not None
    add_point(record, len(record.curve("gap")[0]))
    began = time.perf_counter()
    view.refresh()
    built = time.perf_counter()
    QApplication.processEvents()
    return 1e3 * (built - began), 1e3 * (time.perf_counter() - built)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    thin = thinning.extreme_points
    view = CostsView()
    view.resize(640, 480)
    view.show()
    rows = []
    for points in POINTS:
        view.set_records([long_record(points)])
        times: dict[str, list[tuple[float, float]]] = {"all points": [], "points that can be seen": []}
        for _ in range(options.repeats):
            for name, choose in zip(times, (all_points, thin), strict=True):
                vars(curve_items)["extreme_points"] = choose
                times[name].append(draw(view))
        for name, pairs in times.items():
            built, painted = (statistics.median(part) for part in zip(*pairs, strict=True))
            rows.append([points, name, f"{built:.3g}", f"{painted:.3g}"])
            print(*rows[-1], sep="\t", flush=True)
    view.hide()
    view.deleteLater()
    with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["points", "drawn", "build_ms", "paint_ms"])
        writer.writerows(rows)


if __name__ == "__main__":
    app = QApplication([])
    main()
