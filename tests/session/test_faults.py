"""A session in memory and every saved file stay whole, whatever the disk does."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from session_model import EXPERIMENT, KINDS, Faults, RunModel, contents, event, install, leftovers, started
from wganstudio.session import Document, SessionError, SessionLocked, file_stamp, writer

OLD = Path(__file__).parents[1] / "data" / "version4"
SHARED_MEMORY = Path("/dev/shm")
FAST = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
"""A folder whose files need not go to a disk."""
Contents = list[dict[str, Any]]


class SessionMachine(RuleBasedStateMachine):
    """One writer, a second reader, files beside it, and a disk that fails."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp(prefix="faults-", dir=FAST))
        self.path = self.folder / "own.wgs"
        self.faults = Faults()
        self.patch = pytest.MonkeyPatch()
        install(self.faults, self.patch)
        self.patch.setattr(writer, "RETRY_SECONDS", 0.0)
        self.document: Document = None  # type: ignore[assignment]
        self.model: dict[int, RunModel] = {}
        self.saved: dict[Path, Contents] = {}
        self.reader: Document | None = None
        self.step = 0
        self.full = self.gone = False

    @initialize(old=st.booleans())
    def create(self, old: bool) -> None:
        if old:
            shutil.copy(sorted(OLD.glob("*.wgs"))[0], self.folder / "old.wgs")
        self.document = Document.create(self.path, "test")

    # What a program does

    @rule()
    def add_run(self) -> None:
        with suppress(SessionError):
            run = self.document.add_run(EXPERIMENT)
            self.model[run] = RunModel(run, EXPERIMENT)
            self.model[run].append(started())
            self.append(run, started())

    def append(self, run: int, new: Any) -> None:
        with suppress(SessionError):
            self.document.append(run, new)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))
    def append_events(self, data: st.DataObject, kinds: list[str]) -> None:
        run = data.draw(st.sampled_from(sorted(self.model)))
        for kind in kinds:
            self.step += 1
            new = event(kind, self.step)
            self.model[run].append(new)
            self.append(run, new)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), calls=st.integers(0, 12), kind=st.sampled_from(KINDS))
    def append_while_the_disk_fails(self, data: st.DataObject, calls: int, kind: str) -> None:
        run = data.draw(st.sampled_from(sorted(self.model)))
        self.step += 1
        new = event(kind, self.step)
        self.model[run].append(new)
        with self.faults.after(calls):
            self.append(run, new)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), calls=st.none() | st.integers(0, 12))
    def resume(self, data: st.DataObject, calls: int | None) -> None:
        run = data.draw(st.sampled_from(sorted(self.model)))
        with suppress(SessionError):
            self.document.resume(run)
            new = started()
            self.model[run].resume(new)
            if calls is None:
                self.append(run, new)
            else:
                with self.faults.after(calls):
                    self.append(run, new)

    @precondition(lambda self: self.model)
    @rule(data=st.data(), name=st.text("ab", max_size=3), calls=st.none() | st.integers(0, 9))
    def rename(self, data: st.DataObject, name: str, calls: int | None) -> None:
        run = data.draw(st.sampled_from(sorted(self.model)))
        if self.succeeds(lambda: self.document.rename(run, name), calls):
            self.model[run].name = name

    @precondition(lambda self: len(self.model) > 1)
    @rule(data=st.data(), calls=st.none() | st.integers(0, 9))
    def delete(self, data: st.DataObject, calls: int | None) -> None:
        run = data.draw(st.sampled_from(sorted(self.model)))
        if self.succeeds(lambda: self.document.delete(run), calls):
            del self.model[run]

    @rule(name=st.sampled_from(["new", "other", "old"]), calls=st.none() | st.integers(0, 40))
    def save_as(self, name: str, calls: int | None) -> None:
        target = self.folder / f"{name}.wgs"
        if self.succeeds(lambda: self.document.save_as(target), calls):
            self.saved[target] = self.expected()
        self.check_saved(target)
        assert leftovers(self.folder) == []

    @precondition(lambda self: not self.gone)
    @rule()
    def save_in_place(self) -> None:
        if self.succeeds(lambda: self.document.save_as(self.path), None):
            assert not self.document.incomplete

    @precondition(lambda self: not self.gone and not self.document.incomplete)
    @rule(full=st.booleans())
    def reopen(self, full: bool) -> None:
        self.document.close()
        assert not Path(f"{self.path}.lock").exists() and leftovers(self.folder) == []
        self.document = Document.open(self.path, read_only=False, program="test")
        self.full = False
        for run in self.model.values():
            if not run.record().over:
                run.log.append(None)

    # What others do

    @rule()
    def second_writer_is_refused(self) -> None:
        if self.path.exists():
            with pytest.raises(SessionLocked, match="is being written by `wganstudio test` of"):
                Document.open(self.path, read_only=False)
        with pytest.raises(SessionLocked):
            Document.open_or_create(self.path)
        self.gone = self.gone or not self.path.exists()

    @precondition(lambda self: not self.gone)
    @rule()
    def follow(self) -> None:
        if self.reader is None:
            self.reader = Document.open(self.path)
        self.reader.follow()
        if not self.document.incomplete:
            ours, theirs = self.expected(state=False), [contents(r, state=False) for r in self.records()]
            assert len(theirs) >= len(ours)

    def records(self) -> list[Any]:
        assert self.reader is not None
        return self.reader.records()

    @precondition(lambda self: not self.gone)
    @rule(how=st.sampled_from(["deleted", "moved", "replaced"]))
    def lose_file(self, how: str) -> None:
        self.close_reader()
        self.gone = True
        match how:
            case "deleted":
                self.path.unlink()
            case "moved":
                self.path.rename(self.folder / "elsewhere.wgs")
            case "replaced":
                other = self.folder / "another.wgs"
                Document.create(other).close()
                other.replace(self.path)

    @precondition(lambda self: not self.gone)
    @rule(pages=st.integers(0, 3))
    def fill_disk(self, pages: int) -> None:
        self.full = True
        database = self.document._file.database
        (used,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {used + pages}")

    @precondition(lambda self: self.full)
    @rule()
    def make_room(self) -> None:
        self.full = False
        self.document._file.database.execute("PRAGMA max_page_count = 1000000")
        if not self.gone:
            self.document.flush()
            assert not self.document.incomplete

    # What must hold

    @invariant()
    def memory_is_whole(self) -> None:
        if self.document is not None:
            assert [contents(record) for record in self.document.records()] == self.expected()

    @invariant()
    def the_file_holds_what_was_written(self) -> None:
        if self.document is None or self.gone or self.document.incomplete:
            return
        assert self.read(self.path) == self.expected(state=False)

    def teardown(self) -> None:
        try:
            for path in self.saved:
                self.check_saved(path)
            incomplete = self.document is not None and self.document.incomplete
            if self.document is not None:
                self.document.close()
            if not (self.gone or incomplete):
                assert self.read(self.path) == self.expected(state=False)
                assert not Path(f"{self.path}.lock").exists()
            assert leftovers(self.folder) == []
        finally:
            self.close_reader()
            self.patch.undo()
            shutil.rmtree(self.folder)

    def close_reader(self) -> None:
        if self.reader is not None:
            self.reader.close()
            self.reader = None

    def expected(self, *, state: bool = True) -> Contents:
        return [contents(run.record(), state=state) for _, run in sorted(self.model.items())]

    def check_saved(self, path: Path) -> None:
        """A file that was saved once opens, with what was saved last."""
        if path in self.saved:
            stateless = [{k: v for k, v in one.items() if k != "state"} for one in self.saved[path]]
            assert self.read(path) == stateless
        elif path.exists():  # the one of an older version
            Document.open(path).close()

    def read(self, path: Path) -> Contents:
        before = file_stamp(path)
        document = Document.open(path)
        document.close()
        assert file_stamp(path) == before
        return [contents(record, state=False) for record in document.records()]

    def succeeds(self, act: Callable[[], object], calls: int | None) -> bool:
        """Return True if an operation succeeds; it may only fail with SessionError."""
        try:
            if calls is None:
                act()
            else:
                with self.faults.after(calls):
                    act()
        except SessionError as error:
            assert "damaged" not in str(error) and "\n" not in str(error)
            return False
        return True


def profile(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


def test_a_session_survives_what_a_disk_does() -> None:
    run_state_machine_as_test(SessionMachine, settings=profile(15, 20))


@pytest.mark.slow
def test_a_session_survives_what_a_disk_does_for_long() -> None:
    run_state_machine_as_test(SessionMachine, settings=profile(2_000, 40))
