"""Own speed limits: what is read, what is refused in one sentence, and what is solved."""

import contextlib
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment
from wganstudio.experiment.pairs import Gaussians, UniformBalls
from wganstudio.experiment.truths import Grid
from wganstudio.pairs.laws import Ball, Box
from wganstudio.truth.grid.bracket import congested
from wganstudio.truth.grid.iterate import solve
from wganstudio.truth.grid.limits import Streets, from_formula, from_image

P, Q = Ball([-2, 0], 0.5), Ball([2, 0], 0.5)
LOW, HIGH = np.array([-3.0, -2.0]), np.array([3.0, 2.0])
X, Y = (np.arange(48) + 0.5) / 8 - 3, (np.arange(32) + 0.5) / 8 - 2


def bracket(formula: str, penalty: float = 1.0, cells: int = 96) -> tuple[float, float]:
    laid = Streets.between(P, Q, from_formula(formula, X, Y), LOW, HIGH).lay(cells)
    found = congested(laid, solve(laid, penalty, 1e-5), penalty)
    assert found.lower <= found.upper < 1.02 * found.lower
    return found.lower, found.upper


def png(path: Path, pixels: np.ndarray) -> str:
    from matplotlib.image import imsave

    imsave(path, pixels, cmap="gray", vmin=0, vmax=1)
    return str(path)


def test_slower_ground_costs_more_and_a_closed_obstacle_most() -> None:
    free = bracket("1")
    slow = bracket("where(hypot(x, y) < 0.8, 0.1, 1)")
    closed = bracket("where(hypot(x, y) < 0.8, 0, 1)")
    neck = bracket("where((abs(x) < 0.3) * (abs(y) > 0.3), 0, 1)")
    for one, other in ((free, slow), (slow, closed), (closed, neck)):
        assert one[1] < other[0]


def test_a_corridor_costs_what_it_costs_on_the_line() -> None:
    """Between boxes that fill the corridor's width the flow is F_P - F_Q over the width."""
    p, q = Box([0, 0], [1, 1]), Box([3, 0], [4, 1])
    sigma = np.ones((64, 16))
    laid = Streets.between(p, q, sigma, np.array([0.0, 0.0]), np.array([4.0, 1.0])).lay(128)
    found = congested(laid, solve(laid, 0.5, 1e-6), 0.5)
    # sigma = 1/4; w = x on [0, 1], 1 on [1, 3], 4 - x on [3, 4]
    exact = 3 + (2 + 2 / 3) * 4 / (4 * 0.5)
    assert found.lower <= exact * 1.002 and found.upper >= exact * 0.998
    assert found.upper - found.lower < 0.01 * exact


def test_no_flow_enters_closed_cells() -> None:
    sigma = from_formula("where(hypot(x, y) < 0.8, 0, 1)", X, Y)
    laid = Streets.between(P, Q, sigma, LOW, HIGH).lay(48)
    found = congested(laid, solve(laid, 1.0, 1e-4), 1.0)
    psi = found.stream.on(*laid.points)
    flow = np.hypot(laid.drift[0] + psi.along_y, laid.drift[1] - psi.along_x)
    assert flow[laid.sigma == 0].max() < 1e-12
    assert np.isfinite(found.upper)


@pytest.mark.parametrize(
    ("sigma", "words"),
    [
        (from_formula("where(abs(x) < 0.3, 0, 1)", X, Y), "infinite"),
        (from_formula("where(x < -1, 0, 1)", X, Y), "mass"),
        (np.zeros((48, 32)), "0 everywhere"),
        (np.full((48, 32), np.nan), "finite"),
        (-np.ones((48, 32)), "from 0 up"),
        (np.ones(5), "table"),
    ],
)
def test_limits_that_let_nothing_through_say_so(sigma: np.ndarray, words: str) -> None:
    with pytest.raises(BadExperiment, match=words):
        Streets.between(P, Q, sigma, LOW, HIGH)


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "x +", "1 / 0", "x.real", "(lambda: 1)()", "9**9**9**9", "exp", "z", "where(x, 1)",
     "x if x else y", "'a'", "x" * 300, "(" * 150, "exp(x, y, 1, 2)", "x[0]", "0 < x < 1", "True"],
)  # fmt: skip
def test_what_is_no_formula_is_one_sentence(text: str) -> None:
    with pytest.raises(BadExperiment) as error:
        found = from_formula(text, X, Y)
        Streets.between(P, Q, found, LOW, HIGH)
    assert str(error.value).startswith("truth.") and "\n" not in str(error.value)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_formula_or_one_sentence(text: str) -> None:
    with contextlib.suppress(BadExperiment):
        assert from_formula(text, X, Y).shape == (48, 32)


def test_an_image_is_read_with_its_first_row_on_top(tmp_path: Path) -> None:
    pixels = np.linspace(0, 1, 12 * 20).reshape(12, 20)
    found = from_image(png(tmp_path / "map.png", pixels))
    assert found.shape == (20, 12)
    np.testing.assert_allclose(found, pixels[::-1].T, atol=0.01)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_hostile_images_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    bomb += chunk(b"IDAT", zlib.compress(bytes(1 << 20))) + chunk(b"IEND", b"")
    cut = Path(png(tmp_path / "whole.png", np.eye(16))).read_bytes()[:60]
    for name, data, words in (
        ("bomb.png", bomb, "60000 x 60000"),
        ("text.png", b"not an image", "not a PNG"),
        ("cut.png", cut, "broken"),
        ("long.png", b"\x89PNG\r\n\x1a\n" + bytes((16 << 20) + 1), "not a PNG"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadExperiment, match=words):
            from_image(str(tmp_path / name))
    with pytest.raises(BadExperiment, match="cannot be read"):
        from_image(str(tmp_path / "absent.png"))


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_no_image_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.png"
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + data)
    with pytest.raises(BadExperiment):
        from_image(str(path))


def test_the_kind_solves_with_its_own_limits(tmp_path: Path) -> None:
    pair = UniformBalls(center_p=(-2.0, 0.0), center_q=(2.0, 0.0), radius_q=1.0).build()
    pixels = np.ones((40, 64))
    pixels[:, 30:34] = 0.2
    image = png(tmp_path / "slow.png", pixels)
    found = list(Grid(image=image, cells=128, tolerance=0.05).build().truths(pair, 1.0))
    assert [truth.quantity for truth in found] == ["congested", "gap-limit"]
    assert all("slow.png" in truth.law for truth in found)
    (plain, _) = Grid(formula="1", cells=128, tolerance=0.05).build().truths(pair, 1.0)
    assert plain.law.endswith("sigma = 1")


@pytest.mark.parametrize(
    ("pair", "penalty", "words"),
    [(Gaussians(dim=3), 1.0, "plane"), (Gaussians(), None, "lambda")],
)
def test_the_kind_says_what_it_needs(pair: Gaussians, penalty: float | None, words: str) -> None:
    with pytest.raises(BadExperiment, match=words):
        list(Grid(formula="1").build().truths(pair.build(), penalty))
