"""A table that is written in any dialect is read back: delimiters, marks of numbers, headers, encodings."""

import csv
import io

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.pairs.data.table import read_table
from wganstudio.pairs.data.table_choice import TableChoice


@st.composite
def tables(draw):
    """The numbers of a table, the bytes of its file, and the names that are to be read."""
    dim, rows, digits = draw(st.integers(1, 4)), draw(st.integers(4, 30)), draw(st.sampled_from([1, 2, 4, 6]))
    scale = 10**digits
    numbers = st.integers(-500 * scale, 500 * scale)
    values = [[draw(numbers) / scale for _ in range(dim)] for _ in range(rows)]
    delimiter, decimal = draw(st.sampled_from(",;\t| ")), draw(st.sampled_from(".,"))
    body = [[f"{x:.{digits}f}".replace(".", decimal) for x in row] for row in values]
    header = draw(st.sampled_from(["words", "years", "short", "index", "none"] if dim > 1 else ["words"]))
    names = ["2019", "2020", "2021", "2022"] if header == "years" else ["länge", "b 2", "größe", "y"]
    top = names = names[:dim]
    if header == "words" and draw(st.booleans()):  # integers with thousands separators
        marks = [mark for mark in ",. '" if mark not in (decimal, delimiter)] + [","] * (decimal == ".")
        mark, large = draw(st.sampled_from(marks)), st.integers(-(10**7), 10**7)
        column = [draw(large) for _ in values]
        values = [[*row, number] for row, number in zip(values, column, strict=True)]
        body = [[*row, f"{n:,}".replace(",", mark)] for row, n in zip(body, column, strict=True)]
        top = names = [*names, "money"]
    if header in ("short", "index"):
        body = [[str(k + 1), *row] for k, row in enumerate(body)]
        top = names if header == "short" else ["", *names]
    if header != "short" and draw(st.booleans()):
        notes = ["oak", "elm, old", 'the "tall" one', "two\nlines", "a;b|c\td e", "ä", "# no comment"]
        note = draw(st.sampled_from(notes))
        body, top = [[*row, note] for row in body], [*top, "note"]
    if header == "words" and draw(st.booleans()):
        body = [["m" if name in names else "-" for name in top], *body]
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if draw(st.booleans()) else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n")
    writer.writerows(([] if header == "none" else [top]) + body)
    above = draw(st.sampled_from(["", "# made today\n", "Station Berlin\n\n", "Made by hand\nin spring\n"]))
    above = above if header == "words" else ""
    if delimiter != " " and draw(st.booleans()):
        above = f"sep={delimiter}\n{above}"
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    if header == "none":
        names = [f"x{k + 1}" for k in range(dim)]
    content = (above + text.getvalue()).replace("\n", end).encode(encoding)
    return np.array(values), content, tuple(names)


@settings(max_examples=200, deadline=None)
@given(tables())
def test_a_table_in_any_dialect_is_read_back(tmp_path_factory, table):
    values, content, names = table
    path = tmp_path_factory.mktemp("dialect") / "a.csv"
    path.write_bytes(content)
    result = read_table(path, TableChoice())
    assert result.names == names
    assert np.array_equal(result.values, values)
