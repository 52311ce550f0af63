"""Latency of each act of a user, as a 5 ms timer in the window's thread sees it: acts.csv.

    python tests/benchmarks/acts.py [--session FILE.wgs] [--turns 3]    (needs a display, such as xvfb-run)

Each act is done several times. `wall_ms` is the median of the longest delay of the timer while the act and
all that follows from it is done, `cpu_ms` the median of the longest stretch of processor time of the window's
thread between two ticks, which a busy machine does not lengthen. Without a session one is trained first.
"""

import argparse
import csv
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from wganstudio.gui.application import Application
from wganstudio.gui.settings import Settings
from wganstudio.gui.theme import Theme
from wganstudio.gui.window import MainWindow

PERIOD = 0.005
SETTLE_SECONDS = 0.6
"""The time in which an act has its effects: it is drawn, and what it has started begins."""
TURNS = 150
"""Turns of the event loop per second of settling, at least."""
LIMIT_MS = 100.0


class Stretches(QObject):
    """A timer that notes how late it is and how long the thread has worked since its last tick."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=int(1e3 * PERIOD), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.wall = self.cpu = 0.0
        self._last = self._used = 0.0

    def start(self) -> None:
        """Begin to measure."""
        self.wall = self.cpu = 0.0
        self._last, self._used = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> tuple[float, float]:
        """End the measurement; return the longest delay and the longest work in ms."""
        self._timer.stop()
        self._tick()
        return 1e3 * max(0.0, self.wall - PERIOD), 1e3 * self.cpu

    @Slot()
    def _tick(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self.wall = max(self.wall, now - self._last)
        self.cpu = max(self.cpu, used - self._used)
        self._last, self._used = now, used


def settle(seconds: float = SETTLE_SECONDS) -> None:
    """Let the window react; on a busy machine until it has turned as often as on a quiet one."""
    end, turns = time.monotonic() + seconds, 0
    while time.monotonic() < end or turns < TURNS * seconds:
        QApplication.processEvents()
        turns += 1
        time.sleep(0.001)


Acts = dict[str, tuple[Callable[[], object], Callable[[], object]]]
"""Functions that prepare and that do each act; only the second is measured."""


def acts(window: MainWindow, session: Path) -> Acts:
    """Return the acts by name."""
    area, form = window.area, window.form
    runs = [record.run for record in window.session.records()]

    def nothing() -> None:
        pass

    def preset(name: str) -> None:
        form.presets.setCurrentIndex(form.presets.findData(name))
        form.presets.activated.emit(form.presets.currentIndex())

    def close_dialogs() -> None:
        for dialog in (window.palette_.dialog, window.dialogs.help, window.dialogs.suites):
            if dialog is not None:
                dialog.close()

    first = {f"first look at {view.title}": _first_look(window, name) for name, view in area.views.items()}
    return {
        **first,
        "theme: dark": (lambda: window.choose_theme("light"), lambda: window.choose_theme("dark")),
        "theme: light": (lambda: window.choose_theme("dark"), lambda: window.choose_theme("light")),
        "reset layout": (lambda: window.layouts.choose("Maps"), window.reset_layout),
        "layout Curves": (window.reset_layout, lambda: window.layouts.choose("Curves")),
        "full screen": (nothing, window.full_screen.enter),
        "leave full screen": (window.full_screen.enter, window.full_screen.leave),
        "select another run": (
            lambda: window.runs.choose(runs[-1]),
            lambda: window.runs.choose(runs[-2]),
        ),
        "choose a preset": (lambda: preset("first-look"), lambda: preset("five-points")),
        "type into a field": (
            nothing,
            lambda: form.groups["training"].rows["steps"].fill(1234),
        ),
        "open the palette": (close_dialogs, window.palette_.open),
        "search the palette": (
            _with_palette(window),
            lambda: window.palette_.dialog.line.setText("momentum"),
        ),
        "open the help": (close_dialogs, lambda: window.dialogs.show_help("reading-the-views#costs")),
        "search the help": (nothing, lambda: window.dialogs.help.line.setText("critic")),
        "open the suites": (close_dialogs, window.dialogs.show_suites),
        "open the log": (close_dialogs, window.log_drawer.toggle),
        "open a session": (
            lambda: window.file_actions.new_session(),
            lambda: window.file_actions.open_path(session),
        ),
    }


def _first_look(window: MainWindow, name: str) -> tuple[Callable[[], object], Callable[[], object]]:
    def prepare() -> None:
        window.reset_layout()
        other = next(each for each in window.area.docks if each != name)
        window.area.docks[other].raise_()
        window.area.set_records([window.session.records()[-1]])

    return prepare, window.area.docks[name].raise_


def _with_palette(window: MainWindow) -> Callable[[], object]:
    def prepare() -> None:
        if window.palette_.dialog is None:
            window.palette_.open()

    return prepare


def measure(window: MainWindow, session: Path, turns: int, only: str) -> dict[str, list[tuple[float, float]]]:
    """Do every act several times; return its delays and work in ms."""
    stretches = Stretches()
    results: dict[str, list[tuple[float, float]]] = {}
    for _ in range(turns):
        for name, (prepare, act) in acts(window, session).items():
            if only not in name:
                continue
            prepare()
            settle()
            stretches.start()
            QTimer.singleShot(0, act)
            settle()
            results.setdefault(name, []).append(stretches.stop())
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--session", type=Path)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--only", default="", help="acts whose name contains this; nothing is written")
    options = parser.parse_args()
    session = options.session
    if session is None:
        from sample_session import make

        session = Path(os.environ["WGANSTUDIO_HOME"]) / "sample.wgs"
        make(session)
    app = Application()
    window = MainWindow(Theme(app, "light"), Settings())
    window.resize(1440, 900)
    window.show()
    while not window.area.views:
        settle(0.05)
    window.file_actions.open_path(session)
    settle(1.0)
    results = measure(window, session, options.turns, options.only)
    rows = [
        (name, *(statistics.median(turn[k] for turn in turns) for k in (0, 1)))
        for name, turns in sorted(results.items(), key=lambda item: -statistics.median(t[1] for t in item[1]))
    ]
    for name, wall, cpu in rows:
        print(f"{name:32} {wall:7.0f} {cpu:7.0f}{'  *' if cpu > LIMIT_MS else ''}", flush=True)
    if not options.only:
        with Path(__file__).with_suffix(".csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["act", "wall_ms", "cpu_ms"])
            writer.writerows((name, f"{wall:.0f}", f"{cpu:.0f}") for name, wall, cpu in rows)
    os._exit(0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WGANSTUDIO_HOME"] = folder
        main()
