"""The tables of the help page on results against the CSV files that they come from, cell by cell."""

import csv
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from statistics import fmean

import pytest

from wganstudio import resources

BENCHMARKS = Path(__file__).parent / "benchmarks"
Cell = float | tuple[float, float] | None
"""A number, a number with its standard error, or None where the cell has no CSV file."""
Lookup = Callable[[str, str], Cell]
Rows = dict[str, dict[str, str]]


@cache
def rows(file: str) -> list[dict[str, str]]:
    with (BENCHMARKS / f"{file}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def select(file: str, **where: str) -> list[dict[str, str]]:
    return [row for row in rows(file) if all(row[name] == value for name, value in where.items())]


def entry(file: str, solver: str, pair: str) -> dict[str, str]:
    (row,) = select(f"suites/{file}", solver=solver, pair=pair)
    return row


def number(row: dict[str, str], column: str = "mean") -> Cell:
    """Return a mean with its standard error where there is one; None for an empty cell."""
    if not row[column]:
        return None
    error = row["standard_error"] if column == "mean" else ""
    return (float(row[column]), float(error)) if error else float(row[column])


def kind(label: str) -> str:
    """Return the kind of a solver from its label on the page: MM:Bv2 -> mm-bv2."""
    return label.lower().replace(":", "-").rstrip("*").replace(" ", "-")


def full(pair: str) -> Lookup:
    columns = {"cos": ("cos", "mean"), "as published": ("cos", "as_published"), "W₁": ("w1", "mean")}

    def lookup(row: str, column: str) -> Cell:
        if column not in columns:
            return None
        table, name = columns[column]
        return number(entry(f"w1-full-{table}", kind(row), pair), name)

    return lookup


def pair_of(label: str) -> str:
    return label.strip("()").replace(", ", ",")


def tenth_cos(row: str, column: str) -> Cell:
    return number(entry("w1-tenth-cos", kind(column), pair_of(row)))


def tenth_ratio(row: str, column: str) -> Cell:
    found = entry("w1-tenth-w1", kind(column), pair_of(row))
    return float(found["mean"]) / float(found["truth"])


def beyond_cos(row: str, column: str) -> Cell:
    found = select("suites/w1-beyond-cos", solver=kind(column), pair=pair_of(row))
    return number(found[0]) if found else None


def beyond_error(row: str, column: str) -> Cell:
    if column == "W₁":
        return float(select("suites/w1-beyond-w1", pair=pair_of(row))[0]["truth"])
    found = select("suites/w1-beyond-w1", solver=kind(column), pair=pair_of(row))
    return 100 * (float(found[0]["mean"]) / float(found[0]["truth"]) - 1) if found else None


def images(row: str, column: str) -> Cell:
    metric, _, pair = column.partition(" (")
    pair = f"digits {pair.rstrip(')').replace(', ', ',')}"
    if row == "truth":
        return float(select("images", pair=pair, solver="[truth]")[0]["w1" if metric == "W1" else "cos"])
    constant = {"one gradient per cone": "[slope a centre]", "one gradient everywhere": "[one slope]"}
    networks = {"convolutional": "conv", "U-Net": "conv", "perceptron": "mlp", "perceptrons": "mlp"}
    if row in constant:
        (found,) = select("images", pair=pair, solver=constant[row])
    else:
        label, _, network = row.partition(", ")
        (found,) = select("images", pair=pair, solver=kind(label), critic=networks.get(network, ""))
    value = found["gap" if metric == "W1" else "cos"]
    return float(value) if value else None


def maps(table: str) -> Lookup:
    solvers = {
        "quadratic": "quadratic",
        "max-affine": "max-affine",
        "input-convex network, conjugate solved": "icnn",
        "two convex networks": "w2-pair",
        "cycle-consistent pair": "w2-cycle",
        "maximin map": "w2-mm",
        "exact transport to 4,096 samples": "exact",
        "the same, entropy 0.01": "entropy 0.01",
        "the same, entropy 0.1": "entropy 0.1",
    }

    def lookup(row: str, column: str) -> Cell:
        if row not in solvers:  # the published numbers
            return None
        if column == "seconds at 16":
            return float(entry("w2-pairs-seconds", solvers[row], "16")["mean"])
        return float(entry(table, solvers[row], column.removeprefix("D = "))["mean"])

    return lookup


def composite(row: str, column: str) -> Cell:
    pair = {"two moons": "moons", "eight Gaussians": "eight-gaussians", "digits, 8 × 8": "digits"}[row]
    laws = {"base distribution": "0", "distilled": "network", "other samples of the data": "data"}
    found = select("composite", pair=pair, law=laws.get(column, column.removesuffix(" map")))
    return fmean(float(each["true_upper"]) for each in found) if found else None


def mnist(row: str, column: str) -> Cell:
    methods = {
        "semi-discrete, ε = 0.05, convolutional generator": "semi-discrete, eps = 0.05, convolutions",
        "regularized on batches, λ = 0.01, debiased": "regularised, lambda = 0.01, debiased",
        "WGAN-GP, convolutional critic": "gp",
        "LP, convolutional critic": "lp",
    }
    columns = {
        "squared cost": "squared_cost",
        "distance": "distance_cost",
        "generator steps": "generator_steps",
    }
    last = select("mnist", method=methods.get(row, row.replace("ε", "eps")))[-1]
    return float(last[columns.get(column, column)])


def robustness(row: str, column: str) -> Cell:
    pairs = {
        "clean data": "clean",
        "2 % outliers": "outliers 2 %",
        "10 % outliers": "outliers 10 %",
        "half a mode missing": "half a mode",
        "one mode missing": "no mode 0",
    }
    solver = "gp" if column == "WGAN-GP" else column.replace("regularized", "regularised")
    return float(entry("robustness-distance", solver, pairs.get(row, row))["mean"])


def grid(row: str, column: str) -> Cell:
    solvers = {
        "WGAN-GP": "wgan-gp",
        "WGAN-LP": "lp",
        "semi-discrete": "semi-discrete",
        "regularized, over data": "regularised over data",
        "regularized, on batches": "regularised",
    }
    tables = {"modes of 25": "modes", "share near a mode": "near", "exact distance": "distance"}
    if row not in solvers:  # the data themselves
        return None
    return number(entry(f"gaussian-grid-{tables.get(column, column)}", solvers[row], "25 Gaussians"))


SHAPE = re.compile(
    r"(?:(?P<solver>[\w:]+), )?(?P<depth>\d+) × (?P<width>\d+),(?: (?P<activation>\w+),)? "
    r"batch (?P<batch>\d+), D = (?P<dim>\d+)"
)
"""The solver and the shape of its network in a row."""


def steps(file: str) -> Lookup:
    columns = {
        "over plain loop": "ratio",
        "over products": "over_products",
        "stacked, ms": "stacked_ms",
        "in turn, ms": "in_turn_ms",
    }

    def lookup(row: str, column: str) -> Cell:
        found = SHAPE.fullmatch(row)
        assert found is not None, row
        where = {name: text for name, text in found.groupdict().items() if text is not None}
        if "solver" in where:
            where["solver"] = kind(where["solver"])
        (line,) = select(file, **where)
        return float(line[columns.get(column, column)])

    return lookup


SOURCES: dict[str, tuple[Lookup, ...]] = {
    "The Wasserstein-1 benchmark at its published length": (full("2,4"), full("16,64"), full("16,4")),
    "All sixteen pairs at a tenth of the steps": (tenth_cos, tenth_ratio),
    "Beyond the published solvers": (beyond_cos, beyond_error),
    "The benchmark on images": (images,),
    "Squared W₂ on pairs with a known map": (maps("w2-pairs-uvp"), maps("w2-pairs-uvp_back")),
    "Composites of maps": (composite,),
    "MNIST at equal time": (mnist,),
    "Robustness to perturbed data": (robustness,),
    "The grid of 25 Gaussians": (grid,),
    "Speed of a step": (steps("solver_step"), steps("stacked")),
}
"""The source of each table of the page, by its heading and place under it."""


def tables_of_the_page() -> dict[tuple[str, int], Rows]:
    """Return the tables by heading and place: their cells by row and column, without emphasis."""
    text = resources.path("help", "results.md").read_text(encoding="utf-8")
    tables = {}
    for section in text.split("\n## ")[1:]:
        heading, _, body = section.partition("\n")
        for place, block in enumerate(re.findall(r"(?:^\|.*\n)+", body, re.MULTILINE)):
            head, _, *lines = [
                [cell.strip().replace("**", "").strip("*") for cell in line.strip().strip("|").split("|")]
                for line in block.strip().splitlines()
            ]
            tables[heading, place] = {line[0]: dict(zip(head[1:], line[1:], strict=True)) for line in lines}
    return tables


def is_rounded(text: str, value: float) -> bool:
    """Return True if a printed number is the value, rounded once to its last digit.

    Numbers of three and more digits may end in a rounded zero.
    """
    plain = text.replace("−", "-").replace(",", "").removesuffix("%").strip()
    unit = 10.0 ** -len(plain.partition(".")[2]) if "." in plain else 1.0
    if "." not in plain and plain.endswith("0") and abs(float(plain)) >= 100 and value % 1:
        unit = 10.0
    return abs(float(plain) - value) <= unit / 2 * (1 + 1e-9)


TABLES = tables_of_the_page()


def test_every_table_has_a_source() -> None:
    assert set(TABLES) == {(head, place) for head, each in SOURCES.items() for place in range(len(each))}


@pytest.mark.parametrize(("heading", "place"), TABLES, ids=lambda each: str(each))
def test_every_cell_is_rounded_once_from_its_file(heading: str, place: int) -> None:
    lookup, compared, wrong = SOURCES[heading][place], 0, []
    for row, cells in TABLES[heading, place].items():
        for column, text in cells.items():
            if column in ("published", "best published"):
                continue  # not redistributed with this project
            value = lookup(row, column) if text else None
            if value is None:
                continue
            shown, _, error = text.partition(" ± ")
            mean, deviation = value if isinstance(value, tuple) else (value, None)
            right = is_rounded(shown, mean)
            if error:
                assert deviation is not None
                right = right and is_rounded(error, deviation)
            compared += 1
            if not right:
                wrong.append((row, column, text, value))
    assert compared >= 6 and wrong == []


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        ("0.28", 0.2848, True),
        ("0.29", 0.2848, False),
        ("−0.25", -0.2496, True),
        ("+2 %", 2.4, True),
        ("+3 %", 2.49, False),
        ("370", 370.8, True),
        ("1,020", 1020.0, True),
        ("1,030", 1020.0, False),
        ("348", 348.306, True),
    ],
)
def test_rounding_twice_is_seen(text: str, value: float, right: bool) -> None:
    assert is_rounded(text, value) is right
