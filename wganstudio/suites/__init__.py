"""Suites: a matrix of experiments, solvers x pairs x seeds, run by many workers into one session."""

from wganstudio.suites.plan import Cell, Suite, SuiteError, SuitePlan, read_suite
from wganstudio.suites.pool import Pool
from wganstudio.suites.results import SuiteResults, begin, resume
from wganstudio.suites.scheduler import SuiteScheduler
from wganstudio.suites.table import SuiteTable, applicable_tables, suite_table
from wganstudio.suites.workers import Workers

__all__ = [
    "Cell",
    "Pool",
    "Suite",
    "SuiteError",
    "SuitePlan",
    "SuiteResults",
    "SuiteScheduler",
    "SuiteTable",
    "Workers",
    "applicable_tables",
    "begin",
    "read_suite",
    "resume",
    "suite_table",
]
