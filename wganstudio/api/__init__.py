"""The Python interface: `import wganstudio as ws` has the names of this package, and imports it at first use.

Nothing here imports Qt; torch is imported once something is trained or computed.
"""

from wganstudio.api.code import allow_code
from wganstudio.api.comparing import Comparison, compare
from wganstudio.api.figures import PrintableDrawing, PrintableFigure
from wganstudio.api.probe.probe import Probe
from wganstudio.api.recorded import RecordedRun
from wganstudio.api.running import Result, RunFailed, run
from wganstudio.api.samples import truth_of
from wganstudio.api.sessions import Runs, Session, SessionRun, open_session
from wganstudio.api.suites import FinishedSuite, MetricTable, suite
from wganstudio.api.tables import DataTable
from wganstudio.api.truths import Truths, truth

__all__ = [
    "Comparison",
    "DataTable",
    "FinishedSuite",
    "MetricTable",
    "PrintableDrawing",
    "PrintableFigure",
    "Probe",
    "RecordedRun",
    "Result",
    "RunFailed",
    "Runs",
    "Session",
    "SessionRun",
    "Truths",
    "allow_code",
    "compare",
    "open_session",
    "run",
    "suite",
    "truth",
    "truth_of",
]
