"""`wganstudio data`: how a file is read, in the terminal."""

import json
from pathlib import Path

import numpy as np
import pytest

from wganstudio import resources
from wganstudio.cli import main

CASES = Path(__file__).parents[1] / "data" / "cases"


def call(capfd: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["data", *map(str, arguments)])
    out, err = capfd.readouterr()
    return code, out, err


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "messy.csv"
    rows = "".join(f"{k};{'NA' if k == 7 else f'{k},5'};1.{k:03};oak\r\n" for k in range(1, 30))
    path.write_bytes(f"Messung Köln\r\n\r\nid;länge;masse;art\r\n;m;kg;\r\n{rows}".encode("cp1252"))
    return path


def test_all_that_was_guessed_is_printed(capfd, messy):
    code, out, _ = call(capfd, messy)
    lines = [line.split() for line in out.splitlines()]
    assert code == 0 and "separated by semicolons, with a header; 29 rows" in out
    for words in (
        ["encoding", "cp1252"],
        ["delimiter", "semicolon"],
        ["decimal", "mark", "comma"],
        ["thousands", "point"],
        ["skipped", "lines", "2"],
        ["header", "yes"],
        ["units", "row", "yes"],
        ["länge", "m", "1.5", "29.5"],
        ["masse", "kg", "1001", "1029"],
        ["id", "looks", "like", "an", "id"],
        ["art", "not", "numeric"],
        ["1.5", "1001"],
    ):
        assert words in lines, words
    assert "1 of 29 rows cannot be used" in out and "line 11: länge: missing value 'NA'" in out
    assert "ambiguous: The text is not Unicode" in out and "(pair.encoding)" in out


def test_the_same_as_json(capfd, messy):
    code, out, _ = call(capfd, messy, "--json")
    result = json.loads(out)
    assert code == 0 and result["rows"] == 29 and result["bad_rows"] == 1
    assert result["format"]["delimiter"] == "semicolon" and result["format"]["skip_rows"] == 2
    assert [entry["field"] for entry in result["format"]["ambiguities"]] == ["encoding"]
    assert result["columns"][0] == {"name": "länge", "unit": "m", "low": 1.5, "high": 29.5}
    assert {column["name"]: column["numeric"] for column in result["left_out"]} == {"id": True, "art": False}
    assert result["first"][0] == [1.5, 1001] and result["bad"][0]["line"] == 11


def test_a_guess_can_be_changed(capfd, messy):
    changes = ["--set", "pair.decimal=.", "--set", "pair.columns=masse", "--set", "pair.units_row=no"]
    code, out, _ = call(capfd, messy, *changes, "--json")
    result = json.loads(out)
    assert code == 0 and result["columns"][0]["low"] == 1.001
    assert "'kg' is not a number" in result["bad"][0]["reason"]
    code, out, _ = call(capfd, messy, "--set", "pair.encoding=mac-roman", "--json")
    assert json.loads(out)["columns"][0]["name"] != "länge"


def test_the_whole_file_is_read(capfd, tmp_path):
    values = np.arange(20_000.0)
    np.savetxt(tmp_path / "a.csv", np.column_stack((values, -values)), delimiter=",")
    result = json.loads(call(capfd, tmp_path / "a.csv", "--json")[1])
    assert result["rows"] == 20_000 and result["columns"][1]["low"] == -19_999
    np.save(tmp_path / "a.npy", values)
    assert "20,000 rows" in call(capfd, tmp_path / "a.npy")[1]
    assert "1,797 images" in call(capfd, resources.path("data", "digits.idx.gz"))[1]


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"\0\1\2", b"PK\3\4", b"one\ntwo\nthree\n", b"\x93NUMPY"])
def test_a_bad_file_is_refused_in_one_sentence(capfd, tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    code, out, err = call(capfd, tmp_path / "a.csv")
    assert code == 2 and out == "" and err.count("\n") == 1 and "a.csv" in err
    assert call(capfd, tmp_path / "none.csv")[0] == 2


@pytest.mark.parametrize(
    "change", ["pair.delimiter=x", "solver.kind=lp", "pair.nothing=1", "pair.skip_rows=-1"]
)
def test_a_bad_setting_is_refused_in_one_sentence(capfd, change):
    code, out, err = call(capfd, CASES / "xy_right.csv", "--set", change)
    assert code == 2 and out == "" and err.count("\n") == 1


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_every_case_is_shown(capfd, case):
    code, out, _ = call(capfd, CASES / case)
    assert code == 0 and "cannot be used" not in out
