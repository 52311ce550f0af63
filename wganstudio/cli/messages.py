"""Output of the commands: results on stdout, messages on stderr, in characters that the terminal has."""

import codecs
import logging
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import Any, TextIO

from wganstudio.diagnostics import log_file
from wganstudio.plain_text import shortened, visible

LOGGER = logging.getLogger("wganstudio.cli")
MAX_MESSAGE = 4000
"""Characters of a message, which may quote a file."""
_SUBSTITUTES = {
    **{"\u00b1": "+-", "\u2264": "<=", "\u2265": ">=", "\u2192": "->", "\u00d7": "x", "\u2207": "grad "},
    **{"\u03bb": "lambda", "\u03c3": "sigma", "\u03b5": "eps", "\u03c8": "psi"},
    **dict.fromkeys("\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u201c\u201d", '"'),
}
"""ASCII for the characters that results contain; others lose their accents, or become question marks."""


class OutputError(Exception):
    """The standard output cannot be written to; the result was printed on stderr instead."""


def print_result(text: str) -> None:
    """Print a result on stdout, or where that is impossible on stderr.

    Raises
    ------
    OutputError
        If stdout is closed, full, or a pipe that nobody reads.
    """
    try:
        if sys.stdout is None:
            raise OSError("it is closed")
        print(text, flush=True)
    except (OSError, ValueError) as error:
        _abandon_stdout()
        reason = getattr(error, "strerror", None) or error
        print_error(f"the result cannot be written to the standard output ({reason}); it follows here.")
        print(text, file=sys.stderr, flush=True)
        raise OutputError from error


def print_error(message: str, detail: str = "") -> None:
    """Print why a command failed."""
    print_message(f"wganstudio: {message}", detail, level=logging.ERROR)


def print_message(message: str, detail: str = "", *, level: int = logging.INFO) -> None:
    """Print one sentence, and the name of the log if there are details, which it holds.

    Where no log can be written, the details follow the sentence.
    """
    message = " ".join(shortened(message, MAX_MESSAGE).split())
    LOGGER.log(level, "%s", message, extra={"detail": detail, "printed": True})
    if detail:
        log = log_file.current()
        message += f"\n{detail}" if log is None or log.failed else f" Details: {log.path}"
    print(message, file=sys.stderr, flush=True)


class LogPrinter(logging.Handler):
    """Prints the warnings and errors of libraries on stderr, without their details."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Print the message of a record, unless `print_message` has printed it."""
        if not getattr(record, "printed", False):
            print(record.getMessage().rstrip(), file=sys.stderr, flush=True)


@contextmanager
def plain_streams() -> Iterator[None]:
    """Let stdout and stderr show control characters instead of obeying them, and never lack a character."""
    before = sys.stdout, sys.stderr
    if sys.stdout is not None:
        sys.stdout = PlainStream(sys.stdout)
    sys.stderr = PlainStream(sys.stderr or StringIO(), optional=True)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


class PlainStream:
    """A text stream without control characters, except line breaks, tabs and a leading carriage return."""

    def __init__(self, stream: TextIO, *, optional: bool = False) -> None:
        """Wrap a stream; text that cannot be written to an optional one is dropped."""
        self._stream = stream
        self._encoding = getattr(stream, "encoding", None) or "utf-8"
        self._tolerated = (OSError, ValueError) if optional else ()

    def write(self, text: str) -> int:
        """Write a text, with substitutes for the characters that the stream cannot encode."""
        start = "\r" if text.startswith("\r") else ""  # ours: the progress line
        plain = start + visible(text.removeprefix("\r"))
        with suppress(*self._tolerated):
            self._stream.write(plain.encode(self._encoding, "wganstudio.substitute").decode(self._encoding))
        return len(text)

    def flush(self) -> None:
        """Write what is buffered."""
        with suppress(*self._tolerated):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _substitute(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(map(_ascii, error.object[error.start : error.end])), error.end


def _ascii(sign: str) -> str:
    plain = _SUBSTITUTES.get(sign) or unicodedata.normalize("NFKD", sign)
    return plain.encode("ascii", "ignore").decode() or "?"


codecs.register_error("wganstudio.substitute", _substitute)


def _abandon_stdout() -> None:
    """Let the interpreter flush nothing into a broken stdout when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
