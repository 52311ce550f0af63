"""Write a suite table as text, CSV, LaTeX or JSON."""

import json
import math
from collections.abc import Callable
from typing import Any

from wganstudio.experiment.text_tables import FileTable, csv_lines, latex_tabular, latex_text
from wganstudio.experiment.text_tables import to_markdown as table_to_markdown
from wganstudio.suites.table import SuiteTable, TableEntry

MISSING = "-"


def to_text(table: SuiteTable) -> str:
    """Return the table for a terminal, one column per pair.

    Under each row with published values stand our value, measured as published, and the published one.
    """
    lines, legend = [["", *table.pairs]], []
    for solver in table.solvers:
        entries = [table.entry(solver, pair) for pair in table.pairs]
        mark = " *" if any(entry and entry.in_class for entry in entries) else ""
        lines.append([solver + mark, *(_format_entry(entry, " ± ") + _mark(entry) for entry in entries)])
        if any(entry and not math.isnan(entry.difference) for entry in entries):
            lines.append(["", *map(_published_text, entries)])
        costs = list(dict.fromkeys(entry.cost for entry in entries if entry and entry.cost))
        if costs and not table.shares_truths:
            truths = (_format_number(math.nan if entry is None else entry.truth) for entry in entries)
            lines.append(["  true", *truths])
            legend.append(f"{solver}: {', '.join(costs)}")
    if table.metric.is_cost and table.shares_truths:
        lines.append(["truth", *(_format_number(table.truth(pair)) for pair in table.pairs)])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    body = ["  ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)) for line in lines]
    head = [f"{table.title}: {table.metric.description}, mean over seeds ± standard error (seeds)"]
    if any(not math.isnan(entry.difference) for entry in table.entries):
        head.append("second line: measured as published | published (difference)")
    if any(entry.warnings for entry in table.entries):
        head.append("!: a run ended with a warning; --format json prints the warnings")
    if any(entry.in_class for entry in table.entries):
        head.append("*: the true potentials of these pairs belong to the class of the critic")
    head.append(f"{table.finished} of {table.runs} runs finished, {table.executed} started")
    legend = ["", "true costs:", *legend] if legend else []
    return "\n".join(line.rstrip() for line in [*head, "", *body, *legend])


def to_csv(table: SuiteTable) -> str:
    """Return one line per solver and pair; unknown numbers are empty cells."""
    rows = [_row(entry) for entry in table.entries]
    texts = (["" if value is None else str(value) for value in row.values()] for row in rows)
    return csv_lines([list(rows[0]), *texts]).rstrip("\n")


def to_json(table: SuiteTable) -> str:
    """Return the whole table; unknown numbers are null."""
    counts = {name: getattr(table, name) for name in ("runs", "finished", "executed", "repeated")}
    rows = [_row(entry) | {"warnings": list(entry.warnings)} for entry in table.entries]
    return json.dumps({"title": table.title, "table": table.metric.name, **counts, "rows": rows}, indent=2)


def to_latex(table: SuiteTable) -> str:
    """Return a LaTeX tabular with booktabs; truths that differ between solvers in parentheses."""
    rows = [
        [latex_text(solver), *(_latex_entry(table, table.entry(solver, pair)) for pair in table.pairs)]
        for solver in table.solvers
    ]
    groups = [rows]
    if table.metric.is_cost and table.shares_truths:
        groups.append([["truth", *(f"${_format_number(table.truth(pair))}$" for pair in table.pairs)]])
    comment = f"{table.title}: {table.metric.description}; (truth), [published value]"
    head = ["solver", *map(latex_text, table.pairs)]
    return latex_tabular("l" + "r" * len(table.pairs), head, groups, comment).rstrip("\n")


def to_markdown(table: SuiteTable) -> str:
    """Return a table in Markdown, one column per pair."""
    return table_to_markdown(text_table(table)).rstrip("\n")


def text_table(table: SuiteTable) -> FileTable:
    """Return the means with their standard errors as texts, one row per solver, and the truths below."""
    rows = [
        [solver, *(_format_entry(table.entry(solver, pair), " \u00b1 ") for pair in table.pairs)]
        for solver in table.solvers
    ]
    if table.metric.is_cost and table.shares_truths:
        rows.append(["truth", *(_format_number(table.truth(pair)) for pair in table.pairs)])
    caption = f"{table.title}: {table.metric.description}, mean over seeds \u00b1 standard error (seeds)"
    return FileTable.of_texts(("solver", *table.pairs), rows, caption)


FORMATS: dict[str, Callable[[SuiteTable], str]] = {
    "text": to_text,
    "csv": to_csv,
    "latex": to_latex,
    "markdown": to_markdown,
    "json": to_json,
}


def _row(entry: TableEntry) -> dict[str, Any]:
    numbers = {
        "mean": entry.mean,
        "standard_error": entry.error,
        "truth": entry.truth,
        "as_published": entry.as_published,
        "published": entry.published,
        "difference": entry.difference,
    }
    return {
        "solver": entry.solver,
        "pair": entry.pair,
        "in_class": entry.in_class,
        "seeds": entry.seeds,
        "failed": entry.failed,
        "steps": entry.steps,
        **{name: None if math.isnan(number) else float(f"{number:.6g}") for name, number in numbers.items()},
        "cost": entry.cost,
    }


def _latex_entry(table: SuiteTable, entry: TableEntry | None) -> str:
    text = _format_entry(entry, r" \pm ", seeds=False)
    if text in (MISSING, "failed") or entry is None:
        return text
    beside = ""
    if entry.cost and not table.shares_truths:
        beside += f" ({_format_number(entry.truth)})"
    if not math.isnan(entry.published):
        beside += f" [{_format_number(entry.published)}]"
    return f"${text}${beside}"


def _format_entry(entry: TableEntry | None, plus_minus: str, *, seeds: bool = True) -> str:
    if entry is None or math.isnan(entry.mean):
        return "failed" if entry is not None and entry.failed else MISSING
    if math.isnan(entry.error):
        return _format_number(entry.mean)
    text = _format_number(entry.mean) + plus_minus + _format_number(entry.error)
    return f"{text} ({entry.seeds})" if seeds else text


def _mark(entry: TableEntry | None) -> str:
    return " !" if entry is not None and entry.warnings else ""


def _published_text(entry: TableEntry | None) -> str:
    if entry is None or math.isnan(entry.difference):
        return ""
    return (
        f"{_format_number(entry.as_published)} | {_format_number(entry.published)} ({entry.difference:+.3f})"
    )


def _format_number(number: float) -> str:
    if math.isnan(number):
        return MISSING
    return f"{number:.3f}" if abs(number) < 100 else f"{number:.4g}"
