"""A class name means one thing, wherever it is read."""

import ast
from collections import Counter
from pathlib import Path

import wganstudio


def test_no_class_name_has_two_homes():
    files = Path(wganstudio.__file__).parent.rglob("*.py")
    statements = [line for file in files for line in ast.parse(file.read_text("utf-8")).body]
    homes = Counter(line.name for line in statements if isinstance(line, ast.ClassDef))
    assert homes["MainWindow"] == 1 and [name for name, count in homes.items() if count > 1] == []
