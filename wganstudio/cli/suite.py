"""`wganstudio suite`: many experiments in one go, and their table."""

import math
import os
import signal
import sys
from argparse import Namespace
from pathlib import Path

import numpy as np

from wganstudio import resources
from wganstudio.cli.progress import Progress, clock
from wganstudio.experiment import BadExperiment
from wganstudio.export.heatmap import HeatMap, write_heatmap
from wganstudio.session import Document
from wganstudio.suites import (
    Pool,
    Suite,
    SuiteError,
    SuiteResults,
    SuiteScheduler,
    SuiteTable,
    Workers,
    read_suite,
)
from wganstudio.suites.events import RunEvent, RunFinished, RunLost, SuiteEvent, SuiteFinished, SuiteStarted
from wganstudio.suites.formats import FORMATS, to_text
from wganstudio.suites.lock import SessionLock
from wganstudio.suites.plan import Cell
from wganstudio.suites.pool import cores
from wganstudio.suites.published import Published
from wganstudio.suites.results import begin, refuse, resume
from wganstudio.suites.table import suite_table
from wganstudio.training import events

PAIRS, PUBLISHED = "WGANSTUDIO_PAIRS", "WGANSTUDIO_PUBLISHED"
"""Environment variables: the folders of the published pairs, and of their published results."""


def run(options: Namespace) -> int:
    """Run a suite, or the rest of it; progress on stderr, the table on stdout."""
    file = _suite_file(options.suite)
    out: Path = options.out or Path(f"{file.stem}.wgs")
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # as batch systems stop their jobs
    try:
        suite = read_suite(file, _folder(options.pairs, PAIRS))
        with SessionLock(out):
            found = _run(suite, out, options)
    except KeyboardInterrupt:
        print(f"wganstudio: stopped; go on by the same command with --out {out} --resume.", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGTERM, before)
    print(to_text(found))
    return int(found.finished < found.runs)


def show(options: Namespace) -> int:
    """Print a suite's table, with the published values beside it where their folder is given."""
    document = Document.open(options.session)
    try:
        ledger = SuiteResults(document)
    finally:
        document.close()
    folder = _folder(options.published, PUBLISHED)
    if folder is None:
        print(
            f"Published values are absent: say where they are with --published FOLDER or {PUBLISHED}.",
            file=sys.stderr,
        )
    found = suite_table(ledger, options.table, Published(folder) if folder else None)
    if options.figure is not None:
        write_heatmap(_heatmap(found), options.figure)
    print(FORMATS[options.format](found))
    return 0


def _try(suite: Suite) -> None:
    """Make one run of every solver on every pair, without a step: what only then shows is said at once."""
    from wganstudio.training.run import Run

    tried = set()
    for cell, experiment in suite.experiments.items():
        if (cell.solver, cell.pair) not in tried:
            tried.add((cell.solver, cell.pair))
            here = experiment.training.model_copy(update={"device": "cpu"})  # theirs may have another
            try:
                Run(experiment.model_copy(update={"training": here}))
            except BadExperiment as error:
                raise SuiteError(f"{cell.solver} on {cell.pair}: {error}") from error


def _run(suite: Suite, out: Path, options: Namespace) -> SuiteTable:
    if not options.resume:
        refuse(out)
    workers = _workers(options)
    if not out.exists():
        _try(suite)
    document = resume(suite, out) if options.resume else begin(suite, out)
    shown = _SuiteProgress()
    try:
        going = SuiteScheduler(suite, document, workers)
        try:
            while not going.over:
                for event in going.poll(timeout=0.5):
                    shown.show(event)
        finally:
            shown.close()
            going.close()
    finally:
        document.close()
    return _first_known(going.ledger)


def _workers(options: Namespace) -> Workers:
    if options.cluster is None:
        return Pool(options.workers or cores())
    if options.workers is not None:
        raise SuiteError("--workers is for this machine; a cluster brings its own: leave one of the two out.")
    from wganstudio.suites.cluster import Cluster

    return Cluster(options.cluster)


def _suite_file(name: str) -> Path:
    if name.endswith(".toml"):
        return Path(name)
    shipped = sorted(file.stem for file in resources.path("suites").glob("*.toml"))
    if name not in shipped:
        raise SuiteError(
            f"There is no suite {name!r}; give a file that ends in .toml, or {', '.join(shipped)}."
        )
    return resources.path("suites", f"{name}.toml")


def _folder(given: Path | None, variable: str) -> Path | None:
    return given or (Path(os.environ[variable]) if os.environ.get(variable) else None)


def _first_known(ledger: SuiteResults) -> SuiteTable:
    """The cosines; of generators the true cost; where neither is known the estimates of W1."""
    tables = (suite_table(ledger, name) for name in ("cos", "true"))
    return next((t for t in tables if any(e.seeds for e in t.entries)), suite_table(ledger, "w1"))


def _heatmap(found: SuiteTable) -> HeatMap:
    entries = [[found.entry(solver, pair) for pair in found.pairs] for solver in found.solvers]
    values = np.array([[math.nan if e is None else e.mean for e in row] for row in entries])
    metric = found.metric
    low, high = metric.color_range
    label, title = metric.description, f"{found.title}: {metric.name}"
    if isinstance(metric.ideal, str):  # costs differ by factors between pairs; their ratio can be compared
        values = values / np.array([[found.truth(pair) for pair in found.pairs]])
        label = "estimate / true W1"
    if high is None:
        high = float(np.nanmax(values, initial=1.0))
    texts = [["" if math.isnan(value) else f"{value:.2f}" for value in row] for row in values]
    caption = f"mean over seeds; {found.finished} of {found.runs} runs"
    return HeatMap(title, caption, label, found.solvers, found.pairs, values, texts, low, high)


class _SuiteProgress:
    """Shows a suite's events on stderr: a line for each run that is over, and one that moves for the rest."""

    def __init__(self) -> None:
        self._progress = Progress()
        self._runs = self._settled = 0
        self._under_way: dict[Cell, events.Event] = {}

    def show(self, event: SuiteEvent) -> None:
        """Say what the event means for somebody who waits."""
        match event:
            case SuiteStarted():
                self._runs, self._settled = event.runs, event.finished
                before = f", {event.finished} of them finished before" if event.finished else ""
                self._progress.say(f"{event.title}: {event.runs} runs{before}; {event.where}")
            case RunEvent(event=events.Progress() | events.Ended() | events.Failed()):
                self._under_way[event.cell] = event.event
                self._move()
            case RunLost() if event.again:
                self._progress.say(f"{event.cell.name}: its worker was lost ({event.why}); once more")
            case RunFinished():
                self._settled += 1
                outcome = _in_short(self._under_way.pop(event.cell))
                self._progress.say(f"[{self._settled}/{self._runs}] {event.cell.name}: {outcome}")
            case SuiteFinished():
                vain = event.executed - event.finished
                more = f", {vain} of them in vain" if vain else ""
                failed = f"; {event.failed} failed" if event.failed else ""
                self._progress.say(f"{event.finished} runs finished, {event.executed} begun{more}{failed}")

    def close(self) -> None:
        """End the moving line."""
        self._progress.close()

    def _move(self) -> None:
        parts = [
            f"{cell.name} {100 * said.step // max(said.steps, 1)} % {clock(said.eta)}"
            for cell, said in self._under_way.items()
            if isinstance(said, events.Progress)
        ]
        if parts:
            self._progress.move(f"{self._settled}/{self._runs}  " + "; ".join(parts))


def _in_short(event: events.Event) -> str:
    """The last event of a run, in one line."""
    if not isinstance(event, events.Ended):
        return getattr(event, "message", "")
    words = [f"{event.step} steps in {clock(event.seconds)}"]
    words += [
        f"{name} {event.gradient[name]:.3f}" for name in ("cos", "cos_published") if name in event.gradient
    ]
    if "gap" in event.estimates:
        words.append(f"gap {event.estimates['gap']:.4f}")
    return ", ".join(words)
