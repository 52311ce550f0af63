"""The acts of the studio without a window; without a command, the window itself."""

import sys

from wganstudio.cli.parser import COMMANDS, parser
from wganstudio.experiment import BadExperiment
from wganstudio.export import ExportError
from wganstudio.session import SessionError

BAD_INPUT = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 the run failed, 2 bad input, with one sentence on stderr."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help", "--version")):
        return _open_window(arguments)
    options = parser().parse_args(arguments)
    try:
        code: int = options.act(options)
    except (BadExperiment, SessionError, ExportError) as error:
        print(f"wganstudio: {error}", file=sys.stderr)
        return BAD_INPUT
    return code


def _open_window(arguments: list[str]) -> int:
    try:
        from wganstudio import gui
    except ImportError as error:
        print(f"wganstudio: the window needs PySide6 and its system libraries: {error}", file=sys.stderr)
        return BAD_INPUT
    return gui.main(arguments)
