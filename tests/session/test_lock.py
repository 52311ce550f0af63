"""Only one living process writes a session, and others can read who."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wganstudio.experiment import preset, read
from wganstudio.session import Document, SessionError, SessionLock, SessionLocked, owner_of

EXPERIMENT = read(preset("first-look").settings)
HOLD = """
import sys, time
from pathlib import Path
from wganstudio.session import Document
document = Document.open_or_create(Path(sys.argv[1]), "run")
print("held", flush=True)
time.sleep(60)
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


@pytest.mark.process
def test_the_lock_names_its_owner_and_ends_with_the_process(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    assert owner_of(path) is None
    process = holder(path)
    try:
        owner = owner_of(path)
        assert owner is not None and (owner.pid, owner.program) == (process.pid, "run")
        for _ in range(2):  # the first attempt leaves the name of the owner
            with pytest.raises(SessionLocked, match=rf"`wganstudio run` of .* \(process {process.pid} on "):
                Document.open(path, read_only=False)
        assert owner_of(path) == owner
    finally:
        process.kill()
        process.communicate()
    assert owner_of(path) is None and Path(f"{path}.lock").exists()
    Document.open(path, read_only=False).close()
    assert os.listdir(tmp_path) == ["a.wgs"]


def test_a_lock_holds_within_a_process_too(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    with SessionLock(path, "window"):
        assert "the window of" in str(owner_of(path))
        with pytest.raises(SessionLocked), SessionLock(path, "run"):
            pass
    with SessionLock(path, "run"):
        pass
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("left", [b"", b"1234\nwganstudio\nlab-3\n", b"SQLite format 3\0" + b"x" * 200])
def test_a_lock_file_that_nobody_holds_is_no_obstacle(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "a.wgs"
    Path(f"{path}.lock").write_bytes(left)
    assert owner_of(path) is None
    Document.create(path).close()
    assert os.listdir(tmp_path) == ["a.wgs"]


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
def test_a_lock_follows_no_link(tmp_path: Path) -> None:
    precious, path = tmp_path / "precious.txt", tmp_path / "a.wgs"
    precious.write_text("mine")
    Path(f"{path}.lock").symlink_to(precious)
    with pytest.raises(SessionError, match="is in the way of a lock; remove it"):
        Document.create(path)
    assert precious.read_text() == "mine"


@pytest.mark.process
def test_of_two_processes_that_create_a_session_one_wins(tmp_path: Path) -> None:
    code = HOLD.replace("time.sleep(60)", "time.sleep(2)")
    path = tmp_path / "a.wgs"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate() for process in processes]
    assert sorted(process.returncode for process in processes) == [0, 1]
    assert sum("is being written by `wganstudio run`" in error for _, error in outputs) == 1


def test_create_replaces_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.wgs"
    document = Document.create(path)
    document.add_run(EXPERIMENT)
    document.close()
    with pytest.raises(SessionError, match="exists; choose another name"):
        Document.create(path)
    assert len(Document.open(path).records()) == 1
