"""A fake machine for the bootstrap: no network, no package manager, no environment."""

import subprocess
from types import SimpleNamespace

import pytest

from wganstudio_setup import environment, system_libraries, torch_build


class Commands:
    """Replacement of subprocess.run: records the commands and fails those that contain a given word."""

    def __init__(self, *failing: str, output: str = ""):
        self.asked: list[str] = []
        self.failing = failing
        self.output = output

    def __call__(self, command, **_):
        line = " ".join(map(str, command))
        self.asked.append(line)
        failed = any(word in line for word in self.failing)
        return subprocess.CompletedProcess(command, int(failed), self.output, "")

    def mentioning(self, word: str) -> list[str]:
        return [line for line in self.asked if word in line]


@pytest.fixture
def fake_commands(monkeypatch):
    """Install a `Commands` in place of subprocess.run and return it."""

    def install(*failing: str, output: str = "") -> Commands:
        fake = Commands(*failing, output=output)
        monkeypatch.setattr(subprocess, "run", fake)
        return fake

    return install


@pytest.fixture
def user(monkeypatch):
    """Be root, a user without rights, or one whose sudo asks for no password."""

    def be(who: str) -> None:
        prefix = {"root": [], "sudo": ["sudo", "-n"], "plain": None}[who]
        monkeypatch.setattr(system_libraries, "root_prefix", lambda: prefix)

    return be


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout whose installation does nothing.

    `broken` is the output that it fails with, `build` the PyTorch that it installs, and `offered` the only
    build that can be found.
    """
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "constraints.txt").write_text("numpy==2.4.6\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    home = SimpleNamespace(path=tmp_path, venv=tmp_path / ".venv", installs=[], created=0)
    home.broken, home.build, home.offered = None, "cpu", None

    def make_venv(venv, *_):
        home.created += 1
        (venv / "pyvenv.cfg").touch()

    def run_logged(command, *_):
        home.installs.append(command)
        return home.broken is None, home.broken or f"torch 2.13.0 {home.build}\n"

    monkeypatch.setattr(environment, "make_venv", make_venv)
    monkeypatch.setattr(environment, "run_logged", run_logged)
    monkeypatch.setattr(
        torch_build, "find", lambda wanted, announce: torch_build.Source(home.offered or wanted)
    )
    monkeypatch.setattr(environment, "check_space", lambda *_: None)
    monkeypatch.setattr(environment, "works", lambda venv: (venv / "pyvenv.cfg").exists())
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: object())
    home.ensure = lambda *extras, torch=None: environment.ensure(
        tmp_path, extras, lambda there: torch or there or "cpu"
    )
    return home
