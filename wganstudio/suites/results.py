"""The runs of a suite in its session: which belong to which cell, and which cells are final."""

from pathlib import Path

from pydantic import ValidationError

from wganstudio.session import Document, RunRecord
from wganstudio.suites.plan import Cell, Suite, SuiteError, SuitePlan


class SuiteResults:
    """The runs of a session, cell by cell. Every attempt is a run, so nothing is counted twice."""

    def __init__(self, document: Document) -> None:
        """SuiteError if the document holds no suite."""
        self.document = document
        body = document.suite
        if not body:
            raise SuiteError(f"{document.path} holds no suite; choose a session made by `suite run`.")
        try:
            self.plan = SuitePlan.model_validate_json(body)
        except ValidationError as error:
            raise SuiteError(f"{document.path} holds a suite that this version cannot read.") from error
        self._cells = self.plan.cells_by_name()

    def cell_of(self, record: RunRecord) -> Cell | None:
        """Return the cell that a run belongs to; None if it is not a run of the suite."""
        return self._cells.get(record.experiment.about.name)

    def runs(self, cell: Cell) -> list[RunRecord]:
        """Return all attempts at a cell, oldest first."""
        return self._by_cell().get(cell, [])

    def result(self, cell: Cell) -> RunRecord | None:
        """Return the finished run of a cell, if there is one."""
        return next((record for record in self.runs(cell) if record.ended is not None), None)

    def finished(self) -> dict[Cell, RunRecord]:
        """Return the finished run of each cell that has one."""
        by_cell = self._by_cell()
        ended = {cell: [r for r in by_cell.get(cell, []) if r.ended] for cell in self.plan.cells}
        return {cell: records[0] for cell, records in ended.items() if records}

    def open_cells(self) -> list[Cell]:
        """Return the cells still to run: neither finished, nor failed in a reproducible way."""
        by_cell = self._by_cell()
        return [cell for cell in self.plan.cells if not any(map(_is_final, by_cell.get(cell, [])))]

    @property
    def executed(self) -> int:
        """The number of runs ever started, all attempts included."""
        return sum(map(len, self._by_cell().values()))

    @property
    def repeated(self) -> int:
        """The number of runs that finished although their cell was finished; 0 unless there is a bug."""
        ended = [sum(r.ended is not None for r in records) for records in self._by_cell().values()]
        return sum(count - 1 for count in ended if count > 1)

    def _by_cell(self) -> dict[Cell, list[RunRecord]]:
        by_cell: dict[Cell, list[RunRecord]] = {}
        for record in self.document.records():
            if (cell := self.cell_of(record)) is not None:
                by_cell.setdefault(cell, []).append(record)
        return by_cell


def begin(suite: Suite, path: Path) -> Document:
    """Create the session of a suite; SuiteError if the file exists."""
    require_absent(path)
    document = Document.create(path, "suite run")
    document.begin_suite(suite.plan.model_dump_json())
    return document


def require_absent(path: Path) -> None:
    """Raise SuiteError if the file exists."""
    if path.exists():
        raise SuiteError(f"{path} exists; resume it with --resume, or give --out another name.")


def resume(suite: Suite, path: Path) -> Document:
    """Open the session of a suite, or create it if there is none.

    The suite may have grown since, or changed where nothing is finished; names of settings and kinds of
    older versions count as their current ones. SuiteError if a finished cell has other settings now.
    """
    if not path.exists():
        return begin(suite, path)
    document = Document.open(path, read_only=False, program="suite run")
    try:
        if not (document.suite or document.records() or document.trash()):  # killed before it began
            document.begin_suite(suite.plan.model_dump_json())
        results = SuiteResults(document)
        for cell in set(results.plan.cells).difference(results.open_cells()):
            settings = results.plan.cell_settings(cell)
            if settings is None or settings != suite.plan.cell_settings(cell):
                raise SuiteError(
                    f"{path} holds {cell.name}, finished with settings that differ from the suite's; "
                    "choose another session (--out), or restore the suite."
                )
        if results.plan != suite.plan:
            document.begin_suite(suite.plan.model_dump_json())
    except BaseException:
        document.close()
        raise
    return document


def _is_final(record: RunRecord) -> bool:
    return record.ended is not None or (record.failed is not None and record.failed.cause == "numbers")
