"""The surroundings of every command: a log, a trace if it dies, and sentences for uncaught exceptions."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from wganstudio.cli.messages import LogPrinter, print_error
from wganstudio.diagnostics.crash import tracing
from wganstudio.diagnostics.log_file import recording
from wganstudio.diagnostics.uncaught import UncaughtErrors


@contextmanager
def surroundings(program: str) -> Iterator[None]:
    """Log what a command prints, and print and log what its threads raise."""
    printer, uncaught = LogPrinter(), UncaughtErrors(print_error)
    root = logging.getLogger()
    with recording(program), tracing():
        root.addHandler(printer)
        logging.captureWarnings(True)
        uncaught.install()
        try:
            yield
        finally:
            uncaught.remove()
            logging.captureWarnings(False)
            root.removeHandler(printer)
