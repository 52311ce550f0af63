"""Leftovers of killed processes in a folder of sessions are removed."""

from pathlib import Path

from wganstudio.session import Document, SessionLock
from wganstudio.session.leftovers import remove_leftovers, remove_session


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_locks_that_nobody_holds_and_files_of_gone_sessions_are_removed(tmp_path: Path) -> None:
    Document.create(tmp_path / "there.wgs").close()
    for name in ("there.wgs.lock", "there.wgs.part", "there.wgs-journal"):
        (tmp_path / name).write_text("")
    for ending in (".lock", "-journal", "-wal", "-shm", ".part"):
        (tmp_path / f"gone.wgs{ending}").write_text("")
    (tmp_path / "note.txt").write_text("")
    remove_leftovers(tmp_path)
    assert names(tmp_path) == ["note.txt", "there.wgs", "there.wgs-journal"]


def test_what_a_living_process_holds_stays(tmp_path: Path) -> None:
    with SessionLock(tmp_path / "new.wgs", "window"):
        (tmp_path / "new.wgs-journal").write_text("")
        before = names(tmp_path)
        remove_leftovers(tmp_path)
        remove_session(tmp_path / "new.wgs")
        assert names(tmp_path) == before and "new.wgs.lock" in before


def test_a_session_is_removed_with_what_stands_beside_it(tmp_path: Path) -> None:
    Document.create(tmp_path / "a.wgs").close()
    (tmp_path / "a.wgs-journal").write_text("")
    (tmp_path / "a.wgs2").write_text("")
    remove_session(tmp_path / "a.wgs")
    assert names(tmp_path) == ["a.wgs2"]


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "none")
    remove_session(tmp_path / "none" / "a.wgs")
