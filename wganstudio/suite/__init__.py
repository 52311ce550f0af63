"""Suite: a matrix of experiments, solvers x pairs x seeds, run by many workers into one session."""

from wganstudio.suite.ledger import Ledger, begin, resume
from wganstudio.suite.plan import Cell, Plan, Suite, SuiteError, read_suite
from wganstudio.suite.pool import Pool
from wganstudio.suite.run import SuiteRun
from wganstudio.suite.table import Table, table
from wganstudio.suite.workers import Workers

__all__ = [
    "Cell",
    "Ledger",
    "Plan",
    "Pool",
    "Suite",
    "SuiteError",
    "SuiteRun",
    "Table",
    "Workers",
    "begin",
    "read_suite",
    "resume",
    "table",
]
