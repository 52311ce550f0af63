"""`wganstudio run`: train one critic in the terminal."""

import json
from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from wganstudio.cli.choice import experiment_from_arguments
from wganstudio.cli.messages import print_error, print_result
from wganstudio.cli.progress import ProgressBar
from wganstudio.figures.flow import suboptimality
from wganstudio.figures.gradient_norms.figure import lipschitz_text
from wganstudio.figures.samples.stages import stage_metrics
from wganstudio.session import Document, Resumption, RunRecord, SessionError
from wganstudio.training.commands import Stop
from wganstudio.training.events import Failed, Started
from wganstudio.training.process import RunProcess

EXIT_CODES = {"input": 2}


def run(options: Namespace) -> int:
    """Train, print progress to stderr and the result to stdout."""
    experiment = experiment_from_arguments(options)
    with TemporaryDirectory(prefix="wganstudio-") as folder:
        document = _document(options.session or Path(folder) / "run.wgs")
        try:
            number = document.add_run(experiment)
            record = next(record for record in document.records() if record.run == number)
            failed = train(document, record)
        finally:
            document.close()
    return conclude(record, failed, as_json=options.json)


def conclude(record: RunRecord, failed: Failed | None, *, as_json: bool) -> int:
    """Print the result of a run to stdout, or to stderr why it failed, and return the exit code."""
    if failed is not None:
        print_error(failed.message, failed.detail)
        return EXIT_CODES.get(failed.cause, 1)
    print_result(json.dumps(result(record), indent=2) if as_json else _report(record))
    return int(record.truths_failed)


def result(record: RunRecord) -> dict[str, object]:
    """Return the JSON object that `--json` prints for a run that ended."""
    assert record.ended is not None
    summary: dict[str, object] = {
        "experiment": record.experiment.settings(),
        "steps": record.ended.step,
        "seconds": record.ended.seconds,
        "estimates": record.ended.estimates,
    }
    if composed := stage_metrics(record):
        summary["stages"] = composed
    if record.ended.gradient:
        summary["gradient"] = record.ended.gradient
    if record.ended.flow:
        summary["flow"] = record.ended.flow
    if record.ended.lipschitz is not None:
        summary["lipschitz"] = record.ended.lipschitz.model_dump()
    eps = suboptimality(record)
    if eps is not None:
        summary["suboptimality"] = {
            "value": eps.value,
            "lower": eps.lower,
            "upper": eps.upper,
            "standard_error": eps.error,
            "law": eps.law,
        }
    summary["truths"] = [truth.model_dump() for truth in record.truths.values()]
    summary["warnings"] = list(record.warnings)
    return summary


def train(document: Document, record: RunRecord, resumption: Resumption | None = None) -> Failed | None:
    """Train a run of a document, from the start or as it resumes, and return its failure if it fails.

    What refuses to resume is returned, and leaves the record as it was.
    """
    process, progress, stops, unwritten = RunProcess(), ProgressBar(), 0, ""
    failed, began = None, resumption is None
    try:
        if resumption is None:
            process.start(record.experiment)
        else:
            truths = not resumption.truths_known
            process.start(resumption.experiment, resumption.state, find_truths=truths)
        while process.running or process.finding:
            try:
                for event in process.poll(timeout=0.5):
                    progress.show(event)
                    began = began or isinstance(event, Started)
                    failed = event if isinstance(event, Failed) else failed
                    if failed is not None and not began:
                        return failed
                    try:
                        document.append(record.run, event)
                    except SessionError as error:
                        unwritten = unwritten or str(error)
                if failed is not None:
                    break
            except KeyboardInterrupt:
                stops += 1
                if stops > 1:
                    raise
                progress.write("stopping; press Ctrl-C again to quit at once")
                process.send(Stop())
    finally:
        progress.close()
        process.close()
    if unwritten:
        progress.write(f"{unwritten} The session is incomplete; the result below is complete.")
    return failed


def _document(path: Path) -> Document:
    return Document.open_or_create(path, "run")


def _report(record: RunRecord) -> str:
    assert record.ended is not None
    lines = [f"{record.name}: {record.ended.step} steps in {record.ended.seconds:.1f} s"]
    estimates = record.ended.estimates
    for name in ("gap", "value"):
        if name in estimates:
            lines.append(
                f"  {name:<12}{estimates[name]:>12.5f}  standard error {estimates[f'{name}_se']:.5f}"
            )
    for name, number in record.ended.gradient.items():
        lines.append(f"  {name:<12}{number:>12.5f}")
    if (bounds := record.ended.lipschitz) is not None:
        lines.append(f"  {'lipschitz':<12}{lipschitz_text(bounds)}")
    for truth in record.truths.values():
        interval = f"[{truth.lower:.5f}, {truth.upper:.5f}]"
        lines.append(f"  {truth.quantity:<12}{truth.value:>12.5f}  in {interval}, {truth.method}")
    if record.truth_missing:
        lines.append(f"  {record.truth_missing}")
    lines += [f"  {'warning':<12}{warning}" for warning in record.warnings]
    return "\n".join(lines)
