"""Speed limits: what is read, what is refused in one sentence, and where a penalty then looks."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganstudio.experiment import BadExperiment, read
from wganstudio.pairs.base import Pair, make_rng
from wganstudio.pairs.custom_sigma import CustomSigma, GridSigma, read_gray_png

LOW, HIGH = np.array([-3.0, -2.0]), np.array([3.0, 2.0])


def made(pair: dict[str, object] | None = None, **sigma: object) -> Pair:
    result: Pair = read({"pair": pair or {}, "sigma": {"kind": "formula"} | sigma}).build_pair()
    return result


def png(path: Path, pixels: np.ndarray) -> str:
    from matplotlib.image import imsave

    imsave(path, pixels, cmap="gray", vmin=0, vmax=1)
    return str(path)


@pytest.mark.parametrize("dim", [1, 2, 3, 5])
def test_weighted_points_integrate_what_the_density_does(dim: int) -> None:
    limits = made({"dim": dim}, formula="exp(-x1) * (x1 > 0) + 0.1", low=-1.0, high=1.0).sigma
    assert isinstance(limits, CustomSigma)
    rng, count = make_rng("cpu", 1), 1 << 16
    none = torch.zeros(count, dim)
    points, weights = limits.points(none, none, rng)
    assert bool((points.abs() <= 1 + 1e-6).all())
    f = points[:, 0] * (1.0 if weights is None else weights)
    # INT x sigma with sigma ~ 0.1 + exp(-x) on (0, 1], over the box's first coordinate
    exact = (1 - 2 / np.e) / (0.2 + 1 - 1 / np.e)
    error = 4 * float(f.std()) / count**0.5 + 4 * limits.error * exact + 0.01 * (dim < 3)
    assert float(f.mean()) == pytest.approx(exact, abs=error)
    anywhere = np.random.default_rng(0).uniform(-1, 1, (count, dim))
    assert limits.density(anywhere).mean() * 2.0**dim == pytest.approx(1, abs=0.02)
    assert limits.density(np.full((1, dim), 1.5)) == 0


def test_a_table_is_sampled_cell_by_cell() -> None:
    rng = np.random.default_rng(0)
    values = rng.random((6, 4)) * (rng.random((6, 4)) > 0.3)
    table = GridSigma(values, LOW, HIGH)
    none = torch.zeros(200_000, 2)
    points, _ = table.points(none, none, make_rng("cpu", 0))
    counts, *_ = np.histogram2d(*points.double().numpy().T, bins=table.edges)
    np.testing.assert_allclose(counts / 200_000, values / values.sum(), atol=0.005)
    assert counts[values == 0].sum() == 0
    np.testing.assert_allclose(table.density(points.double().numpy()).min(), table.values[values > 0].min())


def test_what_lies_beyond_the_box_lies_on_its_border() -> None:
    pair = made({"dim": 2}, low=[-1, -1], high=[1, 1])
    samples = pair.sigma.clamped(pair.p).sample(1000, make_rng("cpu", 0))
    own = pair.p.sample(1000, make_rng("cpu", 0))
    assert torch.equal(samples, own.clamp(-1, 1)) and not torch.equal(samples, own)


@pytest.mark.parametrize(
    ("pair", "sigma", "words"),
    [
        ({"dim": 2}, {"low": [0, 0, 0], "high": [1, 1, 1]}, "3 entries"),
        ({"dim": 2}, {"low": 1.0, "high": 0.0}, "exceed"),
        ({"dim": 2}, {"low": 1.0}, "give both"),
        ({"kind": "ray-monotone"}, {}, "corners"),
        ({"dim": 2}, {"formula": "x - 10"}, "from 0 up"),
        ({"dim": 3}, {"formula": "x - 10"}, "from 0 up"),
        ({"dim": 2}, {"formula": "0"}, "0 everywhere"),
        ({"dim": 3}, {"formula": "0"}, "tighter box"),
        ({"dim": 3}, {"formula": "x > 0"}, "of P or Q lies where"),
        ({"dim": 64}, {"formula": "exp(-r * r / 2)"}, "tighter box"),
        ({"dim": 3}, {"kind": "image", "formula": None, "file": "a.png"}, "use a formula"),
        ({"dim": 2}, {"kind": "image", "formula": None}, "no image"),
    ],
)
def test_a_sigma_that_cannot_be_used_is_refused_in_one_sentence(
    pair: dict[str, object], sigma: dict[str, object], words: str
) -> None:
    settings = {name: value for name, value in sigma.items() if value is not None}
    with pytest.raises(BadExperiment, match=words) as error:
        made(pair, **settings)
    assert str(error.value).startswith("sigma") and "\n" not in str(error.value)


@pytest.mark.parametrize("kind", ["wc", "mm", "dot"])
def test_only_a_penalty_has_speed_limits(kind: str) -> None:
    with pytest.raises(BadExperiment, match=r"sigma.kind: speed limits act through a gradient penalty"):
        read({"solver": {"kind": kind}, "sigma": {"kind": "formula"}})


def test_an_image_is_read_with_its_first_row_on_top(tmp_path: Path) -> None:
    pixels = np.linspace(0, 1, 12 * 20).reshape(12, 20)
    result = read_gray_png(png(tmp_path / "map.png", pixels))
    assert result.shape == (20, 12)
    np.testing.assert_allclose(result, pixels[::-1].T, atol=0.01)


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
        ("long.png", b"\x89PNG\r\n\x1a\n" + bytes((16 << 20) + 1), "larger than 16 MiB"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadExperiment, match=words):
            read_gray_png(str(tmp_path / name))
    for absent in (str(tmp_path / "absent.png"), "a\0b.png"):
        with pytest.raises(BadExperiment, match="cannot be read"):
            read_gray_png(absent)


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_no_image_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.png"
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 0, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + data)
    with pytest.raises(BadExperiment):
        read_gray_png(str(path))
