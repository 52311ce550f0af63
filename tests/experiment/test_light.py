"""The window's process must open without torch or POT."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

HEAVY = "{'torch', 'ot', 'matplotlib', 'scipy.stats'}"


PACKAGES = ("experiment", "session", "export", "training.process", "cli", "truths")
IMPORTER = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(f"wganstudio.{{name}}")
    print(name, sorted({heavy} & set(sys.modules)))
"""


def test_importing_the_packages_of_the_window_brings_neither_torch_nor_pot() -> None:
    command = [sys.executable, "-c", IMPORTER.format(heavy=HEAVY), *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{name} []" for name in PACKAGES]


COMMANDS = """
import sys
from wganstudio.cli import main
try:
    main([{command!r}])
except SystemExit:
    pass
print(sorted({heavy} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("--version", {"numpy", "pydantic"}),
        ("--help", {"numpy", "pydantic"}),
        ("presets", {"numpy", "matplotlib"}),
    ],
)
def test_a_command_loads_what_it_needs(command: str, heavy: set[str]) -> None:
    code = COMMANDS.format(command=command, heavy=heavy)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout and done.stderr.splitlines()[-1] == "[]"


def test_neither_does_a_whole_run_that_is_heard_and_recorded(tmp_path: Path) -> None:
    script = tmp_path / "listener.py"
    script.write_text(LISTENER.format(heavy=HEAVY, session=str(tmp_path / "a.wgs")), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "ended []"


LISTENER = """
import pathlib, sys
from wganstudio.experiment import override, preset, read
from wganstudio.session import Document
from wganstudio.training.process import RunProcess

if __name__ == "__main__":
    changes = [("training.steps", 3), ("evaluation.final_samples", 1024), ("pair.dim", 1)]
    experiment = read(override(preset("first-look").settings, changes))
    document = Document.create(pathlib.Path({session!r}))
    run = document.add_run(experiment)
    process = RunProcess()
    process.start(experiment)
    while process.running or process.finding:
        for event in process.poll(0.5):
            document.append(run, event)
    process.close()
    document.close()
    print(document.records()[0].state, sorted({heavy} & set(sys.modules)))
"""
