"""The preview of a file before it is used."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wganstudio import resources
from wganstudio.experiment import BadExperiment
from wganstudio.pairs.data.preview import FIRST, preview
from wganstudio.pairs.data.table_choice import TableChoice


def test_a_text_is_described_with_its_columns_and_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name;low;high\n" + "".join(f"n{k};{k};{k},5\n" for k in range(50)) + "n;x;1\n")
    result = preview(path)
    assert result.kind == "text, separated by semicolons, with a header"
    assert result.rows == result.looked == 51
    assert result.columns == (("low", 0, 49, ""), ("high", 0.5, 49.5, ""))
    assert result.left_out == (("name", "not numeric", False),)
    assert result.first.tolist() == [[k, k + 0.5] for k in range(FIRST)]
    assert result.bad == ((52, "low: 'x' is not a number"),)
    assert preview(path, TableChoice("high")).left_out == (
        ("name", "not numeric", False),
        ("low", "not chosen", True),
    )


def test_a_long_file_is_looked_into_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,2\n" * 200_000)
    result = preview(path)
    assert result.rows is None and result.looked < 10_000
    np.save(tmp_path / "a.npy", np.zeros((200_000, 2)))
    result = preview(tmp_path / "a.npy")
    assert result.rows == 200_000 and result.looked < 10_000


def test_an_archive_lists_its_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(6.0).reshape(3, 2), y=np.arange(3))
    result = preview(tmp_path / "a.npz")
    assert result.arrays == ("x", "y") and len(result.columns) == 2
    assert len(preview(tmp_path / "a.npz", TableChoice(array="y")).columns) == 1
    np.save(tmp_path / "none.npy", np.zeros((0, 2)))
    assert preview(tmp_path / "none.npy").rows == 0


def test_images_are_counted_and_the_first_shown(tmp_path: Path) -> None:
    result = preview(resources.path("data", "digits.idx.gz"))
    assert result.kind == "images, 8 x 8 pixels, gray" and result.rows == 1797
    assert result.shape == (1, 8, 8) and result.first.shape == (FIRST, 64) and result.columns == ()
    (tmp_path / "data_batch_1.bin").write_bytes(bytes(3073 * 40))
    for path in (tmp_path, tmp_path / "data_batch_1.bin"):
        result = preview(path)
        assert result.rows == 40 and result.shape == (3, 32, 32) and len(result.first) == FIRST
    (tmp_path / "p").mkdir()
    for k in range(12):
        Image.new("L", (3, 4), k).save(tmp_path / "p" / f"{k:02}.png")
    result = preview(tmp_path / "p")
    assert (result.rows, result.looked, result.kind) == (12, FIRST, "a folder of images, 4 x 3 pixels, gray")


def test_what_cannot_be_previewed_is_refused(tmp_path, odd, refused):
    for path in odd.values():
        refused(preview, path)
    bomb = tmp_path / "a.csv"
    bomb.write_bytes(b"1" * (3 << 20))
    assert "longer than 1 MiB" in refused(preview, bomb)


@settings(max_examples=60, deadline=None)
@given(raw=st.binary(max_size=200), name=st.sampled_from(["a.csv", "a.npy", "a.npz", "a.bin", "a.gz", "a"]))
def test_whatever_a_file_holds_it_is_shown_or_refused(raw, name, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(raw)
    try:
        result = preview(path)
    except BadExperiment:
        return
    assert result.first.dtype == (np.float64 if result.shape is None else np.float32)
    assert len(result.first) <= FIRST


def test_looking_imports_no_torch():
    import subprocess
    import sys

    code = "import sys; import wganstudio.pairs.data.preview; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_damaged_image_is_refused(tmp_path, refused):
    whole = resources.path("data", "digits.idx.gz").read_bytes()
    (tmp_path / "a.gz").write_bytes(whole[:100])
    assert "damaged gzip" in refused(preview, tmp_path / "a.gz")


def test_images_are_shown_in_the_size_asked_for():
    whole, small = (preview(resources.path("data", "digits.idx.gz"), size=size) for size in (None, 4))
    assert whole.shape == (1, 8, 8) and small.shape == (1, 4, 4) and small.first.shape == (10, 16)
    blocks = whole.first.reshape(10, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(10, 16)
    np.testing.assert_allclose(small.first, blocks, atol=1e-5)


def test_a_preview_tells_what_was_done_to_pictures(tmp_path: Path) -> None:
    cases = Path(__file__).parents[2] / "data" / "cases"
    assert "3 with transparency blended over white" in preview(cases / "hidden_rgb").kind
    assert preview(cases / "appledouble").rows == 3
    for name in ("a.png", "b.png"):
        Image.new("L", (4, 4)).save(tmp_path / name)
    (tmp_path / "c.png").write_bytes(b"broken")
    result = preview(tmp_path)
    assert result.rows == 2
    assert "1 unreadable file skipped (the first: c.png is not an image that can be decoded)" in result.kind
