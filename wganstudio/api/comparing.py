"""`compare`: several runs beside one another, in tables and figures."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from wganstudio.api.figures import PrintableDrawing, panels_drawing, printable_figure
from wganstudio.api.recorded import RecordedRun
from wganstudio.api.sessions import Session, open_session
from wganstudio.api.tables import DataTable
from wganstudio.comparison.columns import NAME, STATE, STEP, TIME, Column, column_of
from wganstudio.comparison.metrics import final, metric_names
from wganstudio.comparison.run_table import differing_settings, run_table
from wganstudio.comparison.settings import Setting
from wganstudio.experiment.differences import ABSENT
from wganstudio.experiment.text_tables import FileTable
from wganstudio.figures import Figure, figure_class
from wganstudio.figures.comparison import common_limits, comparable, with_common_ranges, with_limits
from wganstudio.figures.panels import FigurePanel
from wganstudio.session import RunRecord
from wganstudio.truths.certificate import QUANTITIES


class Comparison:
    """Several runs: the settings in which they differ, their estimates beside the truths, and figures.

    It holds the runs as they were when it was made.
    """

    def __init__(self, runs: Sequence[RecordedRun]) -> None:
        self.runs = tuple(runs)
        """The runs, in the order of the rows."""
        self._records = _copies([run._record for run in runs])

    @property
    def names(self) -> list[str]:
        """The names of the runs; of equal ones all but the first are numbered."""
        return [record.name for record in self._records]

    @property
    def settings(self) -> DataTable:
        """A row for each run: its name, and the settings in which the runs differ, such as "solver.kind"."""
        settings = differing_settings(self._records)
        columns = {one.path: self._objects(partial(_value, one)) for one in settings}
        printed = self._printed([column_of(f"setting:{setting.path}") for setting in settings])
        return DataTable({"run": self._objects(lambda record: record.name), **columns}, printed)

    @property
    def estimates(self) -> DataTable:
        """A row for each run: its final estimates with standard errors, and the truths with their bounds.

        "gap" has its standard error in "gap_se"; the truth `w1` is in "true_w1", "true_w1_lower" and
        "true_w1_upper". What is not known is NaN.
        """
        columns = {"run": self._objects(lambda record: record.name)}
        shown: list[Column | None] = []
        for name in metric_names(self._records):
            measured = [final(record, name) for record in self._records]
            if any(measured):
                shown.append(column_of(f"final:{name}"))
                columns[name] = np.array([math.nan if one is None else one.value for one in measured])
                errors = np.array([math.nan if one is None else one.error for one in measured])
                columns |= {} if np.isnan(errors).all() else {f"{name}_se": errors}
        for quantity in QUANTITIES:
            truths = [record.truths.get(quantity) for record in self._records]
            if any(truths):
                shown.append(column_of(f"truth:{quantity}"))
                for part, suffix in (("value", ""), ("lower", "_lower"), ("upper", "_upper")):
                    columns[f"true_{quantity}{suffix}"] = np.array(
                        [math.nan if truth is None else getattr(truth, part) for truth in truths]
                    )
        columns["step"] = np.array([record.step for record in self._records], dtype=np.int64)
        columns["state"] = self._objects(lambda record: record.state)
        return DataTable(columns, self._printed([*shown, STEP, TIME, STATE]))

    def figure(self, name: str, step: int | None = None, **options: Any) -> PrintableDrawing:
        """Return a figure of all runs: curves over one another, maps beside one another on equal scales.

        Parameters
        ----------
        name : str
            The name of a figure, such as "costs" or "landscape".
        step : int, optional
            A step that is recorded of every run, for the figures of one step (default: the newest).
        **options
            What can be chosen in the view, such as ``show_truth=True`` of the landscape.

        Raises
        ------
        ValueError
            If there is no such figure, step or option, or a run has nothing to show.
        """
        kind = figure_class(name)
        if kind.several or len(self._records) == 1:
            return printable_figure(name, self._records, step, self._records, options)
        if kind.scope == "session":
            return printable_figure(name, self._records[-1:], step, self._records, options)
        figures = [printable_figure(name, [r], step, self._records, options).data for r in self._records]
        panels = zip(_on_equal_scales(figures), self.names, strict=True)
        return panels_drawing([FigurePanel(figure, run) for figure, run in panels])

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.runs)

    def __repr__(self) -> str:
        """Return the names of the runs and the settings in which they differ."""
        settings = ", ".join(self.settings.columns[1:]) or "none"
        return f"<Comparison of {', '.join(map(repr, self.names))}; differing settings: {settings}>"

    def _repr_html_(self) -> str:
        """Return both tables for a notebook."""
        return self.settings._repr_html_() + self.estimates._repr_html_()

    def _objects(self, value: Callable[[RunRecord], Any]) -> "np.ndarray[Any, Any]":
        values = np.empty(len(self._records), dtype=object)
        values[:] = [value(record) for record in self._records]
        return values

    def _printed(self, columns: Sequence[Column | None]) -> FileTable:
        rows = [(record,) for record in self._records]
        return run_table(rows, [NAME, *(column for column in columns if column is not None)])


def compare(
    runs: Sequence[RecordedRun | str | int], *, session: str | Path | Session | None = None
) -> Comparison:
    """Compare runs: the settings in which they differ, their estimates beside the truths, and figures.

    Parameters
    ----------
    runs : sequence of Result, SessionRun, str or int
        Results of `run`, runs of sessions, also of several, or names or numbers of runs in `session`.
    session : str, Path or Session, optional
        The session of the runs that are given by name or number.

    Returns
    -------
    Comparison
        The tables and figures.

    Raises
    ------
    KeyError
        If the session has no run of a name or number.
    ValueError
        If there are no runs, or names without a session.

    Examples
    --------
    >>> import wganstudio as ws
    >>> quick = {"evaluation.final_samples": 1024, "pair.dim": 3}
    >>> kinds = "lp", "gp"
    >>> results = [ws.run("gaussians", steps=5, progress=False, **quick, **{"solver.kind": k}) for k in kinds]
    >>> comparison = ws.compare(results)
    >>> comparison.settings["solver.kind"].tolist()
    ['lp', 'gp']
    >>> comparison.estimates.columns[:3]
    ('run', 'gap', 'gap_se')
    >>> bool((comparison.estimates["true_w1_lower"] <= comparison.estimates["true_w1_upper"]).all())
    True
    >>> comparison.figure("costs").savefig("costs.png")
    """
    if isinstance(runs, str):
        raise ValueError("Give several runs, in a list.")
    found = list(_found(list(runs), session))
    if not found:
        raise ValueError("There are no runs to compare; give one or more.")
    return Comparison(found)


def _found(
    runs: Sequence[RecordedRun | str | int], session: str | Path | Session | None
) -> Iterator[RecordedRun]:
    names = [run for run in runs if isinstance(run, str | int)]
    if names and session is None:
        raise ValueError(f"{names[0]!r} is the name of a run: give its session as well.")
    if names and not isinstance(session, Session):
        assert session is not None
        with open_session(session) as opened:
            yield from _found(runs, opened)
        return
    for run in runs:
        if isinstance(run, RecordedRun):
            yield run
        elif isinstance(run, str | int) and isinstance(session, Session):
            yield session.runs[run] if isinstance(run, str) else session.runs.numbered(run)
        else:
            raise ValueError(f"A run is a result, a run of a session or a name, not {type(run).__name__}.")


def _copies(records: Sequence[RunRecord]) -> list[RunRecord]:
    """Return the runs as they are, with numbers and names of their own: they may be of many sessions."""
    counts: Counter[str] = Counter()
    copies = []
    for number, record in enumerate(records, 1):
        copy = record.copy()
        copy.run = number
        counts[copy.name] += 1
        if counts[copy.name] > 1:
            copy.rename(f"{copy.name} ({counts[copy.name]})")
        copies.append(copy)
    return copies


def _value(setting: Setting, record: RunRecord) -> Any:
    value = setting.value(record.experiment)
    return None if value is ABSENT else value


def _on_equal_scales(figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures with ranges and color scales that equal axes share."""
    shared = []
    for figure in figures:
        others = [other for other in figures if comparable(figure, other)]
        shared.append(with_limits(with_common_ranges(figure, others), common_limits(others)))
    return shared
