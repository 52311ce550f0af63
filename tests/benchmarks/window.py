"""Effects of the window on the run, and of the run on the window: window.csv.

The program measures steps per second without a window, with the window and with all views live; the delay
of a 5 ms timer in the window; the seconds from Run to the first frame with a warm trainer; the start-up
time; and the peak memory of each process.

    python tests/benchmarks/window.py [--seconds 20]       (needs a display, for example xvfb-run)

The three settings alternate, twice; the table holds medians.
"""

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from wganstudio.experiment import Experiment, override, preset, read
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow
from wganstudio.training.events import Progress
from wganstudio.training.process import RunProcess

SHOW_WINDOW = """
import time
from wganstudio.gui.application import Application
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow
app = Application()
window = MainWindow(Theme(app, "light"), Settings())
window.show()
while not window.windowHandle().isExposed():
    app.processEvents()
print(time.time(), flush=True)
import os; os._exit(0)
"""


def experiment() -> Experiment:
    return read(override(preset("first-look").settings, [("training.steps", 10_000_000)]))


def peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def headless(seconds: float) -> float:
    process = RunProcess()
    process.start(experiment())
    try:
        return rate(lambda: process.poll(0.1), seconds)
    finally:
        process.close()


def rate(poll: Callable[[], object], seconds: float) -> float:
    """Return the steps per second between the first and the last progress event."""
    marks: list[tuple[float, int]] = []
    while not marks or marks[-1][0] - marks[0][0] < seconds:
        polled = poll()
        steps = [e.step for e in polled if isinstance(e, Progress)] if isinstance(polled, list) else [polled]
        marks += [(time.monotonic(), step) for step in steps if step]
    return (marks[-1][1] - marks[0][1]) / (marks[-1][0] - marks[0][0])


def in_window(seconds: float, views: bool) -> dict[str, float]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window = MainWindow(Theme(app, "light"), Settings())
    window.resize(1440, 900)
    window.show()
    window.create_views()
    window.run_controller.prepare()
    delays: list[float] = []
    due = 0.0

    def tick() -> None:
        nonlocal due
        now = time.perf_counter()
        if due:
            delays.append(1e3 * max(0.0, now - due))
        due = now + 0.005

    while not window.run_controller.status.warm:
        app.processEvents()
    began = time.monotonic()
    window.run_starter.start_form()

    def poll() -> int:
        app.processEvents()
        (record,) = window.session.records()
        return record.step if record.progress else 0

    def frame() -> bool:
        (record,) = window.session.records()
        return record.snapshot("critic") is not None

    while not frame():
        app.processEvents()
    first = time.monotonic() - began
    for dock in window.area.docks.values():  # after the start, which shows the views that apply
        dock.setVisible(views)
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(5)
    timer.timeout.connect(tick)
    timer.start()
    measured = {"steps_per_s": run_loop(poll, seconds)}
    timer.stop()
    cuts = statistics.quantiles(delays, n=100)
    measured |= {"late_p50_ms": cuts[49], "late_p99_ms": cuts[98], "first_picture_s": first}
    measured |= {f"peak_{name}_mib": peak_mib(pid) for name, pid in window.run_controller.pids.items()}
    window.run_controller.close()
    window.session.close()
    window.hide()
    window.deleteLater()
    return measured


def run_loop(poll: Callable[[], int], seconds: float) -> float:
    """Run an event loop for some seconds, after two seconds of warm-up; return the steps per second."""
    loop = QEventLoop()  # quitting the application's own loop would close the window, which asks first
    QTimer.singleShot(2000, loop.quit)
    loop.exec()
    start, step = time.monotonic(), poll()
    QTimer.singleShot(int(1e3 * seconds), loop.quit)
    loop.exec()
    return (poll() - step) / (time.monotonic() - start)


def start_up() -> float:
    began = time.time()
    done = subprocess.run([sys.executable, "-c", SHOW_WINDOW], capture_output=True, text=True, check=True)
    return float(done.stdout) - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    rows: list[tuple[str, str, float]] = []
    starts = [start_up() for _ in range(6)]
    rows += [("start-up", "cold_s", starts[0]), ("start-up", "warm_s", statistics.median(starts[1:]))]
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    settings: dict[str, list[dict[str, float]]] = {"headless": [], "window": [], "all views": []}
    for _ in range(options.turns):
        settings["headless"].append({"steps_per_s": headless(options.seconds)})
        settings["window"].append(in_window(options.seconds, views=False))
        settings["all views"].append(in_window(options.seconds, views=True))
    for setting, turns in settings.items():
        rows += [(setting, name, statistics.median(turn[name] for turn in turns)) for name in turns[0]]
    rows.append(("window", "peak_window_mib", peak_mib(psutil.Process().pid)))
    with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["setting", "figure", "value"])
        writer.writerows((setting, name, f"{value:.4g}") for setting, name, value in rows)
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        import os

        os.environ |= {"HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder}
        main()
