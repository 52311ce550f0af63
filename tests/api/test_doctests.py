"""The examples in the docstrings of the interface and in README run, and show what they say."""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wganstudio import api

README = Path(__file__).parents[2] / "README.md"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def examples() -> Iterator[doctest.DocTest]:
    finder = doctest.DocTestFinder(recurse=False)
    for name in api.__all__:
        yield from (test for test in finder.find(getattr(api, name), name) if test.examples)


@pytest.mark.parametrize("example", list(examples()), ids=lambda test: test.name)
def test_an_example_runs(example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report: list[str] = []
    failed, tried = doctest.DocTestRunner(optionflags=FLAGS).run(example, out=report.append)
    assert tried and not failed, "".join(report)


def test_the_example_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    match = re.search(r"## From Python\n\n```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert match is not None
    names: dict[str, object] = {}
    exec(match[1].replace("steps=400", "steps=100"), names)
    assert (tmp_path / "landscape.pdf").exists() and len(names["gap"]) > 1
    assert len(capsys.readouterr().out.split()) == 3
