"""What can be asked of the bootstrap: run, test, setup, build, check."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import environment
import libraries
import machine
from console import Problem, say

CHECKOUT = Path(__file__).resolve().parents[2]
INSTALLER = CHECKOUT / "packaging" / "installer"
BUILD_TOOLS = ("dpkg-deb", "strip", "xz")


def main(arguments: list[str]) -> int:
    """The exit code of one command."""
    options = parse(arguments)
    try:
        machine.check_kind()
        act = {"run": run, "test": test, "setup": setup, "build": build, "check": check}[options.command]
        return act(options)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Start it again and it goes on.", file=sys.stderr)
        return 130


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options; what follows `--` is handed on."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog="bootstrap", description="Set WGAN Studio up in this checkout and start it."
    )
    commands = {
        "run": "set up and start the app on its first experiment; without a display, run it in the terminal",
        "test": "set up and run the test suite; what follows -- goes to pytest",
        "setup": "only set up",
        "build": "set up and build the installers of this system, into dist",
        "check": "check what was built",
    }
    chosen = parser.add_subparsers(dest="command", required=True, metavar=" | ".join(commands))
    for name, text in commands.items():
        command = chosen.add_parser(name, help=text, description=text)
        build = command.add_mutually_exclusive_group()
        for kind, help in {"cpu": "PyTorch for the CPU", "cuda": "PyTorch for NVIDIA cards"}.items():
            build.add_argument(f"--{kind}", dest="torch", action="store_const", const=kind, help=help)
        if name == "run":
            command.add_argument("--no-window", action="store_true", help="run in the terminal")
        if name == "setup":
            command.add_argument("--dev", action="store_true", help="with the tools for developing")
        if name == "check":
            command.add_argument(
                "--clean-root",
                action="store_true",
                help="install them into fresh systems too (Debian, as root)",
            )
    options = parser.parse_args(arguments[:cut])
    options.rest = arguments[cut + 1 :]
    return options


def choose_torch(asked: str | None, there: str | None) -> str:
    """CPU or CUDA: what was asked for, else what is there, else what suits the machine."""
    if asked or there:
        return asked or there or ""
    if sys.platform == "darwin" or not machine.has_nvidia_card():
        return "cpu"
    if not sys.stdin.isatty():
        return "cuda"
    answer = input("An NVIDIA card is here. PyTorch with CUDA (10 GB on disk) or for the CPU? [cuda/cpu] ")
    return "cpu" if answer.strip().lower().startswith("cp") else "cuda"


def provide(options: argparse.Namespace, *extras: str) -> Path:
    return environment.provide(CHECKOUT, extras, lambda there: choose_torch(options.torch, there))


def setup(options: argparse.Namespace) -> int:
    """Only set up."""
    venv = provide(options, *(["dev"] if options.dev else []))
    say(f"Ready: {environment.python_of(venv)} -m wganstudio")
    return 0


def run(options: argparse.Namespace) -> int:
    """The app on its first experiment, or that experiment in the terminal."""
    venv = provide(options)
    app = [str(environment.python_of(venv)), "-m", "wganstudio"]
    reason = "--no-window was given" if options.no_window else machine.no_display()
    if reason:
        return run_in_terminal(app, reason)
    if sys.platform == "linux":
        platform = "xcb" if os.environ.get("DISPLAY") else "wayland"
        libraries.provide(libraries.missing(qt_of(venv), platform), "The window", venv / "setup.log")
    say("Starting WGAN Studio on its first experiment ...")
    return call([*app, "--preset", "first-look", "--run"])


def run_in_terminal(app: list[str], reason: str) -> int:
    """The first experiment without a window: a session file, and its figures."""
    say(f"No window ({reason}): running the first experiment in the terminal.")
    place = Path.cwd() if environment.is_writable(Path.cwd()) else Path.home()
    session, figures = place / "first-look.wgs", place / "figures"
    code = call([*app, "run", "first-look", "--session", str(session)])
    if code == 0:
        code = call([*app, "export", str(session), "--to", str(figures), "--formats", "png,svg,pdf,csv"])
    if code == 0:
        say(f"Figures and tables: {figures}\nThe session, to open in the window later: {session}")
    return code


def test(options: argparse.Namespace) -> int:
    """The test suite, in windows that nobody sees."""
    venv = provide(options, "dev")
    log = venv / "setup.log"
    workers = min(2, os.cpu_count() or 1)  # more would only fight over the windows' focus
    pytest = [str(environment.python_of(venv)), "-m", "pytest", "-n", str(workers), *options.rest]
    if not environment.is_writable(CHECKOUT):
        pytest += ["-p", "no:cacheprovider"]
    with hidden_display(venv, log) as variables:
        return call(pytest, cwd=CHECKOUT, **variables)


def build(options: argparse.Namespace) -> int:
    """The installers of this system."""
    venv = provide(options, "installer")
    if sys.platform == "linux":
        lacking = {tool for tool in BUILD_TOOLS if not shutil.which(tool)}
        for platform in ("xcb", "wayland"):  # what the app shall find elsewhere must be known here
            lacking |= libraries.missing(qt_of(venv), platform)
        libraries.provide(lacking, "Building the installers", venv / "setup.log")
    return call([str(environment.python_of(venv)), str(INSTALLER), "build"])


def check(options: argparse.Namespace) -> int:
    """What was built, tried."""
    venv = provide(options, "installer")
    python = str(environment.python_of(venv))
    code = call([python, str(INSTALLER), "check"])
    return code or (call([python, str(INSTALLER), "try"]) if options.clean_root else 0)


@contextlib.contextmanager
def hidden_display(venv: Path, log: Path) -> Iterator[dict[str, str]]:
    """The variables that send windows where nobody sees them: a virtual X server, else no screen at all."""
    if "QT_QPA_PLATFORM" in os.environ:
        yield {}
        return
    if sys.platform == "linux":
        lacking = libraries.missing(qt_of(venv), "xcb") | (set() if shutil.which("Xvfb") else {"Xvfb"})
        if libraries.package_manager() and libraries.administrator() is not None:
            libraries.provide(lacking, "Testing the window", log)
            lacking = set()
        libraries.provide(libraries.missing(qt_of(venv), "offscreen"), "Testing the window", log)
        if not lacking:
            with virtual_x_server() as display:
                say("Testing in windows on a virtual X server.")
                yield {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}
            return
        say(f"Testing without a screen, as real windows would need: {' '.join(sorted(lacking))}")
    yield {"QT_QPA_PLATFORM": "offscreen"}


@contextlib.contextmanager
def virtual_x_server() -> Iterator[str]:
    """The DISPLAY of an Xvfb of our own; it picks a free number and tells it through a pipe."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with open(reader) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Problem("The virtual X server did not start.", "Try it without: QT_QPA_PLATFORM=offscreen")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def qt_of(venv: Path) -> Path:
    """Where the libraries of the installed Qt are."""
    return next(venv.glob("lib*/python*/site-packages/PySide6/Qt"))


def call(command: list[str], cwd: Path | None = None, **variables: str) -> int:
    """Run a command in the foreground, with the terminal, and hand on its exit code.

    Ctrl-C reaches the command too, and it is the command that decides what to save before it ends.
    """
    process = subprocess.Popen(command, cwd=cwd, env={**environment.clean_environment(), **variables})
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            code = process.wait()
            return code if code >= 0 else 128 - code
