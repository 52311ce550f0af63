"""Where no folder of the home can be written, sessions have a temporary one."""

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wganstudio import folders
from wganstudio.session.document import SessionError


@pytest.fixture(autouse=True)
def no_substitute_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    substitutes = list(folders._substitutes.values())
    folders.remove_substitutes()
    assert not any(folder.exists() for folder in substitutes)


@pytest.fixture(params=["missing", "read-only", "no home"])
def obstacle(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A home that cannot be written; its name in messages."""
    if request.param == "missing":
        monkeypatch.setenv("WGANSTUDIO_HOME", "/proc/nowhere")
        yield "/proc/nowhere/sessions"
    elif request.param == "no home":
        monkeypatch.delenv("WGANSTUDIO_HOME")
        monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: Path("~/state"))
        yield "the home folder"
    elif os.name == "nt" or os.geteuid() == 0:  # who is not hindered by the mode of a folder
        create = tempfile.TemporaryFile
        sessions = home / "sessions"

        def refuse(*args: object, dir: object = None, **options: object) -> object:
            if dir == sessions:
                raise PermissionError(13, "Permission denied")
            return create(*args, dir=dir, **options)  # type: ignore[call-overload]

        monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
        yield str(sessions)
    else:
        (home / "sessions").mkdir()
        (home / "sessions").chmod(stat.S_IRUSR | stat.S_IXUSR)
        yield str(home / "sessions")
        (home / "sessions").chmod(stat.S_IRWXU)


def test_sessions_are_kept_in_the_home(home: Path) -> None:
    assert folders.unwritable_state() == "" and folders.state() == home / "sessions"
    assert list(folders.state().iterdir()) == []


def test_otherwise_they_have_a_temporary_folder(obstacle: str) -> None:
    assert folders.unwritable_state() == obstacle
    folder = folders.state()
    assert folder.is_dir() and folder.parent == Path(tempfile.gettempdir()) and folder == folders.state()
    folder.rmdir()  # a cleaner of temporary files
    assert folders.state().is_dir()


def test_sessions_that_a_crash_has_left_there_are_found_again(obstacle: str) -> None:
    folder = folders.state()
    (folder / "a.wgs").write_text("x")
    folders.remove_substitutes()
    assert folders.state() == folder and (folder / "a.wgs").exists()
    (folder / "a.wgs").unlink()


def test_the_folder_of_somebody_else_is_not_used(obstacle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(tempfile.mkdtemp(prefix="wganstudio-sessions-"))
    (folder.parent / "wganstudio-sessions-0").symlink_to(folder)
    monkeypatch.setattr(os, "getuid", lambda: 12345, raising=False)
    assert folders.state() not in (folder, folder.parent / "wganstudio-sessions-0")


def test_without_any_place_one_sentence_says_so(obstacle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "mkdtemp", fail)
    with pytest.raises(SessionError, match="no place for a session") as refused:
        folders.state()
    assert obstacle in str(refused.value)
