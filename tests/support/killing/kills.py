"""One kill from beginning to end, as a row of a table."""

import shutil
import time
from dataclasses import asdict, dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path

from killing.activities import Order, serve
from killing.aftermath import Aftermath
from killing.documents import lost_seconds
from killing.materials import Materials
from killing.notes import NAME, Reader
from killing.plan import Kill
from killing.starter import Starter
from killing.victims import TRAINERS, children, is_alive, kill, orphans

BEGIN_SECONDS = 120.0
"""The longest time that a process may take until it begins."""
ORPHAN_SECONDS = 5.0
SURVIVOR_SECONDS = 60.0
"""The longest time that a process whose children were killed may take to end."""
MAX_LOST = 5.0
MAX_FAULT = 600
LEFTOVERS = ("**/*.part", "tmp/*", "**/.*.part")


@dataclass(frozen=True)
class Row:
    """The result of a kill."""

    seed: int
    number: int
    kind: str
    experiment: str
    moment: str
    delay: str
    victim: str
    phase: str
    """The last thing that the process had noted."""
    killed: bool
    """False if the process had ended before."""
    read_only: bool
    read_write: bool
    lost_seconds: str
    left: int
    """Temporary files after the kill."""
    leftovers: int
    """Temporary files after the next start."""
    orphans: int
    resumed: str
    seconds: str
    faults: str

    def cells(self) -> dict[str, object]:
        """Return the row of a table."""
        return asdict(self)


def try_kill(one: Kill, materials: Materials, starter: Starter, folder: Path) -> Row:
    """Start a process, kill it, check what it left, and remove its folder if all is well."""
    start = time.monotonic()
    folder = folder.resolve()
    one, reader, killed_at = _killed_amid_work(one, materials, starter, folder)
    left_alive = orphans(reader, ORPHAN_SECONDS)
    phase = _phase(reader, killed_at)
    killed = one.victim == "children" or not reader.has("end")
    left = _leftovers(folder)
    lost = lost_seconds(reader, killed_at)
    after = Aftermath(one, folder, reader, materials, starter)
    findings = after.findings
    findings.demand(not left_alive, f"orphans: {left_alive}")
    findings.demand(lost is None or lost <= MAX_LOST, f"lost {lost} s")
    after.check()
    remaining = _leftovers(folder)
    findings.demand(not remaining, f"left after the next start: {[str(file) for file in remaining]}")
    row = Row(
        seed=one.seed,
        number=one.number,
        kind=one.kind,
        experiment=one.experiment,
        moment=str(one.moment),
        delay="" if one.moment.name else f"{one.delay:.3f}",
        victim=one.victim,
        phase=phase,
        killed=killed,
        read_only=findings.read_only,
        read_write=findings.read_write,
        lost_seconds="" if lost is None else f"{lost:.2f}",
        left=len(left),
        leftovers=len(remaining),
        orphans=len(left_alive),
        resumed=after.resumed,
        seconds=f"{time.monotonic() - start:.1f}",
        faults="; ".join(fault[:MAX_FAULT] for fault in findings.faults),
    )
    if not findings.faults:
        shutil.rmtree(folder)
    return row


def _killed_amid_work(
    one: Kill, materials: Materials, starter: Starter, folder: Path
) -> tuple[Kill, Reader, float]:
    """Kill a process; one that has ended before is started anew and killed earlier.

    Return the kill as it was done, the notes of the process, and when it was killed.
    """
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        materials.put(one.kind, one.experiment, folder, over_hot=one.over_hot)
        for delay in one.delays:
            reader = Reader(folder)
            killed_at = _killed(replace(one, delay=delay), starter, folder, reader)
        earlier = one.earlier()
        if not reader.has("end") or earlier is None:
            return one, reader, killed_at
        one = earlier


def _killed(one: Kill, starter: Starter, folder: Path, reader: Reader) -> float:
    """Start the process of a kill and kill it; return when."""
    (folder / NAME).unlink(missing_ok=True)
    order = Order(one.kind, folder, one.moment, one.small_cache, one.state_seconds)
    process = starter.start(serve, order)
    _wait(process, reader, ("begin", "moment"), BEGIN_SECONDS)
    _wait(process, reader, ("moment",), one.delay)
    if one.victim == "children":
        for child in children(reader, TRAINERS):
            kill(child)
        killed_at = time.time()
        _survive(process, reader)
    else:
        process.kill()
        killed_at = time.time()
        if one.victim == "both":
            for child in children(reader):
                kill(child)
    process.join()
    return killed_at


def _wait(process: BaseProcess, reader: Reader, notes: tuple[str, ...], seconds: float) -> None:
    """Wait until a process has noted one of these or has ended, for some seconds at most."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and is_alive(process.pid or 0):
        reader.update()
        if any(reader.has(note) for note in notes):
            return
        time.sleep(0.001)


def _survive(process: BaseProcess, reader: Reader) -> None:
    """Let a process go on without its children until it ends by itself; a window never does."""
    seconds = 3.0 if reader.has("saving") else SURVIVOR_SECONDS
    process.join(seconds)
    process.kill()


def _phase(reader: Reader, killed_at: float) -> str:
    before = [note for note in reader.update() if note["time"] <= killed_at and note["note"] != "child"]
    if not before:
        return "starting"
    note = dict(before[-1])
    for name in ("time", "file", "run"):
        note.pop(name, None)
    return " ".join(str(value) for value in note.values())


def _leftovers(folder: Path) -> list[Path]:
    leftovers = {file for pattern in LEFTOVERS for file in folder.glob(pattern)}
    return sorted(file for file in leftovers if "scratch" not in file.parts)
