"""The pair made of data: split, standardized, fitted; and what is said of it."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, checked, group_options, read
from wganstudio.pairs.base import Pair, make_rng
from wganstudio.pairs.data.empirical import EmpiricalDistribution
from wganstudio.pairs.data.fitted import FittedGaussian
from wganstudio.pairs.data.images import read_images
from wganstudio.training.run import Run
from wganstudio.training.truths import find_truths


def made(**options) -> Pair:
    return read({"pair": {"kind": "data", **options}}).build_pair()


def refused(**options) -> tuple[str, str]:
    with pytest.raises(BadExperiment) as caught:
        made(**options)
    (problem,) = caught.value.problems
    return problem.path, problem.message


def points(law) -> np.ndarray:
    assert isinstance(law, EmpiricalDistribution)
    return law.points


def as_set(rows: np.ndarray) -> set[tuple[float, ...]]:
    return set(map(tuple, rows.tolist()))


@pytest.fixture
def table(tmp_path: Path) -> str:
    rows = np.random.default_rng(0).normal(size=(100, 3)) @ np.diag([1.0, 5.0, 0.1]) + [0, 3, -1]
    np.savetxt(tmp_path / "t.csv", rows, delimiter=",", header="a,b,c", comments="")
    return str(tmp_path / "t.csv")


def test_the_digits_need_no_file_and_are_split_into_two_parts_without_a_common_row():
    pair = made()
    training, held = points(pair.p), points(pair.held_out.p)
    assert (len(training), len(held), pair.dim) == (1438, 359, 64)
    assert pair.shape == (1, 8, 8)
    every = read_images("digits").pixels
    assert np.array_equal(np.sort(np.concatenate((training, held)), axis=0), np.sort(every, axis=0))
    samples = pair.p.sample(4096, make_rng("cpu", 0)).numpy()
    assert as_set(samples) <= as_set(training)
    fresh = pair.held_out.p.sample(4096, make_rng("cpu", 0)).numpy()
    assert not as_set(fresh) & as_set(training)
    assert "1,438 (359 others held out) of 1,797 handwritten digits" in pair.description


def test_pixels_run_from_black_to_white_as_asked():
    signed, unit = points(made().p), points(made(pixels="0 to 1").p)
    assert (signed.min(), signed.max(), unit.min(), unit.max()) == (-1, 1, 0, 1)
    np.testing.assert_allclose(unit, (signed + 1) / 2, atol=1e-7)


@settings(max_examples=20, deadline=None)
@given(share=st.floats(0.01, 0.9), seed=st.integers(0, 999), rows=st.integers(60, 100))
def test_a_split_is_made_from_its_seed_alone(share, seed, rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("split") / "a.npy"
    np.save(path, np.arange(100.0))
    one, again = (
        made(p_file=str(path), held_out=share, seed=seed, rows=rows, q="standard") for _ in range(2)
    )
    training, held = points(one.p)[:, 0].tolist(), points(one.held_out.p)[:, 0].tolist()
    assert training == points(again.p)[:, 0].tolist() and held == points(again.held_out.p)[:, 0].tolist()
    assert len(set(training) | set(held)) == len(training) + len(held) == rows
    assert len(held) == round(share * rows)


def test_another_seed_splits_otherwise():
    one, other = (points(made(seed=seed).held_out.p) for seed in (0, 1))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    "name", ["eight-gaussians", "gaussian-grid", "moons", "rings", "checkerboard", "spirals"]
)
def test_the_shapes_of_the_plane_give_points(name):
    pair = made(p=name, rows=500, q="box")
    assert len(points(pair.p)) == 400 and pair.dim == 2
    assert 1.5 < np.abs(points(pair.p)).max() < (4.5 if name == "gaussian-grid" else 3.5)
    assert f"500 points drawn from {name}" in pair.description


def test_the_fitted_gaussian_has_the_mean_and_covariance_of_the_training_rows(table):
    pair = made(p_file=table)
    assert isinstance(pair.q, FittedGaussian)
    rows = points(pair.p).astype(np.float64)
    assert pair.q.mean == pytest.approx(rows.mean(axis=0))
    assert pair.q.covariance == pytest.approx(np.cov(rows.T, bias=True))
    samples = pair.q.sample(1 << 17, make_rng("cpu", 3)).double().numpy()
    scale = rows.std(axis=0)
    assert np.abs(samples.mean(axis=0) - rows.mean(axis=0)).max() < 0.02 * scale.max()
    assert np.cov(samples.T) / np.outer(scale, scale) == pytest.approx(np.corrcoef(rows.T), abs=0.02)


def test_a_gaussian_fits_rows_that_lie_on_a_plane():
    flat = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32) @ np.ones((2, 5), np.float32)
    samples = FittedGaussian(flat).sample(1000, make_rng("cpu", 0)).numpy()
    assert np.abs(samples - samples[:, :1]).max() < 0.01
    with pytest.raises(ValueError, match="all rows are equal"):
        FittedGaussian(np.ones((4, 3), np.float32))


def test_the_box_is_the_smallest_that_holds_the_training_rows(table):
    pair = made(p_file=table, q="box")
    samples = pair.q.sample(4096, make_rng("cpu", 0)).numpy()
    low, high = points(pair.p).min(axis=0), points(pair.p).max(axis=0)
    assert np.all(samples >= low) and np.all(samples <= high)
    digits = made(q="box").q.sample(100, make_rng("cpu", 0)).numpy()
    assert np.all(digits[:, 0] == -1), "a column that is constant stays so"


def test_standardized_columns_have_mean_0_and_deviation_1_over_the_training_rows(table):
    pair = made(p_file=table, standardize=True, columns="b, a")
    training, held = points(pair.p), points(pair.held_out.p)
    assert np.abs(training.mean(axis=0)).max() < 1e-6
    assert training.std(axis=0) == pytest.approx([1, 1], rel=1e-5)
    assert np.abs(held.mean(axis=0)).max() > 1e-3, "held-out rows are moved as the others, not by themselves"
    raw = points(made(p_file=table, columns="b, a").p)
    mean, scale = raw.mean(axis=0, dtype=float), raw.std(axis=0, dtype=float)
    assert training == pytest.approx((raw - mean) / scale, abs=1e-5)
    assert f"(b - {mean[0]:.5g}) / {scale[0]:.5g}" in pair.description
    assert np.all(points(made(standardize=True).p)[:, 0] == 0), "the digits have constant columns"


def test_q_may_be_what_p_holds_out(table):
    pair = made(p_file=table, q="held-out", held_out=0.5)
    assert pair.held_out is None
    assert not as_set(points(pair.p)) & as_set(points(pair.q))
    assert len(points(pair.q)) == 50
    assert refused(p_file=table, q="held-out", held_out=0)[0] == "pair.held_out"


def test_q_may_be_another_file_moved_as_p_is(table, tmp_path):
    np.save(tmp_path / "q.npy", np.full((30, 3), 3.0))
    pair = made(p_file=table, q_file=str(tmp_path / "q.npy"), standardize=True)
    assert len(points(pair.q)) == 24 and len(points(pair.held_out.q)) == 6
    p = points(made(p_file=table).p).astype(float)
    assert points(pair.q)[0] == pytest.approx((3 - p.mean(axis=0)) / p.std(axis=0), rel=1e-4)
    np.save(tmp_path / "q.npy", np.zeros((30, 2)))
    path, message = refused(p_file=table, q_file=str(tmp_path / "q.npy"))
    assert path == "pair.q_file" and "Q has 2 columns but P 3" in message


def test_smoothing_reaches_all_that_is_data(table):
    pair = made(p_file=table, smoothing=0.5, q="held-out")
    assert pair.p.width == pair.q.width == 0.5
    assert "smoothed by a standard deviation of 0.5" in pair.description


def test_images_are_brought_to_the_size_asked_for():
    pair = made(size=4, q="standard")
    assert pair.shape == (1, 4, 4) and pair.dim == 16


def test_without_held_out_rows_there_is_no_pair_of_them(table):
    pair = made(p_file=table, held_out=0)
    assert pair.held_out is None and len(points(pair.p)) == 100


def test_what_will_not_do_names_its_field(table, tmp_path):
    assert refused(p_file=str(tmp_path / "no.csv"))[0] == "pair.p_file"
    assert refused(p_file=table, q_file=str(tmp_path))[0] == "pair.q_file"
    assert refused(p_file=table, columns="d")[0] == "pair.columns"
    np.savez(tmp_path / "two.npz", a=np.ones(3), b=np.ones(3))
    assert refused(p_file=str(tmp_path / "two.npz"))[0] == "pair.array"
    np.save(tmp_path / "cube.npy", np.ones((3, 80, 80)))
    assert refused(p_file=str(tmp_path / "cube.npy"))[0] == "pair.columns"
    (tmp_path / "large.idx").write_bytes(struct.pack(">IIII", 0x803, 3, 80, 80) + bytes(3 * 6400))
    assert refused(p_file=str(tmp_path / "large.idx"))[0] == "pair.image_size"
    assert refused(p_file=table, held_out=0.001)[0] == "pair.held_out"
    np.save(tmp_path / "same.npy", np.ones((30, 2)))
    assert refused(p_file=str(tmp_path / "same.npy"))[0] == "pair.q"
    (tmp_path / "bad.csv").write_text("1,2\n3,4,5\n4,5\n6,7\n")
    path, message = refused(p_file=str(tmp_path / "bad.csv"))
    assert path == "pair.p_file" and "line 2" in message
    assert len(points(made(p_file=str(tmp_path / "bad.csv"), skip_bad=True, held_out=0).p)) == 3


def test_the_options_that_are_recorded_make_the_same_pair(table, tmp_path):
    np.save(tmp_path / "q.npy", np.random.default_rng(2).normal(size=(3000, 3)))
    for options in ({"p_file": table, "q_file": str(tmp_path / "q.npy")}, {"p": "moons", "q": "held-out"}):
        pair = made(held_out=0.3, **options)
        again = checked("pair", group_options("pair", "data"), pair.options.settings()).build()
        assert np.array_equal(points(pair.p), points(again.p))
        assert np.array_equal(points(pair.q), points(again.q))


@pytest.mark.parametrize("dim", [1, 2, 64])
def test_a_run_and_its_truths_are_found(dim, tmp_path):
    path = tmp_path / "rows.npy"
    np.save(path, np.random.default_rng(0).normal(size=(300, dim)))
    experiment = read(
        {
            "pair": {"kind": "data", "p_file": str(path), "q": "box"},
            "critic": {"kind": "mlp", "width": 16, "depth": 2},
            "truth": {"samples": 64, "repeats": 2, "cells": 64},
            "training": {"steps": 3, "batch": 32},
            "evaluation": {"final_samples": 1024, "samples": 64, "resolution": 16},
        }
    )
    last = list(Run(experiment).events())[-1]
    assert last.kind == "ended" and np.isfinite(last.estimates["gap"])
    result = {event.truth.quantity: event.truth for event in find_truths(experiment)}
    assert "P uniform over 240 (60 others held out) of 300 rows of rows.npy" in result["w1"].law
    if dim == 2:
        assert result["congested"].law.startswith("distributions and sigma smoothed by a Gaussian")
        assert result["w1"].law == result["congested"].law
    else:
        assert result["w1"].law.startswith("the distributions themselves")
    assert json.dumps(experiment.settings())


def test_the_sampler_does_not_hold_a_second_copy_of_the_data():
    distribution = EmpiricalDistribution(np.zeros((1000, 10), np.float32))
    assert distribution.points_on(torch.device("cpu")).data_ptr() == distribution.points.ctypes.data


# -- one table as P and Q


@pytest.fixture
def irises(tmp_path: Path) -> str:
    kinds = ["setosa", "virginica", "versicolor"]
    lines = [f"{kinds[k % 3]},{k % 3},{k / 2},{100 - k}" for k in range(60)]
    (tmp_path / "iris.csv").write_text("species,class,width,height\n" + "\n".join(lines) + "\n")
    return str(tmp_path / "iris.csv")


def rows_of(pair: Pair) -> tuple[set[tuple[float, ...]], set[tuple[float, ...]]]:
    return as_set(points(pair.p)), as_set(points(pair.q))


@pytest.mark.parametrize(
    ("choice", "of_p", "of_q"),
    [
        ({"split_column": "species", "p_values": "setosa"}, {0}, {1, 2}),
        ({"split_column": "species", "q_values": "setosa"}, {1, 2}, {0}),
        ({"split_column": "species", "p_values": "setosa", "q_values": "virginica"}, {0}, {1}),
        ({"split_column": "class", "p_values": "0, 2.0"}, {0, 2}, {1}),
        ({"split_column": "class", "p_values": "1", "q_values": "2"}, {1}, {2}),
    ],
)
def test_the_values_of_a_column_divide_a_table_into_p_and_q(irises, choice, of_p, of_q):
    pair = made(p_file=irises, columns="width, height", held_out=0, **choice)
    p, q = rows_of(pair)
    assert p == {(k / 2, 100 - k) for k in range(60) if k % 3 in of_p}
    assert q == {(k / 2, 100 - k) for k in range(60) if k % 3 in of_q}
    assert f"with {choice['split_column']} " in pair.description


def test_arrays_and_parquet_files_are_divided_as_well(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (the extra data)")
    from pyarrow import parquet

    values = np.column_stack((np.arange(40) % 2, np.arange(40.0)))
    np.save(tmp_path / "a.npy", values)
    table = pyarrow.table({"kind": ["ab"[k % 2] for k in range(40)], "x": values[:, 1], "id": range(40)})
    parquet.write_table(table, tmp_path / "a.parquet")
    for name, column, value in (("a.npy", "x1", "0"), ("a.parquet", "kind", "a")):
        pair = made(p_file=str(tmp_path / name), split_column=column, p_values=value, held_out=0)
        p, q = rows_of(pair)
        assert p == {(k,) for k in range(0, 40, 2)} and q == {(k,) for k in range(1, 40, 2)}, name


def test_a_division_that_cannot_be_is_refused_in_one_sentence(irises, tmp_path):
    assert refused(p_file=irises, split_column="kind", p_values="a")[0] == "pair.split_column"
    path, message = refused(p_file=irises, split_column="species", p_values="setos")
    assert path == "pair.split_column" and "the column contains setosa, virginica, versicolor" in message
    for options in (
        {"p_file": irises, "split_column": "species"},
        {"p_file": irises, "p_values": "setosa"},
        {"split_column": "species", "p_values": "setosa"},
        {"p_file": irises, "decimal": "comma", "thousands": ","},
    ):
        with pytest.raises(BadExperiment):
            made(**options)


def test_any_file_is_p_or_q_or_both(irises, table):
    one = made(p_file=irises, q_file=irises, columns="width", held_out=0)
    assert rows_of(one)[0] == rows_of(one)[1]
    other = made(p="moons", q_file=irises, columns="width, height", held_out=0)
    assert len(rows_of(other)[1]) == 60 and len(rows_of(other)[0]) == 2048


def test_columns_of_q_are_matched_with_those_of_p_by_their_names(tmp_path):
    (tmp_path / "p.csv").write_text("x,y\n" + "".join(f"{k},{-k / 2}\n" for k in range(9)))
    (tmp_path / "q.csv").write_text("y,x\n" + "".join(f"{-k / 2},{k}\n" for k in range(9)))
    pair = made(p_file=str(tmp_path / "p.csv"), q_file=str(tmp_path / "q.csv"), held_out=0)
    assert rows_of(pair)[0] == rows_of(pair)[1]


def test_axes_have_the_names_and_units_of_the_columns(irises, tmp_path):
    assert made(p_file=irises, columns="width, height").axis_labels == ("width", "height")
    (tmp_path / "u.csv").write_text("x,y\nm,\n" + "".join(f"{k}.5,{-k / 2}\n" for k in range(9)))
    assert made(p_file=str(tmp_path / "u.csv")).axis_labels == ("x [m]", "y")
    assert made(p_file=str(tmp_path / "u.csv"), standardize=True).axis_labels == (
        "x [m], standardized",
        "y, standardized",
    )
    assert made().axis_labels == made(p="moons").axis_labels == ()


def test_columns_that_look_like_ids_are_mentioned_in_the_description(tmp_path):
    (tmp_path / "a.csv").write_text("id,x\n" + "".join(f"{k},{k / 2}\n" for k in range(9)))
    path = str(tmp_path / "a.csv")
    assert "columns x (ids left out: id)" in made(p_file=path).description
    assert "left out" not in made(p_file=path, columns="x").description
