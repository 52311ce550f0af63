"""Read a suite from its TOML file: the cells of its matrix, each a full experiment."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from wganstudio.bad_input import BadInput
from wganstudio.experiment import (
    BadExperiment,
    Experiment,
    Options,
    checked,
    group_options,
    kinds,
    load,
    option,
    override,
    read,
)
from wganstudio.experiment.files import user_path
from wganstudio.experiment.parsing import Settings, unknown
from wganstudio.experiment.registry import find_kind
from wganstudio.plain_text import one_line

CURVE_POINTS = 100
"""Points of the curves if evaluation.interval is not set; this keeps the session of many runs small."""
MAX_CELLS = 10_000
MAX_ENTRIES = 10 * MAX_CELLS
"""Entries of a table, also those without runs."""
MAX_LABEL = 100
"""Characters of a label."""


class SuiteError(BadInput):
    """A suite cannot be read, run or shown; the message is one sentence that says what to do."""


class Cell(BaseModel):
    """One run of the matrix, by the labels of its row and column and its seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    solver: str = Field(max_length=MAX_LABEL)
    pair: str = Field(max_length=MAX_LABEL)
    seed: int

    @field_validator("solver", "pair")
    @classmethod
    def _check(cls, label: str) -> str:
        if label != one_line(label, MAX_LABEL):
            raise ValueError("a label must be one line without control characters")
        return label

    @property
    def name(self) -> str:
        """The name of the run in the session."""
        return f"{self.solver}, {self.pair}, seed {self.seed}"


class SuitePlan(BaseModel):
    """The part of a suite that its session records: the content of the file and the cells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    about: str
    settings: dict[str, Any]
    """The content of the file without title and about."""
    cells: tuple[Cell, ...] = Field(max_length=MAX_CELLS)

    @model_validator(mode="after")
    def _check(self) -> "SuitePlan":
        if len(self.solvers) * len(self.pairs) > MAX_ENTRIES:
            raise ValueError("the table is too large")
        return self

    @property
    def solvers(self) -> list[str]:
        """The labels of the rows."""
        return list(dict.fromkeys(cell.solver for cell in self.cells))

    @property
    def pairs(self) -> list[str]:
        """The labels of the columns."""
        return list(dict.fromkeys(cell.pair for cell in self.cells))

    def cells_by_name(self) -> dict[str, Cell]:
        """Return the cells by name; where a label is the name of a kind, also by its other name."""
        by_name = {cell.name: cell for cell in self.cells}
        for cell in self.cells:
            for solver in _names("solver", cell.solver):
                for pair in _names("pair", cell.pair):
                    by_name.setdefault(Cell(solver=solver, pair=pair, seed=cell.seed).name, cell)
        return by_name

    def cell_settings(self, cell: Cell) -> Settings | None:
        """Return the settings that the file gives a cell, under the current names; None if it is not there.

        The seed and the names derived from the labels are left out.
        """
        own = self.cells_by_name().get(cell.name)
        if own is None:
            return None
        tables = {name: self.settings.get(name, {}) for name in ("shared", "pairs", "solvers")}
        try:
            settings = override({}, _cell_changes(own, **tables))
        except (BadExperiment, SuiteError):
            return None
        return settings | {"budget": self.settings.get("budget", {})}


def _names(group: str, label: str) -> tuple[str, ...]:
    """Return a label and, if it names a kind, the current and the former name of that kind."""
    kind = find_kind(group, label)
    return (label,) if kind is None else (label, kind.name(), *filter(None, [kind.formerly]))


@dataclass(frozen=True)
class Suite:
    """A suite ready to run: its plan, the experiment of each cell, and the options common to all."""

    plan: SuitePlan
    experiments: dict[Cell, Experiment]
    seconds: float | None = None
    """Processor time after which a run is stopped."""
    keep: Literal["numbers", "pictures", "everything"] = "numbers"


class BudgetOptions(Options):
    """The length of each run: at most one of three limits; without any, the published steps."""

    steps: int | None = option(None, "Steps", "Critic steps of every run.", ge=1, le=100_000_000, auto="none")
    seconds: float | None = option(
        None,
        "Seconds",
        "Processor time after which a run stops, counted from its first steps; other work on the machine "
        "does not count.",
        gt=0,
        auto="none",
    )
    share: float | None = option(
        None,
        "Fraction",
        "Steps as a fraction of those published for the solver, or set for it.",
        gt=0,
        le=100,
        auto="none",
    )

    @model_validator(mode="after")
    def _check(self) -> "BudgetOptions":
        if sum(value is not None for value in (self.steps, self.seconds, self.share)) > 1:
            raise ValueError("give only one of steps, seconds and share")
        return self


class MatrixBlockOptions(Options):
    """One block of the matrix: every solver on every pair with every seed."""

    solvers: tuple[str, ...] = option((), "Solvers", "Labels of solvers, or kinds of solver.", min_length=1)
    pairs: tuple[str, ...] = option((), "Pairs", "Labels of pairs, or kinds of pair.", min_length=1)
    seeds: tuple[int, ...] = option((0,), "Seeds", "The values of training.seed.", min_length=1)


class SuiteFileOptions(Options):
    """The entries at the top level of a suite's file, without the tables of settings."""

    title: str = option("", "Title", "The name of the suite.", max_length=200)
    about: str = option("", "About", "The purpose of the suite.", max_length=4000)
    keep: Literal["numbers", "pictures", "everything"] = option(
        "numbers",
        "Keep",
        "Record numbers only, also the frames of the views, or also the weights of the critics.",
    )


class _Tables(BaseModel):
    """The tables of a suite's file as plain values."""

    model_config = ConfigDict(extra="forbid")

    budget: dict[str, Any] = Field(default_factory=dict)
    shared: dict[str, Any] = Field(default_factory=dict)
    solvers: dict[str, dict[str, Any]] = Field(default_factory=dict)
    pairs: dict[str, dict[str, Any]] = Field(default_factory=dict)
    matrix: list[dict[str, Any]] = Field(default_factory=list)


def read_suite(path: Path, pair_files: Path | None = None) -> Suite:
    """Read the suite in a TOML file.

    Parameters
    ----------
    path
        The TOML file.
    pair_files
        The folder of the published pair files, for relative paths (default: that of the suite).

    Raises
    ------
    SuiteError
        If the file is not a suite; the message is one sentence.
    """
    try:
        return suite_of(load(path), pair_files or path.parent)
    except (BadExperiment, SuiteError) as error:
        text = str(error)
        raise SuiteError(text if text.startswith(str(path)) else f"{path}: {text}") from error


def suite_of(settings: Mapping[str, Any], pair_files: Path) -> Suite:
    """Return the suite that nested plain values describe; SuiteError or BadExperiment if they do not."""
    head = {name: value for name, value in settings.items() if name in SuiteFileOptions.model_fields}
    file = checked("suite", SuiteFileOptions, head)
    tables = _tables({name: value for name, value in settings.items() if name not in head})
    budget = checked("budget", BudgetOptions, tables.budget)
    experiments: dict[Cell, Experiment] = {}
    blocks = [
        checked(f"matrix {number}", MatrixBlockOptions, block)
        for number, block in enumerate(tables.matrix, 1)
    ]
    if not blocks:
        raise SuiteError("there is no [[matrix]]; add one with solvers and pairs")
    if sum(len(block.seeds) * len(block.pairs) * len(block.solvers) for block in blocks) > MAX_CELLS:
        raise SuiteError(f"there are more than {MAX_CELLS:,} runs; divide them among several suites")
    for block in blocks:
        for cell in _cells(block):
            try:
                experiments[cell] = _experiment(cell, tables, budget, pair_files, file.title)
            except BadExperiment as error:
                raise SuiteError(f"{cell.solver} on {cell.pair}: {error}") from error
    plain = json.loads(json.dumps(settings, default=str))
    rest = {name: value for name, value in plain.items() if name not in ("title", "about")}
    plan = SuitePlan(title=file.title, about=file.about, settings=rest, cells=tuple(experiments))
    return Suite(plan, experiments, budget.seconds, file.keep)


def _tables(settings: Mapping[str, Any]) -> _Tables:
    names = [*SuiteFileOptions.model_fields, *_Tables.model_fields]
    for name in settings:
        if name not in names:
            raise SuiteError(unknown("entry", name, names))
    try:
        return _Tables.model_validate(settings)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise SuiteError(f"{where}: this must be a table") from error


def _cells(block: MatrixBlockOptions) -> list[Cell]:
    """Return the cells in the order of the runs: by seed, then by pair, then by solver."""
    try:
        return [
            Cell(solver=solver, pair=pair, seed=seed)
            for seed in block.seeds
            for pair in block.pairs
            for solver in block.solvers
        ]
    except ValidationError as error:
        raise SuiteError(
            f"a label must be one line of at most {MAX_LABEL} characters, without control characters"
        ) from error


def _experiment(
    cell: Cell, tables: _Tables, budget: BudgetOptions, pair_files: Path, title: str
) -> Experiment:
    changes = [
        *_cell_changes(cell, tables.shared, tables.pairs, tables.solvers),
        ("training.seed", cell.seed),
        ("about.name", cell.name),
        ("about.suite", title or "untitled"),
    ]
    settings = override({}, changes)
    pair = settings["pair"]
    if isinstance(pair.get("file"), str):
        pair["file"] = _pair_file(pair_files, pair["file"])
    steps = read(settings).steps
    if budget.steps is not None:
        steps = settings["training"]["steps"] = budget.steps
    elif budget.share is not None:
        steps = settings["training"]["steps"] = max(1, round(budget.share * steps))
    evaluation = settings.setdefault("evaluation", {})
    evaluation.setdefault("interval", max(1, math.ceil(steps / CURVE_POINTS)))
    return read(settings)


def _cell_changes(
    cell: Cell,
    shared: Mapping[str, Any],
    pairs: Mapping[str, Any],
    solvers: Mapping[str, Any],
) -> list[tuple[str, Any]]:
    """Return the shared settings, then those of the pair, then those of the solver: the later ones win."""
    return [*_flat(shared), *_entry("pair", cell.pair, pairs), *_entry("solver", cell.solver, solvers)]


def _entry(group: str, label: str, entries: Mapping[str, Settings]) -> Iterator[tuple[str, Any]]:
    """Yield the settings of a row or column; without a kind among them, the label is the kind."""
    if label not in entries and find_kind(group, label) is None:
        raise SuiteError(unknown(group, label, [*entries, *kinds(group)]))
    changes = list(_flat(entries.get(label, {})))
    if f"{group}.kind" not in dict(changes):
        group_options(group, label)
        yield f"{group}.kind", label
    yield from changes


def _flat(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for group, values in settings.items():
        if not isinstance(values, Mapping):
            raise SuiteError(f"{group}: write group.field, for example training.batch, not a bare {group}")
        yield from ((f"{group}.{field}", value) for field, value in values.items())


def _pair_file(folder: Path, file: str) -> str:
    path = folder / user_path(file)
    if not path.exists():
        raise SuiteError(
            f"there is no pair file {path}; name the folder of the published pairs (--pairs in the "
            "terminal), or set the environment variable WGANSTUDIO_PAIRS to it"
        )
    return str(path.resolve())
