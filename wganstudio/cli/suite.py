"""`wganstudio suite`: run a suite and print its tables."""

from argparse import Namespace
from pathlib import Path

from wganstudio.cli.messages import print_error, print_message, print_result
from wganstudio.cli.progress import ProgressBar, clock
from wganstudio.cli.reading import ReadingProgress
from wganstudio.export import write_heatmap
from wganstudio.session import Document
from wganstudio.suites import (
    Suite,
    SuiteError,
    SuiteResults,
    SuiteTable,
    applicable_tables,
    read_suite,
)
from wganstudio.suites.events import (
    RunEvent,
    RunFinished,
    RunLost,
    RunSilent,
    SuiteEvent,
    SuiteFinished,
    SuiteStarted,
)
from wganstudio.suites.formats import FORMATS, to_text
from wganstudio.suites.heatmap import heatmap
from wganstudio.suites.plan import Cell
from wganstudio.suites.pool import available_cores
from wganstudio.suites.published import Published
from wganstudio.suites.results import require_absent
from wganstudio.suites.running import (
    PAIRS,
    check_runs,
    folder_of,
    require_memory_of,
    scheduled,
    suite_events,
    suite_file,
    workers_of,
)
from wganstudio.suites.table import suite_table
from wganstudio.suites.workers import WorkersLost
from wganstudio.training import events

PUBLISHED = "WGANSTUDIO_PUBLISHED"
"""Environment variable: the folder of the published results."""


def run(options: Namespace) -> int:
    """Run the open cells of a suite; print progress to stderr and the table to stdout."""
    file = suite_file(options.suite)
    out: Path = options.out or Path(f"{file.stem}.wgs")
    try:
        suite = read_suite(file, options.pairs or folder_of(PAIRS))
        results = _run(suite, out, options)
        if options.interruption.requested:
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        print_error(f"stopped; to resume, repeat the command with --out {out} --resume.")
        return options.interruption.code
    except WorkersLost as error:
        print_error(str(error))
        return 1
    table = _table(results, None)
    print_result(to_text(table))
    if len(names := applicable_tables(results)) > 1:
        print_message(f"More tables: wganstudio suite show {out} --table {' or '.join(names[1:])}")
    return int(table.finished < table.runs or any(r.truths_failed for r in results.document.records()))


def show(options: Namespace) -> int:
    """Print a table of a suite, with the published values if their folder is given."""
    with ReadingProgress(options.session) as progress:
        document = Document.open(options.session, progress=progress)
    try:
        results = SuiteResults(document)
    finally:
        document.close()
    folder = options.published or folder_of(PUBLISHED)
    if folder is None:
        print_message(f"No published values: give their folder with --published FOLDER or {PUBLISHED}.")
    table = _table(results, options.table, Published(folder) if folder else None)
    if options.figure is not None:
        write_heatmap(heatmap(table), options.figure)
    print_result(FORMATS[options.format](table))
    return 0


def _run(suite: Suite, out: Path, options: Namespace) -> SuiteResults:
    if not options.resume:
        require_absent(out)
    workers = workers_of(options.workers, options.cluster)
    if options.cluster is None and not options.ignore_memory:
        require_memory_of(suite, options.workers or available_cores())
    stopped = options.interruption.event
    if not out.exists():
        check_runs(suite, stopped)
        options.interruption.check()
    progress = _SuiteProgress()
    with scheduled(
        suite, out, workers, resuming=options.resume, ignore_memory=options.ignore_memory
    ) as scheduler:
        try:
            for event in suite_events(scheduler, stopped):
                progress.show(event)
        finally:
            progress.close()
    return scheduler.results


def _table(results: SuiteResults, name: str | None, published: Published | None = None) -> SuiteTable:
    """Return the table of a name, or the first one that applies; SuiteError for one without any number."""
    names = applicable_tables(results)
    if name is not None and names and name not in names:
        raise SuiteError(f"There is no number for the table {name!r}; choose from {', '.join(names)}.")
    return suite_table(results, name or next(iter(names), "cost"), published)


class _SuiteProgress:
    """Prints the events of a suite to stderr: one line per finished run, and a progress line."""

    def __init__(self) -> None:
        self._progress = ProgressBar()
        self._runs = self._finished = 0
        self._last_events: dict[Cell, events.Event] = {}
        self._missing_truths: set[str] = set()

    def show(self, event: SuiteEvent) -> None:
        """Print what an event reports."""
        match event:
            case SuiteStarted():
                self._runs, self._finished = event.runs, event.finished
                before = f", {event.finished} of them finished before" if event.finished else ""
                self._progress.write(f"{event.title}: {event.runs} runs{before}; {event.where}")
            case RunEvent(event=events.Progress() | events.Ended() | events.Failed()):
                self._last_events[event.cell] = event.event
                self._update()
            case RunEvent(event=events.TruthMissing(failed=True) as missing):
                if missing.message not in self._missing_truths:
                    self._missing_truths.add(missing.message)
                    self._progress.close()
                    print_message(f"{event.cell.pair}: {missing.message}", missing.detail)
            case RunLost() if event.again:
                self._progress.write(f"{event.cell.name}: its worker was lost ({event.why}); trying again")
            case RunSilent():
                self._progress.write(f"{event.cell.name}: {event.message} It is replaced after a minute.")
            case RunFinished():
                self._finished += 1
                outcome = _outcome(self._last_events.pop(event.cell))
                self._progress.write(f"[{self._finished}/{self._runs}] {event.cell.name}: {outcome}")
            case SuiteFinished():
                lost = event.executed - event.finished
                more = f", {lost} of them without result" if lost else ""
                failed = f"; {event.failed} failed" if event.failed else ""
                self._progress.write(
                    f"{event.finished} runs finished, {event.executed} started{more}{failed}"
                )

    def close(self) -> None:
        """End the progress line."""
        self._progress.close()

    def _update(self) -> None:
        parts = [
            f"{cell.name} {100 * last.step // max(last.steps, 1)} % {clock(last.eta)}"
            for cell, last in self._last_events.items()
            if isinstance(last, events.Progress)
        ]
        if parts:
            self._progress.update(f"{self._finished}/{self._runs}  " + "; ".join(parts))


def _outcome(event: events.Event) -> str:
    """Return the last event of a run as one line."""
    if not isinstance(event, events.Ended):
        return getattr(event, "message", "")
    parts = [f"{event.step} steps in {clock(event.seconds)}"]
    parts += [
        f"{name} {event.gradient[name]:.3f}" for name in ("cos", "cos_published") if name in event.gradient
    ]
    if "gap" in event.estimates:
        parts.append(f"gap {event.estimates['gap']:.4f}")
    return ", ".join(parts)
