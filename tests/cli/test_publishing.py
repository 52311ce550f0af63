"""`wganstudio report`, `cite` and `table`, and how they refuse."""

import csv
import io
from pathlib import Path

import pytest

from figure_records.gaussians import events
from wganstudio.cli import main
from wganstudio.experiment import override, preset, read
from wganstudio.session import Document


@pytest.fixture
def session(tmp_path: Path) -> Path:
    document = Document.create(tmp_path / "a.wgs")
    for penalty in (1, 10):
        run = document.add_run(read(override(preset("first-look").settings, [("solver.penalty", penalty)])))
        for event in events(1, until=50):
            document.append(run, event)
    document.close()
    return tmp_path / "a.wgs"


def test_a_report_is_written_beside_the_session(session: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(session)]) == 0
    path = session.with_suffix(".html")
    assert capfd.readouterr().out.strip() == str(path)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_runs_are_compared_by_number(session: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "c.html"
    assert main(["report", str(session), "--run", "1", "2", "--out", str(out)]) == 0
    assert "Comparison of 2 runs" in out.read_text(encoding="utf-8")


def test_citations_are_text_latex_or_bibtex(session: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", str(session)]) == 0
    assert "Petzka et al., 2018" in capfd.readouterr().out
    assert main(["cite", str(session), "--latex"]) == 0
    assert "~\\cite{petzka2018regularization" in capfd.readouterr().out
    assert main(["cite", str(session), "--bibtex"]) == 0
    assert capfd.readouterr().out.startswith("@inproceedings{")


def test_a_table_has_the_columns_asked_for(session: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(session), "--format", "csv", "--columns", "run,last:gap,truth:w1"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert [row["Run"] for row in rows] == ["1", "2"] and float(rows[0]["true W\u2081"]) > 0
    assert main(["table", str(session), "--format", "latex"]) == 0
    assert "\\toprule" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["report", "--run", "9"], "has no run 9; choose from 1, 2."),
        (["table", "--columns", "atlas"], "There is no column 'atlas'"),
        (["table", "--columns", " , "], "--columns names no column"),
    ],
)
def test_what_is_not_there_is_named(
    session: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    command, *rest = arguments
    assert main([command, str(session), *rest]) == 2
    assert sentence in capfd.readouterr().err
