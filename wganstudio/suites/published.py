"""Published results of the W1 benchmark (arXiv 2206.07767), read from a folder of the user.

Not redistributed; expects one CSV per pair (`dim_D_funnels_N.csv`) with one row per solver.
"""

import csv
import math
from pathlib import Path

from wganstudio.experiment import BadExperiment, Experiment
from wganstudio.experiment.files import read_regular
from wganstudio.suites.plan import SuiteError

MAX_BYTES = 1 << 20
COLUMNS = {"cos": "cos", "l2": "l2", "w1": "cost"}
"""The column of each metric."""
ROWS = {
    "wc": "wgan",
    "gp": "wgan-gp",
    "lp": "wgan-lp",
    "sn": "sn-gan",
    "so": "sort-out",
    "ls": "lsot-f",
    "mm-b": "wgan-qp",
    "mm-bv2": "cowgan",
    "mm": "3p-wgan",
    "mm-r": "3p-wgan_rev",
    "dot": "dot",
}
"""Kind of solver -> row of a published table."""


class Published:
    """A folder of published tables; each file is read when its pair is first requested."""

    def __init__(self, folder: Path) -> None:
        """SuiteError if there is no such folder."""
        if not folder.is_dir():
            raise SuiteError(f"There is no folder {folder}; choose the folder of the published tables.")
        self._folder = folder
        self._tables: dict[str, dict[tuple[str, str], float]] = {}

    def value(self, experiment: Experiment, table: str) -> float | None:
        """Return the published value for the pair and solver of an experiment; None if there is none.

        There is none for a solver with settings other than the published ones; the steps do not matter.
        """
        file, solver = getattr(experiment.pair, "file", None), experiment.solver
        if file is None or table not in COLUMNS or solver.name() not in ROWS or solver != type(solver)():
            return None
        stem = Path(file).stem
        if stem not in self._tables:
            path = self._folder / f"{stem}.csv"
            self._tables[stem] = _read(path) if path.is_file() else {}
        return self._tables[stem].get((ROWS[solver.name()], COLUMNS[table]))


def _read(path: Path) -> dict[tuple[str, str], float]:
    bad = SuiteError(f"{path} is not a published table: its columns must be a name, cos, l2 and cost.")
    try:
        raw = read_regular(path, MAX_BYTES)
    except BadExperiment as error:
        raise SuiteError(f"{error}.") from error
    try:
        rows = list(csv.DictReader(raw.decode("utf-8").splitlines()))
        values = {(row[""], column): float(row[column]) for row in rows for column in COLUMNS.values()}
    except (UnicodeDecodeError, csv.Error, KeyError, TypeError, ValueError) as error:
        raise bad from error
    if not all(map(math.isfinite, values.values())):
        raise bad
    return values
