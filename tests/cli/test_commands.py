"""The command line as a user or a script calls it."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from wganstudio.cli import main
from wganstudio.session import Document

QUICK = [
    "--set",
    "training.batch=64",
    "--set",
    "evaluation.final_samples=4096",
    "--set",
    "evaluation.samples=256",
    "--set",
    "evaluation.resolution=16",
    "--set",
    "critic.width=16",
]


def call(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capfd.readouterr()
    return code, out, err


def test_presets_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capfd, "presets", "--json")
    presets = json.loads(out)
    assert code == 0 and presets[0]["name"] == "first-look"
    assert all(set(p) == {"name", "tags", "summary"} and p["summary"] for p in presets)


def test_run_prints_one_json_value_and_records_a_session(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "a.wgs"
    code, out, err = call(
        capfd, "run", "first-look", "--steps", "20", "--seed", "3", *QUICK, "--json", "--session", str(file)
    )
    result = json.loads(out)
    assert code == 0 and result["steps"] == 20 and "20/20" in err
    assert result["experiment"]["training"]["seed"] == 3 and result["experiment"]["critic"]["width"] == 16
    left_over = {"w1_left", "w1_left_se", "w1_left_lower"}
    assert set(result["estimates"]) == {"gap", "gap_se", "value", "value_se"} | left_over
    assert "gradient" not in result
    known = result["lipschitz"]
    assert set(known) == {"empirical", "largest_slope", "certified"}
    assert 0 < known["empirical"] <= known["certified"] and known["largest_slope"] <= known["certified"]
    assert {t["quantity"] for t in result["truths"]} == {"w1", "congested", "gap-limit"}
    assert all(
        set(t) == {"quantity", "value", "lower", "upper", "method", "law", "seconds"}
        for t in result["truths"]
    )
    document = Document.open(file)
    (record,) = document.records()
    document.close()
    assert record.ended is not None and record.ended.estimates == result["estimates"]
    assert (
        record.snapshot("gradient-norms") is not None
        and record.snapshot("gradient-norms").attributes.model_dump() == known
    )


def test_a_second_run_joins_the_session_under_a_name_of_its_own(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for preset, seed in (("first-look", "1"), ("first-look", "2"), ("intervals", "2")):
        session = ("--steps", "2", "--seed", seed, "--session", str(tmp_path / "a.wgs"))
        assert call(capfd, "run", preset, *QUICK, *session)[0] == 0
    document = Document.open(tmp_path / "a.wgs")
    assert [r.experiment.training.seed for r in document.records()] == [1, 2, 2]
    first, second, third = (record.name for record in document.records())
    assert first != second and third.startswith("Two intervals on the line, ")
    document.close()


def test_where_the_gradient_is_known_it_is_evaluated(capfd: pytest.CaptureFixture[str]) -> None:
    in_space = ["--set", "pair.dim=3"]  # in the plane, the grid computes truths for seconds
    _, out, _ = call(
        capfd, "run", "ray-monotone", "--steps", "3", *QUICK, *in_space, "--set", "solver.kind=gp", "--json"
    )
    assert set(json.loads(out)["gradient"]) == {"cos", "l2", "cos_published", "l2_published"}


def test_truth_as_json(capfd: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(
        capfd, "truth", "gaussians", "--set", "pair.dim=8", "--set", "solver.penalty=1", "--json"
    )
    truths = {t["quantity"]: t for t in json.loads(out)["truths"]}
    assert code == 0
    for quantity, value in (("w1", 2.74162), ("congested", 5.69037), ("gap-limit", 8.63911)):
        assert truths[quantity]["value"] == pytest.approx(value, abs=6e-6 * value)
        assert truths[quantity]["lower"] <= truths[quantity]["value"] <= truths[quantity]["upper"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "frist-look"], "did you mean first-look"),
        (
            ["run", "first-look", "--set", "pair.dim=0"],
            "pair.dim: 0 is out of range. Enter a whole",
        ),
        (["run", "first-look", "--set", "pair.dim"], "write group.field=value"),
        (["run", "first-look", "--steps", "many"], "training.steps: 'many' is not a whole number"),
        (["run", "missing.toml"], "missing.toml cannot be read"),
        (["truth", "gaussians", "--set", "pair.kind=gauss"], "did you mean gaussians"),
        (["run", "ray-monotone", "--set", "pair.file=/nowhere.pt", "--steps", "2"], "pair.file"),
        (["run", "first-look", "--session", f"{__file__}/a.wgs"], "cannot be written"),
        (["export", "/nowhere.wgs", "--to", "/tmp"], "There is no session"),
        (
            ["export", "/nowhere.wgs", "--to", "/tmp", "--formats", "gif"],
            "choose from png, svg, pdf, pgf, csv",
        ),
    ],
)
def test_bad_input_gets_exit_code_2_and_one_sentence(
    capfd: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    code, out, err = call(capfd, *arguments)
    lines = [line for line in err.splitlines() if line.startswith("wganstudio: ")]
    assert code == 2 and out == "" and len(lines) == 1 and sentence in lines[0] and "Traceback" not in err


def test_a_run_whose_numbers_leave_the_finite_fails_with_1(capfd: pytest.CaptureFixture[str]) -> None:
    wild = ["--set", "solver.learning_rate=10", "--set", "solver.penalty=1e6", "--set", "critic.depth=16"]
    code, out, err = call(
        capfd,
        "run",
        "first-look",
        "--steps",
        "4000",
        *QUICK,
        *wild,
        "--set",
        "critic.activation=silu",
        "--json",
    )
    assert code == 1 and out == "" and "finite" in err


def test_export_writes_every_figure(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    session = tmp_path / "a.wgs"
    call(capfd, "run", "first-look", "--steps", "5", *QUICK, "--session", str(session))
    code, out, _ = call(capfd, "export", str(session), "--to", str(tmp_path / "out"), "--formats", "png,csv")
    files = [Path(line) for line in out.splitlines()]
    assert code == 0 and all(f.stat().st_size > 100 for f in files)
    assert {f.suffix for f in files} == {".png", ".csv"}
    for figure in ("landscape", "gradient", "costs"):
        assert any(figure in f.name for f in files)


def test_a_session_can_be_followed_while_it_grows_and_ctrl_c_stops_and_keeps(tmp_path: Path) -> None:
    file = tmp_path / "a.wgs"
    command = [sys.executable, "-m", "wganstudio", "run", "first-look", "--steps", "1000000", *QUICK]
    with subprocess.Popen(
        [*command, "--json", "--session", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stderr is not None
        while "/1000000" not in run.stderr.readline():
            pass
        reader = Document.open(file)
        deadline = time.monotonic() + 30
        before = reader.records()[0].step
        while reader.records()[0].step <= before and time.monotonic() < deadline:
            time.sleep(0.1)
            reader.follow()
        assert reader.records()[0].step > before
        reader.close()
        if sys.platform == "win32":  # it has no POSIX signals
            run.kill()
            return
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert run.returncode == 130 and "stopping" in err
    assert 0 < json.loads(out)["steps"] < 1000000
