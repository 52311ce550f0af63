"""The table of a suite as a heat map, and the pages of a suite's report."""

import math
from dataclasses import dataclass

import numpy as np

from wganstudio.experiment.text_tables import FileTable
from wganstudio.figures.heatmap import HeatMap, render_heatmap
from wganstudio.session import Document
from wganstudio.suites.formats import text_table
from wganstudio.suites.results import SuiteResults
from wganstudio.suites.table import SuiteTable, applicable_tables, suite_table


@dataclass(frozen=True)
class SuitePage:
    """A table of a suite with its heat map as SVG."""

    title: str
    table: FileTable
    picture: bytes


def suite_pages(document: Document) -> tuple[str, list[SuitePage]]:
    """Return the title of a session's suite and its tables; SuiteError if the session holds none."""
    results = SuiteResults(document)
    tables = [suite_table(results, name) for name in applicable_tables(results)]
    pages = [
        SuitePage(table.metric.title, text_table(table), render_heatmap(heatmap(table), "svg"))
        for table in tables
    ]
    return results.plan.title, pages


def heatmap(table: SuiteTable) -> HeatMap:
    """Return the means as a heat map; of a cost their ratios to the truths, as costs differ by factors."""
    entries = [[table.entry(solver, pair) for pair in table.pairs] for solver in table.solvers]
    values = np.array([[math.nan if e is None else e.mean for e in row] for row in entries])
    metric = table.metric
    low, high = metric.color_range
    label, title = metric.description, f"{table.title}: {metric.name}"
    if metric.is_cost:
        values = np.array([[math.nan if e is None else e.ratio for e in row] for row in entries])
        label = metric.title
    if high is None:
        high = float(np.nanmax(values, initial=1.0))
    texts = [["" if math.isnan(value) else f"{value:.2f}" for value in row] for row in values]
    caption = f"mean over seeds; {table.finished} of {table.runs} runs"
    return HeatMap(title, caption, label, table.solvers, table.pairs, values, texts, low, high)
