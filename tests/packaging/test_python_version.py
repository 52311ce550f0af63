"""Supported Pythons and machines, and a pin for every dependency."""

import ast
import socket
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from wganstudio_setup import console, machine, python_version

CHECKOUT = Path(__file__).resolve().parents[2]
BOOTSTRAP = CHECKOUT / "packaging" / "bootstrap"


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_supported_pythons_are_let_in(version):
    assert python_version.problem(version) is None


@pytest.mark.parametrize(
    ("version", "word"), [((2, 7), "old"), ((3, 10), "old"), ((3, 15), "new"), ((4, 0), "new")]
)
def test_other_pythons_are_refused_with_the_version_found_and_those_supported(version, word):
    sentence = python_version.problem(version, find_others=list)
    assert f"this is Python {version[0]}.{version[1]}, which is too {word}" in sentence
    assert "3.11 to 3.14" in sentence


def test_the_refusal_names_a_python_that_is_here():
    assert "python3.13 packaging/bootstrap run" in python_version.problem(
        (3, 9), find_others=lambda: ["python3.13"]
    )


def test_other_pythons_are_looked_for_on_the_path_newest_first(tmp_path, monkeypatch):
    for name in ("python3.11", "python3.13", "python3.10"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert python_version.supported_on_path() == ["python3.13", "python3.11"]


@pytest.mark.parametrize(
    "name", ["__main__.py", "wganstudio_setup/__init__.py", "wganstudio_setup/python_version.py"]
)
def test_old_pythons_can_read_the_files_that_refuse_them(name):
    source = (BOOTSTRAP / name).read_text()
    tree = ast.parse(source, feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.AnnAssign)]
    assert source.isascii()  # Python 2 wants it so


def test_the_versions_are_those_of_the_package():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    newest_but = f"{python_version.NEWEST[0]}.{python_version.NEWEST[1] + 1}"
    assert (
        project["requires-python"] == f">={python_version.OLDEST[0]}.{python_version.OLDEST[1]},<{newest_but}"
    )


@pytest.mark.parametrize(
    ("system", "libc", "processor", "words"),
    [
        ("linux", ("", ""), "x86_64", "need a Linux with glibc"),
        ("linux", ("glibc", "2.31"), "x86_64", "this system has 2.31"),
        ("darwin", ("", ""), "x86_64", "Intel"),
    ],
)
def test_machines_without_builds_are_refused(monkeypatch, system, libc, processor, words):
    monkeypatch.setattr(machine.sys, "platform", system)
    monkeypatch.setattr(machine.platform, "libc_ver", lambda: libc)
    monkeypatch.setattr(machine.platform, "machine", lambda: processor)
    with pytest.raises(console.Problem, match=words):
        machine.check_platform()


def test_this_machine_is_let_in():
    machine.check_platform()


def test_too_little_disk_is_reported_first(tmp_path, monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=1.2 * machine.GIB))
    with pytest.raises(console.Problem, match=r"About 3\.0 GB .* 1\.2 GB are free"):
        machine.check_space(tmp_path / "not" / "yet", 3 * machine.GIB)
    machine.check_space(tmp_path / "not" / "yet", 1 * machine.GIB)


@pytest.mark.parametrize(
    ("variables", "system", "server", "reason"),
    [
        ({}, "linux", True, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ":0"}, "linux", True, None),
        ({"DISPLAY": ":0"}, "linux", False, "no X server answers at DISPLAY=:0"),
        ({"WAYLAND_DISPLAY": "gone", "XDG_RUNTIME_DIR": "/nowhere"}, "linux", True, "neither"),
        ({}, "darwin", False, None),
        ({}, "win32", False, None),
    ],
)
def test_whether_a_window_can_be_shown(variables, system, server, reason):
    problem = machine.no_display(variables, system, lambda _: server)
    assert (problem is None) if reason is None else (reason in problem)


def test_a_wayland_socket_is_a_display(tmp_path):
    (tmp_path / "wayland-0").touch()
    variables = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert machine.no_display(variables, "linux", lambda _: False) is None


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are Linux's")
def test_an_x_server_is_found_by_its_socket_and_missed_when_gone():
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X46511")
        server.listen()
        assert machine.x_server_answers(":46511.0")
    assert not machine.x_server_answers(":46511.0")
    assert not machine.x_server_answers("nonsense")


@pytest.mark.parametrize("nvidia", [True, False])
def test_a_card_counts_only_with_a_working_driver(fake_commands, nvidia):
    fake_commands(*([] if nvidia else ["nvidia-smi"]))
    assert machine.has_nvidia_card() is nvidia


def test_every_dependency_has_a_pin_within_its_range():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    asked = [
        Requirement(text)
        for text in (*project["dependencies"], *(line for extra in extras for line in extra))
    ]
    lines = (CHECKOUT / "packaging" / "constraints.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    versions = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    for requirement in asked:
        if requirement.name == project["name"]:  # an extra that takes another one in
            continue
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, requirement.name
