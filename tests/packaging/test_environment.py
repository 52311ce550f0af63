"""The environment: kept, filled or rebuilt, and its build of torch."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from wganstudio_setup import commands, console, environment, machine

WANTED = environment.Setup("/home/me/wgan", "3.12", "cpu", "aa11")
INSTALLED = replace(WANTED, complete=True)


@pytest.mark.parametrize(
    ("installed", "wanted", "usable", "action"),
    [
        (INSTALLED, WANTED, True, "keep"),
        (replace(INSTALLED, extras=("dev",)), WANTED, True, "keep"),
        (INSTALLED, replace(WANTED, extras=("dev",)), True, "install"),
        (INSTALLED, replace(WANTED, requirements="bb22"), True, "install"),
        (None, WANTED, True, "install"),
        (INSTALLED, WANTED, False, "rebuild"),
        (None, WANTED, False, "rebuild"),
        (replace(INSTALLED, complete=False), WANTED, True, "rebuild"),
        (INSTALLED, replace(WANTED, torch="cuda"), True, "rebuild"),
        (INSTALLED, replace(WANTED, python="3.13"), True, "rebuild"),
        (INSTALLED, replace(WANTED, checkout="/elsewhere"), True, "rebuild"),
    ],
)
def test_an_environment_is_kept_filled_or_rebuilt(installed, wanted, usable, action):
    assert environment.required_action(installed, wanted, usable) == action


def test_the_stamp_survives_and_a_broken_one_counts_as_none(tmp_path):
    stamp = replace(INSTALLED, extras=("dev",))
    stamp.write(tmp_path)
    assert environment.Setup.read(tmp_path) == stamp
    (tmp_path / environment.STAMP).write_text('{"python": "3.11"')
    assert environment.Setup.read(tmp_path) is None
    (tmp_path / environment.STAMP).write_text('{"python": "3.11", "extras": []}')
    assert environment.Setup.read(tmp_path) is None


def test_the_hash_changes_with_one_file(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a"), two.write_text("b")
    before = environment.hash_of([one, two])
    assert environment.hash_of([one, two]) == before
    two.write_text("c")
    assert environment.hash_of([one, two]) != before


def test_the_second_start_installs_nothing(checkout):
    assert checkout.ensure() == checkout.venv
    assert (checkout.created, len(checkout.installs)) == (1, 2)  # pip, and the look whether torch loads
    assert str(checkout.path / "packaging" / "constraints.txt") in checkout.installs[0]
    checkout.ensure()
    assert (checkout.created, len(checkout.installs)) == (1, 2)


def test_a_changed_file_installs_again_into_the_same_environment(checkout):
    checkout.ensure()
    (checkout.path / "packaging" / "constraints.txt").write_text("numpy==2.4.5\n")
    checkout.ensure()
    assert (checkout.created, len(checkout.installs)) == (1, 4)


def test_the_tools_for_tests_stay_when_the_app_is_started(checkout):
    checkout.ensure("dev")
    checkout.ensure()
    assert len(checkout.installs) == 2
    (checkout.path / "pyproject.toml").write_text("[project]\n# changed\n")
    checkout.ensure()
    assert checkout.installs[-2][-1].endswith("[dev]")


def test_a_failed_install_is_explained_and_repaired_by_the_next_start(checkout):
    checkout.broken = "ERROR: No matching distribution found for torch==2.13.0\n"
    with pytest.raises(console.Problem, match="no build of torch for Python 3"):
        checkout.ensure()
    checkout.broken = None
    checkout.ensure()
    assert checkout.created == 2
    assert environment.Setup.read(checkout.venv).complete


def test_the_only_build_to_be_had_is_recorded_and_kept(checkout, capsys):
    checkout.offered = checkout.build = "cuda"  # PyTorch's own index does not answer
    checkout.ensure(torch="cpu")
    assert "3 GB to download" in capsys.readouterr().out
    assert environment.Setup.read(checkout.venv).torch == "cuda"
    checkout.ensure()
    checkout.ensure(torch="cpu")  # a rebuild would bring the same build
    assert (checkout.created, len(checkout.installs)) == (1, 2)
    checkout.offered, checkout.build = None, "cpu"
    checkout.ensure()
    assert checkout.created == 1
    checkout.ensure(torch="cpu")
    assert checkout.created == 2
    assert environment.Setup.read(checkout.venv).torch == "cpu"


def test_an_update_keeps_the_build_that_is_there_where_its_index_does_not_answer(checkout):
    checkout.ensure()
    checkout.offered = "cuda"
    checkout.ensure("dev")
    assert checkout.created == 1 and len(checkout.installs) == 4
    assert environment.Setup.read(checkout.venv).torch == "cpu"


def test_an_interrupted_install_remembers_the_build_that_was_asked_for(checkout):
    checkout.offered, checkout.broken = "cuda", "Connection refused"
    with pytest.raises(console.Problem, match="No network"):
        checkout.ensure(torch="cpu")
    checkout.offered = checkout.broken = None
    checkout.ensure()
    assert environment.Setup.read(checkout.venv).torch == "cpu"


def test_an_update_does_not_announce_the_downloads_of_the_first_start(checkout, capsys):
    checkout.ensure()
    assert "0.4 GB to download" in capsys.readouterr().out
    checkout.ensure("dev")
    out = capsys.readouterr().out
    assert "Updating" in out and "GB" not in out


def test_a_broken_environment_is_rebuilt(checkout):
    checkout.ensure()
    (checkout.venv / "pyvenv.cfg").unlink()
    (checkout.venv / "stale").touch()
    checkout.ensure()
    assert checkout.created == 2
    assert not (checkout.venv / "stale").exists()


def test_a_folder_that_is_no_environment_is_not_deleted(checkout):
    checkout.venv.mkdir()
    (checkout.venv / "thesis.tex").touch()
    with pytest.raises(console.Problem, match="not a virtual environment"):
        checkout.ensure()
    assert (checkout.venv / "thesis.tex").exists()


def test_a_read_only_checkout_keeps_its_environment_in_the_cache(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(environment, "is_writable", lambda _: False)
    monkeypatch.setattr(environment, "cache_folder", lambda: tmp_path)
    one, two = environment.venv_folder(Path("/media/one")), environment.venv_folder(Path("/media/two"))
    assert one.is_relative_to(tmp_path) and two.is_relative_to(tmp_path) and one != two
    assert str(one) in capsys.readouterr().out


def test_whether_a_folder_can_be_written_is_tried(tmp_path):
    assert environment.is_writable(tmp_path)
    assert not environment.is_writable(tmp_path / "missing")


def test_the_users_variables_do_not_lead_out_of_the_environment(monkeypatch):
    for name in ("PYTHONPATH", "PIP_USER", "PIP_INDEX_URL"):
        monkeypatch.setenv(name, "x")
    variables = environment.clean_environment()
    assert "PYTHONPATH" not in variables and "PIP_USER" not in variables
    assert variables["PIP_INDEX_URL"] == "x"


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] ...'))", "PIP_CERT"),
        (
            "ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407'))",
            "HTTPS_PROXY: http",
        ),
        (
            "NewConnectionError('... [Errno -3] Temporary failure in name resolution')\n"
            "ERROR: No matching distribution found for hatchling>=1.26",
            "No network",
        ),
        ("ERROR: No matching distribution found for torch==2.13.0", "no build of torch for"),
        ("OSError: [WinError 126] ... c10.dll", "Visual C"),
        ("Segmentation fault", "lines above"),
    ],
)
def test_what_pip_prints_becomes_a_sentence(output, words):
    assert words in str(environment.explain(output))


@pytest.mark.parametrize(
    ("requested", "installed", "card", "answer", "torch"),
    [
        ("cuda", "cpu", False, None, "cuda"),
        (None, "cuda", False, None, "cuda"),
        (None, None, False, "unasked", "cpu"),
        (None, None, True, None, "cuda"),  # no terminal to ask
        (None, None, True, "cpu", "cpu"),
        (None, None, True, "", "cuda"),
    ],
)
def test_torch_is_the_requested_build_the_installed_one_or_the_one_for_the_machine(
    monkeypatch, requested, installed, card, answer, torch
):
    def reply(_):
        assert answer != "unasked"
        return answer

    monkeypatch.setattr(machine, "has_nvidia_card", lambda: card)
    monkeypatch.setattr(commands.sys, "platform", "linux")
    monkeypatch.setattr(commands.sys, "stdin", SimpleNamespace(isatty=lambda: answer is not None))
    monkeypatch.setattr("builtins.input", reply)
    assert commands.choose_torch(requested, installed) == torch
