"""The virtual environment of a checkout: made, filled, repaired, and left alone when nothing changed."""

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
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import libraries
import pip_wheel
from console import Problem, run_logged, say
from machine import GIB, check_space

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
CUDA_INDEX = "https://download.pytorch.org/whl/cu130"
SPACE = {"cpu": 3 * GIB, "cuda": 10 * GIB}
STAMP = "wganstudio-setup.json"


@dataclass(frozen=True)
class Setup:
    """What an environment holds, or shall hold. Kept in it as a JSON file, the stamp."""

    checkout: str
    python: str
    torch: str  # "cpu" or "cuda"
    requirements: str  # a hash of what pip is asked for
    extras: tuple[str, ...] = ()
    complete: bool = False

    def write(self, venv: Path) -> None:
        (venv / STAMP).write_text(json.dumps(asdict(self), indent=1))

    @staticmethod
    def read(venv: Path) -> "Setup | None":
        with contextlib.suppress(OSError, ValueError, TypeError):
            kept = json.loads((venv / STAMP).read_text())
            return Setup(**{**kept, "extras": tuple(kept["extras"])})
        return None


def hash_of(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def plan(there: Setup | None, wanted: Setup, usable: bool) -> str:
    """What to do with an environment: "keep", "install" into it, or "build" it anew.

    Built anew, as pip keeps what it has downloaded: after an interrupted install, which may have left half
    a package that pip takes for a whole one; for another build of torch, as pip sees the same version; in
    a checkout that was moved, as an environment's programs know their place.
    """
    if not usable:
        return "build"
    if there is None:  # somebody's own
        return "install"
    kind = there.python, there.torch, there.checkout
    if not there.complete or kind != (wanted.python, wanted.torch, wanted.checkout):
        return "build"
    enough = there.requirements == wanted.requirements and set(wanted.extras) <= set(there.extras)
    return "keep" if enough else "install"


def is_writable(folder: Path) -> bool:
    """Whether a file can be made there; only trying tells, on every system."""
    with contextlib.suppress(OSError), tempfile.TemporaryFile(dir=folder):
        return True
    return False


def cache_folder() -> Path:
    """Where a user's programs keep what they can make again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def home_of_venv(checkout: Path) -> Path:
    """`.venv` in the checkout, or a folder in the user's cache if the checkout is read-only."""
    if is_writable(checkout):
        return checkout / ".venv"
    tag = hashlib.sha256(str(checkout).encode()).hexdigest()[:8]
    place = cache_folder() / "wganstudio" / f"venv-{tag}"
    say(f"The checkout is read-only, so the environment is kept in {place}.")
    return place


def python_of(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def clean_environment() -> dict[str, str]:
    """The user's environment variables without those that would lead pip or Python out of the venv."""
    astray = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in os.environ.items() if name not in astray}


def works(venv: Path) -> bool:
    """Whether the environment's Python starts and has pip."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        asked = [str(python_of(venv)), "-c", "import pip"]
        return subprocess.run(asked, capture_output=True, env=clean_environment(), timeout=60).returncode == 0
    return False


def make(venv: Path, wanted: Setup) -> None:
    """An empty environment with pip in it. The stamp goes in first, to know our own if interrupted."""
    if venv.exists():
        if not any((venv / mark).exists() for mark in (STAMP, "pyvenv.cfg")) and any(venv.iterdir()):
            raise Problem(f"{venv} is there but is no virtual environment; move it away and start again.")
        say(f"Removing the old environment in {venv} ...")
        shutil.rmtree(venv)
    check_space(venv, SPACE[wanted.torch])
    say(f"Making a Python {wanted.python} environment in {venv} (a few seconds) ...")
    venv.mkdir(parents=True)
    wanted.write(venv)
    if importlib.util.find_spec("ensurepip"):
        make_venv(venv)
        return
    make_venv(venv, "--without-pip")
    try:
        pip_wheel.bring(python_of(venv), venv)
    except (OSError, LookupError) as trouble:
        package = f"python{wanted.python}-venv"
        if libraries.package_manager() != "apt-get":
            raise Problem(f"This Python comes without pip, and fetching it failed: {trouble}.") from trouble
        prefix = libraries.administrator()
        if prefix is None or not libraries.install([package], "apt-get", prefix, venv / "setup.log"):
            raise Problem(
                f"This Python comes without pip, and fetching it failed: {trouble}.",
                f"Run this, then start again: sudo apt-get install {package}",
            ) from trouble
        make_venv(venv)


def make_venv(venv: Path, *options: str) -> None:
    command = [sys.executable, "-m", "venv", *options, str(venv)]
    made = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
    if made.returncode:
        raise Problem(f"Python could not make an environment: {(made.stderr + made.stdout).strip()}")


def answers(address: str, seconds: float = 3) -> bool:
    """Whether a package index can be reached from here."""
    with contextlib.suppress(OSError, ValueError), urllib.request.urlopen(address, timeout=seconds):
        return True
    return False


def torch_index(
    torch: str, system: str = sys.platform, reachable: Callable[[str], bool] = answers
) -> list[str]:
    """The index pip needs beside its own: PyPI has the CUDA build for Linux, the CPU build for Windows."""
    other = {("linux", "cpu"): CPU_INDEX, ("win32", "cuda"): CUDA_INDEX}.get((system, torch))
    if other is None:
        return []
    if reachable(other + "/torch/"):
        return ["--extra-index-url", other]
    usual = {"cpu": "for CUDA and several GB", "cuda": "for the CPU"}[torch]
    say(f"PyTorch's own index does not answer; pip takes the build it finds, and PyPI's is {usual}.")
    return []


def explain(output: str) -> Problem:
    """What pip's output means, for somebody who does not read such things."""
    machine = f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}"
    meanings = [
        (r"No space left on device|Errno 28", "The disk is full.", "Free some space and start again."),
        (
            r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError",
            "The package index's certificate is not trusted on this machine.",
            "Behind a company's proxy, set PIP_CERT to the file of its certificate.",
        ),
        (
            r"ProxyError|Tunnel connection failed|407 Proxy",
            "The proxy refused the connection.",
            "Check HTTPS_PROXY: http://user:password@host:port",
        ),
        (
            r"name resolution|Name or service not known|getaddrinfo failed|nodename nor servname"
            r"|NewConnectionError|Network is unreachable|ConnectTimeout|ReadTimeout|Connection refused",
            "No network: the package index cannot be reached.",
            "Behind a proxy set HTTPS_PROXY=http://host:port, for a mirror of PyPI set PIP_INDEX_URL.",
        ),
        (r"Windows Long Path", "A path is too long for Windows.", "Move the checkout to a shorter path."),
        (
            r"WinError (?:126|1114)",
            "PyTorch needs the Microsoft Visual C++ runtime.",
            "Install https://aka.ms/vs/17/release/vc_redist.x64.exe and start again.",
        ),
        (
            r"(?:No matching distribution found for|satisfies the requirement) (?P<name>[\w.-]+)",
            f"pip finds no build of {{name}} for {machine}.",
            "",
        ),
    ]
    for pattern, sentence, remedy in meanings:
        if match := re.search(pattern, output):
            return Problem(sentence.format(**match.groupdict()), remedy)
    return Problem("Installing failed, and the last lines above say why.")


def install(venv: Path, wanted: Setup, constraints: Path) -> None:
    """Have pip bring the app and what it needs, and see that torch loads."""
    target = wanted.checkout + (f"[{','.join(wanted.extras)}]" if wanted.extras else "")
    log = venv / "setup.log"
    usual = (
        "1 to 3 minutes, 0.4 GB to download" if wanted.torch == "cpu" else "5 to 15 minutes, 3 GB to download"
    )
    replace(wanted, complete=False).write(venv)
    index = torch_index(wanted.torch)
    say(f"Installing WGAN Studio and its packages (usually {usual}; log: {log}) ...")
    pip = [str(python_of(venv)), "-m", "pip"]
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    command = [*pip, "install", *quiet, *index, "-c", str(constraints), "-e", target]
    loads = [str(python_of(venv)), "-c", "import torch; print('torch', torch.__version__)"]
    for step in (command, loads):
        output = run_logged(step, log, clean_environment())
        if output is not None:
            say("".join(f"  | {line}\n" for line in output.splitlines()[-12:]))
            problem = explain(output)
            raise Problem(
                problem.args[0], "\n  ".join(filter(None, [problem.remedy, f"The whole log: {log}"]))
            )
    replace(wanted, complete=True).write(venv)


def provide(checkout: Path, extras: tuple[str, ...], choose_torch: Callable[[str | None], str]) -> Path:
    """The environment of a checkout, ready to use. `choose_torch` is given what is there already."""
    venv = home_of_venv(checkout)
    there = Setup.read(venv)
    constraints = checkout / "packaging" / "constraints.txt"
    wanted = Setup(
        checkout=str(checkout),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        torch=choose_torch(there.torch if there else None),
        requirements=hash_of([checkout / "pyproject.toml", constraints]),
        extras=tuple(sorted({*extras, *(there.extras if there else ())})),
    )
    what = plan(there, wanted, usable=works(venv))
    if what == "build":
        make(venv, wanted)
    if what != "keep":
        install(venv, wanted, constraints)
    return venv
