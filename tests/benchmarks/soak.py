"""A long run with every view live: growth of memory and handles, and latency; soak.csv and soak-summary.csv.

The program opens the window with all views floating, trains `first-look` with millions of steps, and
appends a row to soak.csv every ten seconds, so that an interrupted soak keeps its rows. Then it starts and
stops runs, opens and closes a session and changes the theme, and writes before and after to
soak-summary.csv, with the slopes of the long run per hour and their standard errors (the first quarter left
out), and the seconds of stalls by cause.

    python tests/benchmarks/soak.py [--seconds 3600] [--cycles 30] [--append] [--folder FOLDER]
    python tests/benchmarks/soak.py --plot                     (draws soak.png from soak.csv)

It needs a display, for example xvfb-run.
"""

import argparse
import csv
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from soak_plot import plot
from soak_probe import LatenessProbe

from wganstudio import folders
from wganstudio.experiment import override, preset, read
from wganstudio.gui.application import Application
from wganstudio.gui.controllers.waiting_runs import NewRun
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow

Row = dict[str, float]

SAMPLE_SECONDS = 10.0
WARM_UP_CYCLES = 3
"""Cycles before the figures of "before": they fill caches."""
PATIENCE = 120.0
COLUMNS = ["seconds", "step", "steps_per_s", "frames_per_s", "points", "session_bytes", "load"]
COLUMNS += ["late_p50_ms", "late_p99_ms", "late_max_ms", "ticks", "stalls", "gc_max_ms", "gc_ms"]
COLUMNS += [
    f"{figure}_{process}"
    for process in ("window", "train", "truths")
    for figure in ("rss_mib", "threads", "handles")
]
COLUMNS += ["widgets", "objects"]


class Soak:
    """The window, and what is measured in it."""

    def __init__(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.theme = Theme(app, "light")
        self.window = MainWindow(self.theme, Settings())
        self.window.resize(1440, 900)
        self.window.show()
        self.window.create_views()
        self.float_views()
        self.frames = 0
        for view in self.window.area.views.values():
            view.redrawn.connect(self._count_frame)
        self.probe = LatenessProbe()
        self.window.run_controller.prepare()
        wait(lambda: self.window.run_controller.status.warm)

    def _count_frame(self) -> None:
        self.frames += 1

    def float_views(self) -> None:
        """Show every view in a window of its own: only what is visible is drawn."""
        for number, dock in enumerate(self.window.area.docks.values()):
            dock.setFloating(True)
            dock.move(40 * (number % 12), 30 * (number % 12))
            dock.resize(640, 480)
            dock.show()

    def begin(self, steps: int) -> None:
        """Start a run."""
        e = read(override(preset("first-look").settings, [("training.steps", steps)]))
        assert self.window.run_starter.submit(NewRun(e))

    def resources(self) -> Row:
        """Return memory, threads and handles of each process, and the objects of the window."""
        row = usage("window", psutil.Process())
        for task, pid in self.window.run_controller.pids.items():
            try:
                row |= usage(task, psutil.Process(pid))
            except psutil.Error:  # it is being replaced
                continue
        return row | {"widgets": len(QApplication.allWidgets()), "objects": len(gc.get_objects())}

    def train(self, seconds: float, earlier: float, write: Callable[[Row], None]) -> None:
        """Train with all views live, and write a row every ten seconds."""
        self.begin(10_000_000)
        self.probe.start()
        began = last = time.monotonic()
        step = 0
        while last - began < seconds:
            pause(min(SAMPLE_SECONDS, seconds))
            now, record = time.monotonic(), self.window.session.records()[-1]
            write(
                {
                    "seconds": earlier + now - began,
                    "step": record.step,
                    "steps_per_s": (record.step - step) / (now - last),
                    "frames_per_s": self.frames / (now - last),
                    "points": len(record.curve("value")[0]),
                    "session_bytes": sum(file.stat().st_size for file in folders.state().glob("*")),
                    "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan"),
                }
                | self.probe.lateness.take()
                | self.resources()
            )
            self.frames, step, last = 0, record.step, now
        self.probe.stop()
        self.stop_run()

    def stop_run(self) -> None:
        """Stop the run and wait for its end."""
        self.window.stop_run()
        wait(lambda: not self.window.run_controller.busy)

    def cycles(self, count: int) -> dict[str, tuple[Row, Row]]:
        """Return the resources before and after many cycles of three kinds."""
        file = Path(tempfile.mkdtemp()) / "soak.wgs"
        assert self.window.saver.save_to(file)
        kinds: dict[str, Callable[[int], None]] = {
            "start and stop": lambda _: self._start_and_stop(),
            "open and close": lambda _: self._open_and_close(file),
            "theme": self._change_theme,
        }
        return {f"{name} x{count}": self._repeat(act, count) for name, act in kinds.items()}

    def _repeat(self, act: Callable[[int], None], count: int) -> tuple[Row, Row]:
        for number in range(WARM_UP_CYCLES):
            act(number)
        before = self.settled_resources()
        for number in range(count):
            act(number)
        return before, self.settled_resources()

    def settled_resources(self) -> Row:
        """Return the resources once no garbage is left."""
        pause(0.5)
        gc.collect()
        return self.resources()

    def _start_and_stop(self) -> None:
        self.window.session.new()
        self.begin(10_000)
        wait(lambda: self.window.session.records()[-1].step > 5)
        self.stop_run()

    def _open_and_close(self, file: Path) -> None:
        self.window.session.modified = False
        self.window.file_actions.open_path(file)
        wait(lambda: bool(self.window.session.records()))
        pause(0.15)
        self.window.session.new()
        pause(0.05)

    def _change_theme(self, number: int) -> None:
        self.theme.choose("light" if number % 2 else "dark")
        pause(0.1)

    def close(self) -> None:
        """Close the window without a question, and delete it while Qt still lives."""
        self.window.session.modified = False
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)


def usage(name: str, process: psutil.Process) -> Row:
    """Return memory, threads and open handles of a process."""
    handles = process.num_handles() if hasattr(process, "num_handles") else process.num_fds()
    memory = process.memory_info().rss / 2**20
    return {f"rss_mib_{name}": memory, f"threads_{name}": process.num_threads(), f"handles_{name}": handles}


def pause(seconds: float) -> None:
    """Run the event loop for some seconds."""
    loop = QEventLoop()  # quitting the application's own loop would close the window
    QTimer.singleShot(int(1e3 * seconds), loop.quit)
    loop.exec()


def wait(condition: Callable[[], bool]) -> None:
    """Run the event loop until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the window does not answer")
        pause(0.02)


def read_rows(file: Path) -> list[Row]:
    """Return the rows of a table of numbers; an empty cell is left out."""
    if not file.exists():
        return []
    with file.open(newline="") as stream:
        return [{name: float(text) for name, text in row.items() if text} for row in csv.DictReader(stream)]


def slope_per_hour(rows: Iterable[Row], name: str) -> tuple[float, float]:
    """Return the slope of a column by least squares, and its standard error, without the first quarter."""
    known = [row for row in rows if name in row]
    known = known[len(known) // 4 :]
    if len(known) < 4:
        return float("nan"), float("nan")
    hours, values = [row["seconds"] / 3600 for row in known], [row[name] for row in known]
    slope, intercept = statistics.linear_regression(hours, values)
    rest = sum((value - slope * hour - intercept) ** 2 for hour, value in zip(hours, values, strict=True))
    spread = (len(hours) - 1) * statistics.variance(hours)
    return slope, (rest / (len(hours) - 2) / spread) ** 0.5


def summary(
    rows: list[Row], cycles: dict[str, tuple[Row, Row]], causes: dict[str, float]
) -> list[list[object]]:
    """Return the lines of soak-summary.csv: part, figure, first, last, slope per hour, standard error."""
    lines: list[list[object]] = []
    for name in COLUMNS[2:]:
        known = [row[name] for row in rows if name in row]
        if known:
            slope = (f"{number:.4g}" for number in slope_per_hour(rows, name))
            lines.append(["long run", name, f"{known[0]:.5g}", f"{known[-1]:.5g}", *slope])
    for part, (before, after) in cycles.items():
        lines += [[part, name, f"{before[name]:.5g}", f"{after[name]:.5g}", "", ""] for name in before]
    ordered = sorted(causes.items(), key=lambda item: -item[1])[:25]
    return lines + [["stalls, s", cause, "", f"{seconds:.3g}", "", ""] for cause, seconds in ordered]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--cycles", type=int, default=30)
    parser.add_argument("--append", action="store_true", help="continue the table of an interrupted soak")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    parser.add_argument("--plot", action="store_true", help="only draw soak.png from soak.csv")
    options = parser.parse_args()
    table = options.folder / "soak.csv"
    if options.plot:
        plot(read_rows(table), options.folder / "soak.png")
        return
    earlier = read_rows(table) if options.append else []
    with table.open("a" if earlier else "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not earlier:
            writer.writeheader()

        def write(row: Row) -> None:
            writer.writerow({name: f"{value:.7g}" for name, value in row.items()})
            file.flush()
            print(*(f"{name} {value:.5g}" for name, value in row.items()), sep=", ", flush=True)

        app = Application()
        app.setQuitOnLastWindowClosed(False)
        soak = Soak()
        soak.train(options.seconds, earlier[-1]["seconds"] if earlier else 0.0, write)
    cycles = soak.cycles(options.cycles)
    soak.close()
    lines = summary(read_rows(table), cycles, dict(soak.probe.causes))
    with (options.folder / "soak-summary.csv").open("w", newline="") as file:
        plain = csv.writer(file)
        plain.writerow(["part", "figure", "first", "last", "slope_per_hour", "standard_error"])
        plain.writerows(lines)
    for line in lines:
        print(*line, sep="\t")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WGANSTUDIO_HOME"] = folder
        main()
