"""The audit of the pinned versions, with a stand-in for the database."""

import email.message
import http.client
import io
import json
import re
import tomllib
import urllib.error
from pathlib import Path

import pytest

from wganstudio_setup import audit, commands, console, machine

ROOT = Path(__file__).parents[2]

# What the database answered about jinja2 2.4.1 and a package without advisories, in its documented format.
RECORDED = """{"results": [
 {"vulns": [{"id": "GHSA-462w-v97r-4m45", "modified": "2023-03-10T05:23:41.874079Z"},
            {"id": "PYSEC-2019-217", "modified": "2021-11-22T04:57:52.862665Z"}]},
 {}]}"""


@pytest.fixture
def answers(monkeypatch):
    """Let the database give these answers, one after another; return the questions that it gets."""

    def give(*answers: str) -> list[list[dict]]:
        asked, left = [], list(answers)

        def urlopen(request, timeout):
            assert request.full_url == audit.SERVICE and timeout <= 60
            asked.append(json.loads(request.data)["queries"])
            return io.BytesIO(left.pop(0).encode())

        monkeypatch.setattr(machine, "check_platform", lambda: None)
        monkeypatch.setattr(audit.urllib.request, "urlopen", urlopen)
        return asked

    return give


@pytest.fixture
def constraints(tmp_path):
    """A file with three lines, two of which pin a version."""
    path = tmp_path / "constraints.txt"
    path.write_text('# comment\nJinja2==2.4.1; python_version < "3.12"\nnumpy==2.0\n', encoding="utf-8")
    return path


def test_every_pin_is_looked_up_by_its_normalized_name(answers, capsys):
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split(";")[0].split("#")[0].strip() for line in lines if line[:1].isalnum()]
    asked = answers(json.dumps({"results": [{}] * len(pins)}))
    assert commands.main(["audit"]) == 0
    names = [f"{query['package']['name']}=={query['version']}" for query in asked[0]]
    assert names == [pin.lower().replace("_", "-") for pin in pins] and "pyside6-essentials==6.10.3" in names
    assert {query["package"]["ecosystem"] for query in asked[0]} == {"PyPI"}
    assert f"0 of {len(pins)} pinned versions" in capsys.readouterr().out


def test_advisories_are_named_and_fail_the_command(answers, constraints, capsys):
    answers(RECORDED)
    assert audit.audit(constraints) == 1
    assert capsys.readouterr().out.splitlines() == [
        "Jinja2 2.4.1: https://osv.dev/GHSA-462w-v97r-4m45, https://osv.dev/PYSEC-2019-217",
        "1 of 2 pinned versions have known vulnerabilities.",
    ]


def test_an_answer_in_pages_is_read_to_its_end(answers, constraints, capsys):
    asked = answers(
        '{"results": [{"vulns": [{"id": "GHSA-1"}]}, {"next_page_token": "more"}]}',
        '{"results": [{"vulns": [{"id": "GHSA-2"}]}]}',
    )
    assert audit.audit(constraints) == 1
    numpy = {"package": {"name": "numpy", "ecosystem": "PyPI"}, "version": "2.0", "page_token": "more"}
    assert asked[1] == [numpy]
    assert "numpy 2.0: https://osv.dev/GHSA-2" in capsys.readouterr().out


def test_pages_without_end_are_no_answer(answers, constraints):
    first = '{"results": [{}, {"next_page_token": "more"}]}'
    answers(first, *['{"results": [{"next_page_token": "more"}]}'] * audit.PAGES)
    with pytest.raises(console.Problem, match="no complete answer"):
        audit.audit(constraints)


@pytest.mark.parametrize(
    ("failure", "sentence", "remedy"),
    [
        (urllib.error.URLError(OSError(-2, "no route")), "gave no answer: [Errno -2] no route.", "internet"),
        (TimeoutError("timed out"), "gave no answer: timed out.", "internet"),
        (http.client.BadStatusLine("?"), "gave no answer: ?.", "internet"),
        (
            urllib.error.HTTPError(audit.SERVICE, 503, "Unavailable", email.message.Message(), io.BytesIO()),
            "refused the question: 503 Unavailable.",
            "later",
        ),
    ],
)
def test_without_an_answer_it_says_so(monkeypatch, capsys, failure, sentence, remedy):
    def urlopen(*_, **__):
        raise failure

    monkeypatch.setattr(machine, "check_platform", lambda: None)
    monkeypatch.setattr(audit.urllib.request, "urlopen", urlopen)
    assert commands.main(["audit"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith(sentence) and remedy in second


@pytest.mark.parametrize(
    "answer", ["<html>", "{}", '{"results": 7}', '{"results": [{}]}', '{"results": [7]}']
)
def test_an_answer_of_something_else_is_no_audit(answers, capsys, answer):
    answers(answer)
    assert commands.main(["audit"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "not understood" in first and "proxy" in second


@pytest.mark.parametrize(("name", "least"), [("torch", (2, 6)), ("pillow", (10, 3)), ("pyarrow", (14, 0, 1))])
def test_the_lowest_versions_exclude_those_that_run_code_of_a_file(name, least):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["data"]]
    (lowest,) = (match for text in requirements if (match := re.match(rf"{name}>=([\d.]+)", text)))
    assert tuple(map(int, lowest[1].split("."))) >= least
