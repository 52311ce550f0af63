from wganstudio.api import Comparison as Comparison
from wganstudio.api import DataTable as DataTable
from wganstudio.api import FinishedSuite as FinishedSuite
from wganstudio.api import MetricTable as MetricTable
from wganstudio.api import PrintableDrawing as PrintableDrawing
from wganstudio.api import PrintableFigure as PrintableFigure
from wganstudio.api import Probe as Probe
from wganstudio.api import RecordedRun as RecordedRun
from wganstudio.api import Result as Result
from wganstudio.api import RunFailed as RunFailed
from wganstudio.api import Runs as Runs
from wganstudio.api import Session as Session
from wganstudio.api import SessionRun as SessionRun
from wganstudio.api import Truths as Truths
from wganstudio.api import allow_code as allow_code
from wganstudio.api import compare as compare
from wganstudio.api import open_session as open_session
from wganstudio.api import run as run
from wganstudio.api import suite as suite
from wganstudio.api import truth as truth
from wganstudio.api import truth_of as truth_of

__version__: str
