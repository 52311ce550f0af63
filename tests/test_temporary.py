"""Temporary files: those of a killed process are removed at the next start, and nothing else is."""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from wganstudio import temporary

BUSY = """
import sys
from pathlib import Path
from wganstudio import temporary
from wganstudio.experiment import preset, read
from wganstudio.temporary import write
from wganstudio.session import Document

document = Document.create(Path(sys.argv[1]).with_suffix(".working.wgs"))
document.add_run(read(preset("first-look").settings))
while True:
    temporary.file(".log").write_bytes(b"x")
    print("busy", flush=True)
    for number in range(20):
        write(Path(sys.argv[1]).with_suffix(".csv"), bytes(5_000_000))
        document.save_as(Path(sys.argv[1]))
"""
HOLDING = """
import sys, time
from pathlib import Path
from wganstudio import temporary
with temporary.unfinished(Path(sys.argv[1])):
    Path(sys.argv[1]).write_bytes(b"half")
    print(temporary.folder(), flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of temporary files for this test and the processes that it starts."""
    folder = tmp_path / "system"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


def start(script: str, *arguments: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", script, *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.first_line = process.stdout.readline().strip()  # type: ignore[attr-defined]
    return process


def end(process: "subprocess.Popen[str]", *, kill: bool) -> None:
    if kill:
        process.kill()
    process.communicate("\n")


@pytest.mark.process
def test_nothing_remains_of_twenty_killed_processes(system: Path, tmp_path: Path) -> None:
    user, moments = tmp_path / "user", random.Random(17)
    user.mkdir()
    theirs = user / "mine.part"
    theirs.write_text("of the user")
    parts = 0
    for number in range(20):
        process = start(BUSY, user / f"{number}.wgs")
        time.sleep(0.2 * moments.random())
        end(process, kill=True)
        parts += len(list(user.glob("*.part"))) + len(list(user.glob(".*.part"))) - 1
    assert len(list(system.glob("wganstudio-*"))) == 20 and parts > 0, "they were killed as they wrote"
    temporary.sweep()
    assert list(system.iterdir()) == []
    assert [path for path in user.iterdir() if path.suffix == ".part"] == [theirs]
    assert theirs.read_text() == "of the user"


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="TMPDIR is of POSIX")
def test_what_a_living_process_uses_stays_until_it_ends(system: Path, tmp_path: Path) -> None:
    part, old = tmp_path / "a.part", time.time() - 1e6
    process = start(HOLDING, part)
    folder = Path(process.first_line)  # type: ignore[attr-defined]
    os.utime(folder, (old, old))  # long after it was made
    temporary.sweep()
    assert folder.is_dir() and part.exists()
    end(process, kill=False)
    assert list(system.iterdir()) == []


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="TMPDIR is of POSIX")
def test_a_part_that_a_living_process_writes_anew_stays(system: Path, tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    end(start(HOLDING, part), kill=True)
    living = start(HOLDING, part)
    temporary.sweep()
    assert part.exists() and len(list(system.iterdir())) == 1
    end(living, kill=True)
    temporary.sweep()
    assert not part.exists() and list(system.iterdir()) == []


def test_only_our_own_files_are_touched(system: Path, tmp_path: Path) -> None:
    document = tmp_path / "thesis.txt"
    document.write_text("text")
    folder = system / "wganstudio-999999999-abc"
    folder.mkdir()
    (folder / "1.unfinished").write_bytes(os.fsencode(document))
    (folder / "2.unfinished").write_bytes(b"relative.part")
    (folder / "3.unfinished").write_bytes(b"/nul\0.part")
    others = [system / "wganstudio-notes", system / "wganstudio-1-abc.txt", system / "other.log"]
    for other in others:
        other.write_text("")
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "kept").write_text("")
    others.append(system / "wganstudio-999999998-abc")
    if sys.platform != "win32":
        others[-1].symlink_to(linked)
    others.append(system / f"wganstudio-{10**30}-abc")
    others[-1].mkdir()
    temporary.sweep()
    assert document.read_text() == "text" and not folder.exists() and (linked / "kept").exists()
    assert sorted(system.iterdir()) == sorted(other for other in others if os.path.lexists(other))


def test_single_files_of_earlier_versions_stay_for_a_week(system: Path) -> None:
    old, new = system / "wganstudio-old.log", system / "wganstudio-new.log"
    for file, days in ((old, 8), (new, 6)):
        file.write_text("details")
        os.utime(file, (time.time() - days * 86400,) * 2)
    temporary.sweep()
    assert list(system.iterdir()) == [new]


def test_an_unfinished_file_is_announced_only_while_it_is_written(tmp_path: Path) -> None:
    before = set(temporary.folder().iterdir())
    with temporary.unfinished(tmp_path / "a.part"):
        (note,) = set(temporary.folder().iterdir()) - before
        assert note.read_bytes() == os.fsencode(tmp_path / "a.part")
    assert set(temporary.folder().iterdir()) == before
