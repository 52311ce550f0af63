"""Sessions of runs for which the user names none: the newest ones are kept for some days."""

import os
import re
import shlex
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from wganstudio import folders, temporary
from wganstudio.experiment import Experiment
from wganstudio.experiment.naming import default_name
from wganstudio.session.leftovers import remove_leftovers, remove_session

KEPT_DAYS = 7
KEPT_NUMBER = 20


@dataclass(frozen=True)
class RunSession:
    """The session file of a run, and what is to be said about it."""

    path: Path
    note: str = ""
    """A sentence that says where it is kept and for how long, if the user has not named it."""
    lasting: bool = True

    def how_to_continue(self, run: int) -> str:
        """Return the command that continues a run of this session; empty if the session is removed."""
        if not self.lasting:
            return ""
        parts = ["wganstudio", "resume", str(self.path), "--run", str(run)]
        return subprocess.list2cmdline(parts) if sys.platform == "win32" else shlex.join(parts)


def session_for(experiment: Experiment, named: Path | None) -> RunSession:
    """Return the session to record a run in: the named one, or a new one that is kept for some days."""
    if named is not None:
        return RunSession(named)
    if obstacle := folders.unwritable_state():
        note = f"The session is not kept: {obstacle} cannot be written; name one with --session FILE.wgs."
        return RunSession(temporary.folder() / "run.wgs", note, lasting=False)
    folder = folders.state().parent / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    _remove_old(folder)
    path = folder / _new_name(experiment)
    note = (
        f"Session: {path} (the newest {KEPT_NUMBER} stay for {KEPT_DAYS} days; --session FILE.wgs keeps it)"
    )
    return RunSession(path, note)


def _new_name(experiment: Experiment) -> str:
    """Return a name that no other process gives, of the time and the experiment."""
    name = experiment.about.preset or experiment.about.name or default_name(experiment)
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "run"
    return f"{time.strftime('%Y-%m-%d-%H%M%S')}-{plain}-{os.getpid()}.wgs"


def _remove_old(folder: Path) -> None:
    """Remove the sessions that are too old or too many, and what killed processes have left."""
    ages = {}
    for path in folder.glob("*.wgs"):
        with suppress(OSError):
            ages[path] = time.time() - path.stat().st_mtime
    for number, (path, age) in enumerate(sorted(ages.items(), key=lambda entry: entry[1]), start=2):
        if age > KEPT_DAYS * 24 * 3600 or number > KEPT_NUMBER:
            remove_session(path)
    remove_leftovers(folder)
