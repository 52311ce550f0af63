"""`wganstudio resume`: continue a stopped, crashed or finished run of a session, or extend it."""

import sys
from argparse import Namespace
from dataclasses import replace

from wganstudio.cli.kept_sessions import RunSession
from wganstudio.cli.reading import ReadingProgress
from wganstudio.cli.run import conclude, train
from wganstudio.session import Document, RunRecord, SessionError


def resume(options: Namespace) -> int:
    """Train to the end of the plan, or to --steps, and print what `run` prints."""
    with ReadingProgress(options.session) as progress:

        def report(fraction: float) -> None:
            options.interruption.check()
            progress(fraction)

        document = Document.open(options.session, read_only=False, program="resume", progress=report)
    try:
        record = _record(document, options.run)
        if options.steps in (None, record.steps) and _is_over(document, record):
            return conclude(record, None, as_json=options.json)
        resumption = document.resume(record.run, options.steps)
        if options.device is not None:
            training = resumption.experiment.training.model_copy(update={"device": options.device})
            moved = resumption.experiment.model_copy(update={"training": training})
            resumption = replace(resumption, experiment=moved)
        if resumption.note:
            print(resumption.note, file=sys.stderr)
        options.interruption.check()
        return train(document, record, RunSession(options.session), options, resumption)
    finally:
        document.close()


def _is_over(document: Document, record: RunRecord) -> bool:
    """Return True for a complete run, unless it goes on from its last state to compute its missing truths.

    No number of the run changes by that.
    """
    return record.complete and not (record.lacks_truths and document.training_state(record.run))


def _record(document: Document, run: int | None) -> RunRecord:
    """Return the record of a run, by default the newest."""
    records = document.records()
    if not records:
        raise SessionError(f"{document.path} has no runs; record one with `wganstudio run --session`.")
    for record in records:
        if record.run == run:
            return record
    if run is not None:
        numbers = ", ".join(str(record.run) for record in records)
        raise SessionError(f"{document.path} has no run {run}; choose one of {numbers}.")
    return records[-1]
