"""`import wganstudio` is light, and its names are functions and classes whatever was imported before."""

import ast
import subprocess
import sys
from pathlib import Path

import wganstudio
from wganstudio import api

STUB = Path(wganstudio.__file__).with_suffix(".pyi")


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_import_loads_neither_torch_nor_qt_nor_numpy():
    code = (
        "import sys, wganstudio as ws; heavy = 'torch', 'PySide6', 'numpy', 'wganstudio.api'; "
        "print([name for name in heavy if name in sys.modules]); ws.open_session; "
        "print([name for name in ('torch', 'PySide6', 'matplotlib', 'ot') if name in sys.modules])"
    )
    assert python(code).split("\n") == ["[]", "[]"]


def test_names_are_functions_whatever_submodules_were_imported():
    modules = "truths.best", "suites", "cli.truth", "cli.suite", "training.run", "comparison.columns"
    modules += "api.suites", "api.samples", "api.comparing", "api.truths", "suites.running"
    names = "truth", "truth_of", "run", "open_session", "suite", "compare"
    imports = ", ".join(f"wganstudio.{module}" for module in modules)
    code = (
        f"import {imports}; import wganstudio as ws; from types import FunctionType; "
        f"print(all(type(getattr(ws, name)) is FunctionType for name in {names}))"
    )
    assert python(code) == "True"


def test_package_stub_and_interface_have_the_same_names():
    imports = [node for node in ast.parse(STUB.read_text()).body if isinstance(node, ast.ImportFrom)]
    declared = [alias.asname for node in imports for alias in node.names]
    assert declared == wganstudio.__all__ == api.__all__
    assert set(api.__all__) <= set(dir(wganstudio))
    assert all(getattr(wganstudio, name) is getattr(api, name) for name in api.__all__)


def test_a_wrong_name_is_an_attribute_error():
    assert not hasattr(wganstudio, "train")
