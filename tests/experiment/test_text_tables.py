"""Tables as files: numbers read back exactly, and texts stay texts in every format."""

import csv
import io

import pytest

from wganstudio.experiment.text_tables import (
    TABLE_FORMATS,
    FileCell,
    FileTable,
    latex_text,
    to_csv,
    to_latex,
    to_markdown,
    to_tsv,
)

HOSTILE = "=1+1|\\input{x}\n<b>\x1b[2J & 50 % $x_1$ ^ ~"
TABLE = FileTable(
    ("name", "gap"),
    (
        (FileCell(HOSTILE), FileCell("2.70 \u00b1 0.03", 2.7000000000000001, (("standard error", 0.03),))),
        (FileCell("plain"), FileCell("1000", 1000.0)),
        (FileCell("empty"), FileCell("")),
    ),
    "gap of \u03bb = 1",
)


def test_numbers_read_back_from_csv_with_their_errors() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(TABLE))))
    assert [row["gap"] for row in rows] == ["2.7", "1000", ""]
    assert [row["gap standard error"] for row in rows] == ["0.03", "", ""]
    assert rows[0]["name"].startswith("'=1+1")


def test_latex_needs_booktabs_alone_and_prints_signs_as_they_are() -> None:
    text = to_latex(TABLE)
    lines = text.splitlines()
    assert lines[:3] == ["% gap of $\\lambda$ = 1", "\\begin{tabular}{lr}", "\\toprule"]
    assert lines[-2:] == ["\\bottomrule", "\\end{tabular}"]
    assert "\\input" not in text and "50 \\% \\$x\\_1\\$" in text
    assert "2.70 $\\pm$ 0.03 \\\\" in text
    assert latex_text("\u2207u \u2265 \u03c3") == "$\\nabla$u $\\ge$ $\\sigma$"


def test_markdown_has_one_line_per_row_and_numbers_at_the_right() -> None:
    lines = to_markdown(TABLE).splitlines()
    assert len(lines) == 5 and lines[1] == "| --- | ---: |"
    assert "\\|\\\\input{x} \\<b\\>" in lines[2]


@pytest.mark.parametrize("name", TABLE_FORMATS)
def test_no_format_passes_control_characters_on(name: str) -> None:
    assert "\x1b" not in TABLE_FORMATS[name](TABLE)
    assert "\x1b" not in to_tsv(TABLE)


def test_a_pasted_table_has_a_line_per_row() -> None:
    assert [line.count("\t") for line in to_tsv(TABLE).splitlines()] == [1] * 4
