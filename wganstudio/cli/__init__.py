"""The command line; without a command it opens the window."""

import sys
import traceback
from collections.abc import Sequence

from wganstudio.cli.interruption import Interruption
from wganstudio.cli.parser import COMMANDS, parser

FAILED, BAD_INPUT = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code.

    0: done; 1: a run or the computation of its truths failed, or `truth` found none; 2: bad input; 128 plus
    the number of the signal: stopped by Ctrl-C (130), SIGTERM (143) or SIGHUP (129). Each failure is
    explained in one sentence on stderr.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if hasattr(sys, "_MEIPASS"):  # an installed app
        from wganstudio import folders

        folders.import_plugins_from_folder()
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help", "--version")):
        from wganstudio import gui

        return gui.main(arguments)
    if arguments[0] == "follow":
        return _follow(arguments)
    with Interruption() as interruption:
        try:
            return _run_command(arguments, interruption)
        except KeyboardInterrupt:
            print("wganstudio: stopped.", file=sys.stderr)
            return interruption.code


def _follow(arguments: list[str]) -> int:
    """Open the window, which takes signals and errors over itself, with a session to follow."""
    from wganstudio import gui
    from wganstudio.cli.messages import plain_streams, print_error

    with plain_streams():
        path = parser(arguments[0]).parse_args(arguments).session
        if not path.is_file():
            print_error(f"There is no session {path}; give the .wgs file that another program writes.")
            return BAD_INPUT
    return gui.main(["--follow", str(path)])


def _run_command(arguments: list[str], interruption: Interruption) -> int:
    # imported here: the window starts through this module
    from wganstudio import temporary
    from wganstudio.bad_input import BadInput
    from wganstudio.cli.messages import OutputError, plain_streams, print_error
    from wganstudio.cli.surroundings import surroundings

    with plain_streams(), surroundings(arguments[0].strip("-")):
        try:
            options = parser(arguments[0]).parse_args(arguments)
            options.interruption = interruption
            if not getattr(options, "stops_in_order", False):
                interruption.at_once()
            temporary.sweep()
            _allow_code(getattr(options, "allow_code", ()))
            code: int = options.command(options)
        except OutputError:
            return FAILED
        except BadInput as error:
            print_error(str(error))
            return BAD_INPUT
        except Exception as error:
            from wganstudio.training.failures import explain

            print_error(explain(error, "The command"), traceback.format_exc())
            return FAILED
    return code


def _allow_code(names: Sequence[str]) -> None:
    """Consent to the modules and files that the user names."""
    if names:
        from wganstudio.experiment import trusted_code

        for name in names:
            trusted_code.allow(trusted_code.code_name(name))
