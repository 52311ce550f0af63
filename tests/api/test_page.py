"""The help page of the Python interface is made from its docstrings."""

import importlib.util
from pathlib import Path

COMMAND = Path(__file__).parents[1] / "api_page.py"


def test_the_page_is_up_to_date():
    spec = importlib.util.spec_from_file_location("api_page", COMMAND)
    command = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(command)
    assert command.PAGE.read_text(encoding="utf-8") == command.page(), "run python tests/api_page.py"
