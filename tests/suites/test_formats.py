"""Titles and labels of a stranger's suite stay text in every format of a table."""

import csv
import io
import json
import math

import pytest
from pydantic import ValidationError

from wganstudio.plain_text import cell, one_line
from wganstudio.suites import SuiteError
from wganstudio.suites.formats import FORMATS
from wganstudio.suites.plan import Cell, SuitePlan, suite_of
from wganstudio.suites.table import SuiteTable, TableEntry
from wganstudio.training.metric_registry import metric

TITLE = "x\n\\immediate\\write18{touch owned}\n\x1b]0;owned\x07\x1b[2J % ^ ~ $ # _ { } &"
LABELS = [
    '=HYPERLINK("http://evil","x")',
    "+1",
    "-2+3",
    "@SUM(1)",
    "p\\input{/etc/passwd}",
    "a & b % c",
    "-1.5",
]


def entry(solver: str, pair: str) -> TableEntry:
    fields = {name: math.nan for name in TableEntry.__dataclass_fields__}
    counts = {"seeds": 1, "failed": 0, "steps": 9, "mean": 1.5, "cost": "", "warnings": (), "in_class": False}
    return TableEntry(**{**fields, **counts, "solver": solver, "pair": pair})


@pytest.fixture
def table() -> SuiteTable:
    entries = tuple(entry(solver, "=pair") for solver in LABELS)
    return SuiteTable(one_line(TITLE), metric("w1"), tuple(LABELS), ("=pair",), entries, 7, 7, 7, 0)


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_passes_control_characters_on(table: SuiteTable, name: str) -> None:
    text = FORMATS[name](table)
    assert not {"\x1b", "\x07", "\r"} & set(text)
    assert "\n\\immediate" not in text


def test_latex_prints_titles_and_labels_literally(table: SuiteTable) -> None:
    text = FORMATS["latex"](table)
    comment, *body = text.splitlines()
    assert comment.startswith("% x \\textbackslash{}immediate\\textbackslash{}write18\\{touch owned\\}")
    assert "\\input" not in text and "\\write18" not in text
    assert "p\\textbackslash{}input\\{/etc/passwd\\} & $1.500$ \\\\" in body
    assert "a \\& b \\% c & $1.500$ \\\\" in body
    assert "\\^" not in text and "\\textasciicircum{} \\textasciitilde{}" in comment


def test_no_cell_of_csv_is_computed_by_a_spreadsheet(table: SuiteTable) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](table))))
    assert [row["solver"] for row in rows] == [
        '\'=HYPERLINK("http://evil","x")',
        "+1",
        "'-2+3",
        "'@SUM(1)",
        "p\\input{/etc/passwd}",
        "a & b % c",
        "-1.5",
    ]
    assert {row["pair"] for row in rows} == {"'=pair"} and {row["mean"] for row in rows} == {"1.5"}


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-x", "'-x"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\ufffd=1"),
        ("-1", "-1"),
        ("+2.5e-3", "+2.5e-3"),
        ("-inf", "-inf"),
        ("plain", "plain"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_cells_keep_numbers_and_mark_formulas(text: str, safe: str) -> None:
    assert cell(text) == safe


@pytest.mark.parametrize("label", ["a\nb", "\x1b[2J", "x" * 101, " padded ", "a\u202eb", "tab\tbed"])
def test_a_label_is_one_plain_line(label: str) -> None:
    for fields in ({"solver": label, "pair": "p"}, {"solver": "s", "pair": label}):
        with pytest.raises(ValidationError):
            Cell(**fields, seed=0)
        matrix = {f"{name}s": [value] for name, value in fields.items()}
        with pytest.raises(SuiteError, match="label must be one line of at most 100 characters"):
            suite_of({"matrix": [matrix]}, None)


def test_a_suite_of_too_many_labels_is_refused() -> None:
    cells = [{"solver": f"s{k}", "pair": f"p{k}", "seed": 0} for k in range(400)]
    body = {"title": "", "about": "", "settings": {}, "cells": cells}
    with pytest.raises(ValidationError, match="too large"):
        SuitePlan.model_validate_json(json.dumps(body))
    body["cells"] = [{"solver": "s", "pair": "p", "seed": k} for k in range(10_001)]
    with pytest.raises(ValidationError, match="at most 10000"):
        SuitePlan.model_validate_json(json.dumps(body))
