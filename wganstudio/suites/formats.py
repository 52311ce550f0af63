"""Formats of a suite's table: text, CSV, LaTeX and JSON."""

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Any

from wganstudio.suites.table import SuiteTable, TableEntry

MISSING = "-"


def to_text(table: SuiteTable) -> str:
    """Return text for a terminal: one column per pair; below each row, where known, the published values."""
    lines = [["", *table.pairs]]
    for solver in table.solvers:
        entries = [table.entry(solver, pair) for pair in table.pairs]
        mark = " *" if any(entry and entry.in_class for entry in entries) else ""
        lines.append([solver + mark, *(_number(entry, " ± ") for entry in entries)])
        if any(entry and not math.isnan(entry.difference) for entry in entries):
            lines.append(["", *map(_beside, entries)])
    if isinstance(table.metric.ideal, str):
        lines.append(["truth", *(_figures(table.truth(pair)) for pair in table.pairs)])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    body = ["  ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)) for line in lines]
    head = [f"{table.title}: {table.metric.description}, mean over seeds ± standard error (seeds)"]
    if any(not math.isnan(entry.difference) for entry in table.entries):
        head.append("second line: measured as published | published (difference)")
    if any(entry.in_class for entry in table.entries):
        head.append("*: the critic belongs to the class that these pairs are constructed from")
    head.append(f"{table.finished} of {table.runs} runs finished, {table.executed} started")
    return "\n".join(line.rstrip() for line in [*head, "", *body])


def to_csv(table: SuiteTable) -> str:
    """Return one line per solver and pair; an unknown number is an empty cell."""
    out = io.StringIO()
    rows = [_row(entry) for entry in table.entries]
    writer = csv.DictWriter(out, list(_row(table.entries[0])), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().rstrip("\n")


def to_json(table: SuiteTable) -> str:
    """Return the whole table; an unknown number is null."""
    counts = {name: getattr(table, name) for name in ("runs", "finished", "executed", "repeated")}
    rows = [_row(entry) for entry in table.entries]
    return json.dumps({"title": table.title, "table": table.metric.name, **counts, "rows": rows}, indent=2)


def to_latex(table: SuiteTable) -> str:
    """Return a tabular for LaTeX with booktabs; published values stand in brackets."""
    lines = [
        rf"% {_latex(table.title)}: {table.metric.description}; in brackets the published value",
        rf"\begin{{tabular}}{{l{'r' * len(table.pairs)}}}",
        r"\toprule",
        " & ".join(["solver", *map(_latex, table.pairs)]) + r" \\",
        r"\midrule",
    ]
    for solver in table.solvers:
        cells = []
        for pair in table.pairs:
            entry = table.entry(solver, pair)
            text = _number(entry, r" \pm ", seeds=False)
            known = entry is not None and not math.isnan(entry.published)
            beside = f" [{_figures(entry.published)}]" if entry is not None and known else ""
            cells.append(text if text in (MISSING, "failed") else f"${text}${beside}")
        lines.append(" & ".join([_latex(solver), *cells]) + r" \\")
    if isinstance(table.metric.ideal, str):
        lines += [r"\midrule"]
        lines += [" & ".join(["truth", *(f"${_figures(table.truth(p))}$" for p in table.pairs)]) + r" \\"]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"])


FORMATS: dict[str, Callable[[SuiteTable], str]] = {
    "text": to_text,
    "csv": to_csv,
    "latex": to_latex,
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
    }


def _number(entry: TableEntry | None, plus_minus: str, *, seeds: bool = True) -> str:
    if entry is None or math.isnan(entry.mean):
        return "failed" if entry is not None and entry.failed else MISSING
    if math.isnan(entry.error):
        return _figures(entry.mean)
    text = _figures(entry.mean) + plus_minus + _figures(entry.error)
    return f"{text} ({entry.seeds})" if seeds else text


def _beside(entry: TableEntry | None) -> str:
    if entry is None or math.isnan(entry.difference):
        return ""
    return f"{_figures(entry.as_published)} | {_figures(entry.published)} ({entry.difference:+.3f})"


def _figures(number: float) -> str:
    if math.isnan(number):
        return MISSING
    return f"{number:.3f}" if abs(number) < 100 else f"{number:.4g}"


def _latex(text: str) -> str:
    for sign in "&%$#_{}":
        text = text.replace(sign, "\\" + sign)
    return text
