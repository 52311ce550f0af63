"""Data far from 0: the right costs, training that does not notice, and figures in the user's coordinates."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import Experiment, override, read
from wganstudio.export import export
from wganstudio.figures import figure_of
from wganstudio.figures.landscape.figure import Landscape
from wganstudio.session import RunRecord
from wganstudio.session.document import Document
from wganstudio.training.declarations.frames import PlaneAttributes
from wganstudio.training.events import Ended, TruthFound
from wganstudio.training.run import Run
from wganstudio.training.truths import find_truths
from wganstudio.truths import Truth

CASES = Path(__file__).parents[1] / "data" / "cases"
QUICK = [
    ("training.steps", 20),
    ("training.batch", 64),
    ("training.device", "cpu"),
    ("evaluation.interval", 20),
    ("evaluation.samples", 256),
    ("evaluation.final_samples", 4096),
    ("evaluation.resolution", 16),
]


def experiment(pair: dict[str, object], *changes: tuple[str, object], **groups: object) -> Experiment:
    given = {"critic": {"width": 16, "depth": 2}} | groups
    if pair.get("p_file"):
        pair = {"kind": "data", "held_out": 0} | pair
    return read(override({"pair": pair, **given}, [*QUICK, *changes]))


def truths(pair: dict[str, object], **groups: object) -> dict[str, Truth]:
    values = (e.truth for e in find_truths(experiment(pair, **groups)) if isinstance(e, TruthFound))
    return {truth.quantity: truth for truth in values}


def w1(pair: dict[str, object]) -> Truth:
    return truths(pair, solver={"kind": "wc"})["w1"]


def of_files(stem: str, suffix: str = ".csv", **options: object) -> dict[str, object]:
    return {"p_file": str(CASES / f"{stem}_p{suffix}"), "q_file": str(CASES / f"{stem}_q{suffix}"), **options}


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        (of_files("time"), 30.0),
        (of_files("time", standardize=True), 0.346458),
        (of_files("utm"), 0.02**0.5),
        (of_files("offset", ".npy"), 0.02),
        ({"kind": "points", "points_p": [[1_700_000_000]], "points_q": [[1_700_000_060]]}, 60.0),
    ],
    ids=["time", "standardized time", "coordinates of a map", "1e6 and small differences", "two times"],
)
def test_the_cases_that_went_wrong(pair: dict[str, object], value: float) -> None:
    truth = w1(pair)
    assert truth.value == pytest.approx(value, rel=2e-6)
    assert truth.lower < truth.value < truth.upper
    assert truth.upper - truth.lower < 1e-5 * value


TABLE = np.random.default_rng(3).normal(size=(30, 2))


@pytest.mark.parametrize(
    ("offset", "shift", "unit"),
    [
        (1_700_000_000_000.0, 30.0, 1e3),  # milliseconds
        (2_460_000.5, 0.004, 0.1),  # Julian days
        (4_000_000_000_000_000.0, 7.0, 40.0),  # ids
        (-6_371_000.0, 0.25, 2.0),  # meters from the center of the earth
        (1e5, 0.001, 0.01),
    ],
    ids=["milliseconds", "days", "ids", "negative", "small"],
)
@pytest.mark.parametrize("format", ["csv", "npy", "npz", "parquet"])
def test_tables_in_any_format(offset: float, shift: float, unit: float, format: str, tmp_path: Path) -> None:
    rows = np.round(TABLE * unit, 6) + offset
    if unit >= 1:
        rows = np.round(rows)
    moved = rows + np.array([shift, 0])
    paths = [_write(tmp_path / f"{name}.{format}", each) for name, each in (("p", rows), ("q", moved))]
    truth = w1({"p_file": paths[0], "q_file": paths[1]})
    exact = float(np.mean(moved[:, 0] - rows[:, 0]))  # of the numbers as float64 holds them
    assert truth.lower <= exact <= truth.upper and truth.lower <= shift <= truth.upper
    assert truth.upper - truth.lower < 4 * (2.0**-52 * abs(offset) + 1e-6 * unit)


def _write(path: Path, rows: np.ndarray) -> str:
    if path.suffix == ".csv":
        path.write_text("a,b\n" + "".join(f"{a!r},{b!r}\n" for a, b in rows.tolist()))
    elif path.suffix == ".npy":
        np.save(path, rows)
    elif path.suffix == ".npz":
        np.savez(path, rows=rows)
    else:
        arrow = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        whole = np.array_equal(rows, np.round(rows))
        columns = rows.astype(np.int64) if whole else rows
        parquet.write_table(arrow.table({"a": columns[:, 0], "b": columns[:, 1]}), path)
    return str(path)


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ({"kind": "gaussians", "dim": 1, "mean_p": 1e8, "mean_q": 1e8 + 1, "scale_q": 1.0}, 1.0),
        ({"kind": "gaussians", "mean_p": [1e9, -1e9], "mean_q": [1e9 + 3, 4 - 1e9], "scale_q": 1.0}, 5.0),
        (
            {
                "kind": "uniform-boxes",
                "low_p": 1e7,
                "high_p": 1e7 + 1,
                "low_q": 1e7 + 0.5,
                "high_q": 1e7 + 1.5,
                "dim": 1,
            },
            0.5,
        ),
        (
            {
                "kind": "uniform-boxes",
                "low_p": [-1e6, 5e5],
                "high_p": [1 - 1e6, 5e5 + 1],
                "low_q": [-1e6, 5e5 + 1],
                "high_q": [1 - 1e6, 5e5 + 2],
            },
            1.0,
        ),
        ({"kind": "uniform-balls", "center_p": 1e8, "center_q": [1e8 + 0.75], "radius_q": 1.0}, 0.75),
        ({"kind": "uniform-balls", "center_p": [4e5, 5e6], "center_q": [4e5, 5e6], "radius_q": 2.0}, 2 / 3),
        ({"kind": "mixture", "means_p": [[1e9], [1e9 + 2]], "means_q": [[1e9 + 0.25], [1e9 + 2.25]]}, 0.25),
        (
            {
                "kind": "mixture",
                "means_p": [[0, 1e7]],
                "means_q": [[0, 1e7 + 2]],
                "scale_p": 0.25,
                "scale_q": 0.25,
            },
            2.0,
        ),
        (
            {
                "kind": "points",
                "points_p": [[5e5, 5e6], [5e5 + 1, 5e6]],
                "points_q": [[5e5, 5e6 + 0.5], [5e5 + 1, 5e6 + 0.5]],
            },
            0.5,
        ),
        ({"kind": "points", "points_p": [[1e15]], "points_q": [[1e15 + 1]]}, 1.0),
        ({"kind": "points", "points_p": [[0], [1.7e9]], "points_q": [[1], [1.7e9 + 60]]}, 30.5),
        ({"kind": "points", "points_p": [[-1e8 - 0.25]], "points_q": [[-1e8 + 0.25]]}, 0.5),
    ],
)
def test_distributions_far_from_zero(pair: dict[str, object], value: float) -> None:
    truth = w1(pair)
    assert truth.lower <= value <= truth.upper
    assert truth.value == pytest.approx(value, abs=4e-16 * 1e9)


LINES: dict[str, Any] = {
    "gaussians": lambda a: {"dim": 1, "mean_p": a - 0.5, "mean_q": a + 0.7, "scale_q": 1.5},
    "uniform-boxes": lambda a: {"dim": 1, "low_p": a - 1, "high_p": a, "low_q": a - 0.3, "high_q": a + 1.1},
    "uniform-balls": lambda a: {"dim": 1, "center_p": a - 0.3, "center_q": a + 0.4, "hole_q": 0.6},
    "mixture": lambda a: {"means_p": [[a]], "means_q": [[a - 1], [a + 1.4]], "scale_p": 0.3},
    "points": lambda a: {"points_p": [[a - 1, a], [a + 1, a]], "points_q": [[a, a + 0.5]]},
}


@pytest.mark.parametrize("kind", LINES)
@settings(deadline=None, max_examples=12)
@given(offset=st.floats(-1e9, 1e9).filter(lambda a: abs(a) > 1e-9))
def test_truths_do_not_depend_on_the_offset(kind: str, offset: float) -> None:
    plain, shifted = (truths({"kind": kind, **LINES[kind](a)}, solver={"kind": "lp"}) for a in (0.0, offset))
    assert plain.keys() == shifted.keys()
    for quantity, truth in plain.items():
        bracket = shifted[quantity]
        slack = 1e-9 * truth.value + 1e-14  # of the quadratures
        assert bracket.lower - slack <= truth.value <= bracket.upper + slack
        assert bracket.value == pytest.approx(truth.value, abs=1e-6)


@pytest.mark.parametrize("kind", LINES)
@pytest.mark.parametrize("offset", [1e9, -123_456_789.0, 4000.0])
def test_training_does_not_depend_on_a_large_offset(kind: str, offset: float) -> None:
    plain, shifted = (_estimates({"kind": kind, **LINES[kind](a)}) for a in (0.0, offset))
    assert plain.keys() == shifted.keys()
    for name, value in plain.items():
        assert shifted[name] == pytest.approx(value, rel=1e-3, abs=1e-4), name


@pytest.mark.parametrize("q", ["gaussian", "box", "held-out"])
def test_training_with_data_does_not_depend_on_a_large_offset(q: str, tmp_path: Path) -> None:
    estimates = []
    for offset in (0.0, 1e9):
        path = _write(tmp_path / f"{offset:g}.npy", TABLE + offset)
        estimates.append(_estimates({"p_file": path, "q": q, "held_out": 0.2}))
    for name, value in estimates[0].items():
        assert estimates[1][name] == pytest.approx(value, rel=1e-3, abs=1e-4), name


@pytest.mark.parametrize(
    "solver",
    [
        {"kind": "semi-discrete", "epsilon": 0.1},
        {"kind": "semi-discrete", "normalize": False, "cost": "distance"},
        {"kind": "regularized", "normalize": False, "epsilon": 0.1},
    ],
    ids=["normalized", "distance", "regularized"],
)
def test_transport_to_atoms_does_not_depend_on_a_large_offset(solver: dict[str, object]) -> None:
    plain, shifted = (_estimates({"kind": "points", **LINES["points"](a)}, solver=solver) for a in (0.0, 3e8))
    for name, value in plain.items():
        assert shifted[name] == pytest.approx(value, rel=1e-3, abs=1e-4), name


@pytest.mark.parametrize("epsilon", [0.0, 0.5])
def test_squared_costs_between_gaussians_far_from_zero(epsilon: float) -> None:
    solver = {"kind": "semi-discrete", "normalize": False, "epsilon": epsilon}
    plain, shifted = (
        truths({"kind": "gaussians", "dim": 1, "mean_p": a, "mean_q": a + 1.5}, solver=solver)["transport"]
        for a in (0.0, 1e8)
    )
    assert shifted.value == pytest.approx(plain.value, abs=1e-9)
    assert shifted.lower < plain.value < shifted.upper < shifted.lower + 1e-6


def _estimates(pair: dict[str, object], **groups: object) -> dict[str, float]:
    (ended,) = (e for e in Run(experiment(pair, **groups)).events() if isinstance(e, Ended))
    return ended.estimates


def record_of(asked: Experiment) -> RunRecord:
    record = RunRecord(1, asked)
    for event in Run(asked).events():
        record.apply(event)
    return record


def test_figures_of_times_are_in_the_coordinates_of_the_file(tmp_path: Path) -> None:
    record = record_of(experiment(of_files("time")))
    figure = figure_of(record, "landscape")
    assert isinstance(figure, Landscape)
    assert figure.grid.labels == ("t - 1,700,000,200",)
    assert np.abs(figure.grid.x).max() < 300
    readout = figure.readout(-25.0)
    assert readout is not None and readout.text.startswith("x = 1700000175 ")
    times = set(map(float, (CASES / "time_p.csv").read_text().split()[1:]))
    written = export(record, tmp_path, ["csv", "png", "svg"], figures=["landscape"])
    (samples,) = (path for path in written if path.name.endswith("samples-p.csv"))
    with samples.open() as file:
        assert {float(row["x"]) for row in csv.DictReader(file)} <= times
    (drawing,) = (path for path in written if path.suffix == ".svg")
    assert "t - 1,700,000,200" in drawing.read_text()


def test_the_origin_is_kept_in_the_session(tmp_path: Path) -> None:
    asked = experiment(of_files("utm"))
    document = Document.create(tmp_path / "utm.wgs")
    run = document.add_run(asked)
    for event in Run(asked).events():
        document.append(run, event)
    document.close()
    reopened = Document.open(tmp_path / "utm.wgs")
    (record,) = reopened.records()
    plane = record.snapshot("plane")
    assert plane is not None
    attributes = plane.attributes_as(PlaneAttributes)
    assert attributes.origin == attributes.offsets == (500_000.1, 5_412_345.1)
    assert attributes.labels == ("easting", "northing")
    (table, *_) = figure_of(record, "gradient").tables().values()
    assert table["x"].dtype == np.float64
    assert 499_990 < table["x"].min() < table["x"].max() < 500_010
    assert 5_412_340 < table["y"].min() < table["y"].max() < 5_412_350
    reopened.close()


def test_a_session_without_an_origin_has_none() -> None:
    attributes = PlaneAttributes(labels=("x",), sigma_method="exact")
    assert attributes.offsets == attributes.origin == ()


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("samples", {"x", "y"}),
        ("plan", {"x_p", "y_p", "x_q", "y_q"}),
        ("cells", {"x", "y"}),
        ("transport_map", {"x", "y", "mapped_x", "mapped_y"}),
    ],
)
def test_tables_of_points_are_in_the_coordinates_of_the_user(name: str, columns: set[str]) -> None:
    records = [
        record_of(
            experiment(
                {"kind": "points", **LINES["points"](offset)},
                solver={"kind": "semi-discrete"},
                generator={"kind": "particles", "num_particles": 8},
            )
        )
        for offset in (0.0, 2e9)
    ]
    tables = [figure_of(record, name).tables() for record in records]
    assert tables[0].keys() == tables[1].keys()
    for part, plain in tables[0].items():
        for column, values in plain.items():
            moved = 2e9 if column in columns else 0.0
            np.testing.assert_allclose(tables[1][part][column] - moved, values, atol=2e-3, rtol=1e-3)


@pytest.mark.parametrize("name", ["samples", "transport_map"])
def test_tables_over_a_line_too(name: str) -> None:
    asked = experiment(
        {"kind": "points", "points_p": [[2e9 - 1], [2e9 + 1]], "points_q": [[2e9]]},
        solver={"kind": "semi-discrete"},
        generator={"kind": "particles", "num_particles": 8},
    )
    for table in figure_of(record_of(asked), name).tables().values():
        for column in {"x", "y", "mapped", "true"} & table.keys():
            assert np.abs(table[column] - 2e9).max() < 10


def test_the_plane_of_two_columns_is_labeled_and_less_their_offset(tmp_path: Path) -> None:
    rows = TABLE @ np.ones((2, 3)) + np.random.default_rng(5).normal(size=(30, 3)) + [0, 7e7, 2e7]
    text = "a,b  (s),<i>c</i>\n" + "\n".join(",".join(map(repr, row)) for row in rows.tolist())
    (tmp_path / "p.csv").write_text(text)
    pair = {"p_file": str(tmp_path / "p.csv")}
    record = record_of(experiment(pair, ("evaluation.plane", "axes"), ("evaluation.axes", [1, 2])))
    figure = figure_of(record, "landscape")
    assert isinstance(figure, Landscape)
    assert figure.grid.names == ("b (s)", "<i>c</i>")
    assert np.abs(np.array(figure.grid.offsets) - [7e7, 2e7]).max() < 5
    assert figure.grid.labels[1] == f"<i>c</i> - {figure.grid.offsets[1]:,.0f}"
    table = figure.tables()[""]
    assert np.abs(table["x"] - 7e7).max() < 20 and np.abs(table["y"] - 2e7).max() < 20


def test_standardized_columns_are_named_so() -> None:
    figure = figure_of(record_of(experiment(of_files("time", standardize=True))), "landscape")
    assert isinstance(figure, Landscape)
    assert figure.grid.labels == ("t, standardized",) and not figure.grid.offsets
