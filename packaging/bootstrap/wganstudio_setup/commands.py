"""Commands of the bootstrap: run, test, setup, build, check, audit."""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from . import audit, environment, machine, system_libraries
from .console import Problem, report

CHECKOUT = Path(__file__).resolve().parents[3]
INSTALLER = CHECKOUT / "packaging" / "installer"
BUILD_TOOLS = ("dpkg-deb", "strip", "xz")


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    options = parse(arguments)
    try:
        machine.check_platform()
        command = {
            "run": run,
            "test": test,
            "setup": setup,
            "build": build,
            "check": check,
            "audit": audit_pins,
        }[options.command]
        return command(options)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command to continue.", file=sys.stderr)
        return 130


def parse(arguments: list[str]) -> argparse.Namespace:
    """Parse the arguments; `rest` holds those after `--`."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog="bootstrap", description="Set up WGAN Studio in this checkout and start it."
    )
    commands = {
        "run": "set up and start the app with its first experiment (in the terminal if there is no display)",
        "test": "set up and run the tests; arguments after -- are passed to pytest",
        "setup": "set up only",
        "build": "set up and build the installers for this system in dist",
        "check": "check the built installers",
        "audit": "look up known vulnerabilities of the pinned versions (needs the internet)",
    }
    subparsers = parser.add_subparsers(dest="command", required=True, metavar=" | ".join(commands))
    for name, text in commands.items():
        command = subparsers.add_parser(name, help=text, description=text)
        build = command.add_mutually_exclusive_group()
        for kind, help in {"cpu": "PyTorch for the CPU", "cuda": "PyTorch for NVIDIA cards"}.items():
            build.add_argument(f"--{kind}", dest="torch", action="store_const", const=kind, help=help)
        if name == "run":
            command.add_argument("--no-window", action="store_true", help="run in the terminal")
        if name == "setup":
            command.add_argument("--dev", action="store_true", help="include the development tools")
        if name == "check":
            command.add_argument(
                "--clean-root",
                action="store_true",
                help="also install them into fresh systems (Debian, as root)",
            )
    options = parser.parse_args(arguments[:end])
    options.rest = arguments[end + 1 :]
    return options


def choose_torch(requested: str | None, installed: str | None) -> str:
    """Return "cpu" or "cuda": as requested, else as installed, else by the machine."""
    if requested or installed:
        return requested or installed or ""
    if sys.platform == "darwin" or not machine.has_nvidia_card():
        return "cpu"
    if not sys.stdin.isatty():
        return "cuda"
    answer = input(
        "This machine has an NVIDIA card. Install PyTorch with CUDA (10 GB) or for the CPU? [cuda/cpu] "
    )
    return "cpu" if answer.strip().lower().startswith("cp") else "cuda"


def ensure_environment(options: argparse.Namespace, *extras: str) -> Path:
    """Return the environment of this checkout, set up with the extras."""
    return environment.ensure(CHECKOUT, extras, lambda installed: choose_torch(options.torch, installed))


def setup(options: argparse.Namespace) -> int:
    """Set up only."""
    venv = ensure_environment(options, *(["dev"] if options.dev else []))
    report(f"Ready: {environment.python_of(venv)} -m wganstudio")
    return 0


def run(options: argparse.Namespace) -> int:
    """Start the app with its first experiment, or run that experiment in the terminal."""
    venv = ensure_environment(options)
    app = [str(environment.python_of(venv)), "-m", "wganstudio"]
    reason = "--no-window was given" if options.no_window else machine.no_display()
    if reason:
        return run_in_terminal(app, reason)
    if sys.platform == "linux":
        platform = "xcb" if os.environ.get("DISPLAY") else "wayland"
        system_libraries.ensure(
            system_libraries.missing(qt_of(venv), platform), "The window", venv / "setup.log"
        )
    report("Starting WGAN Studio with its first experiment ...")
    return call([*app, "--preset", "first-look", "--run"])


def run_in_terminal(app: list[str], reason: str) -> int:
    """Run the first experiment without a window; write its session file and figures."""
    report(f"No window ({reason}). Running the first experiment in the terminal.")
    folder = Path.cwd() if environment.is_writable(Path.cwd()) else Path.home()
    session, figures = folder / "first-look.wgs", folder / "figures"
    code = call([*app, "run", "first-look", "--session", str(session)])
    if code == 0:
        code = call([*app, "export", str(session), "--to", str(figures), "--formats", "png,svg,pdf,csv"])
    if code == 0:
        report(f"Figures and tables: {figures}\nSession (opens in the window): {session}")
    return code


def test(options: argparse.Namespace) -> int:
    """Run the tests with their windows on a hidden display."""
    venv = ensure_environment(options, "dev")
    log = venv / "setup.log"
    workers = min(2, os.cpu_count() or 1)  # more compete for the focus of their windows
    pytest = [str(environment.python_of(venv)), "-m", "pytest", "-n", str(workers), "--dist", "worksteal"]
    pytest += options.rest
    if not environment.is_writable(CHECKOUT):
        pytest += ["-p", "no:cacheprovider"]
    with hidden_display(venv, log) as variables:
        return call(pytest, cwd=CHECKOUT, **variables)


def build(options: argparse.Namespace) -> int:
    """Build the installers for this system."""
    venv = ensure_environment(options, "installer")
    if sys.platform == "linux":
        missing = {tool for tool in BUILD_TOOLS if not shutil.which(tool)}
        for platform in ("xcb", "wayland"):  # the build looks up the packages of Qt's libraries
            missing |= system_libraries.missing(qt_of(venv), platform)
        system_libraries.ensure(missing, "Building the installers", venv / "setup.log")
    return call([str(environment.python_of(venv)), str(INSTALLER), "build"])


def check(options: argparse.Namespace) -> int:
    """Check the built installers."""
    venv = ensure_environment(options, "installer")
    python = str(environment.python_of(venv))
    code = call([python, str(INSTALLER), "check"])
    return code or (call([python, str(INSTALLER), "try"]) if options.clean_root else 0)


def audit_pins(options: argparse.Namespace) -> int:
    """Look up known vulnerabilities of the pinned versions."""
    return audit.audit(CHECKOUT / "packaging" / "constraints.txt")


@contextlib.contextmanager
def hidden_display(venv: Path, log: Path) -> Iterator[dict[str, str]]:
    """Yield the variables of a hidden display: a virtual X server, else Qt's offscreen platform."""
    if "QT_QPA_PLATFORM" in os.environ:
        yield {}
        return
    if sys.platform == "linux":
        missing = system_libraries.missing(qt_of(venv), "xcb") | (set() if shutil.which("Xvfb") else {"Xvfb"})
        required = system_libraries.missing(qt_of(venv), "offscreen")
        may_install = system_libraries.package_manager() and system_libraries.root_prefix() is not None
        if may_install or required:  # all at once, or a second command would be asked for later
            system_libraries.ensure(missing | required, "Testing the window", log)
            missing = set()
        if not missing:
            with virtual_x_server(log) as display:
                report("Testing with windows on a virtual X server.")
                yield {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}
            return
        report(f"Testing offscreen. For tests with real windows:\n  {system_libraries.remedy(missing)}")
    yield {"QT_QPA_PLATFORM": "offscreen"}


@contextlib.contextmanager
def virtual_x_server(log: Path) -> Iterator[str]:
    """Start an Xvfb and yield its DISPLAY; it picks a free number and writes it to a pipe."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    with log.open("a", encoding="utf-8") as out:
        print("$", *command, file=out, flush=True)
        server = subprocess.Popen(command, pass_fds=[writer], stdout=out, stderr=out)
    os.close(writer)
    try:
        with open(reader) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Problem(
                f"The virtual X server did not start; the end of {log} says why.",
                "Set QT_QPA_PLATFORM=offscreen to test without it.",
            )
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def qt_of(venv: Path) -> Path:
    """Return the folder of the installed Qt's system_libraries."""
    return next(venv.glob("lib*/python*/site-packages/PySide6/Qt"))


def call(command: list[str], cwd: Path | None = None, **variables: str) -> int:
    """Run a command in the foreground and return its exit code.

    Ctrl-C reaches the command too; the command decides what to save before it ends.
    """
    process = subprocess.Popen(command, cwd=cwd, env={**environment.clean_environment(), **variables})
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            code = process.wait()
            return code if code >= 0 else 128 - code
