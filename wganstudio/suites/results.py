"""Ledger: which runs of a session belong to which cell of its suite, and which cells are settled."""

from pathlib import Path

from pydantic import ValidationError

from wganstudio.session import Document, RunRecord
from wganstudio.suites.plan import Cell, Suite, SuiteError, SuitePlan


class SuiteResults:
    """A session's runs, cell by cell. Every attempt is a run of its own, so nothing is counted twice."""

    def __init__(self, document: Document) -> None:
        """SuiteError if the document holds no suite."""
        self.document = document
        body = document.suite
        if not body:
            raise SuiteError(f"{document.path} holds no suite; choose a session that `suite run` made.")
        try:
            self.plan = SuitePlan.model_validate_json(body)
        except ValidationError as error:
            raise SuiteError(f"{document.path} holds a suite that this version cannot read.") from error
        self.cells = {cell.name: cell for cell in self.plan.cells}

    def runs(self, cell: Cell) -> list[RunRecord]:
        """All attempts at a cell, oldest first."""
        return self._by_name().get(cell.name, [])

    def result(self, cell: Cell) -> RunRecord | None:
        """The finished run of a cell, if there is one."""
        return next((record for record in self.runs(cell) if record.ended is not None), None)

    def results(self) -> dict[Cell, RunRecord]:
        """All finished runs."""
        records = self._by_name()
        ended = {cell: [r for r in records.get(cell.name, []) if r.ended] for cell in self.plan.cells}
        return {cell: found[0] for cell, found in ended.items() if found}

    def open(self) -> list[Cell]:
        """Cells still to be run: neither finished, nor failed in a way that would repeat itself."""
        records = self._by_name()
        return [cell for cell in self.plan.cells if not any(map(_settles, records.get(cell.name, [])))]

    @property
    def executed(self) -> int:
        """Runs ever begun, attempts and all."""
        return sum(map(len, self._by_name().values()))

    @property
    def repeated(self) -> int:
        """Runs that finished although their cell was finished already: 0, or something is wrong."""
        ended = [sum(r.ended is not None for r in found) for found in self._by_name().values()]
        return sum(count - 1 for count in ended if count > 1)

    def _by_name(self) -> dict[str, list[RunRecord]]:
        found: dict[str, list[RunRecord]] = {}
        for record in self.document.records():
            if (name := record.experiment.about.name) in self.cells:
                found.setdefault(name, []).append(record)
        return found


def begin(suite: Suite, path: Path) -> Document:
    """A new session for a suite; SuiteError if the file exists."""
    refuse(path)
    document = Document.create(path)
    document.begin_suite(suite.plan.model_dump_json())
    return document


def refuse(path: Path) -> None:
    """SuiteError if the file exists."""
    if path.exists():
        raise SuiteError(f"{path} exists; go on with it by --resume, or give --out another name.")


def resume(suite: Suite, path: Path) -> Document:
    """The session that a suite was begun in, or a new one; the suite may have grown since, or changed where
    nothing is finished. SuiteError if it is not the one by which something is."""
    if not path.exists():
        return begin(suite, path)
    document = Document.open(path, read_only=False)
    try:
        ledger = SuiteResults(document)
        for cell in set(ledger.plan.cells).difference(ledger.open()):
            if ledger.plan.part(cell) != suite.plan.part(cell):
                raise SuiteError(
                    f"{path} holds {cell.name}, finished with other settings than the suite now gives it; "
                    "give --out another name, or the suite as it was."
                )
        if ledger.plan != suite.plan:
            document.begin_suite(suite.plan.model_dump_json())
    except BaseException:
        document.close()
        raise
    return document


def _settles(record: RunRecord) -> bool:
    return record.ended is not None or (record.failed is not None and record.failed.cause == "numbers")
