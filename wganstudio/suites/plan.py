"""From a suite's TOML file to its cells, each a full experiment."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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
from wganstudio.experiment.parsing import Settings, unknown

CURVE_POINTS = 100
"""Points of a run's curves where evaluation.interval is not set: a session of many runs stays small."""
MAX_CELLS = 10_000


class SuiteError(Exception):
    """A suite cannot be read, run or shown: one sentence that says what to do."""


class Cell(BaseModel):
    """One run of the matrix, by the labels of its row and column and its seed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    solver: str
    pair: str
    seed: int

    @property
    def name(self) -> str:
        """What the run is called in the session."""
        return f"{self.solver}, {self.pair}, seed {self.seed}"


class SuitePlan(BaseModel):
    """What a session keeps of its suite: what the file said, and the cells that it made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    about: str
    settings: dict[str, Any]
    """The file's content without title and about."""
    cells: tuple[Cell, ...]

    @property
    def solvers(self) -> list[str]:
        """The rows' labels."""
        return list(dict.fromkeys(cell.solver for cell in self.cells))

    @property
    def pairs(self) -> list[str]:
        """The columns' labels."""
        return list(dict.fromkeys(cell.pair for cell in self.cells))

    def part(self, cell: Cell) -> tuple[Any, ...] | None:
        """What the settings hold for a cell; None where it is none of the plan's."""
        rows, columns, *rest = (
            self.settings.get(name, {}) for name in ("solvers", "pairs", "shared", "budget")
        )
        known = rows.get(cell.solver), columns.get(cell.pair), *rest
        return known if cell in self.cells else None


@dataclass(frozen=True)
class Suite:
    """A suite that can be run: its plan, the experiment of each cell, and what is common to all."""

    plan: SuitePlan
    experiments: dict[Cell, Experiment]
    seconds: float | None = None
    """After so much processor time a run is stopped."""
    keep: Literal["numbers", "pictures", "everything"] = "numbers"


class BudgetOptions(Options):
    """How long each run may take; at most one of the three. Without any: the published steps."""

    steps: int | None = option(None, "Steps", "Critic steps of every run.", ge=1, le=100_000_000, auto="none")
    seconds: float | None = option(
        None,
        "Seconds",
        "Seconds of processor time, from its first steps on, after which a run stops: other "
        "work on the machine does not count.",
        gt=0,
        auto="none",
    )
    share: float | None = option(
        None,
        "Share",
        "Steps as a share of those published for the solver, or set for it.",
        gt=0,
        le=100,
        auto="none",
    )

    @model_validator(mode="after")
    def _check(self) -> "BudgetOptions":
        if sum(value is not None for value in (self.steps, self.seconds, self.share)) > 1:
            raise ValueError("give steps, seconds or share, not several of them")
        return self


class MatrixBlockOptions(Options):
    """One block of the matrix: every solver on every pair from every seed."""

    solvers: tuple[str, ...] = option((), "Solvers", "Labels of solvers, or kinds.", min_length=1)
    pairs: tuple[str, ...] = option((), "Pairs", "Labels of pairs, or kinds.", min_length=1)
    seeds: tuple[int, ...] = option((0,), "Seeds", "training.seed of each run.", min_length=1)


class SuiteFileOptions(Options):
    """The top level of a suite's file, but for the tables of settings."""

    title: str = option("", "Title", "What the suite is called.", max_length=200)
    about: str = option("", "About", "What it is for.", max_length=4000)
    keep: Literal["numbers", "pictures", "everything"] = option(
        "numbers", "Keep", "Numbers alone, also the pictures of the views, or also the critics' weights."
    )


class _Tables(BaseModel):
    """The tables of a suite's file, each as plain values still."""

    model_config = ConfigDict(extra="forbid")

    budget: dict[str, Any] = Field(default_factory=dict)
    shared: dict[str, Any] = Field(default_factory=dict)
    solvers: dict[str, dict[str, Any]] = Field(default_factory=dict)
    pairs: dict[str, dict[str, Any]] = Field(default_factory=dict)
    matrix: list[dict[str, Any]] = Field(default_factory=list)


def read_suite(path: Path, pair_files: Path | None = None) -> Suite:
    """The suite in a TOML file; SuiteError, in one sentence, if it is none.

    `pair_files` is the folder in which relative paths of published pair files are found (default: the
    suite's own).
    """
    try:
        return suite_of(load(path), pair_files or path.parent)
    except (BadExperiment, SuiteError) as error:
        text = str(error)
        raise SuiteError(text if text.startswith(str(path)) else f"{path}: {text}") from error


def suite_of(settings: Mapping[str, Any], pair_files: Path) -> Suite:
    """The suite that nested plain values describe; SuiteError or BadExperiment says what is wrong."""
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
        raise SuiteError("there is no [[matrix]]; give one with solvers and pairs")
    if sum(len(block.seeds) * len(block.pairs) * len(block.solvers) for block in blocks) > MAX_CELLS:
        raise SuiteError(f"there are more than {MAX_CELLS} runs; divide it into several suites")
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
    known = [*SuiteFileOptions.model_fields, *_Tables.model_fields]
    for name in settings:
        if name not in known:
            raise SuiteError(unknown("entry", name, known))
    try:
        return _Tables.model_validate(settings)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise SuiteError(f"{where}: a table is needed here") from error


def _cells(block: MatrixBlockOptions) -> list[Cell]:
    """In the order they are run: all solvers on a pair before the next pair, then the next seed."""
    return [
        Cell(solver=solver, pair=pair, seed=seed)
        for seed in block.seeds
        for pair in block.pairs
        for solver in block.solvers
    ]


def _experiment(
    cell: Cell, tables: _Tables, budget: BudgetOptions, pair_files: Path, title: str
) -> Experiment:
    """Shared settings, then the pair's, then the solver's: of two that set one field the later wins."""
    changes = [
        *_flat(tables.shared),
        *_entry("pair", cell.pair, tables.pairs),
        *_entry("solver", cell.solver, tables.solvers),
        ("training.seed", cell.seed),
        ("about.name", cell.name),
        ("about.summary", title),
    ]
    settings = override({}, changes)
    pair = settings["pair"]
    if isinstance(pair.get("file"), str):
        pair["file"] = _found(pair_files, pair["file"])
    steps = read(settings).steps
    if budget.steps is not None:
        steps = settings["training"]["steps"] = budget.steps
    elif budget.share is not None:
        steps = settings["training"]["steps"] = max(1, round(budget.share * steps))
    points = settings.setdefault("evaluation", {})
    points.setdefault("interval", max(1, math.ceil(steps / CURVE_POINTS)))
    return read(settings)


def _entry(group: str, label: str, entries: Mapping[str, Settings]) -> Iterator[tuple[str, Any]]:
    """The settings of a row or column; one without a kind has its label for a kind."""
    if label not in entries and label not in kinds(group):
        raise SuiteError(unknown(group, label, [*entries, *kinds(group)]))
    changes = dict(_flat(entries.get(label, {})))
    if f"{group}.kind" not in changes:
        group_options(group, label)
        yield f"{group}.kind", label
    yield from changes.items()


def _flat(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for group, values in settings.items():
        if not isinstance(values, Mapping):
            raise SuiteError(f"{group}: write group.field, for example training.batch, not a bare {group}")
        yield from ((f"{group}.{field}", value) for field, value in values.items())


def _found(folder: Path, file: str) -> str:
    path = folder / Path(file).expanduser()
    if not path.exists():
        raise SuiteError(
            f"there is no pair file {path}; say where the published pairs are with --pairs FOLDER or "
            "the environment variable WGANSTUDIO_PAIRS"
        )
    return str(path.resolve())
