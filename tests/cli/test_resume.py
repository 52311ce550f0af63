"""`wganstudio resume` after a kill, a stop and an end, as a user calls it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wganstudio.cli import main
from wganstudio.experiment import read
from wganstudio.session import Document

EXPERIMENT = """
pair = {kind = "gaussians"}
critic = {width = 8}
solver = {kind = "lp"}
training = {batch = 16, seed = 2, steps = 1000000}
evaluation = {interval = 100, samples = 64, final_samples = 1024, resolution = 8}
"""


def call(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capfd.readouterr()
    return code, out, err


def newest_state(session: Path) -> int:
    """Return the step of the newest state; -1 before there is one."""
    if not session.exists():
        return -1
    database = sqlite3.connect(f"{session.as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        return int(database.execute("SELECT coalesce(max(step), -1) FROM training_state").fetchone()[0])
    except sqlite3.OperationalError:  # it is being created, or written
        return -1
    finally:
        database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_run_goes_on_as_if_nothing_had_happened(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, session, other = tmp_path / "e.toml", tmp_path / "a.wgs", tmp_path / "b.wgs"
    file.write_text(EXPERIMENT)
    command = [sys.executable, "-m", "wganstudio", "run", str(file), "--session", str(session)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ | {"OMP_NUM_THREADS": "1"})
    try:
        deadline = time.monotonic() + 90
        while newest_state(session) < 1 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    state = newest_state(session)
    assert state > 0
    steps = str(state + 50)
    code, out, err = call(capfd, "resume", str(session), "--steps", steps, "--json")
    assert code == 0, err
    _, whole, _ = call(capfd, "run", str(file), "--steps", steps, "--session", str(other), "--json")
    result, wanted = json.loads(out), json.loads(whole)
    for one in (result, wanted):
        del one["experiment"]["about"]["name"]  # a run with other steps than the file's is named after them
    for timed in (result, wanted, *result["truths"], *wanted["truths"]):
        assert timed.pop("seconds") >= 0
    assert result == wanted
    one, two = (Document.open(path).records()[0] for path in (session, other))
    assert one.checkpoint is not None and two.checkpoint is not None
    assert {n: a.tobytes() for n, a in one.checkpoint.arrays.items()} == {
        n: a.tobytes() for n, a in two.checkpoint.arrays.items()
    }
    assert one.curve("gap")[1].tolist() == two.curve("gap")[1].tolist()


def test_a_finished_run_prints_its_result_again_and_is_extended(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, session = tmp_path / "e.toml", tmp_path / "a.wgs"
    file.write_text(EXPERIMENT)
    _, first, _ = call(capfd, "run", str(file), "--steps", "30", "--session", str(session), "--json")
    content = session.read_bytes()
    code, again, _ = call(capfd, "resume", str(session), "--json")
    assert code == 0 and again == first and session.read_bytes() == content
    code, longer, err = call(capfd, "resume", str(session), "--run", "1", "--steps", "40", "--json")
    assert code == 0 and json.loads(longer)["steps"] == 40 and "40/40" in err and "truth:" not in err
    assert json.loads(longer)["experiment"]["training"]["steps"] == 40
    assert json.loads(longer)["truths"] == json.loads(first)["truths"]
    code, report, _ = call(capfd, "resume", str(session))
    assert code == 0 and "40 steps" in report


def test_a_run_that_ended_before_its_truths_were_computed_is_completed(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, session = tmp_path / "e.toml", tmp_path / "a.wgs"
    file.write_text(EXPERIMENT.replace("1000000", "50"))
    _, whole, _ = call(capfd, "run", str(file), "--session", str(session), "--json")
    database = sqlite3.connect(session)  # as it is left when both processes are killed at the end
    with database:
        database.execute("DELETE FROM event WHERE kind LIKE 'truth%' OR kind LIKE 'flow%'")
        database.execute("DELETE FROM event WHERE kind = 'snapshot' AND body LIKE '%\"flow\"%'")
    database.close()
    code, out, err = call(capfd, "resume", str(session), "--json")
    assert code == 0, err
    result, wanted = json.loads(out), json.loads(whole)
    assert {truth["quantity"] for truth in result["truths"]} == {"w1", "congested", "gap-limit"}
    for timed in (result, wanted, *result["truths"], *wanted["truths"]):
        del timed["seconds"]
    assert result == wanted


def test_a_state_that_does_not_fit_is_told_and_nothing_is_lost(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, session = tmp_path / "e.toml", tmp_path / "a.wgs"
    file.write_text(EXPERIMENT)
    call(capfd, "run", str(file), "--steps", "30", "--session", str(session))
    database = sqlite3.connect(session)
    database.execute("""UPDATE training_state SET body = replace(body, '"_steps_taken"', '"steps"')""")
    database.commit()
    database.close()
    code, out, err = call(capfd, "resume", str(session), "--steps", "40")
    assert code == 2 and out == "" and "another version of WGAN Studio; start the run anew" in err
    record = Document.open(session).records()[0]
    assert record.state == "ended" and record.step == 30


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none.wgs"], "There is no session"),
        (["empty.wgs"], "has no runs"),
        (["a.wgs", "--run", "3"], "has no run 3; choose one of 1"),
        (["a.wgs", "--steps", "-1"], "-1"),
        (["a.wgs", "--steps", "1e3"], "not a whole number up to 100,000,000"),
        (["a.wgs", "--run", "x"], "not a whole number"),
    ],
)
def test_what_cannot_be_resumed_is_told_in_one_sentence(
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Document.create(Path("empty.wgs")).close()
    document = Document.create(Path("a.wgs"))
    document.add_run(read({}))
    document.close()
    try:
        code = main(["resume", *arguments])
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capfd.readouterr()
    assert code == 2 and out == "" and sentence in err and "Traceback" not in err
