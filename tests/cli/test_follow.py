"""`wganstudio follow`: the window on a session that another program writes."""

from wganstudio import gui
from wganstudio.cli import main


def test_the_window_gets_the_session_to_follow(monkeypatch, tmp_path):
    opened = []
    monkeypatch.setattr(gui, "main", lambda arguments: opened.append(arguments) or 0)
    file = tmp_path / "loop.wgs"
    file.touch()
    assert main(["follow", str(file)]) == 0 and opened == [["--follow", str(file)]]


def test_a_session_that_is_not_there_gets_one_sentence(tmp_path, capsys):
    assert main(["follow", str(tmp_path / "none.wgs")]) == 2
    said = capsys.readouterr().err
    assert "There is no session" in said and said.count("\n") == 1
