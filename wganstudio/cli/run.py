"""`wganstudio run`: train one critic in the terminal."""

import json
from argparse import Namespace

from wganstudio.cli.choice import experiment_from_arguments
from wganstudio.cli.interruption import Interruption
from wganstudio.cli.kept_sessions import RunSession, session_for
from wganstudio.cli.messages import print_error, print_message, print_result
from wganstudio.cli.training import Training
from wganstudio.figures.flow import suboptimality
from wganstudio.figures.gradient_norms.figure import lipschitz_text
from wganstudio.figures.samples.stages import stage_metrics
from wganstudio.session import Document, Resumption, RunRecord
from wganstudio.session.leftovers import remove_session
from wganstudio.training.events import Failed
from wganstudio.training.memory_estimate import require_memory_here

EXIT_CODES = {"input": 2}
HOPELESS = ("input", "numbers")
"""Causes of failures that a continued run meets again."""


def run(options: Namespace) -> int:
    """Train, print progress to stderr and the result to stdout."""
    experiment = experiment_from_arguments(options)
    if not options.ignore_memory:
        require_memory_here(experiment)
    options.interruption.check()
    session = session_for(experiment, options.session)
    record = None
    try:
        document = Document.open_or_create(session.path, "run")
        try:
            earlier = [(record.name, record.requested) for record in document.records()]
            number = document.add_run(experiment_from_arguments(options, earlier))
            record = next(record for record in document.records() if record.run == number)
            return train(document, record, session, options)
        finally:
            document.close()
    finally:
        if options.session is None and (record is None or not record.started):
            remove_session(session.path)


def train(
    document: Document,
    record: RunRecord,
    session: RunSession,
    options: Namespace,
    resumption: Resumption | None = None,
) -> int:
    """Train a run of a document, from the start or as it resumes, and conclude it."""
    interruption: Interruption = options.interruption
    try:
        training = Training(document, record, interruption, ignore_memory=options.ignore_memory)
        failed = training.go(resumption, session.note)
    except KeyboardInterrupt:
        print_error("stopped at once, without final estimates; everything recorded is kept.")
        _offer_to_continue(record, session)
        return interruption.code
    finally:
        document.close()
    code = max(conclude(record, failed, as_json=options.json), int(document.incomplete))
    if failed is None or failed.cause not in HOPELESS:
        _offer_to_continue(record, session)
    return interruption.code if interruption.requested else code


def conclude(record: RunRecord, failed: Failed | None, *, as_json: bool) -> int:
    """Print the result of a run to stdout, or to stderr why it failed, and return the exit code."""
    if failed is not None:
        print_error(failed.message, failed.detail)
        refused = failed.cause == "memory" and not record.environment  # before it started
        return 2 if refused else EXIT_CODES.get(failed.cause, 1)
    print_result(json.dumps(result(record), indent=2) if as_json else _report(record))
    return int(record.truths_failed)


def _offer_to_continue(record: RunRecord, session: RunSession) -> None:
    if record.started and not record.complete and (command := session.how_to_continue(record.run)):
        print_message(f"To continue from step {record.step}: {command}")


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
