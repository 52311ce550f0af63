"""`suite`: run a matrix of experiments in processes of this machine, and return their tables."""

import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from wganstudio import temporary
from wganstudio.api.figures import PrintableDrawing
from wganstudio.api.html import table_html
from wganstudio.api.progress import SuiteBar
from wganstudio.api.sessions import Runs
from wganstudio.api.tables import DataTable
from wganstudio.experiment.files import user_path
from wganstudio.experiment.text_tables import to_csv
from wganstudio.figures.heatmap import render_heatmap
from wganstudio.suites import Suite, SuiteError, SuiteResults, applicable_tables, read_suite, suite_table
from wganstudio.suites.formats import FORMATS, text_table
from wganstudio.suites.heatmap import heatmap
from wganstudio.suites.plan import suite_of
from wganstudio.suites.pool import available_cores
from wganstudio.suites.running import (
    PAIRS,
    check_runs,
    folder_of,
    require_memory_of,
    scheduled,
    suite_events,
    suite_file,
    workers_of,
)
from wganstudio.suites.table import SuiteTable


class MetricTable(DataTable):
    """One metric of every solver on every pair: means over the seeds beside the truth.

    The columns hold a row for each solver and pair; LaTeX, Markdown and a notebook show solvers x pairs.
    """

    _COLUMNS: ClassVar[dict[str, str]] = {
        **{name: name for name in ("solver", "pair", "seeds", "failed", "steps", "mean")},
        "standard_error": "error",
        "truth": "truth",
        "cost": "cost",
    }
    """The attributes of an entry by the name of their column."""

    def __init__(self, table: SuiteTable) -> None:
        types: dict[str, type] = {"solver": object, "pair": object, "cost": object}
        types |= dict.fromkeys(("seeds", "failed", "steps"), np.int64)
        types |= dict.fromkeys(("mean", "error", "truth"), np.float64)
        columns: dict[str, np.ndarray] = {
            title: np.array([getattr(entry, name) for entry in table.entries], dtype=types[name])
            for title, name in self._COLUMNS.items()
        }
        super().__init__(columns, text_table(table))
        self._table = table

    @property
    def title(self) -> str:
        """The metric in words."""
        return self._table.metric.title

    def figure(self) -> PrintableDrawing:
        """Return a heat map of the means; of a cost it shows their ratios to the truths."""
        figure = heatmap(self._table)
        return PrintableDrawing(figure.title, figure.caption, partial(render_heatmap, figure))

    def _text(self, table_format: str) -> str:
        if table_format == "csv":
            return to_csv(self._plain())
        return FORMATS[table_format](self._table) + "\n"


class FinishedSuite:
    """The results of a suite: its tables by metric, their heat maps, and its runs."""

    def __init__(self, results: SuiteResults, path: Path | None) -> None:
        """`path` is the session; None where it was not kept."""
        self._results, self.path = results, path
        self._tables = {name: MetricTable(suite_table(results, name)) for name in applicable_tables(results)}

    @property
    def title(self) -> str:
        """The title of the suite."""
        return self._results.plan.title

    @property
    def tables(self) -> Mapping[str, MetricTable]:
        """The tables by the name of their metric, such as "cos" and "w1", the most telling one first."""
        return MappingProxyType(self._tables)

    @property
    def runs(self) -> Runs:
        """All runs, repeated attempts included."""
        return Runs(self._results.document.records())

    @property
    def failures(self) -> Mapping[str, str]:
        """Why runs have no result, by their names."""
        finished = self._results.finished()
        attempts = {
            cell: self._results.runs(cell) for cell in self._results.plan.cells if cell not in finished
        }
        messages = {
            cell.name: runs[-1].failed.message
            for cell, runs in attempts.items()
            if runs and runs[-1].failed is not None
        }
        return MappingProxyType(messages)

    def figure(self, name: str | None = None) -> PrintableDrawing:
        """Return the heat map of a table, by default of the first one; ValueError if there is none."""
        if not self._tables:
            raise ValueError("No run of the suite has a result, so there is nothing to draw.")
        if name is not None and name not in self._tables:
            raise ValueError(f"There is no table {name!r}; choose from {', '.join(self._tables)}.")
        return self._tables[name or next(iter(self._tables))].figure()

    def __repr__(self) -> str:
        """Return the title, the number of finished runs and the tables."""
        plan, finished = self._results.plan, len(self._results.finished())
        tables = ", ".join(self._tables) or "none"
        return (
            f"<FinishedSuite {plan.title!r}: {finished} of {len(plan.cells)} runs finished; tables: {tables}>"
        )

    def _repr_html_(self) -> str:
        """Return the first table for a notebook, and what failed."""
        note = "; ".join([repr(self)[1:-1], *(f"{name}: {why}" for name, why in self.failures.items())])
        first = next(iter(self._tables.values()), None)
        return table_html((), (), note) if first is None else first._repr_html_() + table_html((), (), note)


def suite(
    suite: Suite | Mapping[str, Any] | str | Path,
    *,
    session: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    pairs: str | Path | None = None,
    ignore_memory: bool = False,
    progress: bool = True,
) -> FinishedSuite:
    """Run a suite, solvers x pairs x seeds, in processes of this machine.

    The numbers are those of `wganstudio suite run`. Where the session holds a part of the suite, only the
    rest is run: the same call continues after an interruption.

    Parameters
    ----------
    suite : Suite, mapping, str or Path
        The name of a shipped suite, a TOML file, or its content as nested plain values.
    session : str or Path, optional
        A .wgs file that the runs are recorded in; by default they are kept in memory alone.
    workers : int, optional
        Number of processes; by default one for each core.
    cluster : str, optional
        The address of a Dask scheduler whose workers run the suite instead.
    pairs : str or Path, optional
        The folder of the published pairs, if the suite needs them.
    ignore_memory : bool
        Start also where the largest runs need more memory than is available.
    progress : bool
        Show a progress bar, in terminals and notebooks alike.

    Returns
    -------
    FinishedSuite
        The tables, figures and runs; `failures` names the runs without result.

    Raises
    ------
    SuiteError
        If the suite cannot be read or run, or the session holds another one.

    Examples
    --------
    >>> import wganstudio as ws
    >>> content = {
    ...     "title": "Two solvers",
    ...     "budget": {"steps": 10},
    ...     "shared": {"training": {"batch": 32}, "critic": {"width": 8}},
    ...     "pairs": {"funnels": {"pair": {"kind": "ray-monotone", "dim": 3}}},
    ...     "matrix": [{"solvers": ["lp", "gp"], "pairs": ["funnels"]}],
    ... }
    >>> result = ws.suite(content, session="two.wgs", workers=1, progress=False)
    >>> result
    <FinishedSuite 'Two solvers': 2 of 2 runs finished; tables: cos, ...>
    >>> result.tables["cos"]["solver"].tolist()
    ['lp', 'gp']
    >>> print(result.tables["cos"].to_markdown())
    | solver | funnels |
    | --- | --- |
    | lp | ... |
    | gp | ... |
    >>> result.figure("cos").savefig("cos.pdf")
    >>> len(ws.open_session("two.wgs").runs)
    2
    """
    chosen = _chosen(suite, None if pairs is None else user_path(pairs))
    stopped = threading.Event()  # never set: an interrupt raises
    with _session(session) as (path, kept), SuiteBar(chosen.plan.title, shown=progress) as bar:
        if cluster is None and not ignore_memory:
            require_memory_of(chosen, workers or available_cores())
        if not path.exists():
            check_runs(chosen)
        crew = workers_of(workers, cluster)
        with scheduled(chosen, path, crew, ignore_memory=ignore_memory) as scheduler:
            for event in suite_events(scheduler, stopped):
                bar.show(event)
        return FinishedSuite(scheduler.results, path if kept else None)


def _chosen(source: Suite | Mapping[str, Any] | str | Path, pairs: Path | None) -> Suite:
    folder = pairs or folder_of(PAIRS)
    match source:
        case Suite():
            return source
        case str() | Path():
            return read_suite(suite_file(str(source)), folder)
        case Mapping():
            return suite_of(source, folder or Path())
    raise SuiteError(f"A suite is a name, a file or a mapping, not {type(source).__name__}.")


@contextmanager
def _session(session: str | Path | None) -> Iterator[tuple[Path, bool]]:
    """Yield the file of a session, and whether it is kept; one that nobody asked for is removed."""
    if session is not None:
        yield user_path(session), True
        return
    folder = Path(tempfile.mkdtemp(dir=temporary.folder()))
    try:
        yield folder / "suite.wgs", False
    finally:
        shutil.rmtree(folder, ignore_errors=True)
