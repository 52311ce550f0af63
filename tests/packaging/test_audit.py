"""The audit of the pinned versions, with a stand-in for the database."""

import io
import json
import re
import tomllib
import urllib.error
from pathlib import Path

import pytest

from wganstudio_setup import audit, commands, machine

ROOT = Path(__file__).parents[2]


@pytest.fixture
def asked(monkeypatch):
    """The queries sent to the database, which knows one vulnerable version of pillow."""
    queries = []

    def answer(request, timeout):
        assert request.full_url == audit.SERVICE and timeout <= 60
        sent = json.loads(request.data)["queries"]
        queries.extend(sent)
        results = [{"vulns": [{"id": "GHSA-1"}]} if query["version"] == "9.0" else {} for query in sent]
        return io.BytesIO(json.dumps({"results": results}).encode())

    monkeypatch.setattr(machine, "check_platform", lambda: None)
    monkeypatch.setattr(audit.urllib.request, "urlopen", answer)
    return queries


def test_every_pin_is_looked_up(asked, capsys):
    assert commands.main(["audit"]) == 0
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split(";")[0].split("#")[0].strip() for line in lines if line[:1].isalnum()]
    assert [f"{query['package']['name']}=={query['version']}" for query in asked] == pins
    assert f"0 of {len(pins)} pinned versions" in capsys.readouterr().out


def test_advisories_are_named_and_fail_the_command(asked, capsys, tmp_path):
    path = tmp_path / "constraints.txt"
    path.write_text('# comment\nnumpy==2.0\npillow==9.0; python_version < "3.12"\n', encoding="utf-8")
    assert audit.audit(path) == 1
    out = capsys.readouterr().out
    assert "pillow 9.0: https://osv.dev/GHSA-1" in out and "1 of 2" in out and "numpy 2.0" not in out


@pytest.mark.parametrize(
    "answer",
    [urllib.error.URLError("no route"), TimeoutError("timed out"), b"<html>", b"{}", b'{"results": 7}'],
)
def test_without_an_answer_it_says_so(monkeypatch, capsys, answer):
    def urlopen(*_, **__):
        if isinstance(answer, Exception):
            raise answer
        return io.BytesIO(answer)

    monkeypatch.setattr(machine, "check_platform", lambda: None)
    monkeypatch.setattr(audit.urllib.request, "urlopen", urlopen)
    assert commands.main(["audit"]) == 1
    err = capsys.readouterr().err
    assert "gave no answer" in err and "internet" in err and "Traceback" not in err


@pytest.mark.parametrize(("name", "least"), [("torch", (2, 6)), ("pillow", (10, 3)), ("pyarrow", (14, 0, 1))])
def test_the_lowest_versions_exclude_those_that_run_code_of_a_file(name, least):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["data"]]
    (lowest,) = (match for text in requirements if (match := re.match(rf"{name}>=([\d.]+)", text)))
    assert tuple(map(int, lowest[1].split("."))) >= least
