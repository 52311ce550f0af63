"""Tables: read as they were saved; what is damaged or hostile is refused in one sentence, unharmed."""

import io
import os
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data import table, table_source
from wganstudio.pairs.data.table import read_table
from wganstudio.pairs.data.table_choice import TableChoice

ROWS = np.random.default_rng(0).normal(size=(7, 3))


def write(path: Path, raw: bytes | str) -> Path:
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return path


def saved(values, **options) -> bytes:
    file = io.BytesIO()
    np.save(file, values, **options)
    return file.getvalue()


def header(shape="(7, 3)", descr="'<f8'", fortran="False", version=b"\x01\x00") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text


class Harm:
    """Leaves a mark when unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


# -- arrays


@pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", "<f2", "<i8", "|u1", "|b1", ">i2"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_is_read_in_any_type_and_order(tmp_path, dtype, order):
    values = np.asarray((10 * np.abs(ROWS)).astype(dtype), order=order)
    result = read_table(write(tmp_path / "a.npy", saved(values)), TableChoice())
    assert result.values.dtype == np.float64
    assert np.array_equal(result.values, values)
    assert result.names == ("x1", "x2", "x3")


def test_one_axis_is_one_column_and_what_lies_behind_the_first_is_columns(tmp_path):
    assert read_table(write(tmp_path / "a.npy", saved(ROWS[:, 0])), TableChoice()).values.shape == (7, 1)
    cube = np.arange(24.0).reshape(4, 3, 2)
    for order in "CF":
        result = read_table(write(tmp_path / "a.npy", saved(np.asarray(cube, order=order))), TableChoice())
        assert np.array_equal(result.values, cube.reshape(4, 6))


def test_many_rows_are_read_block_by_block(tmp_path, monkeypatch):
    monkeypatch.setattr("wganstudio.pairs.data.arrays.BLOCK", 2)
    monkeypatch.setattr("wganstudio.pairs.data.delimited.BLOCK_ROWS", 2)
    values = ROWS.copy()
    values[4, 1] = np.nan
    path = write(tmp_path / "a.npy", saved(values))
    result = read_table(path, TableChoice("3, 2"), skip_bad=True)
    assert np.array_equal(result.values, np.delete(ROWS, 4, axis=0)[:, [2, 1]])
    assert [row.line for row in result.bad] == [5]
    np.savetxt(tmp_path / "a.csv", values, delimiter=",")
    again = read_table(tmp_path / "a.csv", TableChoice("3, 2"), skip_bad=True)
    assert np.array_equal(result.values, again.values) and [row.line for row in again.bad] == [5]


@pytest.mark.parametrize(
    ("raw", "because"),
    [
        (saved(ROWS)[:-1], "fewer bytes"),
        (saved(ROWS) + b"x", "more bytes"),
        (saved(ROWS)[:70], "not a valid .npy array"),
        (b"\x93NUMPY", "not a valid .npy array"),
        (header("(1000000000000, 3)"), "3,000,000,000,000 numbers"),
        (header("(40000000, 3)"), "fewer bytes"),
        (header("(" + "1000000, " * 40 + ")"), "numbers"),
        (header("(2, 100000)") + bytes(1_600_000), "100,000 columns"),
        (header("(2, 5000)") + bytes(80_000), "5,000 columns"),
        (header("(0, 3)"), "0 rows"),
        (header("(1, 3)") + bytes(24), "1 row of"),
        (header("(7, 0)"), "no numeric columns"),
        (header("()") + bytes(8), "not a table"),
        (header("(-1, -3)") + bytes(24), "not a table"),
        (header("(True, 3)") + bytes(24), "not a table"),
        (header("(2, 1)", "'|O'") + pickle.dumps([1, 2]), "Python objects"),
        (header("(2, 1)", "[('a', '|O')]"), "Python objects"),
        (header("(2, 1)", "'<c16'") + bytes(32), "complex128"),
        (header("(2, 1)", "'<U8'") + bytes(64), "instead of real numbers"),
        (header("(2, 1)", "'|V1000000000'"), "instead of real numbers"),
        (header("(2, 1)", "[('a', '<f8')]") + bytes(16), "instead of real numbers"),
        (header("(2, 1)", "__import__('os').mkdir('harm')"), "not a valid .npy array"),
        (header("(2, 1)", "'<f8'", version=b"\x03\x00"), "not a valid .npy array"),
        (header("(" * 2000 + "7, 3"), "not a valid .npy array"),
        (b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**32 - 1) + b"{}", "not a valid .npy array"),
        (saved(np.array([[1.0, np.inf], [2, 3], [4, 5]])), "row 1: x2 is not finite"),
        (saved(np.array([[1.0, 1e300], [2, 3], [4, 5]])), "row 1: x2 is not finite"),
        (header("(3, 1)") + b"\1\0\0\0\0\0\xf0\x7f" * 3, "row 1: x1 is not finite"),  # a signalling NaN
    ],
)
def test_other_arrays_are_refused(tmp_path, refused, raw, because):
    assert because in refused(read_table, write(tmp_path / "a.npy", raw), TableChoice())


def test_objects_are_refused_from_the_header_and_never_unpickled(tmp_path, refused):
    harm = np.array([[Harm(tmp_path / "harm")]] * 2, dtype=object)
    path = write(tmp_path / "a.npy", saved(harm, allow_pickle=True))
    assert "Python objects" in refused(read_table, path, TableChoice())
    np.savez(tmp_path / "a.npz", x=harm, allow_pickle=True)
    assert "Python objects" in refused(read_table, tmp_path / "a.npz", TableChoice(array="x"))
    plain = write(tmp_path / "plain.npy", pickle.dumps(Harm(tmp_path / "harm")))
    refused(read_table, plain, TableChoice())
    assert not (tmp_path / "harm").exists()


# -- archives


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_array_of_an_archive_is_chosen_by_name(tmp_path, refused, save):
    save(tmp_path / "a.npz", train=ROWS, test=np.asfortranarray(ROWS[:4] * 2))
    result = read_table(tmp_path / "a.npz", TableChoice(array="test"))
    assert np.array_equal(result.values, (ROWS[:4] * 2))
    assert "choose one of train, test" in refused(read_table, tmp_path / "a.npz", TableChoice())
    assert "no array 'tset'; it has train, test" in refused(
        read_table, tmp_path / "a.npz", TableChoice(array="tset")
    )
    save(tmp_path / "one.npz", ROWS)
    assert np.array_equal(read_table(tmp_path / "one.npz", TableChoice()).values, ROWS)


def zipped(path: Path, content: bytes, compression: int, name: str = "a.npy") -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr(name, content)
    return path


def test_what_expands_is_refused_before_it_does(tmp_path, refused):
    rows = 4 << 20
    bomb = header(f"({rows}, 4)") + bytes(rows * 32)
    path = zipped(tmp_path / "bomb.npz", bomb, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 1 << 20
    assert "would expand to 134,217," in refused(read_table, path, TableChoice())
    less = zipped(tmp_path / "less.npz", header("(7, 3)") + bytes(rows * 16), zipfile.ZIP_DEFLATED)
    assert "more bytes than its shape" in refused(read_table, less, TableChoice())
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        path = zipped(tmp_path / "other.npz", bomb[: 8 << 20], compression)
        assert "a compression that NumPy does not write" in refused(read_table, path, TableChoice())


def test_an_archive_that_lies_is_refused(tmp_path, refused):
    path = zipped(tmp_path / "a.npz", saved(ROWS), zipfile.ZIP_DEFLATED)
    raw = path.read_bytes()
    place = raw.index(b"PK\x01\x02")
    fields = {"size": (24, 4), "start": (42, 4), "sum": (16, 4), "kind": (10, 2), "flags": (8, 1)}
    for at, size in fields.values():
        lying = bytearray(raw)
        lying[place + at : place + at + size] = b"\x41" * size
        refused(read_table, write(tmp_path / "lying.npz", bytes(lying)), TableChoice())
    end = raw.index(b"PK\x05\x06")
    large = bytearray(raw)
    large[end + 12 : end + 16] = (1 << 30).to_bytes(4, "little")
    assert "too many arrays" in refused(
        read_table, write(tmp_path / "large.npz", bytes(large)), TableChoice()
    )
    assert "not a valid .npz file" in refused(
        read_table, write(tmp_path / "more.npz", raw + b"x"), TableChoice()
    )
    for cut in (10, 60, -1, -30):
        refused(read_table, write(tmp_path / "cut.npz", raw[:cut]), TableChoice())
    with zipfile.ZipFile(tmp_path / "empty.npz", "w"):
        pass
    assert "is empty" in refused(
        read_table, write(tmp_path / "e.npz", b"PK\x05\x06" + bytes(18)), TableChoice()
    )


# -- text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_is_read_whatever_its_delimiter_and_header(tmp_path, delimiter, named, end):
    lines = [delimiter.join(map(repr, row.tolist())) for row in ROWS]
    lines = [delimiter.join(["width", "height", "depth"]), *lines] if named else lines
    result = read_table(write(tmp_path / "a.csv", "\ufeff" + end.join(lines)), TableChoice())
    assert np.array_equal(result.values, ROWS)
    assert result.names == (("width", "height", "depth") if named else ("x1", "x2", "x3"))


def test_columns_of_words_are_left_out_and_the_others_chosen_by_name_or_number(tmp_path, refused):
    text = 'id,"width, cm",kind,3\na,1,oak,10\nb,2,"elm, old",20\nc,3,oak,30\n'
    path = write(tmp_path / "a.csv", text)
    result = read_table(path, TableChoice())
    assert result.names == ("width, cm", "3") and result.values.tolist() == [[1, 10], [2, 20], [3, 30]]
    widths, threes = [1, 2, 3], [10, 20, 30]
    for asked, values in {'"width, cm"': widths, "2": widths, "3": threes, "4": threes}.items():
        assert read_table(path, TableChoice(asked)).values[:, 0].tolist() == values, asked
    assert read_table(path, TableChoice("4, 2")).values[0].tolist() == [10, 1]
    assert "no column 'heigth'; it has id, width, cm" in refused(read_table, path, TableChoice("heigth"))
    assert "columns 1 to 4; 5 is out of range" in refused(read_table, path, TableChoice("5"))
    assert "columns 1 to 4; 3-9 is out of range" in refused(read_table, path, TableChoice("3-9"))
    assert "appears twice" in refused(read_table, path, TableChoice("2, 2"))
    assert "kind: 'oak' is not a number" in refused(read_table, path, TableChoice("kind"))


def test_ranges_of_numbers_choose_columns(tmp_path):
    path = write(tmp_path / "a.npy", saved(np.arange(20.0).reshape(2, 10)))
    assert read_table(path, TableChoice("2-4, 10")).values[0].tolist() == [1, 2, 3, 9]


def test_a_header_of_numbers_is_one_where_that_is_reported(tmp_path, refused):
    path = write(tmp_path / "a.csv", "0,1\n5,6\n7,8\n")
    assert len(read_table(path, TableChoice()).values) == 3
    result = read_table(path, TableChoice(header=True))
    assert len(result.values) == 2 and result.names == ("0", "1")
    words = write(tmp_path / "b.csv", "a,b\n5,6\n7,8\n")
    assert "line 1: x1: 'a' is not a number" in refused(read_table, words, TableChoice("1, 2", header=False))


def test_decimal_commas_between_semicolons(tmp_path):
    path = write(tmp_path / "a.csv", "länge;höhe\n1,5;2,25\n3;-4,5e-1\n".encode("latin-1"))
    result = read_table(path, TableChoice())
    assert result.names == ("länge", "höhe") and result.values.tolist() == [
        [1.5, 2.25],
        [3, -0.45],
    ]


def test_comments_and_empty_lines_count_as_none(tmp_path):
    np.savetxt(tmp_path / "a.txt", ROWS, header="made by savetxt", footer="the end")
    assert np.array_equal(read_table(tmp_path / "a.txt", TableChoice()).values, ROWS)


def test_bad_rows_are_named_by_line_or_skipped_and_counted(tmp_path, refused):
    lines = ["a,b", "1,2", "3", "", "4,five", "6,7", "8,nan", "9,", "1,2,3", '"1,2', "5,1e999", "3,4"]
    path = write(tmp_path / "a.csv", "\n".join(lines))
    message = refused(read_table, path, TableChoice())
    assert "line 3: 1 field instead of 2; line 5: b: 'five' is not a number; line 7: b: missing" in message
    assert "and 4 more" in message
    result = read_table(path, TableChoice(), skip_bad=True)
    assert result.values.tolist() == [[1, 2], [6, 7], [3, 4]]
    assert [row.line for row in result.bad] == [3, 5, 7, 8, 9, 10, 11]


@pytest.mark.parametrize(
    ("raw", "because"),
    [
        ("", "is empty"),
        ("\n\n# only a comment\n", "is empty"),
        ("1,2\n3,4\n" + "\n#\n" * 40_000 + "5,6\n", "lines 3 to 65,539"),
        ("a,b\n", "no numeric columns"),
        ("a,b\n1,2\n", "1 row of"),
        ("one\ntwo\nthree\n", "no numeric columns"),
        ("1,2\n" + "3," * 70_000 + "\n" + "3," * 70_000, "70,001 columns"),
        (b"1,2\n\x00\x01,3\n", "not a text file"),
        ("1,2\n" + "0" * (3 << 19) + ",1\n", "line 2"),
        (os.urandom(5000), "a.csv"),
    ],
)
def test_other_texts_are_refused(tmp_path, refused, raw, because):
    assert because in refused(read_table, write(tmp_path / "a.csv", raw), TableChoice())


def test_a_line_of_a_gigabyte_is_not_held(tmp_path, refused):
    path = write(tmp_path / "a.csv", "1,2\n")
    with path.open("r+b") as file:
        file.seek(4)
        file.write(b"7" * (1 << 21))
        file.truncate(1 << 30)
    assert "line 2" in refused(read_table, path, TableChoice())


def test_of_many_bad_rows_only_the_first_are_kept(tmp_path):
    result = read_table(
        write(tmp_path / "a.csv", "1,2\n3,x\n5,6\n" * 6000), TableChoice("1, 2"), skip_bad=True
    )
    assert (len(result.values), len(result.bad), result.skipped) == (12_000, table.KEPT, 6000)
    assert result.bad[-1].line == 3 * table.KEPT - 1


def test_names_that_come_twice_become_names_of_their_own(tmp_path):
    result = read_table(write(tmp_path / "a.csv", "a,a (3),a,,a\n1,2,3,4,5\n6,7,8,9,0\n"), TableChoice())
    assert len(set(result.names)) == 5 and result.names[:2] == ("a", "a (3)") and result.names[3] == "x4"


def test_a_file_of_bad_rows_alone_is_given_up_early(tmp_path, refused, monkeypatch):
    path = write(tmp_path / "a.csv", "1,2\n3,4\n" + "5,six\n" * 100_000)
    assert "most rows of" in refused(read_table, path, TableChoice("1,2"), skip_bad=True)


def test_more_numbers_than_the_cap_are_refused(tmp_path, refused, monkeypatch):
    for module in ("table", "delimited", "arrays"):
        monkeypatch.setattr(f"wganstudio.pairs.data.{module}.MAX_NUMBERS", 6)
    np.savetxt(tmp_path / "a.csv", ROWS, delimiter=",")
    assert "more than 6 numbers" in refused(read_table, tmp_path / "a.csv", TableChoice())
    assert "more than can be read" in refused(
        read_table, write(tmp_path / "a.npy", saved(ROWS)), TableChoice()
    )


# -- any


def test_what_is_no_regular_file_is_refused(tmp_path, odd, refused):
    for path in odd.values():
        refused(read_table, path, TableChoice())
    assert "is a folder" in refused(read_table, tmp_path, TableChoice())
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1 << 34)
    assert "larger than 1 GiB" in refused(read_table, tmp_path / "large", TableChoice())


def archived(values) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, a=values)
    return file.getvalue()


GOOD = [saved(ROWS), archived(ROWS), b"a,b\n1,2\n3,4\n5,6\n", b'x;y\n"1,5";2\n3;4\n\n#\n5;6']


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_a_file_holds_it_is_read_or_refused(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "file"
    raw = bytearray(data.draw(st.sampled_from(GOOD) | st.binary(max_size=300)))
    for place, value in data.draw(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 255)), max_size=5)):
        if place < len(raw):
            raw[place] = value
    write(path, bytes(raw[: data.draw(st.integers(0, len(raw)) | st.just(len(raw)))]))
    choice = TableChoice(
        data.draw(st.none() | st.text(max_size=6)), header=data.draw(st.none() | st.booleans())
    )
    try:
        result = read_table(path, choice, skip_bad=data.draw(st.booleans()))
    except BadExperiment as error:
        assert "\n" not in str(error)
        return
    assert np.isfinite(result.values).all()
    assert result.values.shape[0] >= 2 and result.values.shape[1] == len(result.names)


def test_blocks_stay_within_bounds():
    assert table_source.BLOCK_VALUES * 8 <= 8 << 20
    assert table.MAX_NUMBERS * 8 <= 1 << 30
