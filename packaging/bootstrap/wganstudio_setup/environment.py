"""The virtual environment of a checkout: created, filled and repaired as needed."""

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from . import pip_wheel, system_libraries, torch_build
from .console import Problem, report, run_logged
from .machine import check_space

STAMP = "wganstudio-setup.json"


@dataclass(frozen=True)
class Setup:
    """The contents of an environment; stored in it as a JSON file, the stamp."""

    checkout: str
    python: str
    torch: str  # "cpu" or "cuda": the build that was asked for, once complete the one that is installed
    requirements: str  # hash of the requirement files
    extras: tuple[str, ...] = ()
    complete: bool = False

    def write(self, venv: Path) -> None:
        (venv / STAMP).write_text(json.dumps(asdict(self), indent=1))

    @staticmethod
    def read(venv: Path) -> "Setup | None":
        with contextlib.suppress(OSError, ValueError, TypeError):
            fields = json.loads((venv / STAMP).read_text())
            return Setup(**{**fields, "extras": tuple(fields["extras"])})
        return None


def hash_of(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def required_action(installed: Setup | None, wanted: Setup, usable: bool) -> str:
    """Return what an environment needs: "keep", "install" into it, or "rebuild" it.

    Rebuilding is cheap, as pip caches its downloads. It is needed after an interrupted install, which may
    leave an incomplete package that pip takes for a complete one; for another build of torch, as both have
    the same version for pip; and in a checkout that was moved, as an environment's programs hold its path.
    """
    if not usable:
        return "rebuild"
    if installed is None:  # made by the user
        return "install"
    kind = installed.python, installed.torch, installed.checkout
    if not installed.complete or kind != (wanted.python, wanted.torch, wanted.checkout):
        return "rebuild"
    enough = installed.requirements == wanted.requirements and set(wanted.extras) <= set(installed.extras)
    return "keep" if enough else "install"


def is_writable(folder: Path) -> bool:
    """Return True if a file can be created there; tried, as permissions alone do not tell on all systems."""
    with contextlib.suppress(OSError), tempfile.TemporaryFile(dir=folder):
        return True
    return False


def cache_folder() -> Path:
    """Return the folder for the user's caches."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def venv_folder(checkout: Path) -> Path:
    """Return `.venv` in the checkout, or a folder in the user's cache if the checkout is read-only."""
    if is_writable(checkout):
        return checkout / ".venv"
    tag = hashlib.sha256(str(checkout).encode()).hexdigest()[:8]
    folder = cache_folder() / "wganstudio" / f"venv-{tag}"
    report(f"The checkout is read-only; the environment is in {folder}.")
    return folder


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def clean_environment() -> dict[str, str]:
    """Return the environment variables without those that lead pip or Python out of the venv."""
    excluded = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in os.environ.items() if name not in excluded}


def works(venv: Path) -> bool:
    """Return True if the environment's Python starts and has pip."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        command = [str(python_of(venv)), "-c", "import pip"]
        return (
            subprocess.run(command, capture_output=True, env=clean_environment(), timeout=60).returncode == 0
        )
    return False


def create(venv: Path, wanted: Setup, space: float) -> None:
    """Create an empty environment with pip. The stamp is written first: it identifies an interrupted one."""
    if venv.exists():
        if not any((venv / mark).exists() for mark in (STAMP, "pyvenv.cfg")) and any(venv.iterdir()):
            raise Problem(f"{venv} exists but is not a virtual environment. Move it away and try again.")
        report(f"Removing the old environment in {venv} ...")
        shutil.rmtree(venv)
    check_space(venv, space)
    report(f"Creating a Python {wanted.python} environment in {venv} (a few seconds) ...")
    venv.mkdir(parents=True)
    wanted.write(venv)
    if importlib.util.find_spec("ensurepip"):
        make_venv(venv)
        return
    make_venv(venv, "--without-pip")
    try:
        pip_wheel.install_pip(python_of(venv), venv)
    except (OSError, LookupError) as error:
        install_ensurepip(f"python{wanted.python}-venv", error, venv / "setup.log")
        make_venv(venv)


def install_ensurepip(package: str, failure: Exception, log: Path) -> None:
    """Install Debian's package with pip, after its download failed; raise a Problem if that fails too."""
    reason = getattr(failure, "reason", failure)
    message, remedy = (
        f"This Python has no pip, and downloading it failed: {reason}.",
        "Connect to the internet",
    )
    if system_libraries.package_manager() != "apt-get":
        raise Problem(message, f"{remedy} and try again.") from failure
    prefix = system_libraries.root_prefix()
    if prefix is not None:
        system_libraries.refresh("apt-get", prefix)
        if system_libraries.install([package], "apt-get", prefix, log):
            return
    command = system_libraries.command_line([package], "apt-get")
    raise Problem(message, f"{remedy} and try again, or run this command before:\n  {command}") from failure


def make_venv(venv: Path, *options: str) -> None:
    command = [sys.executable, "-m", "venv", *options, str(venv)]
    process = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
    if process.returncode:
        output = (process.stderr + process.stdout).strip()
        raise Problem(f"Python could not create the environment: {output}")


def explain(output: str) -> Problem:
    """Translate pip's output into one sentence and a remedy."""
    machine = f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}"
    meanings = [
        (r"No space left on device|Errno 28", "The disk is full.", "Free some space and try again."),
        (
            r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError",
            "This machine does not trust the certificate of the package index.",
            "Behind a company proxy, set PIP_CERT to the file of its certificate.",
        ),
        (
            r"ProxyError|Tunnel connection failed|407 Proxy",
            "The proxy refused the connection.",
            "Check HTTPS_PROXY: http://user:password@host:port",
        ),
        (
            r"name resolution|Name or service not known|getaddrinfo failed|nodename nor servname"
            r"|NewConnectionError|Network is unreachable|ConnectTimeout|ReadTimeout|Connection refused",
            "No network: the package index is not reachable.",
            "Behind a proxy set HTTPS_PROXY=http://host:port, for a mirror of PyPI set PIP_INDEX_URL.",
        ),
        (
            r"Windows Long Path",
            "A path is too long for Windows.",
            "Move the checkout to a folder with a shorter path.",
        ),
        (
            r"WinError (?:126|1114)",
            "PyTorch needs the Microsoft Visual C++ runtime.",
            "Install https://aka.ms/vs/17/release/vc_redist.x64.exe and try again.",
        ),
        (
            r"(?:No matching distribution found for|satisfies the requirement) (?P<name>[\w.-]+)",
            f"There is no build of {{name}} for {machine}.",
            "",
        ),
    ]
    for pattern, sentence, remedy in meanings:
        if match := re.search(pattern, output):
            return Problem(sentence.format(**match.groupdict()), remedy)
    return Problem("The installation failed; the lines above show the reason.")


def install(venv: Path, wanted: Setup, constraints: Path, source: torch_build.Source, is_new: bool) -> None:
    """Install the app and its requirements with pip, then check that torch loads."""
    target = wanted.checkout + (f"[{','.join(wanted.extras)}]" if wanted.extras else "")
    log = venv / "setup.log"
    replace(wanted, complete=False).write(venv)
    if is_new:
        duration = torch_build.DURATION[source.build]
        report(f"Installing WGAN Studio and its packages (usually {duration}; log: {log}) ...")
    else:
        report(f"Updating the packages of WGAN Studio (usually under a minute; log: {log}) ...")
    python = str(python_of(venv))
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    pip = [python, "-m", "pip", "install", *quiet, *source.options, "-c", str(constraints), "-e", target]
    run_step(pip, log)
    build = run_step([python, "-c", torch_build.NAME], log).split()[-1]
    replace(wanted, complete=True, torch=build).write(venv)


def run_step(command: list[str], log: Path) -> str:
    """Run one step of the installation and return its output; raise a Problem that explains a failure."""
    succeeded, output = run_logged(command, log, clean_environment())
    if succeeded:
        return output
    report("".join(f"  | {line}\n" for line in output.splitlines()[-12:]))
    problem = explain(output)
    raise Problem(problem.args[0], "\n  ".join(filter(None, [problem.remedy, f"Full log: {log}"])))


def ensure(checkout: Path, extras: tuple[str, ...], choose_torch: Callable[[str | None], str]) -> Path:
    """Return the environment of a checkout, ready to use; `choose_torch` gets the installed build, if any."""
    venv = venv_folder(checkout)
    installed = Setup.read(venv)
    constraints = checkout / "packaging" / "constraints.txt"
    wanted = Setup(
        checkout=str(checkout),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        torch=choose_torch(installed.torch if installed else None),
        requirements=hash_of([checkout / "pyproject.toml", constraints]),
        extras=tuple(sorted({*extras, *(installed.extras if installed else ())})),
    )
    usable = works(venv)
    action = required_action(installed, wanted, usable)
    if action == "keep":
        return venv
    source = torch_build.find(wanted.torch, announce=action == "rebuild")
    if action == "rebuild":  # not for the build that is there; an update keeps PyTorch where it fits
        action = required_action(installed, replace(wanted, torch=source.build), usable)
    if action == "rebuild":
        create(venv, wanted, torch_build.SPACE[source.build])
    if action != "keep":
        install(venv, wanted, constraints, source, is_new=action == "rebuild" or installed is None)
    return venv
