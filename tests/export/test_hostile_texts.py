"""Texts of a stranger's session in exported files: valid SVG, no formulas in CSV, no waiting."""

import csv
import io
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from figure_records.gaussians import events
from wganstudio.experiment import override, preset, read
from wganstudio.export import export, write_heatmap
from wganstudio.figures.heatmap import HeatMap
from wganstudio.figures.tables import to_csv
from wganstudio.session import Document, RunRecord
from wganstudio.training.events import Snapshot, TruthFound

TEXTS = {
    "control characters": "a\x01b\x1b]0;owned\x07\n\x0b\x85c\ufffed",
    "markup": "<script>alert(1)</script>&amp;<![CDATA[]]>]]>--><?x?>",
    "mathematics": "costs $5 and \\frac $\\frac{1}{0}$ $$ _^{",
    "a formula": '=HYPERLINK("http://evil")',
    "directions": "a\u202eb\u2066c",
    "a long name": "x" * 1_000_000,
    "long words": "word " * 200_000,
}


def tainted_record(text: str, dim: int, path: Path) -> RunRecord:
    """The record of a run in a session whose name, labels and truths contain a text."""
    document = Document.create(path)
    run = document.add_run(read(preset("first-look").settings), text)
    for event in events(dim, until=50):
        match event:
            case TruthFound():
                truth = event.truth.model_copy(update={"method": text, "law": text})
                event = event.model_copy(update={"truth": truth})
            case Snapshot(topic="plane"):
                texts = {"labels": (text,) * len(event.attributes.labels), "sigma_method": text}
                event = event.model_copy(update={"attributes": event.attributes.model_copy(update=texts)})
        document.append(run, event)
    document.close()
    return Document.open(path).records()[0]


@pytest.mark.parametrize("dim", [1, 2])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_figures_are_valid_files_drawn_in_seconds(text: str, dim: int, tmp_path: Path) -> None:
    start = time.process_time()
    names = ["costs", "landscape"]
    files = export(
        tainted_record(text, dim, tmp_path / "a.wgs"), tmp_path, ("svg", "csv", "pdf"), figures=names
    )
    assert time.process_time() - start < 20
    for file in files:
        content = file.read_bytes()
        assert len(file.name) < 120 and file.parent == tmp_path
        if file.suffix == ".svg":
            root = ElementTree.fromstring(content)
            assert not list(root.iter("script")) and b"<script" not in content
        if file.suffix == ".csv":
            for cell in (cell for row in csv.reader(io.StringIO(content.decode())) for cell in row):
                assert not cell.startswith(("=", "@")) and "\x1b" not in cell


@pytest.mark.parametrize("text", list(TEXTS.values())[:5], ids=list(TEXTS)[:5])
def test_heat_maps_draw_labels_as_text(text: str, tmp_path: Path) -> None:
    texts = [[text, *"1234567"]] * 8
    figure = HeatMap(text, text, text, (text, *"bcdefgh"), (text, *"bcdefgh"), np.eye(8), texts, 0, 1)
    write_heatmap(figure, tmp_path / "map.svg")
    ElementTree.fromstring((tmp_path / "map.svg").read_bytes())


def test_cells_of_tables_are_text_and_numbers_stay_exact() -> None:
    table = {"=name": np.array(["=1+1", "-x", "-1.5"]), "+value": np.array([-0.1, np.nan, 1e-300])}
    rows = list(csv.reader(io.StringIO(to_csv(table).decode())))
    assert rows == [["'=name", "'+value"], ["'=1+1", "-0.1"], ["'-x", ""], ["-1.5", "1e-300"]]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a\x1b[2J\nb\tc", "a\ufffd[2J b c"),
        ("  padded  ", "padded"),
        ("x" * 300, "x" * 199 + "\u2026"),
        ("\n \t", "gaussians, lp"),
        ("", "gaussians, lp"),
    ],
)
def test_the_name_of_a_run_is_one_short_line(given: str, name: str) -> None:
    experiment = read(override({}, [("pair.kind", "gaussians"), ("solver.kind", "lp")]))
    record = RunRecord(1, experiment, given)
    assert record.name == name
    record.rename("another")
    record.rename(given)
    assert record.name == name
