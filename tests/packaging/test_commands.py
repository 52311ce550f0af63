"""The commands and the processes they start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wganstudio_setup import commands, console, machine, system_libraries


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Record the processes that a command starts, with an environment that is ready."""
    calls = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(machine, "check_platform", lambda: None)
    monkeypatch.setattr(commands, "ensure_environment", lambda *_: tmp_path / ".venv")
    monkeypatch.setattr(commands, "qt_of", lambda venv: venv / "Qt")
    monkeypatch.setattr(commands.sys, "platform", "linux")

    def call(command, cwd=None, **variables):
        calls.append((" ".join(command), variables))
        return 0

    monkeypatch.setattr(commands, "call", call)
    return calls


def test_build_installs_missing_tools_and_check_may_use_clean_roots(started, monkeypatch):
    asked = []
    monkeypatch.setattr(commands.shutil, "which", lambda tool: None if tool == "xz" else "/usr/bin/tool")
    monkeypatch.setattr(system_libraries, "ensure", lambda tools, *_: asked.append(tools))
    monkeypatch.setattr(system_libraries, "missing", lambda _, platform: {f"lib{platform}.so.0"})
    assert commands.main(["build", "--cuda"]) == 0
    assert asked == [{"xz", "libxcb.so.0", "libwayland.so.0"}] and started[-1][0].endswith("installer build")
    assert commands.main(["check"]) == 0
    assert started[-1][0].endswith("installer check")
    assert commands.main(["check", "--clean-root"]) == 0
    assert started[-1][0].endswith("installer try")


def test_with_a_display_the_app_opens_on_its_first_preset(started, monkeypatch):
    monkeypatch.setattr(machine, "no_display", lambda: None)
    monkeypatch.setattr(system_libraries, "missing", lambda *_: set())
    assert commands.main(["run"]) == 0
    [(command, _)] = started
    assert command.endswith("-m wganstudio --preset first-look --run")


def test_without_a_display_the_preset_runs_in_the_terminal_and_needs_no_qt(
    started, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(machine, "no_display", lambda: "neither")
    monkeypatch.setattr(system_libraries, "missing", lambda *_: pytest.fail("asked for Qt"))
    assert commands.main(["run"]) == 0
    session = tmp_path / "first-look.wgs"
    assert started[0][0].endswith(f"-m wganstudio run first-look --session {session}")
    assert started[1][0].endswith(f"export {session} --to {tmp_path / 'figures'} --formats png,svg,pdf,csv")
    output = capsys.readouterr().out
    assert output.startswith("No window (neither)") and str(tmp_path / "figures") in output


def test_a_run_that_fails_is_not_exported(started, monkeypatch):
    calls = []
    monkeypatch.setattr(commands, "call", lambda command, **_: calls.append(command) or 1)
    assert commands.main(["run", "--no-window"]) == 1
    assert len(calls) == 1


def test_libraries_missing_for_the_window_are_asked_for_before_it_starts(started, monkeypatch, user, capsys):
    user("plain")
    monkeypatch.setattr(machine, "no_display", lambda: None)
    monkeypatch.setattr(system_libraries, "missing", lambda *_: {"libxcb-cursor.so.0"})
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "pacman")
    assert commands.main(["run"]) == 1
    assert started == []
    assert "sudo pacman -S --needed --noconfirm xcb-util-cursor" in capsys.readouterr().err


def lacking(monkeypatch, **libraries: set[str]) -> None:
    """Let the libraries of each of Qt's platforms be missing, and Xvfb too."""
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(system_libraries, "missing", lambda _, platform: libraries.get(platform, set()))
    monkeypatch.setattr(commands.shutil, "which", lambda _: None)


def test_without_root_and_xvfb_the_tests_run_offscreen(started, monkeypatch, user, capsys):
    user("plain")
    lacking(monkeypatch, xcb={"libxcb.so.1"})
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "dnf")
    assert commands.main(["test", "--", "-k", "form"]) == 0
    [(command, variables)] = started
    assert re.search(r"-m pytest -n \d .*-k form", command)
    assert variables == {"QT_QPA_PLATFORM": "offscreen"}
    assert "sudo dnf install -y libxcb xorg-x11-server-Xvfb\n" in capsys.readouterr().out


def test_what_the_tests_lack_is_named_in_one_go(started, monkeypatch, user, capsys):
    user("plain")
    lacking(monkeypatch, xcb={"libEGL.so.1", "libxcb.so.1"}, offscreen={"libEGL.so.1"})
    monkeypatch.setattr(system_libraries, "package_manager", lambda: "dnf")
    assert commands.main(["test"]) == 1
    assert started == []
    assert "sudo dnf install -y libglvnd-egl libxcb xorg-x11-server-Xvfb\n" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="pass_fds needs POSIX")
def test_why_the_virtual_x_server_did_not_start_is_in_the_log(monkeypatch, tmp_path):
    xvfb = tmp_path / "Xvfb"
    xvfb.write_text("#!/bin/sh\necho Cannot establish any listening sockets >&2\nexit 1\n", encoding="utf-8")
    xvfb.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    log = tmp_path / "setup.log"
    with (
        pytest.raises(console.Problem, match=re.escape(str(log))),
        commands.virtual_x_server(log),
    ):
        pass
    assert "listening sockets" in log.read_text(encoding="utf-8")


def test_a_chosen_platform_is_left_alone(started, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "minimal")
    assert commands.main(["test"]) == 0
    assert started[0][1] == {}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_ctrl_c_leaves_the_command_the_time_to_save(tmp_path):
    saving = (
        "import os, pathlib, signal, time\n"
        "def save(*_):\n    time.sleep(1)\n    pathlib.Path('saved').touch()\n    os._exit(3)\n"
        "signal.signal(signal.SIGINT, save)\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "time.sleep(60)\n"
    )
    assert commands.call([sys.executable, "-c", saving], cwd=tmp_path) == 3
    assert (tmp_path / "saved").exists()


@pytest.mark.parametrize("folder", ["bootstrap", "installer"])
def test_the_folder_that_python_puts_on_the_path_shadows_nothing(folder):
    packaging = Path(commands.__file__).resolve().parents[2]
    names = {path.stem for path in (packaging / folder).iterdir() if path.suffix == ".py" or path.is_dir()}
    assert names - {"__main__", "__pycache__", "templates"} == {
        {"bootstrap": "wganstudio_setup", "installer": "wganstudio_installer"}[folder]
    }


def test_the_command_works_without_any_installed_package():
    bootstrap = Path(commands.__file__).resolve().parents[1]
    command = [sys.executable, "-I", "-S", str(bootstrap), "--help"]
    process = subprocess.run(command, capture_output=True, text=True)
    assert process.returncode == 0 and "run | test | setup | build | check" in process.stdout
