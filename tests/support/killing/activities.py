"""Activities of a process that is killed: commands of the terminal, and operations on sessions.

Each notes "begin" once it has imported what it needs, and what it has completed.
"""

import atexit
import multiprocessing.process
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from killing.moments import NEVER, Moment, Standstill
from killing.notes import Notes
from killing.starter import context_of
from wganstudio.cli import main
from wganstudio.session import Document, SessionError
from wganstudio.training.events import Event, Metrics, TrainingState, is_coalescible

SESSION, TARGET, FIGURES, OLD, HOT = "session.wgs", "target.wgs", "figures", "old.wgs", "hot.wgs"
EXPERIMENT, SUITE, SUITE_SESSION = "experiment.toml", "suite.toml", "suite.wgs"
RESULT, ERRORS = "result.txt", "errors.txt"


@dataclass(frozen=True)
class Order:
    """An activity, its folder, and the moment at which the process stands still."""

    kind: str
    folder: Path
    moment: Moment = NEVER
    small_cache: bool = False
    state_seconds: float = 4.0
    """Seconds between two training states."""
    arguments: tuple[str, ...] = ()
    """Of a command; empty where the kind says what is done."""


def serve(order: Order, server: dict[str, Any] | None) -> None:
    """Do what is ordered; the main function of a process that is killed, or that ends by itself."""
    os.chdir(order.folder)
    _isolate(order.folder)
    notes = Notes(order.folder)
    _observe(notes)
    context = context_of(server)
    import wganstudio.suites.process
    import wganstudio.training.process

    wganstudio.training.process._SPAWN = wganstudio.suites.process._SPAWN = context  # type: ignore[attr-defined]
    wganstudio.training.process.STATE_SECONDS = order.state_seconds
    Standstill(order.moment, order.folder, notes).install(small_cache=order.small_cache)
    activity = command(*order.arguments) if order.arguments else ACTIVITIES[order.kind]
    code = activity(notes)
    notes.add("end", code=code)
    atexit._run_exitfuncs()  # as a program does at its end, but no process of multiprocessing
    sys.exit(code)


def command(*arguments: str) -> Callable[[Notes], int]:
    """Return an activity that calls a command once."""

    def call(notes: Notes) -> int:
        notes.add("begin")
        return main(list(arguments))

    return call


def save(notes: Notes) -> int:
    """Save a session over a file again and again, each time with another name of its run."""
    document = Document.open(Path(SESSION), read_only=False)
    notes.add("begin")
    for number in count(1):
        document.rename(1, f"version {number}")
        notes.add("saving", number=number)
        document.save_as(Path(TARGET))
        notes.add("saved", number=number)
    return 0


def export(notes: Notes) -> int:
    """Export the figures of a session again and again."""
    import wganstudio.figures.mpl  # noqa: F401 - takes long

    notes.add("begin")
    for number in count(1):
        if code := main(["export", SESSION, "--to", FIGURES, "--formats", "png,svg,pdf,csv", "--dpi", "40"]):
            return code
        notes.add("exported", number=number)
    return 0


def migrate(notes: Notes) -> int:
    """Write to a session of an older version for the first time."""
    notes.add("begin")
    document = Document.open(Path(OLD), read_only=False)
    notes.add("opened")
    record = document.records()[0]
    for step in range(1000, 1020):
        document.append(record.run, Metrics(step=step, values={"gap": 1.0}))
    document.close()
    return 0


def recover(notes: Notes) -> int:
    """Open a session with a journal that its writer left."""
    notes.add("begin")
    try:
        document = Document.open(Path(HOT), read_only=os.getpid() % 2 == 0)
    except SessionError as error:
        notes.add("refused", why=str(error))
        return 1
    document.close()
    return 0


def make_hot(notes: Notes) -> int:
    """Overwrite the numbers of a session in a transaction that is never committed."""
    import sqlite3

    notes.add("begin")
    database = sqlite3.connect(HOT)
    with database:
        database.execute("UPDATE event SET arrays = zeroblob(length(arrays)) WHERE arrays IS NOT NULL")
    return 0


def orphaned(notes: Notes) -> int:
    """Note which sessions the next window would offer to recover."""
    from wganstudio.gui.controllers.recovery import orphaned_sessions

    notes.add("orphaned", files=[str(path) for path in orphaned_sessions()])
    return 0


def window(notes: Notes) -> int:
    """Train, save and open sessions in a window."""
    from killing.window_activity import run

    return run(notes)


ACTIVITIES: dict[str, Callable[[Notes], int]] = {
    "run": command("run", EXPERIMENT, "--session", SESSION, "--json"),
    "resume": command("resume", SESSION, "--json"),
    "suite": command("suite", "run", SUITE, "--out", SUITE_SESSION, "--workers", "2"),
    "suite resume": command("suite", "run", SUITE, "--out", SUITE_SESSION, "--workers", "2", "--resume"),
    "save": save,
    "export": export,
    "export once": command("export", SESSION, "--to", FIGURES, "--formats", "png,svg,pdf,csv", "--dpi", "40"),
    "migrate": migrate,
    "recover": recover,
    "make hot": make_hot,
    "window": window,
    "orphaned": orphaned,
    "start": command("presets"),
}
"""By kind; those without a name of their own end by themselves."""


def _isolate(folder: Path) -> None:
    """Use a home and a folder for temporary files inside the folder, and files for the output."""
    home, temporary = folder / "home", folder / "tmp"
    temporary.mkdir(exist_ok=True)
    os.environ |= {"WGANSTUDIO_HOME": str(home), "TMPDIR": str(temporary), "TEMP": str(temporary)}
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    tempfile.tempdir = str(temporary)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream, name in ((sys.stdout, RESULT), (sys.stderr, ERRORS)):
        file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, stream.fileno())
        os.close(file)


def _observe(notes: Notes) -> None:
    """Note the children of this process, and every event that a session has recorded."""
    begin, append = multiprocessing.process.BaseProcess.start, Document.append

    def start(process: multiprocessing.process.BaseProcess) -> None:
        begin(process)
        notes.add("child", pid=process.pid, name=process.name)

    def noted(document: Document, run: int, event: Event) -> None:
        append(document, run, event)
        if isinstance(event, TrainingState) or not is_coalescible(event):
            notes.add("event", file=str(document.path), run=run, kind=event.name, step=event.step)

    multiprocessing.process.BaseProcess.start = start  # type: ignore[method-assign]
    Document.append = noted  # type: ignore[method-assign]
