"""A result is never lost to printing: missing characters, closed and broken outputs."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wganstudio.cli import main, messages
from wganstudio.cli.messages import OutputError, PlainStream, print_message, print_result

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "wganstudio"]


def environment(**changes: str) -> dict[str, str]:
    """The environment of a command, without what decides on encodings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    return kept | {"PYTHONPATH": str(ROOT)} | changes


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, env=environment(**changes), timeout=120)


ENCODINGS = [
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp437"},
    {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "utf-8"},
]


@pytest.mark.process
@pytest.mark.parametrize("changes", ENCODINGS, ids=lambda changes: next(iter(changes.values())))
def test_every_encoding_of_the_terminal_gets_the_whole_list(changes: dict[str, str]) -> None:
    done = run("presets", **changes)
    whole = run("presets", PYTHONIOENCODING="utf-8").stdout.decode()
    assert done.returncode == 0 and done.stderr == b""
    assert len(done.stdout.splitlines()) == len(whole.splitlines())
    assert done.stdout.split()[0].decode() == whole.split()[0]


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("1.5 ± 0.1", "ascii", "1.5 +- 0.1"),
        ("1.5 ± 0.1", "cp1252", "1.5 ± 0.1"),
        ("W₁ ≤ λ", "cp1252", "W1 <= lambda"),
        ("σ – “x”", "ascii", 'sigma - "x"'),
        ("漢字", "ascii", "??"),
        ("name \udcff", "utf-8", "name \ufffd"),
        ("a\x1b]0;owned\x07\x1b[2Jb", "utf-8", "a\ufffd]0;owned\ufffd\ufffd[2Jb"),
        ("a\u202eb\u2066c", "utf-8", "a\ufffdb\ufffdc"),
        ("line\n\ttab\rback", "utf-8", "line\n\ttab\ufffdback"),
        ("\rprogress", "ascii", "\rprogress"),
    ],
)
def test_characters_are_substituted_and_none_controls_the_terminal(
    text: str, encoding: str, shown: str
) -> None:
    raw = io.BytesIO()
    stream = PlainStream(io.TextIOWrapper(raw, encoding=encoding, newline=""))
    assert stream.write(text) == len(text)
    stream.flush()
    assert raw.getvalue().decode(encoding) == shown


class Broken(io.StringIO):
    """A stream that nobody reads."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize("stdout", [Broken(), None], ids=["broken", "closed"])
def test_a_result_that_cannot_be_printed_goes_to_stderr(
    stdout: io.StringIO | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stderr = io.StringIO()
    monkeypatch.setattr(messages, "_abandon_stdout", lambda: None)
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", stderr)
    with pytest.raises(OutputError):
        print_result("the numbers")
    assert "cannot be written" in stderr.getvalue() and stderr.getvalue().endswith("the numbers\n")


@pytest.mark.parametrize("stderr", [Broken(), None], ids=["broken", "closed"])
def test_messages_that_nobody_can_read_do_not_stop_a_command(
    stderr: io.StringIO | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", stderr)
    with messages.plain_streams():
        print_message("progress")
        print_result("the numbers")
    assert capsys.readouterr().out == "the numbers\n"


@pytest.mark.process
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(("redirection", "reason"), [(">&-", "closed"), ("> /dev/full", "No space left")])
def test_no_closed_or_full_output_loses_the_list(redirection: str, reason: str, tmp_path: Path) -> None:
    line = f"{sys.executable} -m wganstudio presets --json 2> messages {redirection}"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=environment(), timeout=120)
    text = (tmp_path / "messages").read_text()
    assert done.returncode == 1 and reason in text and '"first-look"' in text
    assert "Traceback" not in text and "Exception ignored" not in text


@pytest.mark.process
def test_a_broken_pipe_is_no_traceback() -> None:
    process = subprocess.Popen(
        [*COMMAND, "presets"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()  # before anything is printed
    text = process.stderr.read().decode()
    process.stderr.close()
    assert (
        process.wait(120) == 1 and "Broken pipe" in text and "first-look" in text and "Traceback" not in text
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "a\x1b[2J\nb.toml"],
        ["truth", "first\x1b]0;owned\x07-look"],
        ["run", "first-look", "--set", "pair.\x1b[2Jx=1"],
        ["data", "a\x1b[2J\nb.csv"],
        ["export", "a\nb\x1b[2J.wgs", "--to", "x"],
        ["suite", "show", "a\nb\x1b[2J.wgs"],
        ["suite", "run", "a\n\x1b[2J"],
        ["run", "x" * 100_000],
        ["run", "~nosuchuser/x.toml"],
        ["data", "~nosuchuser/x.csv"],
    ],
    ids=lambda arguments: ascii(arguments[:2])[:40],
)
def test_bad_input_is_one_short_plain_sentence(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capfd.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and len(err) < 4100
    assert err.startswith("wganstudio: ") and "\x1b" not in err and "\x07" not in err
