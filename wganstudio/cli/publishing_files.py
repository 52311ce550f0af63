"""`wganstudio animate`, `export-model` and `tensorboard`: files for other programs."""

from argparse import Namespace
from contextlib import closing

from wganstudio.cli.messages import print_message, print_result
from wganstudio.cli.progress import ProgressBar
from wganstudio.cli.publishing import chosen, open_session
from wganstudio.export import ExportError
from wganstudio.export.animation import (
    AnimationOptions,
    frames_of_run,
    frames_of_runs,
    write_animation,
)
from wganstudio.export.networks import write_networks
from wganstudio.export.tensorboard import write_logs
from wganstudio.session import Document
from wganstudio.training.network_export import FORMATS, NETWORKS


def animate(options: Namespace) -> int:
    """Write an animation and print the name of the file."""
    look = AnimationOptions(options.fps, options.width, not options.once, options.frames)
    document = open_session(options)
    records = chosen(document, options.run) or document.records()[-1:]
    if len(records) > 1:
        figures = frames_of_runs(records, options.figure)
    else:
        figures = frames_of_run(records[0], options.figure, look.frames)
    bar = ProgressBar()
    try:
        write_animation(
            figures, options.out, look, lambda done, total: bar.update(f"drawing frames: {done} of {total}")
        )
    finally:
        bar.close()
    print_result(str(options.out))
    return 0


def export_model(options: Namespace) -> int:
    """Write the networks of runs and print the names of the files; 1 if there are none."""
    networks = _listed(options.networks, NETWORKS, "--networks")
    formats = _listed(options.formats, FORMATS, "--formats")
    document = open_session(options)
    records = chosen(document, options.run) or document.records()[-1:]
    with closing(Document.open(options.session)) as opened:
        states = {record.run: opened.training_state(record.run) for record in records}
    count = 0
    for record in records:
        state = states[record.run]
        bar = ProgressBar()
        try:
            files, missing = write_networks(
                record,
                state,
                options.to,
                networks=networks,
                formats=formats,
                progress=lambda done, total: bar.update(f"writing networks: {done} of {total}"),  # noqa: B023
            )
        finally:
            bar.close()
        for sentence in missing:
            print_message(sentence)
        for file in files:
            print_result(str(file))
        count += len(files)
    return 0 if count else 1


def tensorboard(options: Namespace) -> int:
    """Write logs and print the names of the files."""
    document = open_session(options)
    records = chosen(document, options.run) or document.records()
    for file in write_logs(records, options.to):
        print_result(str(file))
    return 0


def _listed(text: str, known: tuple[str, ...], option: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    if not parts or set(parts) - set(known):
        raise ExportError(f"{option} {text}: choose from {', '.join(known)}.")
    return parts
