"""The sessions of runs for which the user names none."""

import os
import time
from pathlib import Path

import pytest

from wganstudio import temporary
from wganstudio.cli import kept_sessions
from wganstudio.cli.kept_sessions import KEPT_NUMBER, RunSession, session_for
from wganstudio.experiment import preset, read
from wganstudio.session import SessionLock

EXPERIMENT = read(preset("first-look").settings)


def test_a_named_session_is_used_without_a_word(tmp_path: Path) -> None:
    assert session_for(EXPERIMENT, tmp_path / "a.wgs") == RunSession(tmp_path / "a.wgs")


def test_the_newest_stay_for_a_week_and_those_in_use_for_ever(home: Path) -> None:
    folder = home / "runs"
    folder.mkdir(parents=True)
    for number in range(30):
        file = folder / f"{number:02}.wgs"
        file.write_text("")
        age = 3600 * number if number != 3 else 8 * 86400
        os.utime(file, (time.time() - age,) * 2)
    with SessionLock(folder / "29.wgs", "run"):
        session = session_for(EXPERIMENT, None)
        left = sorted(file.name for file in folder.glob("*.wgs"))
    assert session.path.parent == folder and not session.path.exists(), "with it there are KEPT_NUMBER"
    kept = [f"{number:02}.wgs" for number in range(KEPT_NUMBER) if number != 3]
    assert left == [*kept, "29.wgs"]
    assert str(session.path) in session.note and "for 7 days" in session.note
    assert "wganstudio resume" in session.how_to_continue(1) and str(session.path) in session.how_to_continue(
        1
    )


def test_without_a_folder_for_it_a_session_lasts_as_long_as_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_sessions.folders, "unwritable_state", lambda: "/home/ada")
    session = session_for(EXPERIMENT, None)
    assert session.note == (
        "The session is not kept: /home/ada cannot be written; name one with --session FILE.wgs."
    )
    assert session.how_to_continue(1) == "" and session.path.parent == temporary.folder()
