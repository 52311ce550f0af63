"""Offsets that are large against the spread are subtracted in float64, and only those."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, presets, read
from wganstudio.pairs.base import Pair, make_rng
from wganstudio.pairs.origin import choose_origin

ROWS = np.random.default_rng(0).normal(size=(40, 2)) * (1.0, 2.0)


def data(offset: float) -> dict[str, object]:
    """Rows about an offset, in a file of their own."""
    folder = Path(tempfile.mkdtemp())
    for name, rows in (("p", ROWS + offset), ("q", ROWS * 0.5 + offset + 0.25)):
        np.save(folder / f"{name}.npy", rows)
    return {"p_file": str(folder / "p.npy"), "q_file": str(folder / "q.npy"), "held_out": 0.25}


KINDS: dict[str, Callable[[float], dict[str, object]]] = {
    "gaussians": lambda a: {"mean_p": [a - 0.5, a], "mean_q": [a + 0.5, a], "scale_q": 1.5},
    "uniform-boxes": lambda a: {"low_p": a - 1, "high_p": a + 0.25, "low_q": a - 0.5, "high_q": a + 1},
    "uniform-balls": lambda a: {"center_p": [a - 0.25, a], "center_q": [a + 0.5, a], "hole_q": 0.5},
    "mixture": lambda a: {"means_p": [[a, a]], "means_q": [[a - 1, a], [a + 1, a + 0.5]], "scale_p": 0.3},
    "points": lambda a: {"points_p": [[a - 1, a], [a + 1, a]], "points_q": [[a, a + 0.5]]},
    "data": data,
}
OFFSETS = st.floats(-1e9, 1e9).filter(lambda a: a == 0 or abs(a) > 1e-6)


def built(kind: str, offset: float, **groups: Any) -> Pair:
    pair: Pair = read({"pair": {"kind": kind, **KINDS[kind](offset)}, **groups}).build_pair()
    return pair


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=25)
@given(offset=OFFSETS)
def test_samples_of_shifted_distributions_are_shifted_samples(kind: str, offset: float) -> None:
    plain, shifted = built(kind, 0.0), built(kind, offset)
    for side in ("p", "q"):
        before, after = (
            getattr(pair, side).sample(256, make_rng("cpu", 1)).double().numpy() + pair.origin
            for pair in (plain, shifted)
        )
        # what float64 keeps of the numbers of the options, and float32 of up to 17 half-widths
        np.testing.assert_allclose(after - offset, before, rtol=0, atol=3e-16 * abs(offset) + 4e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("offset", [1e9, -7e8, 123_456_000.0])
def test_known_properties_move_with_the_distribution(kind: str, offset: float) -> None:
    plain, shifted = built(kind, 0.0), built(kind, offset)
    assert np.all(np.abs(shifted.origin - offset) < 4) and not plain.origin.any()
    for side in ("p", "q"):
        one, other = getattr(plain, side), getattr(shifted, side)
        boxes = one.support_box(4.0), other.support_box(4.0)
        assert (boxes[0] is None) == (boxes[1] is None)
        for before, after in zip(boxes[0] or (), boxes[1] or (), strict=True):
            np.testing.assert_allclose(after + shifted.origin - offset, before, atol=3e-7)
        atoms = one.exact_atoms(), other.exact_atoms()
        assert (atoms[0] is None) == (atoms[1] is None)
        if atoms[0] is not None:
            np.testing.assert_allclose(atoms[1][0] + shifted.origin - offset, atoms[0][0], atol=3e-7)
            np.testing.assert_array_equal(atoms[1][1], atoms[0][1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "perturbation",
    [
        {"kind": "outliers", "share": 0.2},
        {"kind": "noise", "deviation": 0.1},
        {"kind": "missing-mode", "clusters": 2, "share": 0.5},
    ],
    ids=lambda group: group["kind"],
)
def test_perturbations_move_with_the_distribution(kind: str, perturbation: dict[str, object]) -> None:
    samples = [
        pair.p.sample(512, make_rng("cpu", 2)).double().numpy() + pair.origin
        for pair in (built(kind, offset, perturbation=perturbation) for offset in (0.0, 2e8))
    ]
    np.testing.assert_allclose(samples[1] - 2e8, samples[0], atol=1e-5)


corners = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=4)


@given(values=corners, offset=st.floats(-1e12, 1e12))
def test_the_origin_is_near_the_middle_and_subtracting_it_is_exact(
    values: list[float], offset: float
) -> None:
    points = np.array(values)[:, None] + offset
    half = float(np.ptp(points)) / 2
    assume(float(np.abs(points).max()) > 1e-12)
    (origin,) = choose_origin(points)
    middle = float(points.min() / 2 + points.max() / 2)
    if origin == 0:
        assert abs(middle) <= 16 * half or middle == 0
        return
    assert abs(middle) > 16 * half and abs(origin - middle) <= max(0.51 * half, 1e-15 * abs(middle))
    for (point,) in points:
        assert (point - origin) + origin == point
        assert float(np.longdouble(point) - np.longdouble(origin)) == point - origin


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ([[1_700_000_000], [1_700_000_330]], [1_700_000_200]),
        ([[499_999.2, 5_412_344.8], [500_000.4, 5_412_345.4]], [499_999.8, 5_412_345.1]),
        ([[-3e6 - 1], [-3e6 + 1]], [-3e6]),
        ([[2_460_000.5, 0.1], [2_460_000.5, 0.3]], [2_460_000.5, 0.0]),
        ([[20.0], [23.0]], [0.0]),  # 14 half-widths: float32 holds it
        ([[2000.0, -1e4], [2020.0, 1e4]], [0.0, 0.0]),  # the other side is far longer
        ([[1e9, 1.0], [1e9, 1.0]], [1e9, 1.0]),
        ([[0.0], [0.0]], [0.0]),
    ],
)
def test_the_origin_is_a_short_number_or_zero(box: list[list[float]], expected: list[float]) -> None:
    assert choose_origin(np.array(box)).tolist() == expected


@pytest.mark.parametrize(
    "pair",
    [
        {"kind": "gaussians", "scale_q": 1e25},
        {"kind": "points", "points_p": [[1e30]], "points_q": [[0]]},
        {"kind": "uniform-boxes", "low_p": 0, "high_p": 1e-25, "low_q": 0, "high_q": 2e-25},
        {"kind": "mixture", "means_p": [[0, 0]], "means_q": [[1e19, 0]]},
        {"kind": "uniform-balls", "radius_p": 1e-30, "radius_q": 1e-30},
    ],
    ids=lambda pair: pair["kind"],
)
def test_magnitudes_beyond_float32_are_refused_in_one_sentence(pair: dict[str, object]) -> None:
    with pytest.raises(BadExperiment, match=r"single precision; give the coordinates in another unit$"):
        read({"pair": pair}).build_pair()


@pytest.mark.parametrize("scale", [1e25, 1e-25, 1e16])
def test_data_of_such_magnitudes_can_be_standardized(scale: float, tmp_path: Path) -> None:
    np.save(tmp_path / "p.npy", ROWS * scale)
    pair = {"kind": "data", "p_file": str(tmp_path / "p.npy")}
    with pytest.raises(BadExperiment, match=r"single precision; standardize the data$"):
        read({"pair": pair}).build_pair()
    standardized, plain = (
        read({"pair": pair | {"p_file": str(path), "standardize": True}}).build_pair()
        for path in (tmp_path / "p.npy", _saved(tmp_path / "plain.npy", ROWS))
    )
    np.testing.assert_allclose(standardized.p.points, plain.p.points, rtol=1e-6, atol=1e-6)


def _saved(path: Path, rows: np.ndarray) -> Path:
    np.save(path, rows)
    return path


@pytest.mark.parametrize("name", [name for name in presets() if not name.startswith("best")])
def test_presets_stay_where_they_are(name: str) -> None:
    assert not read(presets()[name].settings).build_pair().origin.any()


@pytest.mark.parametrize("formula", ["where(x > {0} + 0.2, 2, 1)", "exp(-abs(y - {0}))", "1 + r - r"])
@pytest.mark.parametrize("dim", [2, 3])
def test_a_formula_is_of_the_coordinates_that_the_user_typed(formula: str, dim: int) -> None:
    offset = 3e7
    pairs = [
        read(
            {
                "pair": {"kind": "gaussians", "dim": dim, "mean_p": at, "mean_q": at + 0.5},
                "sigma": {"kind": "formula", "formula": formula.format(at), "low": at - 3, "high": at + 3},
            }
        ).build_pair()
        for at in (0.0, offset)
    ]
    points = np.random.default_rng(1).uniform(-2.9, 2.9, (500, dim))
    plain, shifted = (
        pair.sigma.density(points + at - pair.origin) for pair, at in zip(pairs, (0, offset), strict=True)
    )
    close = np.isclose(plain, shifted, rtol=1e-5)
    assert close.mean() > 0.99  # but for cells and edges that a point is just on
    drawn = [
        pair.sigma.points(torch.zeros(64, dim), torch.zeros(64, dim), make_rng("cpu", 3)) for pair in pairs
    ]
    np.testing.assert_allclose(
        drawn[1][0].double().numpy() + pairs[1].origin - offset, drawn[0][0].double().numpy(), atol=1e-5
    )


def test_the_cosine_far_from_zero_is_refused() -> None:
    far = {"pair": {"kind": "points", "points_p": [[1e8, 0]], "points_q": [[1e8, 1]]}}
    solver = {"kind": "regularized", "cost": "cosine"}
    with pytest.raises(BadExperiment, match="lost to rounding; choose another cost"):
        read(far | {"solver": solver}).build_pair()
    read(far | {"solver": solver | {"cost": "squared"}}).build_pair()


def test_the_held_out_rows_share_the_origin() -> None:
    pair = built("data", 5e8)
    assert pair.held_out is not None
    np.testing.assert_array_equal(pair.held_out.origin, pair.origin)
    assert np.abs(pair.held_out.p.sample(50, make_rng("cpu", 0)).numpy()).max() < 10
