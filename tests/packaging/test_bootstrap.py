"""The bootstrap, with the machine around it made up: no network, no package manager, no environment."""

import ast
import hashlib
import importlib
import re
import socket
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[2]
BOOTSTRAP = CHECKOUT / "packaging" / "bootstrap"

sys.path.insert(0, str(BOOTSTRAP))
try:
    commands, console, environment, libraries, machine, pip_wheel, supported = map(
        importlib.import_module,
        ("commands", "console", "environment", "libraries", "machine", "pip_wheel", "supported"),
    )
finally:
    sys.path.remove(str(BOOTSTRAP))


class Commands:
    """Stands in for subprocess.run: notes what is asked, fails what it is told to fail."""

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
    """Be root, a plain user, or one whose sudo asks for no password."""

    def be(who: str) -> None:
        prefix = {"root": [], "sudo": ["sudo", "-n"], "plain": None}[who]
        monkeypatch.setattr(libraries, "administrator", lambda: prefix)

    return be


WANTED = environment.Setup("/home/me/wgan", "3.12", "cpu", "aa11")
THERE = replace(WANTED, complete=True)


# --- Pythons ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_supported_pythons_are_let_in(version):
    assert supported.problem(version) is None


@pytest.mark.parametrize(
    ("version", "word"), [((2, 7), "old"), ((3, 10), "old"), ((3, 15), "new"), ((4, 0), "new")]
)
def test_other_pythons_are_refused_with_the_version_found_and_those_supported(version, word):
    sentence = supported.problem(version, others=list)
    assert f"this is Python {version[0]}.{version[1]}, which is too {word}" in sentence
    assert "3.11 to 3.14" in sentence


def test_the_refusal_names_a_python_that_is_here():
    assert "python3.13 packaging/bootstrap run" in supported.problem((3, 9), others=lambda: ["python3.13"])


def test_other_pythons_are_looked_for_on_the_path_newest_first(tmp_path, monkeypatch):
    for name in ("python3.11", "python3.13", "python3.10"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert supported.others_on_path() == ["python3.13", "python3.11"]


@pytest.mark.parametrize("name", ["__main__.py", "supported.py"])
def test_old_pythons_can_read_the_file_that_refuses_them(name):
    source = (BOOTSTRAP / name).read_text()
    tree = ast.parse(source, feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.AnnAssign)]
    assert source.isascii()  # Python 2 wants it so


def test_the_versions_are_those_of_the_package():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    newest_but = f"{supported.NEWEST[0]}.{supported.NEWEST[1] + 1}"
    assert project["requires-python"] == f">={supported.OLDEST[0]}.{supported.OLDEST[1]},<{newest_but}"


# --- The machine -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "libc", "processor", "words"),
    [
        ("linux", ("", ""), "x86_64", "need a Linux with glibc"),
        ("linux", ("glibc", "2.31"), "x86_64", "this Linux has 2.31"),
        ("darwin", ("", ""), "x86_64", "Intel"),
    ],
)
def test_machines_without_builds_are_refused(monkeypatch, system, libc, processor, words):
    monkeypatch.setattr(machine.sys, "platform", system)
    monkeypatch.setattr(machine.platform, "libc_ver", lambda: libc)
    monkeypatch.setattr(machine.platform, "machine", lambda: processor)
    with pytest.raises(console.Problem, match=words):
        machine.check_kind()


def test_this_machine_is_let_in():
    machine.check_kind()


def test_too_little_disk_is_told_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=1.2 * machine.GIB))
    with pytest.raises(console.Problem, match=r"About 3\.0 GB .* 1\.2 GB are free"):
        machine.check_space(tmp_path / "not" / "yet", 3 * machine.GIB)
    machine.check_space(tmp_path / "not" / "yet", 1 * machine.GIB)


@pytest.mark.parametrize(
    ("variables", "system", "server", "reason"),
    [
        ({}, "linux", True, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ":0"}, "linux", True, None),
        ({"DISPLAY": ":0"}, "linux", False, "nothing answers at DISPLAY=:0"),
        ({"WAYLAND_DISPLAY": "gone", "XDG_RUNTIME_DIR": "/nowhere"}, "linux", True, "neither"),
        ({}, "darwin", False, None),
        ({}, "win32", False, None),
    ],
)
def test_whether_a_window_can_be_shown(variables, system, server, reason):
    found = machine.no_display(variables, system, lambda _: server)
    assert (found is None) if reason is None else (reason in found)


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


# --- The system's libraries ------------------------------------------------------------------------------

LDD = """\
/venv/PySide6/Qt/lib/libQt6Gui.so.6:
\tlinux-vdso.so.1 (0x00007ffd)
\tlibEGL.so.1 => not found
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
\tlibglib-2.0.so.0 => not found
/venv/PySide6/Qt/plugins/platforms/libqxcb.so:
\tlibxcb-cursor.so.0 => not found
\tlibEGL.so.1 => not found
\tlibQt6XcbQpa.so.6 => /venv/PySide6/Qt/lib/libQt6XcbQpa.so.6 (0x00007f)
"""
LACKING = {"libEGL.so.1", "libglib-2.0.so.0", "libxcb-cursor.so.0"}


def test_the_loader_is_asked_about_the_plugin_of_the_platform(fake_commands):
    fake = fake_commands(output=LDD)
    assert libraries.missing(Path("/venv/Qt"), "xcb") == LACKING
    assert "/venv/Qt/plugins/platforms/libqxcb.so" in fake.asked[0]
    libraries.missing(Path("/venv/Qt"), "offscreen")
    assert "libqxcb" not in fake.asked[1]


@pytest.mark.parametrize(
    ("manager", "known", "packages"),
    [
        ("apt-get", {"libglib2.0-0t64"}, ["libegl1", "libglib2.0-0t64", "libxcb-cursor0"]),
        ("apt-get", set(), ["libegl1", "libglib2.0-0", "libxcb-cursor0"]),
        ("dnf", set(), ["glib2", "libglvnd-egl", "xcb-util-cursor"]),
        ("pacman", set(), ["glib2", "libglvnd", "xcb-util-cursor"]),
    ],
)
def test_packages_have_the_names_of_the_system(manager, known, packages):
    assert libraries.packages_for(LACKING, manager, known.__contains__) == packages


def test_every_package_is_named_for_every_manager():
    assert all(len(names) == len(libraries.MANAGERS) and all(names) for names in libraries.PACKAGES.values())


def test_an_unknown_library_is_named():
    with pytest.raises(console.Problem, match=r"libnew\.so\.7"):
        libraries.packages_for({"libnew.so.7"}, "apt-get")


def test_root_installs_what_is_missing(monkeypatch, fake_commands, user, tmp_path):
    user("root")
    monkeypatch.setattr(libraries, "package_manager", lambda: "apt-get")
    fake = fake_commands("libglib2.0-0t64")  # a release without that name
    libraries.provide(LACKING, "The window", tmp_path / "log")
    assert fake.mentioning("update") == ["apt-get update"]
    assert fake.asked[-1] == "apt-get install -y --no-install-recommends libegl1 libglib2.0-0 libxcb-cursor0"


def test_sudo_keeps_apt_from_asking(monkeypatch, fake_commands, user, tmp_path):
    user("sudo")
    monkeypatch.setattr(libraries, "package_manager", lambda: "apt-get")
    fake = fake_commands()
    libraries.provide({"libEGL.so.1"}, "The window", tmp_path / "log")
    assert fake.asked[-1].startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install")


@pytest.mark.parametrize("who", ["plain", "root"])
def test_what_cannot_be_installed_is_named_with_the_exact_command(
    monkeypatch, fake_commands, user, tmp_path, who
):
    user(who)
    monkeypatch.setattr(libraries, "package_manager", lambda: "dnf")
    fake = fake_commands("dnf install")
    with pytest.raises(console.Problem) as problem:
        libraries.provide(LACKING, "The window", tmp_path / "log")
    assert "sudo dnf install -y glib2 libglvnd-egl xcb-util-cursor" in str(problem.value)
    assert bool(fake.mentioning("install")) == (who == "root")  # a plain user's system is left alone


def test_nothing_is_touched_when_nothing_is_missing(fake_commands, tmp_path):
    fake = fake_commands()
    libraries.provide(set(), "The window", tmp_path / "log")
    assert fake.asked == []


# --- The environment -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "wanted", "usable", "what"),
    [
        (THERE, WANTED, True, "keep"),
        (replace(THERE, extras=("dev",)), WANTED, True, "keep"),
        (THERE, replace(WANTED, extras=("dev",)), True, "install"),
        (THERE, replace(WANTED, requirements="bb22"), True, "install"),
        (None, WANTED, True, "install"),
        (THERE, WANTED, False, "build"),
        (None, WANTED, False, "build"),
        (replace(THERE, complete=False), WANTED, True, "build"),
        (THERE, replace(WANTED, torch="cuda"), True, "build"),
        (THERE, replace(WANTED, python="3.13"), True, "build"),
        (THERE, replace(WANTED, checkout="/elsewhere"), True, "build"),
    ],
)
def test_an_environment_is_kept_filled_or_built_anew(there, wanted, usable, what):
    assert environment.plan(there, wanted, usable) == what


def test_the_stamp_survives_and_a_broken_one_counts_as_none(tmp_path):
    stamp = replace(THERE, extras=("dev",))
    stamp.write(tmp_path)
    assert environment.Setup.read(tmp_path) == stamp
    (tmp_path / environment.STAMP).write_text('{"python": "3.11"')
    assert environment.Setup.read(tmp_path) is None
    (tmp_path / environment.STAMP).write_text('{"python": "3.11", "extras": []}')
    assert environment.Setup.read(tmp_path) is None


def test_the_hash_tells_one_changed_file(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a"), two.write_text("b")
    before = environment.hash_of([one, two])
    assert environment.hash_of([one, two]) == before
    two.write_text("c")
    assert environment.hash_of([one, two]) != before


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with an installer that does nothing; `broken` holds what it fails with."""
    (tmp_path / "packaging").mkdir()
    (tmp_path / "packaging" / "constraints.txt").write_text("numpy==2.4.6\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    home = SimpleNamespace(path=tmp_path, venv=tmp_path / ".venv", installs=[], made=0, broken=None)

    def make_venv(venv, *_):
        home.made += 1
        (venv / "pyvenv.cfg").touch()

    def run_logged(command, *_):
        home.installs.append(command)
        return home.broken

    monkeypatch.setattr(environment, "make_venv", make_venv)
    monkeypatch.setattr(environment, "run_logged", run_logged)
    monkeypatch.setattr(environment, "torch_index", lambda _: [])
    monkeypatch.setattr(environment, "check_space", lambda *_: None)
    monkeypatch.setattr(environment, "works", lambda venv: (venv / "pyvenv.cfg").exists())
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: object())
    return home


def provide(home, *extras):
    return environment.provide(home.path, extras, lambda there: there or "cpu")


def test_the_second_start_installs_nothing(checkout):
    assert provide(checkout) == checkout.venv
    assert (checkout.made, len(checkout.installs)) == (1, 2)  # pip, and the look whether torch loads
    assert str(checkout.path / "packaging" / "constraints.txt") in checkout.installs[0]
    provide(checkout)
    assert (checkout.made, len(checkout.installs)) == (1, 2)


def test_a_changed_file_installs_again_into_the_same_environment(checkout):
    provide(checkout)
    (checkout.path / "packaging" / "constraints.txt").write_text("numpy==2.4.5\n")
    provide(checkout)
    assert (checkout.made, len(checkout.installs)) == (1, 4)


def test_the_tools_for_tests_stay_when_the_app_is_started(checkout):
    provide(checkout, "dev")
    provide(checkout)
    assert len(checkout.installs) == 2
    (checkout.path / "pyproject.toml").write_text("[project]\n# changed\n")
    provide(checkout)
    assert checkout.installs[-2][-1].endswith("[dev]")


def test_a_failed_install_is_explained_and_repaired_by_the_next_start(checkout):
    checkout.broken = "ERROR: No matching distribution found for torch==2.13.0\n"
    with pytest.raises(console.Problem, match="no build of torch for Python 3"):
        provide(checkout)
    checkout.broken = None
    provide(checkout)
    assert checkout.made == 2
    assert environment.Setup.read(checkout.venv).complete


def test_a_broken_environment_is_built_anew(checkout):
    provide(checkout)
    (checkout.venv / "pyvenv.cfg").unlink()
    (checkout.venv / "stale").touch()
    provide(checkout)
    assert checkout.made == 2
    assert not (checkout.venv / "stale").exists()


def test_a_folder_that_is_no_environment_is_not_deleted(checkout):
    checkout.venv.mkdir()
    (checkout.venv / "thesis.tex").touch()
    with pytest.raises(console.Problem, match="no virtual environment"):
        provide(checkout)
    assert (checkout.venv / "thesis.tex").exists()


def test_a_read_only_checkout_keeps_its_environment_in_the_cache(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(environment, "is_writable", lambda _: False)
    monkeypatch.setattr(environment, "cache_folder", lambda: tmp_path)
    one, two = environment.home_of_venv(Path("/media/one")), environment.home_of_venv(Path("/media/two"))
    assert one.is_relative_to(tmp_path) and two.is_relative_to(tmp_path) and one != two
    assert str(one) in capsys.readouterr().out


def test_whether_a_folder_can_be_written_is_tried(tmp_path):
    assert environment.is_writable(tmp_path)
    assert not environment.is_writable(tmp_path / "missing")


def test_the_users_variables_do_not_lead_out_of_the_environment(monkeypatch):
    for name in ("PYTHONPATH", "PIP_USER", "PIP_INDEX_URL"):
        monkeypatch.setenv(name, "x")
    kept = environment.clean_environment()
    assert "PYTHONPATH" not in kept and "PIP_USER" not in kept
    assert kept["PIP_INDEX_URL"] == "x"


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
        ("Segmentation fault", "last lines above"),
    ],
)
def test_what_pip_prints_becomes_a_sentence(output, words):
    assert words in str(environment.explain(output))


# --- pip, where Debian left it out -----------------------------------------------------------------------

PAGE = f"""<a href="../../files/pip-1.0.tar.gz#sha256=00">pip-1.0.tar.gz</a>
<a data-requires-python="&gt;=3.10" href="../../files/{pip_wheel.WHEEL}#sha256=11">{pip_wheel.WHEEL}</a>"""


def test_the_wheel_is_found_on_an_indexs_page():
    link = pip_wheel.link_to_wheel(PAGE, "https://mirror.example/simple/pip/")
    assert link == f"https://mirror.example/files/{pip_wheel.WHEEL}#sha256=11"


def test_an_index_without_the_wheel_is_a_lookup_error():
    with pytest.raises(LookupError):
        pip_wheel.link_to_wheel("<a href='pip-1.0.tar.gz'>", "https://mirror.example/simple/pip/")


def bring(tmp_path, content: bytes, run) -> list[str]:
    asked = []

    def get(address):
        asked.append(address)
        return PAGE.encode() if address.endswith("/pip/") else content

    pip_wheel.bring(tmp_path / "python", tmp_path, get, run)
    return asked


def test_a_wheel_that_is_not_the_known_one_is_not_run(tmp_path):
    run = Commands()
    with pytest.raises(LookupError, match="not the file it should be"):
        bring(tmp_path, b"something else", run)
    assert run.asked == []


def test_the_wheel_comes_from_pips_own_index_and_installs_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple/")
    monkeypatch.setattr(pip_wheel, "SHA256", hashlib.sha256(b"the wheel").hexdigest())
    run = Commands()
    assert bring(tmp_path, b"the wheel", run)[0] == "https://mirror.example/simple/pip/"
    assert "--no-index" in run.asked[0]
    assert not (tmp_path / pip_wheel.WHEEL).exists()


@pytest.mark.parametrize("who", ["root", "plain"])
def test_without_ensurepip_and_network_the_systems_package_helps_or_is_named(
    checkout, monkeypatch, fake_commands, user, who
):
    def unreachable(*_):
        raise OSError("timed out")

    user(who)
    fake = fake_commands()
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(pip_wheel, "bring", unreachable)
    monkeypatch.setattr(libraries, "package_manager", lambda: "apt-get")
    package = f"python3.{sys.version_info.minor}-venv"
    if who == "root":
        provide(checkout)
        assert package in fake.asked[-1]
    else:
        with pytest.raises(console.Problem) as problem:
            provide(checkout)
        assert f"sudo apt-get install {package}" in str(problem.value)
        assert not fake.mentioning("install")


# --- Which torch -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("torch", "system", "reachable", "index"),
    [
        ("cpu", "linux", True, environment.CPU_INDEX),
        ("cpu", "linux", False, None),
        ("cuda", "linux", True, None),
        ("cpu", "win32", True, None),
        ("cuda", "win32", True, environment.CUDA_INDEX),
        ("cpu", "darwin", True, None),
    ],
)
def test_torch_comes_from_its_own_index_where_pypi_has_the_other_build(torch, system, reachable, index):
    expected = ["--extra-index-url", index] if index else []
    assert environment.torch_index(torch, system, lambda _: reachable) == expected


@pytest.mark.parametrize(
    ("asked", "there", "card", "answer", "torch"),
    [
        ("cuda", "cpu", False, None, "cuda"),
        (None, "cuda", False, None, "cuda"),
        (None, None, False, "unasked", "cpu"),
        (None, None, True, None, "cuda"),  # nobody to ask
        (None, None, True, "cpu", "cpu"),
        (None, None, True, "", "cuda"),
    ],
)
def test_torch_is_what_was_asked_for_what_is_there_or_what_suits(
    monkeypatch, asked, there, card, answer, torch
):
    def reply(_):
        assert answer != "unasked"
        return answer

    monkeypatch.setattr(machine, "has_nvidia_card", lambda: card)
    monkeypatch.setattr(commands.sys, "platform", "linux")
    monkeypatch.setattr(commands.sys, "stdin", SimpleNamespace(isatty=lambda: answer is not None))
    monkeypatch.setattr("builtins.input", reply)
    assert commands.choose_torch(asked, there) == torch


# --- The commands ----------------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What `run` and `test` would start, with an environment that is ready."""
    calls = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(machine, "check_kind", lambda: None)
    monkeypatch.setattr(commands, "provide", lambda *_: tmp_path / ".venv")
    monkeypatch.setattr(commands, "qt_of", lambda venv: venv / "Qt")
    monkeypatch.setattr(commands.sys, "platform", "linux")

    def call(command, cwd=None, **variables):
        calls.append((" ".join(command), variables))
        return 0

    monkeypatch.setattr(commands, "call", call)
    return calls


def test_with_a_display_the_app_opens_on_its_first_preset(started, monkeypatch):
    monkeypatch.setattr(machine, "no_display", lambda: None)
    monkeypatch.setattr(libraries, "missing", lambda *_: set())
    assert commands.main(["run"]) == 0
    [(command, _)] = started
    assert command.endswith("-m wganstudio --preset first-look --run")


def test_without_a_display_the_preset_runs_in_the_terminal_and_needs_no_qt(
    started, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(machine, "no_display", lambda: "neither")
    monkeypatch.setattr(libraries, "missing", lambda *_: pytest.fail("asked for Qt"))
    assert commands.main(["run"]) == 0
    session = tmp_path / "first-look.wgs"
    assert started[0][0].endswith(f"-m wganstudio run first-look --session {session}")
    assert started[1][0].endswith(f"export {session} --to {tmp_path / 'figures'} --formats png,svg,pdf,csv")
    said = capsys.readouterr().out
    assert said.startswith("No window (neither)") and str(tmp_path / "figures") in said


def test_a_run_that_fails_is_not_exported(started, monkeypatch):
    calls = []
    monkeypatch.setattr(commands, "call", lambda command, **_: calls.append(command) or 1)
    assert commands.main(["run", "--no-window"]) == 1
    assert len(calls) == 1


def test_libraries_missing_for_the_window_are_asked_for_before_it_starts(started, monkeypatch, user, capsys):
    user("plain")
    monkeypatch.setattr(machine, "no_display", lambda: None)
    monkeypatch.setattr(libraries, "missing", lambda *_: {"libxcb-cursor.so.0"})
    monkeypatch.setattr(libraries, "package_manager", lambda: "pacman")
    assert commands.main(["run"]) == 1
    assert started == []
    assert "sudo pacman -S --needed --noconfirm xcb-util-cursor" in capsys.readouterr().err


def test_without_root_and_xvfb_the_tests_run_offscreen(started, monkeypatch, user):
    user("plain")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setattr(
        libraries, "missing", lambda qt, platform: {"libxcb.so.1"} if platform == "xcb" else set()
    )
    monkeypatch.setattr(commands.shutil, "which", lambda _: None)
    assert commands.main(["test", "--", "-k", "form"]) == 0
    [(command, variables)] = started
    assert re.search(r"-m pytest -n \d .*-k form", command)
    assert variables == {"QT_QPA_PLATFORM": "offscreen"}


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


# --- The pins --------------------------------------------------------------------------------------------


def test_every_dependency_has_a_pin_within_its_range():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    asked = [Requirement(text) for text in project["dependencies"] + project["optional-dependencies"]["dev"]]
    lines = (CHECKOUT / "packaging" / "constraints.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    versions = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    for requirement in asked:
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, requirement.name
