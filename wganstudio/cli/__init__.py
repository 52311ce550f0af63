"""The command line; without a command it opens the window."""

import sys
import traceback

from wganstudio.cli.parser import COMMANDS, parser

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
"""Exit codes; the last one as shells give it to a program that Ctrl-C has ended."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code.

    0: done; 1: a run or the computation of its truths failed, or `truth` found none; 2: bad input;
    130: interrupted by Ctrl-C. Each failure is explained in one sentence on stderr.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help", "--version")):
        from wganstudio import gui

        return gui.main(arguments)
    return _run_command(arguments)


def _run_command(arguments: list[str]) -> int:
    # imported here: the window starts through this module and must not load the suites
    from wganstudio.cli.messages import OutputError, plain_streams, print_error
    from wganstudio.cli.surroundings import surroundings
    from wganstudio.experiment import BadExperiment
    from wganstudio.export import ExportError
    from wganstudio.session import SessionError
    from wganstudio.suites import SuiteError
    from wganstudio.training.failures import explain

    with plain_streams(), surroundings(arguments[0].strip("-")):
        try:
            options = parser().parse_args(arguments)
            code: int = options.command(options)
        except OutputError:
            return FAILED
        except (BadExperiment, SessionError, ExportError, SuiteError) as error:
            print_error(str(error))
            return BAD_INPUT
        except KeyboardInterrupt:
            print_error("interrupted.")
            return INTERRUPTED
        except Exception as error:
            print_error(explain(error, "The command"), traceback.format_exc())
            return FAILED
    return code
