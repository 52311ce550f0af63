"""Suites as a user runs them: begun, stopped, killed, resumed, and shown."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
import tomli_w

from wganstudio.cli import main
from wganstudio.session import Document

SUITE = {
    "title": "Small & quick",
    "budget": {"steps": 300},
    "shared": {
        "training": {"batch": 32},
        "critic": {"width": 8},
        "evaluation": {"samples": 64, "final_samples": 1024, "resolution": 8},
    },
    "pairs": {"ray-monotone": {"pair": {"dim": 3}}},  # in the plane the grids' truths take seconds
    "matrix": [{"solvers": ["gp", "wc"], "pairs": ["ray-monotone"], "seeds": [0, 1, 2]}],
}


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for variable in ("WGANSTUDIO_PAIRS", "WGANSTUDIO_PUBLISHED"):
        monkeypatch.delenv(variable, raising=False)
    file = tmp_path / "small.toml"
    file.write_text(tomli_w.dumps(SUITE))
    return file


def call(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["suite", *arguments])
    out, err = capfd.readouterr()
    return code, out, err


def started(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "wganstudio", "suite", "run", *arguments, "--workers", "1"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(run: "subprocess.Popen[str]", text: str) -> None:
    assert run.stderr is not None
    while text not in (line := run.stderr.readline()):
        assert line, f"{text!r} never came"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_stopped_then_killed_then_resumed_runs_nothing_twice(
    capfd: pytest.CaptureFixture[str], suite: Path
) -> None:
    with started(str(suite)) as run:
        wait_for(run, "[1/6]")
        code, out, err = call(capfd, "run", str(suite), "--resume")
        assert code == 2 and "is being written by `wganstudio suite run`" in err
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert (
        run.returncode == 130 and out == "" and "--out small.wgs --resume" in err and "Traceback" not in err
    )
    with started(str(suite), "--resume") as run:
        wait_for(run, "[3/6]")
        (child,) = [p for p in psutil.Process(run.pid).children() if "spawn_main" in " ".join(p.cmdline())]
        run.kill()
    child.wait(timeout=20)
    code, out, err = call(capfd, "run", str(suite), "--resume", "--workers", "1")
    assert code == 0 and "Small & quick: 6 runs" in err and "finished before" in err
    assert "gp" in out and "6 of 6 runs finished" in out
    code, out, err = call(capfd, "show", "small.wgs", "--format", "json")
    shown = json.loads(out)
    assert code == 0 and "--published" in err
    assert (shown["runs"], shown["finished"], shown["repeated"]) == (6, 6, 0)
    assert 6 <= shown["executed"] <= 8, "at most the run under way was started again, each time"
    assert [(row["solver"], row["seeds"]) for row in shown["rows"]] == [("gp", 3), ("wc", 3)]
    assert all(-1 <= row["mean"] <= 1 and row["standard_error"] > 0 for row in shown["rows"])
    document = Document.open(Path("small.wgs"))
    ended = [record.experiment.about.name for record in document.records() if record.ended]
    document.close()
    assert len(ended) == len(set(ended)) == 6
    assert not Path("small.wgs.lock").exists()


def test_shown_in_every_format_with_the_published_values_beside(
    capfd: pytest.CaptureFixture[str], made: Path, tmp_path: Path
) -> None:
    table = tmp_path / "tables"
    table.mkdir()
    (table / "dim_3_funnels_4.csv").write_text(",cos,l2,cost\nwgan-gp,0.5,0.25,0.75\nwgan,0.1,0.2,0.3\n")
    published = ("--published", str(table))
    code, out, err = call(capfd, "show", str(made), "--table", "w1", *published, "--format", "json")
    rows = {row["solver"]: row for row in json.loads(out)["rows"]}
    assert code == 0 and err == ""
    assert rows["gp"]["published"] == 0.75 and rows["soft gp"]["published"] is None
    assert rows["gp"]["difference"] == pytest.approx(rows["gp"]["mean"] - 0.75, abs=1e-5)
    assert rows["gp"]["truth"] == pytest.approx(1, abs=0.5)
    code, out, _ = call(capfd, "show", str(made), *published, "--format", "csv")
    lines = out.splitlines()
    assert lines[0].startswith("solver,pair,in_class,seeds,failed,steps,mean,") and len(lines) == 4
    code, out, _ = call(capfd, "show", str(made), *published, "--format", "latex")
    assert r"Small \& quick" in out and "[0.500]" in out and out.count(r"\\") == 4
    code, out, _ = call(capfd, "show", str(made), *published)
    assert "| 0.500 (" in out and "± " in out and "(2)" in out
    for name in ("map.pdf", "deeper/map.svg", "map.png"):
        assert call(capfd, "show", str(made), "--table", "l2", "--figure", str(tmp_path / name))[0] == 0
        assert (tmp_path / name).stat().st_size > 1000
    assert "soft gp" in (tmp_path / "deeper/map.svg").read_text()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, here: Any) -> Path:
    """A finished suite of three solvers on one pair from a file."""
    import torch

    folder = tmp_path_factory.mktemp("made")
    centers = torch.tensor([[-1.0, 0.0, 0.2], [1.0, 0.5, 0.0], [0.0, 1.0, -0.4], [0.3, -1.2, 0.1]])
    torch.save({"net.centers": centers, "net.bias": torch.zeros(4)}, folder / "dim_3_funnels_4.pt")
    settings = {
        **SUITE,
        "budget": {"steps": 3},
        "pairs": {"3,4": {"pair": {"kind": "ray-monotone", "file": "dim_3_funnels_4.pt"}}},
        "solvers": {"soft gp": {"solver": {"kind": "gp", "penalty": 1.0}}},
        "matrix": [{"solvers": ["gp", "soft gp", "wc"], "pairs": ["3,4"], "seeds": [0, 1]}],
    }
    (folder / "made.toml").write_text(tomli_w.dumps(settings))
    arguments = ["suite", "run", str(folder / "made.toml"), "--out", str(folder / "a.wgs")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wganstudio.suites.running.Pool", lambda size: here())
        assert main(arguments) == 0
    return folder / "a.wgs"


def test_bad_suites_get_exit_code_2_and_one_sentence(
    capfd: pytest.CaptureFixture[str], suite: Path, tmp_path: Path
) -> None:
    def written(**changes: object) -> str:
        file = tmp_path / f"bad-{len(list(tmp_path.iterdir()))}.toml"
        file.write_text(tomli_w.dumps(SUITE | changes))
        return str(file)

    (tmp_path / "there.wgs").touch()
    (tmp_path / "no.pt").write_bytes(b"not a pair")
    file = {"funnels": {"pair": {"kind": "ray-monotone", "file": "no.pt"}}}
    on_file = {"pairs": file, "matrix": [{"solvers": ["gp"], "pairs": ["funnels"]}]}
    deep = {"solvers": {"gp": {"critic": {"width": 16385}}}}
    unknown = {"matrix": [{"solvers": ["gpp"], "pairs": ["gaussians"]}]}
    for arguments, sentence in (
        (["run", "missing.toml"], "missing.toml cannot be read"),
        (["run", "w1-ful"], "There is no suite 'w1-ful'; give a file that ends in .toml, or "),
        (["run", written(**unknown)], "no solver 'gpp' (did you mean gp?)"),
        (["run", written(**deep)], "gp on ray-monotone: critic.width: 16385 is out of range"),
        (["run", written(**on_file)], "gp on funnels: pair.file: "),
        (["run", written(**on_file), "--pairs", "/nowhere"], "there is no pair file /nowhere/no.pt; name"),
        (["run", str(suite), "--out", "there.wgs"], "there.wgs exists; resume it with --resume"),
        (["run", str(suite), "--out", "there.wgs", "--resume"], "there.wgs is not a WGAN Studio session"),
        (["run", str(suite), "--out", f"{suite}/a.wgs"], "cannot be written"),
        (
            ["run", str(suite), "--cluster", "tcp://127.0.0.1:1", "--workers", "2"],
            "--workers and --cluster exclude each other",
        ),
        (["show", "missing.wgs"], "There is no session missing.wgs"),
        (["show", "there.wgs"], "there.wgs is not a WGAN Studio session"),
    ):
        code, out, err = call(capfd, *arguments)
        lines = err.splitlines()
        assert code == 2 and out == "" and len(lines) == 1 and sentence in lines[0], (arguments, err)


def test_bad_tables_get_one_sentence(capfd: pytest.CaptureFixture[str], made: Path, tmp_path: Path) -> None:
    table = tmp_path / "dim_3_funnels_4.csv"
    for content, sentence in (
        (b"\xff\xfe", "is not a published table"),
        (b",cos,l2\nwgan,1,2\n", "is not a published table"),
        (b",cos,l2,cost\nwgan,1,2,nan\n", "is not a published table"),
        (b",cos,l2,cost\n" + b"x" * (1 << 20), "is larger than 1 MiB"),
    ):
        table.write_bytes(content)
        code, out, err = call(capfd, "show", str(made), "--published", str(tmp_path))
        assert code == 2 and out == "" and sentence in err and len(err.splitlines()) == 1
    code, _, err = call(capfd, "show", str(made), "--published", str(tmp_path / "none"))
    assert code == 2 and "There is no folder" in err
    code, _, err = call(capfd, "show", str(made), "--figure", str(tmp_path / "a.gif"))
    assert code == 2 and "must end in .png, .svg or .pdf" in err
