"""The acts of the studio without a window; without a command, the window itself."""

import sys

from wganstudio.cli.parser import COMMANDS, parser

BAD_INPUT = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 done, 1 the run failed, 2 bad input, with one sentence on stderr."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help", "--version")):
        from wganstudio import gui

        return gui.main(arguments)
    return _act(arguments)


def _act(arguments: list[str]) -> int:
    # here, as the window starts through this module and needs none of the suite
    from wganstudio.experiment import BadExperiment
    from wganstudio.export import ExportError
    from wganstudio.session import SessionError
    from wganstudio.suites import SuiteError

    options = parser().parse_args(arguments)
    try:
        code: int = options.act(options)
    except (BadExperiment, SessionError, ExportError, SuiteError) as error:
        print(f"wganstudio: {error}", file=sys.stderr)
        return BAD_INPUT
    return code
