"""Checks after a kill of each kind: nothing is lost, and the work continues where it was."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from PIL import Image

from killing.activities import (
    ERRORS,
    FIGURES,
    HOT,
    OLD,
    RESULT,
    SESSION,
    SUITE_SESSION,
    TARGET,
    Order,
    serve,
)
from killing.documents import (
    Findings,
    check_acknowledged,
    check_openings,
    check_states,
    contents,
    difference,
    untimed,
    version_of,
)
from killing.materials import ENDLESS, OLD_SESSIONS, Materials
from killing.notes import Reader
from killing.plan import Kill
from killing.starter import Starter
from wganstudio.session import Document
from wganstudio.session.database import VERSION
from wganstudio.suites import SuiteResults

PATIENCE = 240.0


class Aftermath:
    """The checks of one kill."""

    def __init__(
        self, kill: Kill, folder: Path, reader: Reader, materials: Materials, starter: Starter
    ) -> None:
        self._kill = kill
        self._folder = folder
        self._notes = list(reader.notes)
        self._reader = reader
        self._materials = materials
        self._starter = starter
        self.findings = Findings()
        self.resumed = ""
        """How a run was continued: "equal" where it was compared; empty where it was not continued."""

    def check(self) -> None:
        """Check all files, and continue what was interrupted."""
        checks: dict[str, Callable[[], None]] = {
            "run": self._check_run,
            "resume": self._check_run,
            "save": self._check_save,
            "export": self._check_export,
            "suite": self._check_suite,
            "migrate": self._check_migration,
            "recover": self._check_recovery,
            "window": self._check_window,
        }
        checks[self._kill.kind]()
        self.go_on("start")  # which removes temporary files of processes that were killed

    def _check_run(self) -> None:
        self._check_session(self._folder / SESSION)

    def _check_session(self, session: Path) -> None:
        """Check a session that was being written, and resume its newest run."""
        if not self._check_writable(session):
            return
        document = Document.open(session)
        document.close()
        if not document.records():
            return
        check_states(session, self.findings)
        if self._kill.resumed:
            self._resume(session)

    def _check_writable(self, session: Path) -> bool:
        """Check what holds for every session; return whether there is one that can be read."""
        if not session.exists():
            written = [n for n in self._reader.of("event") if Path(n["file"]).name == session.name]
            self.findings.demand(not written, f"{session.name} has vanished")
            return False
        scratch = self._folder / "scratch"
        scratch.mkdir(exist_ok=True)
        check_openings(session, self.findings, scratch)
        if not (self.findings.read_only and self.findings.read_write):
            return False
        in_suite = self._kill.kind == "suite"
        check_acknowledged(session, self._notes, self.findings, in_suite=in_suite)
        return True

    def _resume(self, session: Path) -> None:
        if self._kill.experiment == ENDLESS:
            self._extend(session)
            return
        finished = self._materials.finished(self._kill.experiment)
        run = Document.open(session).records()[-1].run
        self.go_on("resume", "resume", str(session), "--run", str(run), "--json")
        result, wanted = ((folder / RESULT).read_text() for folder in (self._folder, finished))
        self.resumed = "equal"
        if not result or untimed(json.loads(result)) != untimed(json.loads(wanted)):
            self.findings.faults.append("resumed: another result")
            self.resumed = "different"
        elif differing := difference(contents(session, run), contents(finished / SESSION, 1)):
            self.findings.faults.append(f"resumed: other events: {differing}")
            self.resumed = "different"

    def _extend(self, session: Path) -> None:
        """Continue a run that does not end by itself for some steps."""
        run = Document.open(session).records()[-1].run
        document = Document.open(session, read_only=False)
        state = document.resume(run).state
        document.close()
        steps = str((0 if state is None else state.step) + 20)
        self.go_on("resume", "resume", str(session), "--run", str(run), "--steps", steps, "--json")
        self.resumed = "continued"

    def go_on(self, kind: str, *arguments: str) -> None:
        """Do something undisturbed, with the same home and folder of temporary files."""
        process = self._starter.start(serve, Order(kind, self._folder, arguments=arguments))
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
        errors = (self._folder / ERRORS).read_text()[-500:]
        self.findings.demand(process.exitcode == 0, f"{kind} ended with {process.exitcode}: {errors}")

    def _check_save(self) -> None:
        self._check_writable(self._folder / SESSION)
        self._check_target(self._folder / SESSION, self._materials.hot() / HOT)

    def _check_target(self, source: Path, before: Path) -> None:
        """A file that was being overwritten holds either the complete old or the complete new session."""
        target, saved = self._folder / TARGET, self._reader.of("saved")
        if not target.exists():
            self.findings.demand(not saved and not self._kill.over_hot, "what was saved has vanished")
            return
        self._check_writable(target)
        if self.findings.faults:
            return
        names = {f"version {note['number']}" for note in (*saved[-1:], *self._reader.of("saving")[-1:])}
        record = Document.open(target).records()[0]
        new = record.name in names
        self.findings.demand(new or not saved, f"saved: {record.name} instead of one of {sorted(names)}")
        wanted = source if new else before
        differing = difference(contents(target, 1), contents(wanted, 1))
        self.findings.demand(not differing, f"saved: incomplete {differing}")

    def _check_export(self) -> None:
        figures, wanted = self._folder / FIGURES, self._materials.figures(self._kill.experiment)
        if figures.exists():
            for file in figures.iterdir():
                if not file.name.endswith(".part"):
                    self._check_figure(file, wanted / file.name)
        self._check_writable(self._folder / SESSION)
        if self._kill.resumed:
            self.go_on("export once")
            names = {file.name for file in wanted.iterdir()}
            self.findings.demand(names <= {file.name for file in figures.iterdir()}, "figures are missing")

    def _check_figure(self, file: Path, wanted: Path) -> None:
        try:
            match file.suffix:
                case ".png":
                    with Image.open(file) as image:
                        image.load()
                case ".svg":
                    ElementTree.parse(file)
                case ".pdf":
                    content = file.read_bytes()
                    self.findings.demand(content.rstrip().endswith(b"%%EOF"), f"half a file: {file.name}")
                case ".csv":
                    same = file.read_bytes() == wanted.read_bytes()
                    self.findings.demand(same, f"half a file: {file.name}")
        except (OSError, SyntaxError) as error:
            self.findings.faults.append(f"half a file: {file.name}: {error}")

    def _check_suite(self) -> None:
        session = self._folder / SUITE_SESSION
        before = self._finished_cells(session) if self._check_writable(session) else {}
        if self.findings.faults:
            return
        self.go_on("suite resume")
        after = self._finished_cells(session)
        self.findings.demand(len(after) == 4, f"{len(after)} cells are finished")
        again = [cell for cell, runs in before.items() if after.get(cell) != runs]
        self.findings.demand(not again, f"done twice: {again}")
        self.resumed = "equal"

    def _finished_cells(self, session: Path) -> dict[str, list[int]]:
        document = Document.open(session)
        document.close()
        if not document.suite:
            return {}
        results = SuiteResults(document)
        self.findings.demand(results.repeated == 0, "a cell has finished twice")
        return {cell.name: [r.run for r in results.runs(cell)] for cell in results.finished()}

    def _check_migration(self) -> None:
        session = self._folder / OLD
        if not self._check_writable(session):
            return
        missing = set(contents(OLD_SESSIONS / "lp.wgs", 1)) - set(contents(session, 1))
        self.findings.demand(not missing, f"migrated: lost {sorted(missing)[:3]}")
        if version_of(session) == VERSION:
            backup = session.with_name(f"{session.stem}.version4.wgs")
            kept = backup.exists() and contents(backup, 1) == contents(OLD_SESSIONS / "lp.wgs", 1)
            self.findings.demand(kept, "migrated: without a complete backup")

    def _check_recovery(self) -> None:
        session, wanted = self._folder / HOT, self._materials.finished("small")
        if self._check_writable(session):
            differing = difference(contents(session, 1), contents(wanted / SESSION, 1))
            self.findings.demand(not differing, f"recovered: {differing}")

    def _check_window(self) -> None:
        working = sorted((self._folder / "home" / "sessions").glob("*.wgs"))
        self.go_on("orphaned")
        self._reader.update()
        offered = {Path(file) for note in self._reader.of("orphaned") for file in note["files"]}
        self.findings.demand(offered == set(working), f"offered {offered} of {working}")
        for session in working:
            self._check_session(session)
        target = self._folder / TARGET
        if saved := self._reader.of("saved"):
            self.findings.demand(target.exists(), "what was saved has vanished")
            self._notes = _notes_before_saving(self._notes, saved[-1]["number"], target)
        if target.exists():
            self._check_writable(target)


def _notes_before_saving(notes: list[dict[str, Any]], number: int, target: Path) -> list[dict[str, Any]]:
    """Return what the session that was saved had recorded by then, as notes about the saved file."""
    marks = [note for note in notes if note["note"] == "saving" and note["number"] == number]
    before = [note for note in notes[: notes.index(marks[0])] if note["note"] == "event"]
    return [note | {"file": str(target)} for note in before if note["file"] == before[-1]["file"]]
