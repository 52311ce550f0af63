"""Commands that read a long session say how far they are; short ones say nothing."""

import pytest

from wganstudio.cli import main, reading
from wganstudio.experiment import preset, read
from wganstudio.session import Document
from wganstudio.training.events import Metrics


@pytest.fixture
def path(tmp_path):
    """A session with one run."""
    document = Document.create(tmp_path / "long.wgs")
    document.append(
        document.add_run(read(preset("first-look").settings)), Metrics(step=1, values={"gap": 1.0})
    )
    document.close()
    return document.path


def commands(path):
    return (
        ["export", str(path), "--to", str(path.parent / "out"), "--formats", "csv"],
        ["suite", "show", str(path)],
        ["resume", str(path), "--run", "7"],
    )


@pytest.mark.parametrize("number", range(3), ids=["export", "suite show", "resume"])
def test_a_long_session_is_read_with_a_progress_line(path, number, monkeypatch, capfd):
    main(commands(path)[number])
    assert "reading" not in capfd.readouterr().err, "it is short"
    monkeypatch.setattr(reading, "DELAY_SECONDS", -1.0)
    main(commands(path)[number])
    assert "reading long.wgs: 100 %\n" in capfd.readouterr().err
