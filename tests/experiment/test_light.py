"""The window's process must open without torch or POT."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("room", ["experiment", "session", "export", "training.process", "cli", "truth"])
def test_importing_a_room_of_the_window_brings_neither_torch_nor_pot(room: str) -> None:
    heavy = "{'torch', 'ot', 'matplotlib', 'scipy.stats'}"
    code = f"import sys, wganstudio.{room}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
