"""Images as points: as they were saved, resampled by areas, or refused in one sentence."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.images import read_images
from wganstudio.pairs.data.resampling import resample

CASES = Path(__file__).parents[2] / "data" / "cases"
MNIST = Path(__file__).parents[4] / "shared" / "data" / "mnist" / "t10k-images-idx3-ubyte.gz"
SOME = np.random.default_rng(0).integers(0, 256, (5, 6, 4), dtype=np.uint8)


def idx(images, count=None):
    head = struct.pack(">IIII", 0x803, len(images) if count is None else count, *images.shape[1:])
    return head + images.tobytes()


def write(path, raw):
    path.write_bytes(raw)
    return str(path)


def records(count, label=3):
    return np.full((count, 3073), label, dtype=np.uint8)


def test_the_digits_are_those_of_the_source():
    pixels, shape, source, *_ = read_images("digits")
    assert pixels.dtype == np.float32
    assert (pixels.shape, shape) == ((1797, 64), (1, 8, 8))
    values = (pixels + 1) * 8
    assert values.sum() == 561_718, "the sum of scikit-learn's copy"
    assert (values.min(), values.max()) == (0, 16)
    assert "handwritten" in source


@pytest.mark.skipif(not MNIST.exists(), reason="MNIST is not beside this checkout (../shared/data/mnist)")
def test_mnist_is_read():
    pixels, shape, *_ = read_images(str(MNIST))
    assert (pixels.shape, shape) == ((10_000, 784), (1, 28, 28))
    assert pixels.min() == -1 and pixels.max() == 1
    assert pixels.mean() == pytest.approx(2 * 0.13251 - 1, abs=1e-4), "the known mean of its test images"
    smaller = read_images(str(MNIST), size=14).pixels.reshape(-1, 14, 14)
    blocks = pixels.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4))
    assert np.abs(smaller - blocks).max() < 1e-5


@pytest.mark.parametrize("name, pack", [("plain", bytes), ("packed.gz", gzip.compress)])
def test_idx_is_read_plain_and_gzipped_whatever_its_name(tmp_path, name, pack):
    pixels, shape, source, *_ = read_images(write(tmp_path / name, pack(idx(SOME))))
    assert shape == (1, 6, 4)
    assert np.allclose(pixels, SOME.reshape(5, 24) / 127.5 - 1, atol=1e-6)
    assert name in source


@pytest.mark.parametrize(
    ("raw", "because"),
    [
        (idx(SOME)[:-1], "contains only 4"),
        (idx(SOME)[:11], "0 pixels"),
        (idx(SOME)[:3], "not an IDX file"),
        (idx(SOME) + b"x", "5 images but contains more data"),
        (idx(SOME[:1]), "at least 2"),
        (idx(SOME[:0]), "at least 2"),
        (idx(SOME, count=2**32 - 1), "declares 103,079,215,080 pixels"),
        (idx(SOME, count=1_000_000), "only 5"),
        (struct.pack(">IIII", 0x803, 2**32 - 1, 2**32 - 1, 2**32 - 1), "a side may have"),
        (struct.pack(">IIII", 0x803, 10, 0, 28), "a side may have"),
        (struct.pack(">IIII", 0x803, 3, 100, 100) + bytes(30_000), "an image size of at most 64"),
        (struct.pack(">II", 0x801, 3) + b"abc", "perhaps of labels"),
        (struct.pack(">IIII", 0xD03, 5, 6, 4), "values are not unsigned bytes"),
        (b"", "no images"),
        (b"GIF89a", "no images"),
    ],
)
def test_other_idx_files_are_refused(tmp_path, refused, raw, because):
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    assert because in refused(read_images, write(plain, raw))
    if because != "no images":
        assert because in refused(read_images, write(packed, gzip.compress(raw)))


def test_a_gzip_bomb_is_inflated_no_further_than_its_header_says(tmp_path, refused):
    bomb = write(tmp_path / "bomb.gz", gzip.compress(idx(SOME) + b"x" * (100 << 20), compresslevel=1))
    assert "5 images but contains more data" in refused(read_images, bomb)
    honest = write(tmp_path / "honest.gz", gzip.compress(idx(SOME, count=10_000_000)))
    assert "would expand to 240,000,000 bytes" in refused(read_images, honest)
    nested = write(tmp_path / "nested.gz", gzip.compress(b"x" * (100 << 20), compresslevel=1))
    assert "not an IDX file" in refused(read_images, nested)


@pytest.mark.parametrize("cut", [1, 2, 9, 40, -5])
def test_a_damaged_gzip_file_is_refused(tmp_path, refused, cut):
    refused(read_images, write(tmp_path / "cut.gz", gzip.compress(idx(SOME))[:cut]))


def test_cifar_is_read_from_a_file_or_from_a_folder_without_its_test_images(tmp_path):
    one = records(4, label=0)  # begins with 0, 0 as an IDX file does
    one[:, 2:] = np.random.default_rng(1).integers(0, 256, (4, 3071))
    one[:, 1] = 0
    single = write(tmp_path / "data_batch_1.bin", one.tobytes())
    write(tmp_path / "data_batch_2.bin", records(3).tobytes())
    write(tmp_path / "test_batch.bin", records(7).tobytes())
    pixels, shape, *_ = read_images(single)
    assert shape == (3, 32, 32)
    assert np.allclose(pixels, one[:, 1:] / 127.5 - 1, atol=1e-6)
    assert len(read_images(str(tmp_path)).pixels) == 7
    assert read_images(single, size=8).shape == (3, 8, 8)


@pytest.mark.parametrize(
    ("raw", "because"),
    [
        (records(4).tobytes()[:-1], "not a complete CIFAR-10 file"),
        (b"", "no images"),
        (records(4, label=10).tobytes(), "the label 10"),
        (records(1).tobytes(), "at least 2"),
    ],
)
def test_other_cifar_files_are_refused(tmp_path, refused, raw, because):
    if not raw:
        because = "not a complete CIFAR-10 file"
    assert because in refused(read_images, write(tmp_path / "data_batch_1.bin", raw))


def save(path, pixels, **options):
    Image.fromarray(pixels).save(path, **options)


def test_a_folder_of_pictures_is_read_in_the_order_of_names(tmp_path):
    save(tmp_path / "b.png", SOME[1])
    save(tmp_path / "a.bmp", SOME[0])
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "more.png").mkdir()
    pixels, shape, source, *_ = read_images(str(tmp_path))
    assert shape == (1, 6, 4)
    assert np.allclose(pixels, SOME[:2].reshape(2, 24) / 127.5 - 1, atol=1e-6)
    assert "2 images" in source


def test_gray_joins_color_and_all_are_brought_to_the_size_asked_for(tmp_path):
    colors = np.zeros((40, 30, 3), dtype=np.uint8)
    colors[..., 0] = 200
    save(tmp_path / "color.png", colors)
    save(tmp_path / "deep.png", np.full((9, 9), 30_000, dtype=np.uint16))
    save(tmp_path / "gray.webp", np.full((50, 60), 128, dtype=np.uint8), lossless=True)
    pixels, shape, *_ = read_images(str(tmp_path), size=5)
    assert shape == (3, 5, 5)
    means = (pixels.reshape(3, 3, 25).mean(axis=2) + 1) * 127.5
    assert np.allclose(means, [[200, 0, 0], [117, 117, 117], [128, 128, 128]], atol=0.01)


def test_pictures_of_several_sizes_ask_for_one(tmp_path, refused):
    save(tmp_path / "a.png", SOME[0])
    save(tmp_path / "b.png", SOME[0].T)
    sentence = refused(read_images, str(tmp_path))
    assert "b.png has 6 x 4 pixels but a.png 4 x 6; set pair.image_size" in sentence
    assert read_images(str(tmp_path), size=3).shape == (1, 3, 3)


def test_a_preview_notices_another_size_further_on(tmp_path, refused):
    exif = Image.Exif()
    exif[0x0112] = 6
    for k in range(12):
        save(tmp_path / f"{k:02}.png", SOME[0])
    save(tmp_path / "12.png", np.rot90(SOME[0]).copy(), exif=exif)
    assert len(read_images(str(tmp_path), most=10).pixels) == 10, (
        "a turned picture has the size it is shown in"
    )
    write(tmp_path / "13.png", b"broken")
    save(tmp_path / "14.png", SOME[0].T)
    assert "14.png has 6 x 4 pixels but 00.png 4 x 6" in refused(read_images, str(tmp_path), None, 10)
    assert len(read_images(str(tmp_path), 3, 10).pixels) == 10


def png_header(width, height):
    import zlib

    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(10_000))
    result = b"\x89PNG\r\n\x1a\n"
    for part in (chunk, data, b"IEND"):
        result += struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
    return result


UNREADABLE = [
    (png_header(5000, 20), "bad.png has 5000 x 20 pixels"),
    (png_header(2**31 - 1, 2**31 - 1), "bad.png"),
    (png_header(2000, 2000)[:-80], "bad.png is not an image"),
    (b"not a picture", "bad.png is not an image"),
    (b"", "bad.png is not an image"),
    (b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%touch harm)", "bad.png is not an image"),
]


@pytest.mark.parametrize(("raw", "because"), UNREADABLE)
def test_an_unreadable_picture_is_skipped_and_named(tmp_path, raw, because):
    save(tmp_path / "a.png", SOME[0])
    write(tmp_path / "bad.png", raw)
    save(tmp_path / "c.png", SOME[1])
    images = read_images(str(tmp_path))
    assert np.allclose(images.pixels, SOME[:2].reshape(2, 24) / 127.5 - 1, atol=1e-6)
    assert images.source.startswith("2 images") and "1 unreadable file skipped" in images.source
    assert because in images.source


@pytest.mark.parametrize(("raw", "because"), UNREADABLE)
def test_a_folder_without_a_readable_picture_is_refused(tmp_path, refused, raw, because):
    write(tmp_path / "bad.png", raw)
    assert because in refused(read_images, str(tmp_path))
    write(tmp_path / "worse.jpg", b"")
    assert "all 2 image files" in refused(read_images, str(tmp_path))
    save(tmp_path / "fine.png", SOME[0])
    assert "contains 1 image (2 unreadable files skipped" in refused(read_images, str(tmp_path))


def test_a_preview_reads_on_until_it_has_enough_pictures(tmp_path):
    for name in ("0.png", "2.png", "4.png"):
        write(tmp_path / name, b"broken")
    for name in ("1.png", "3.png", "5.png"):
        save(tmp_path / name, SOME[0])
    images = read_images(str(tmp_path), most=2)
    assert len(images.pixels) == 2 and "2 unreadable files skipped" in images.source


def test_a_truncated_picture_is_skipped(tmp_path):
    for name in ("a.png", "b.png", "c.jpg", "d.bmp", "e.webp"):
        save(tmp_path / name, np.random.default_rng(2).integers(0, 256, (30, 30, 3), dtype=np.uint8))
    for name in ("c.jpg", "d.bmp", "e.webp"):
        raw = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(raw[: len(raw) // 2])
    assert read_images(str(tmp_path)).source.startswith("2 images")


@pytest.mark.parametrize("name", ["._a.png", ".a.png", "._A.JPG", "._data_batch_1.bin"])
def test_hidden_files_are_passed_over(tmp_path, name):
    save(tmp_path / "a.png", SOME[0])
    save(tmp_path / "b.png", SOME[1])
    write(tmp_path / name, b"\0\x05\x16\x07" + bytes(100))
    assert read_images(str(tmp_path)).source == f"2 images of {tmp_path.name}"


def test_pictures_beside_their_apple_double_files_are_read():
    images = read_images(str(CASES / "appledouble"))
    assert (len(images.pixels), images.notes) == (3, ())


def test_colors_under_transparent_pixels_do_not_count():
    images, right = (read_images(str(CASES / name)) for name in ("hidden_rgb", "hidden_right"))
    assert np.array_equal(images.pixels, right.pixels)
    assert images.notes == ("3 with transparency blended over white",) and right.notes == ()


def transparent(mode):
    """A picture of one transparent, one half transparent and one opaque pixel; its blend over white."""
    dark, alpha = np.array([[10, 20, 30]], dtype=np.uint8), np.array([[0, 128, 255]], dtype=np.uint8)
    blend = np.rint(255 + alpha / 255 * (dark - 255.0))
    if mode == "LA":
        return Image.fromarray(np.stack([dark, alpha], axis=2), "LA"), blend[None]
    if mode == "RGBA":
        return Image.fromarray(np.stack([dark, dark, dark, alpha], axis=2)), np.stack([blend] * 3)
    assert mode == "P"
    image = Image.fromarray(np.array([[0, 1, 2]], dtype=np.uint8), "P")
    image.putpalette([10, 10, 10, 20, 20, 20, 30, 30, 30])
    image.info["transparency"] = bytes(alpha.ravel().tolist())
    return image, np.stack([blend] * 3)


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P"])
def test_transparency_is_blended_over_white(tmp_path, mode):
    image, blend = transparent(mode)
    for name in ("a.png", "b.png"):
        image.save(tmp_path / name)
    pixels, shape, source, *_ = read_images(str(tmp_path))
    assert shape == blend.shape and "2 with transparency blended over white" in source
    assert np.allclose((pixels[0] + 1) * 127.5, blend.ravel(), atol=0.01)


@pytest.mark.parametrize(
    ("pixels", "color", "blend"),
    [
        (np.array([[7, 90]], dtype=np.uint8), 7, [255, 90]),
        (np.array([[700, 30_000]], dtype=np.uint16), 700, [255, 117]),
        (np.array([[[7, 8, 9], [1, 2, 3]]], dtype=np.uint8), (7, 8, 9), [255, 1, 255, 2, 255, 3]),
    ],
)
def test_a_transparent_color_is_white(tmp_path, pixels, color, blend):
    for name in ("a.png", "b.png"):
        save(tmp_path / name, pixels, transparency=color)
    images = read_images(str(tmp_path))
    assert np.allclose((images.pixels[0] + 1) * 127.5, blend, atol=0.01)
    assert images.notes == ("2 with transparency blended over white",)


def test_opaque_pictures_with_an_alpha_channel_are_not_called_transparent(tmp_path):
    for name in ("a.png", "b.png"):
        Image.fromarray(SOME[0]).convert("RGBA").save(tmp_path / name)
    assert read_images(str(tmp_path)).notes == ()


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (1, lambda image: image),
        (3, lambda image: image[::-1, ::-1]),
        (6, lambda image: np.rot90(image, -1)),
        (8, np.rot90),
        (5, np.transpose),
    ],
)
@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_the_orientation_of_a_camera_is_applied(tmp_path, suffix, orientation, upright):
    exif = Image.Exif()
    exif[0x0112] = orientation
    blocks = np.kron(np.array([[0, 80, 160], [200, 240, 40]], dtype=np.uint8), np.ones((8, 8), np.uint8))
    options = {"lossless": True} if suffix == "webp" else {"quality": 95} if suffix == "jpg" else {}
    for name in ("a", "b"):
        save(tmp_path / f"{name}.{suffix}", blocks, exif=exif, **options)
    pixels, (_, height, width), *_ = read_images(str(tmp_path))
    expected = upright(blocks)
    assert (height, width) == expected.shape
    gray = pixels[0].reshape(-1, height, width)[0]
    assert np.abs((gray + 1) * 127.5 - expected).max() < 12


def test_ink_colors_are_read_as_the_colors_they_print(tmp_path):
    for name, color in (("a.jpg", (0, 255, 255, 0)), ("b.jpg", (0, 0, 0, 0))):
        Image.new("CMYK", (8, 8), color).save(tmp_path / name, quality=100)
    pixels = read_images(str(tmp_path)).pixels.reshape(2, 3, 64).mean(axis=2)
    assert np.allclose(pixels, [[1, -1, -1], [1, 1, 1]], atol=0.05)


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_of_an_animation_the_first_frame_is_read(tmp_path, suffix):
    frames = [Image.new("RGB", (6, 6), color) for color in ("red", "blue")]
    for name in ("a", "b"):
        frames[0].save(
            tmp_path / f"{name}.{suffix}", save_all=True, append_images=frames[1:], **{"lossless": True}
        )
    pixels, _, source, *_ = read_images(str(tmp_path))
    assert np.allclose(pixels[0].reshape(3, 36).mean(axis=1), [1, -1, -1], atol=0.02)
    assert "only the first frame of 2 with several" in source


def test_a_folder_of_too_many_files_is_not_listed(tmp_path, refused, monkeypatch):
    monkeypatch.setattr("wganstudio.pairs.data.untrusted_files.MAX_FILES", 3)
    for k in range(4):
        save(tmp_path / f"{k}.png", SOME[0])
    assert "more than 3 files" in refused(read_images, str(tmp_path))


def test_what_is_no_regular_file_is_refused(tmp_path, odd, refused):
    for path in odd.values():
        refused(read_images, str(path))
    (tmp_path / "empty").mkdir()
    assert "contains no images" in refused(read_images, str(tmp_path / "empty"))
    save(tmp_path / "one.png", SOME[0])
    assert "choose the folder" in refused(read_images, str(tmp_path / "one.png"))
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1 << 34)
    assert "larger than 1 GiB" in refused(read_images, str(tmp_path / "large"))


@given(side=st.integers(1, 40), size=st.integers(1, 40), seed=st.integers(0, 99))
def test_resampling_keeps_constants_and_ranges_and_by_areas_the_mean(side, size, seed):
    images = np.random.default_rng(seed).random((2, 1, side, side), dtype=np.float32)
    result = resample(images, size)
    assert result.shape == (2, 1, size, size)
    assert result.min() >= images.min() - 1e-5 and result.max() <= images.max() + 1e-5
    assert np.allclose(resample(np.ones_like(images), size), 1, atol=1e-5)
    if size <= side:
        assert np.allclose(result.mean(axis=(2, 3)), images.mean(axis=(2, 3)), atol=1e-5)


def test_a_slope_stays_a_slope_when_enlarged():
    slope = np.broadcast_to(np.arange(8, dtype=np.float32), (1, 1, 8, 8))
    wide = resample(slope, 16)[0, 0, 3]
    assert np.allclose(np.diff(wide[1:-1]), 0.5)


def test_of_an_oblong_image_the_middle_square_is_taken():
    oblong = np.zeros((1, 1, 4, 8), dtype=np.float32)
    oblong[..., 2:6] = 1
    assert np.allclose(resample(oblong, 2), 1)


GOOD = [idx(SOME), gzip.compress(idx(SOME), mtime=0), records(3).tobytes(), png_header(10, 10)]
NAMES = ["images", "images.gz", "batch.bin", "picture.png"]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_a_file_holds_it_is_read_or_refused(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    name = data.draw(st.sampled_from(NAMES))
    raw = bytearray(data.draw(st.sampled_from(GOOD) | st.binary(max_size=200)))
    for place, value in data.draw(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=4)):
        if place < len(raw):
            raw[place] = value
    write(folder / name, bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    for source in (folder / name, folder):
        try:
            pixels = read_images(str(source), data.draw(st.none() | st.integers(1, 9))).pixels
        except BadExperiment:
            continue
        assert np.isfinite(pixels).all() and np.abs(pixels).max() <= 1
