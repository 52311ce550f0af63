"""`wganstudio diagnostics`: what is needed to explain a problem, as text."""

from argparse import Namespace

from wganstudio.cli.messages import print_result
from wganstudio.diagnostics.crash import collect
from wganstudio.diagnostics.report import report as report_text
from wganstudio.experiment import to_toml
from wganstudio.session import Document


def diagnostics(options: Namespace) -> int:
    """Print versions, the last lines of the log and, of a session, experiment and error of the newest run."""
    message = detail = experiment = ""
    if options.session is not None:
        document = Document.open(options.session)
        document.close()
        if records := document.records():
            experiment = to_toml(records[-1].experiment)
            if (failed := records[-1].failed) is not None:
                message, detail = failed.message, failed.detail
    collect()
    print_result(report_text(message, detail, experiment=experiment).rstrip())
    return 0
