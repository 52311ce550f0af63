"""Files of users that no reader should wait for, and TOML that no parser should follow."""

import os
import socket
import time
from pathlib import Path

import pytest

from wganstudio.experiment import BadExperiment, load, read
from wganstudio.experiment.files import open_regular, read_regular, user_path
from wganstudio.experiment.toml import MAX_DEPTH, parse_toml
from wganstudio.experiment.typed_text import override_texts
from wganstudio.pairs.custom_sigma import read_gray_png
from wganstudio.pairs.data.untrusted_files import open_regular as open_data
from wganstudio.pairs.published import read_pair_file
from wganstudio.session import Document, SessionError
from wganstudio.suites import SuiteError, read_suite


def open_as_data(path):
    with open_data(path) as file:
        return file.read()


READERS = {
    "experiment": load,
    "suite": read_suite,
    "data": open_as_data,
    "image of sigma": lambda path: read_gray_png(str(path)),
    "published pair": read_pair_file,
    "session": Document.open,
    "session to write": lambda path: Document.open(path, read_only=False),
}


@pytest.fixture(params=["pipe", "device", "socket", "folder", "loop of links", "nothing"])
def strange(request, tmp_path):
    """Something with a path that is no regular file."""
    path = tmp_path / "strange"
    if not hasattr(os, "mkfifo") and request.param in ("pipe", "device", "socket"):
        pytest.skip("this system has no such files")
    match request.param:
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "socket":
            with socket.socket(socket.AF_UNIX) as server:
                before = os.getcwd()
                os.chdir(tmp_path)  # the path of a socket is short
                server.bind("strange")
                os.chdir(before)
        case "folder":
            path.mkdir()
        case "loop of links":
            path.symlink_to(path)
    return path


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_only_regular_files_are_opened(reader, strange):
    start = time.perf_counter()
    with pytest.raises((BadExperiment, SuiteError, SessionError)) as caught:
        reader(strange)
    assert time.perf_counter() - start < 5
    assert "strange" in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_that_is_replaced_by_a_pipe_after_the_check_is_refused(tmp_path, monkeypatch):
    path, regular = tmp_path / "pipe", tmp_path / "regular"
    regular.write_bytes(b"x")
    os.mkfifo(path)
    status = os.stat(regular)
    monkeypatch.setattr(Path, "stat", lambda *_, **__: status)
    with pytest.raises(BadExperiment, match="not a regular file"), open_regular(path, 10):
        pass


def test_files_larger_than_allowed_are_refused(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(bytes(1 << 20))
    assert len(read_regular(path, 1 << 20)) == 1 << 20
    path.write_bytes(bytes((1 << 20) + 1))
    with pytest.raises(BadExperiment, match="larger than 1 MiB"):
        read_regular(path, 1 << 20)
    if (endless := Path("/proc/self/maps")).exists():  # it tells no size
        with pytest.raises(BadExperiment, match="larger than"):
            read_regular(endless, 10)


def test_home_folders_are_expanded_and_unknown_users_are_missing_files(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_path("~/a.csv") == tmp_path / "a.csv"
    assert user_path("~nosuchuser/a.csv") == Path("~nosuchuser/a.csv")
    with pytest.raises(BadExperiment, match=r"~nosuchuser/a\.csv cannot be read"):
        read_regular(user_path("~nosuchuser/a.csv"), 10)


DEEP = {
    "lists": "x = " + "[" * 5000 + "]" * 5000,
    "inline tables": "x = " + "{a=" * 5000 + "1" + "}" * 5000,
    "a key of many parts": "a" + ".a" * 500_000 + " = 1",
    "quoted parts": '"a"' + ' . "b"' * 5000 + " = 1",
    "a header of many parts": "[a" + ".a" * 5000 + "]",
    "a key in a table": "x = {a" + ".a" * 5000 + " = 1}",
    "just too deep": "x = " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_deep_toml_is_refused_at_once(text, tmp_path):
    start = time.perf_counter()
    with pytest.raises(ValueError, match=f"more than {MAX_DEPTH} levels"):
        parse_toml(text)
    assert time.perf_counter() - start < 2
    path = tmp_path / "deep.toml"
    path.write_text(text, encoding="utf-8")
    for reader in (load, read_suite):
        with pytest.raises((BadExperiment, SuiteError), match=r"deep.toml is not a TOML file"):
            reader(path)


def test_ordinary_depth_and_dots_in_texts_are_accepted():
    assert parse_toml("x = " + "[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert parse_toml('x = "1.2.3" # a.b.c\n[a.b]\nc = 1.5') == {"x": "1.2.3", "a": {"b": {"c": 1.5}}}


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 3000, "{a" + ".a" * 300 + "=1}", "x" * 200_000, "1e999"])
@pytest.mark.parametrize("path", ["training.steps", "pair.mean_q", "pair.kind", "critic.activation"])
def test_typed_values_out_of_bounds_are_one_sentence(path, value):
    with pytest.raises(BadExperiment) as caught:
        read(override_texts({"pair": {"kind": "gaussians"}}, [(path, value)]))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 2000


@pytest.mark.parametrize(
    "settings",
    [
        {f"group{k}": {} for k in range(5000)},
        {"x" * 100_000: 1},
        {"pair": {f"field{k}": k for k in range(5000)}},
        {"pair": {"x" * 100_000: 1}},
        {"pair": {"kind": "x" * 100_000}},
        {"pair": ["x" * 100_000]},
        {"training": {"steps": "x" * 100_000}},
    ],
    ids=lambda settings: str(settings)[:30],
)
def test_sentences_about_large_files_are_short(settings):
    with pytest.raises(BadExperiment) as caught:
        read(settings)
    assert 0 < len(caught.value.problems) <= 20 and len(str(caught.value)) < 25_000


def test_a_file_with_a_number_too_long_is_refused(tmp_path):
    path = tmp_path / "long.toml"
    path.write_text("[training]\nsteps = " + "9" * 5000, encoding="utf-8")
    with pytest.raises(BadExperiment, match=r"it contains a number of more than 4,300 digits"):
        load(path)
