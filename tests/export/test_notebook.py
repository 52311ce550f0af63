"""The shipped notebook: its script runs, its claims hold, and its .ipynb is a notebook of nbformat 4.5."""

import json
import re

import pytest

from wganstudio.cli import main
from wganstudio.export import ExportError
from wganstudio.export.notebook import notebook_json, script_cells, shipped_script, write_notebook

SCRIPT = shipped_script().read_text(encoding="utf-8")


def test_the_script_runs_from_top_to_bottom(monkeypatch, tmp_path):
    """Its own assertions compare each number that it states with the truths."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    from matplotlib import pyplot

    monkeypatch.setattr(pyplot, "show", lambda: None)
    exec(compile(SCRIPT, "congested.py", "exec"), names)
    assert len(pyplot.get_fignums()) == 2
    pyplot.close("all")
    results = names["results"]
    values = [result.estimates["value"] for result in results.values()]
    gaps = [result.estimates["gap"] for result in results.values()]
    assert values == sorted(values, reverse=True) and gaps == sorted(gaps, reverse=True)
    assert all(gap > value > 1.5 for gap, value in zip(gaps, values, strict=True))
    assert list(tmp_path.iterdir()) == []


def test_it_has_ten_cells_and_says_what_it_asserts():
    cells = script_cells(SCRIPT)
    assert len(cells) == 10 and not cells[0].is_code and cells[0].text.startswith("# The critic of WGAN-GP")
    assert sum(cell.is_code for cell in cells) >= 5 and SCRIPT.count("    assert ") >= 5


def test_the_file_is_a_notebook_of_format_4_5(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["notebook"]) == 0
    assert capsys.readouterr().out.strip() == "congested.ipynb"
    content = (tmp_path / "congested.ipynb").read_bytes()
    write_notebook(tmp_path / "again.ipynb")
    assert (tmp_path / "again.ipynb").read_bytes() == content
    notebook = json.loads(content)
    assert notebook.keys() == {"metadata", "nbformat", "nbformat_minor", "cells"}
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"].keys() >= {"name", "display_name"}
    assert notebook["metadata"]["language_info"]["name"] == "python"
    common, of_code = {"id", "cell_type", "metadata", "source"}, {"outputs", "execution_count"}
    for cell in notebook["cells"]:
        is_code = cell["cell_type"] == "code"
        assert is_code or cell["cell_type"] == "markdown"
        assert cell.keys() == (common | of_code if is_code else common)
        assert re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", cell["id"]) and cell["metadata"] == {}
        assert not is_code or (cell["outputs"], cell["execution_count"]) == ([], None)
        assert all(line.endswith("\n") for line in cell["source"][:-1])
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code == [cell.text for cell in script_cells(SCRIPT) if cell.is_code]
    for part in code:
        assert part in SCRIPT
    texts = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    assert "# " + texts[0].replace("\n", "\n# ").replace("# \n", "#\n") in SCRIPT


def test_nothing_is_overwritten(tmp_path, monkeypatch, capsys):
    mine = tmp_path / "mine.ipynb"
    mine.write_text("mine")
    assert main(["notebook", "--out", str(mine)]) == 2
    assert "exists and may have been changed" in capsys.readouterr().err and mine.read_text() == "mine"
    with pytest.raises(ExportError, match=r"ends in \.ipynb"):
        write_notebook(tmp_path / "a.py")
    with pytest.raises(ExportError, match="cannot be written"):
        write_notebook(tmp_path / "missing" / "a.ipynb")


@pytest.mark.parametrize("script", ["x = 1\n# %%\ny = 2\n", "no cell"])
def test_a_script_begins_with_a_cell(script):
    with pytest.raises(ValueError, match="does not begin with a cell"):
        script_cells(script)


def test_markdown_loses_its_signs_and_code_keeps_its_lines():
    cells = script_cells("# %% [markdown]\n# # Title\n#\n# text\n\n# %%\nx = 1\n\n\ny = 2  # why\n")
    assert [cell.text for cell in cells] == ["# Title\n\ntext", "x = 1\n\n\ny = 2  # why"]
    assert json.loads(notebook_json(cells))["cells"][1]["source"][0] == "x = 1\n"
