"""Text tables as people bring them: whatever the dialect, the numbers that were meant are read."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.preview import preview
from wganstudio.pairs.data.table import read_table
from wganstudio.pairs.data.table_choice import TableChoice

CASES = Path(__file__).parents[2] / "data" / "cases"
XY = np.array([[k / 2, 10 - 1.25 * k] for k in range(12)])
LINES = "".join(f"{x},{y}\n" for x, y in XY)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, content: str | bytes, **choice):
    return read_table(write(path, content), TableChoice(**choice))


def left_out(path: Path) -> dict[str, str]:
    return {column.name: column.reason for column in preview(path).left_out}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.csv"


# -- inputs that were read wrongly


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("tab_comma.tsv", "xy_right.csv"),
        ("blank_comma.txt", "xy_right.csv"),
        ("bar_comma.txt", "xy_right.csv"),
        ("one_comma.csv", "one_right.csv"),
        ("r_table.txt", "xy_right.csv"),
        ("quoted_blank.txt", "xy_right.csv"),
        ("thousands_semicolon.csv", "thousands_right.csv"),
        ("thousands_us_semicolon.csv", "thousands_right.csv"),
        ("sep_line.csv", "xy_right.csv"),
        ("cr_only.csv", "xy_right.csv"),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_a_case_is_read_as_it_was_meant(name, right, named):
    expected = np.loadtxt(CASES / right, delimiter=",", skiprows=1, ndmin=2)
    columns = (CASES / right).read_text().split()[0] if named else None
    result = read_table(CASES / name, TableChoice(columns))
    assert np.array_equal(result.values, expected)
    assert ",".join(result.names) == (CASES / right).read_text().split()[0]


def test_large_offsets_keep_their_digits():
    p, q = (read_table(CASES / f"time_{side}.csv", TableChoice()).values for side in "pq")
    assert np.array_equal(p[:, 0], 1.7e9 + 5 * np.arange(60)) and np.array_equal(q - p, np.full((60, 1), 30))
    p, q = (read_table(CASES / f"utm_{side}.csv", TableChoice()).values for side in "pq")
    np.testing.assert_allclose(q - p, 0.1, atol=1e-9)


# -- numbers


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["950", "1.000", "1.025"], [950, 1000, 1025]),
        (["1,234,567", "12,345", "7"], [1234567, 12345, 7]),
        (["1.234.567,5", "12.345", "7"], [1234567.5, 12345, 7]),
        (["1 234,5", "999", "12 345 678"], [1234.5, 999, 12345678]),
        (["1\u202f234", "999,25", "1\u00a0000"], [1234, 999.25, 1000]),
        (["1'234.5", "0.25", "12’345"], [1234.5, 0.25, 12345]),
        (["1.234", "0.975", "2.5"], [1.234, 0.975, 2.5]),
        (["1234,5", "0,5", "2"], [1234.5, 0.5, 2]),
        (["\u22121.5", "+2", "1e-3"], [-1.5, 2, 1e-3]),
        ([".5", "5.", "-.25"], [0.5, 5, -0.25]),
    ],
)
def test_the_marks_of_a_column_are_found_together(file, column, expected):
    lines = "".join(f"{field};x\n" for field in column)
    assert read(file, "m;word\n" + lines).values[:, 0].tolist() == expected


def test_the_other_columns_tell_decimals_from_thousands(file):
    assert read(file, "m;y\n1.000;0,5\n1.025;1,5\n").values.tolist() == [[1000, 0.5], [1025, 1.5]]
    assert read(file, "m;y\n1.000;0.5\n1.025;1.5\n").values.tolist() == [[1, 0.5], [1.025, 1.5]]
    assert read(file, "m;y\n1,000;0.5\n1,025;1.5\n").values.tolist() == [[1000, 0.5], [1025, 1.5]]
    assert read(file, "m;y\n1,000;0,5\n1,025;1,5\n").values.tolist() == [[1, 0.5], [1.025, 1.5]]


def ambiguous(path: Path, **choice) -> set[str]:
    text_format = preview(path, TableChoice(**choice)).text_format
    assert text_format is not None
    return {entry.field for entry in text_format.ambiguities}


@pytest.mark.parametrize(
    ("content", "expected", "field"),
    [
        ('x,y\n"1,234",1\n"5,678",2\n', 1234, "thousands"),
        ("x;y\n1,234;a\n5,678;b\n", 1.234, "decimal"),
        ("x;y\n1.234;a\n678;b\n", 1234, "thousands"),
        ("x\n1,234\n5,678\n", 1.234, "decimal"),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_marked_and_can_be_settled(file, content, expected, field):
    assert read(file, content).values[0, 0] == expected
    assert ambiguous(file) == {field}
    for decimal in ("point", "comma"):
        value = read_table(file, TableChoice(decimal=decimal)).values[0, 0]
        assert value == (1.234 if (decimal == "comma") == ("," in content.split("\n")[1][:4]) else 1234)
        assert ambiguous(file, decimal=decimal) == set()
    assert read_table(file, TableChoice(thousands="none")).values[0, 0] == 1.234


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [("1,2\n3,4\n5,6\n", "comma"), ("100 200\n300 400\n", "blank"), ("1,5\n2,25\n", "comma")],
)
def test_one_column_or_two_is_marked_where_nothing_tells(file, content, delimiter):
    write(file, content)
    assert preview(file).text_format.delimiter == delimiter and "delimiter" in ambiguous(file)
    assert len(preview(file, TableChoice(delimiter="none")).columns) == 1
    assert len(preview(write(file, f"x\n{content}")).columns) == 1


def test_names_tell_one_column_from_two(file):
    for content in ("1,2\n3,4\n5,6\n", "1,5\n2,25\n"):
        assert len(preview(write(file, f"x,y\n{content}")).columns) == 2 and ambiguous(file) == set()
        assert len(preview(write(file, f"x\n{content}")).columns) == 1 and ambiguous(file) == set()


@pytest.mark.parametrize("word", ["1_000", "١٢", "10_1", "１２", "1e", "0x10", "1 2", "--5", "5 %", "1.2.3"])
def test_what_python_or_a_person_might_take_for_a_number_is_text(file, word):
    lines = "".join(f"{k}.5;{word}\n" for k in range(5))
    assert read(file, "y;x\n" + lines).names == ("y",)
    assert left_out(file) == {"x": "not numeric"}


@pytest.mark.parametrize(
    "word",
    ["NA", "N/A", "nan", "NaN", "NULL", "null", "None", "-", "", "#N/A", ".", "?", "<NA>", "#DIV/0!", r"\N"],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_row_with_a_missing_value_is_a_bad_row(file, refused, word, place):
    missing = [[word, "9"], ["9", word]][place]
    content = "x,y\n1,2\n" + ",".join(missing) + "\n3,4\n5,6\n"
    write(file, content)
    message = refused(read_table, file, TableChoice())
    assert "line 3: " + ("x", "y")[place] in message
    assert "is empty" in message or f"missing value {word!r}" in message
    result = read_table(file, TableChoice(), skip_bad=True)
    assert result.values.tolist() == [[1, 2], [3, 4], [5, 6]] and result.skipped == 1


def test_separators_beyond_the_first_rows_are_those_of_a_column_as_well(file, refused):
    plain = "".join(f"{950 + k % 50};{k},5\n" for k in range(3000))
    assert read(file, "a;b\n" + plain + "1.025;1,5\n").values[-1].tolist() == [1025, 1.5]
    integers = "".join(f"{k % 900};{k}\n" for k in range(6000))
    assert read(file, "a;b\n" + integers + "7.5;1\n8.25;2\n").values[-2:].tolist() == [[7.5, 1], [8.25, 2]]
    assert "may be a decimal" in refused(
        read_table, write(file, "a;b\n" + integers + "1.025;1\n"), TableChoice()
    )
    settled = read_table(file, TableChoice(decimal="comma"))
    assert settled.values[-1].tolist() == [1025, 1]
    later = "a;b\n" + "".join(f"{k}.25;{k}\n" for k in range(3000)) + "1.234.567;1\n"
    assert "line 3002: a: '1.234.567' is not a number" in refused(
        read_table, write(file, later), TableChoice()
    )


# -- rows above the data


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("2019,2020\n" + LINES, ("2019", "2020")),
        ("1990,1995,2000\n5,6,7\n8,9,1\n3,4,5\n", ("1990", "1995", "2000")),
        (",0,1\n" + "".join(f"{k},{x},{y}\n" for k, (x, y) in enumerate(XY)), ("0", "1")),
        ("0,1\n0.5,0.25\n1.5,2.5\n", ("0", "1")),
        ("x,2\n" + LINES, ("x", "2")),
        ("0,1\n5,6\n7,8\n", ("x1", "x2")),
        ("2019,2020\n2018,2021\n2017,2025\n", ("x1", "x2")),
        (LINES, ("x1", "x2")),
        ("x,y,\n" + "".join(f"{x},{y},\n" for x, y in XY), ("x", "y")),
        ("x,y\n" + "".join(f"{x},{y},\n" for x, y in XY), ("x", "y")),
        ("x,y,\n" + LINES, ("x", "y")),
        ("Made in 2020\n\nx,y\n" + LINES, ("x", "y")),
        ("Station;Berlin\nHeight;34\n\nx;y\n" + LINES.replace(",", ";"), ("x", "y")),
        ("% made by hand\n" + LINES.replace(",", " "), ("x1", "x2")),
        ("# a, b\n# c\nx,y\n" + LINES, ("x", "y")),
        ("One title\n" + LINES, ("x1", "x2")),
        ("\n" * 500 + "x,y\n" + LINES, ("x", "y")),
        ("# comment, with commas\n" * 1500 + "x;y\n" + LINES.replace(",", ";"), ("x", "y")),
    ],
)
def test_names_are_told_from_data_and_from_titles(file, content, names):
    result = read(file, content)
    assert result.names == names
    body = [line for line in content.splitlines() if line[:1].isdigit() or line[:1] == "-"]
    assert len(result.values) == len(body) - (names[0].isdigit() and content[0] != ",")


def test_a_header_of_numbers_is_marked_as_a_guess(file):
    write(file, "2019,2020\n" + LINES)
    assert ambiguous(file) == {"header"} and ambiguous(file, header=True) == set()
    assert len(read_table(file, TableChoice(header=False)).values) == 13


@pytest.mark.parametrize("units", ["m,s", "[m],[km/h]", "(°C),(1)", "kg m^-3,%", "µm,-"])
def test_a_row_of_units_is_kept_as_such(file, units):
    result = read(file, f"x,y\n{units}\n{LINES}")
    assert np.array_equal(result.values, XY) and result.names == ("x", "y")
    assert result.units == tuple(
        unit.strip("[]()").replace("-", "", unit == "-") for unit in units.split(",")
    )
    shown = preview(file)
    assert shown.text_format.units_row and [column.unit for column in shown.columns] == list(result.units)


def test_words_below_the_names_are_no_units_unless_that_is_said(file, refused):
    write(file, f"x,y\nfoo,bar\n{LINES}")
    assert read_table(file, TableChoice()).names == ("foo", "bar")
    result = read_table(file, TableChoice(units_row=True))
    assert result.names == ("x", "y") and result.units == ("foo", "bar")
    write(file, f"x,y\nm,s\n{LINES}")
    assert "line 2: x: 'm' is not a number" in refused(read_table, file, TableChoice(units_row=False))


def test_the_number_of_titles_can_be_given(file, refused):
    write(file, f"a,b\n1,2\nx,y\n{LINES}")
    assert "line 3: a: 'x' is not a number" in refused(read_table, file, TableChoice())
    assert read_table(file, TableChoice(skip_rows=2)).names == ("x", "y")
    assert preview(file, TableChoice(skip_rows=2)).text_format.skip_rows == 2
    write(file, f"A title\n\nx,y\nm,s\n{LINES}")
    for skip in (None, 1, 2):
        result = read_table(file, TableChoice(skip_rows=skip))
        assert result.names == ("x", "y") and result.units == ("m", "s")


# -- encodings, quotation marks, compression


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1251", "shift-jis"]
)
def test_an_encoding_can_be_given(file, encoding, refused):
    name = {"cp1251": "длина", "shift-jis": "長さ"}.get(encoding, "länge")
    content = f"{name};y\n{LINES.replace(',', ';')}".encode(encoding)
    assert read(file, content, encoding=encoding).names == (name, "y")
    if encoding.startswith("utf-16"):
        write(file, content[:-1])
        assert "is not encoded in utf-16" in refused(read_table, file, TableChoice(encoding="utf-16-le"))


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be", "utf-8"])
def test_a_byte_order_mark_tells_the_encoding(file, encoding):
    result = read(file, f"\ufefflänge,y\n{LINES}".encode(encoding))
    assert result.names == ("länge", "y") and np.array_equal(result.values, XY)


def test_text_that_is_not_unicode_is_marked(file):
    write(file, f"länge,y\n{LINES}".encode("latin-1"))
    assert preview(file).columns[0].name == "länge" and ambiguous(file) == {"encoding"}
    late = f"x,y,city\n{LINES.replace(chr(10), ',ok' + chr(10)) * 9000}1,2,".encode() + b"K\xf6ln\n3,4,ok\n"
    assert len(read(file, late).values) == 9000 * 12 + 2


@pytest.mark.parametrize("mark", ["sep=;", '"sep=;"', "SEP=;", "sep=|", "sep=\t", "sep=,"])
def test_a_line_that_names_the_delimiter_is_obeyed(file, mark):
    delimiter = mark.strip('"')[-1]
    result = read(file, f"{mark}\r\nx{delimiter}y\r\n{LINES.replace(',', delimiter)}")
    assert np.array_equal(result.values, XY) and result.names == ("x", "y")


def test_a_stray_quotation_mark_costs_one_row_at_most(file):
    rows = [f"{x},{y},{'6 in' if k != 4 else chr(34) + 'ok'}" for k, (x, y) in enumerate(XY)]
    result = read(file, "x,y,note\n" + "\n".join(rows) + "\n", columns="x, y")
    assert np.array_equal(result.values, XY)
    rows[7] = rows[7].replace("6 in", 'a "big" one')
    assert np.array_equal(read(file, "x,y,note\n" + "\n".join(rows)).values, XY)
    rows[9] = '"' + rows[9]
    skipped = read_table(write(file, "x,y,note\n" + "\n".join(rows)), TableChoice(), skip_bad=True)
    assert [row.line for row in skipped.bad] == [11] and len(skipped.values) == 11


@pytest.mark.parametrize("name", ["a.csv.gz", "a.gz", "a.txt.GZ", "a"])
def test_a_gzipped_table_is_read(tmp_path, name):
    assert np.array_equal(read(tmp_path / name, gzip.compress(f"x,y\n{LINES}".encode())).values, XY)


def test_a_gzip_bomb_is_refused_while_it_expands(tmp_path, refused, monkeypatch):
    monkeypatch.setattr("wganstudio.pairs.data.untrusted_files.HARMLESS", 1 << 20)
    path = write(tmp_path / "bomb.csv.gz", gzip.compress(b"x,y\n" + b"1.5,2.5\n" * (1 << 18)))
    assert "expand to" in refused(read_table, path, TableChoice())
    whole = gzip.compress(f"x,y\n{LINES * 2000}".encode())
    assert "damaged gzip" in refused(read_table, write(path, whole[: len(whole) // 2]), TableChoice())


def test_long_texts_are_not_held(file, refused):
    row = f"{'x' * 100_000},1,two\n"
    write(file, "note,x,y\n" + f"{'x' * 100_000},1,2\n" * 5 + row * 1000)
    assert "'two' is not a number" in refused(read_table, file, TableChoice("x, y"))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    ["1" * 130_000 + ",2\n", '"' * 1000 + "\n", '1,"2\n', "a.b@c.d," * 5000, "'a,\n", " " * 50_000 + "1,2\n"],
)
def test_text_that_is_no_table_takes_no_time(file, text):
    write(file, text * 60)
    try:
        preview(file, whole=True)
    except BadExperiment as error:
        assert "\n" not in str(error)


# -- columns that number the rows


@pytest.mark.parametrize(
    "name", ["id", "ID", "index", "Unnamed: 0", "", "row", "customer_id", "PassengerId", "no."]
)
def test_a_column_that_numbers_the_rows_is_left_out_and_can_be_named(file, name):
    write(file, f"{name},x,y\n" + "".join(f"{k},{x},{y}\n" for k, (x, y) in enumerate(XY, 1)))
    assert read_table(file, TableChoice()).names == ("x", "y")
    (column,) = preview(file).left_out
    assert column.reason == "looks like an id" and column.numeric
    assert read_table(file, TableChoice(f"{column.name}, x")).values[:2].tolist() == [[1, 0], [2, 0.5]]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("t", range(1_700_000_000, 1_700_000_012)),
        ("t", range(1_700_000_000, 1_700_000_060, 5)),
        ("year", range(1990, 2002)),
        ("day", range(12)),
        ("x", range(1, 13)),
        ("width", range(12)),
        ("count", [3, 1, 2] * 4),
        ("n", [5, 7, 9] * 4),
        ("idle", range(12)),
    ],
)
def test_integers_that_measure_something_are_data(file, name, numbers):
    write(file, f"{name},y\n" + "".join(f"{k},{y}\n" for k, (_, y) in zip(numbers, XY, strict=True)))
    assert read_table(file, TableChoice()).names == (name, "y") and preview(file).left_out == ()


def test_a_table_of_row_numbers_alone_is_data(file):
    for content in ("id\n", "", "index\n"):
        assert read(file, content + "".join(f"{k}\n" for k in range(20))).values[:, 0].tolist() == [
            *range(20)
        ]
    numbers = "".join(f"{k} {y}\n" for k, (_, y) in enumerate(XY))
    assert read(file, numbers).names == ("x2",) and left_out(file) == {"x1": "looks like an id"}
    assert read(file, "".join(f"{5 * k} {y}\n" for k, (_, y) in enumerate(XY))).names == ("x1", "x2")


def test_row_names_of_r_are_left_out_by_their_place(file):
    rows = "".join(f'"{k}" {x} {y}\n' for k, (x, y) in enumerate(XY, 1))
    assert read(file, f'"x" "y"\n{rows}').names == ("x", "y") and left_out(file) == {"row names": "row names"}
    words = "".join(f'"Mazda {k}" {x} {y}\n' for k, (x, y) in enumerate(XY))
    assert np.array_equal(read(file, f'"x" "y"\n{words}').values, XY)
    years = "".join(f"{k},{x},{y}\n" for k, (x, y) in enumerate(XY, 1))
    assert read(file, f"2019,2020\n{years}").names == ("2019", "2020")
