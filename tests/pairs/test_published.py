"""Pair files are files of strangers: whatever they hold, one sentence and no harm."""

import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from wganstudio.experiment import BadExperiment
from wganstudio.pairs.published import read_pair_file

CENTERS, BIAS = torch.zeros(3, 2), torch.zeros(3)


def save(path: Path, content: Any) -> Path:
    torch.save(content, path)
    return path


def refused(path: Path) -> str:
    with pytest.raises(BadExperiment) as caught:
        read_pair_file(path)
    (problem,) = caught.value.problems
    assert problem.path == "pair.file"
    assert "\n" not in problem.message
    return problem.message


def test_a_pair_file_is_read_as_it_was_saved(tmp_path: Path) -> None:
    centers, bias = torch.randn(5, 3), torch.randn(5)
    result = read_pair_file(save(tmp_path / "pair.pt", {"net.centers": centers, "net.bias": bias}))
    assert torch.equal(result[0], centers)
    assert torch.equal(result[1], bias)


def test_double_precision_is_read_too(tmp_path: Path) -> None:
    path = save(tmp_path / "pair.pt", {"net.centers": CENTERS.double(), "net.bias": BIAS.double()})
    assert {tensor.dtype for tensor in read_pair_file(path)} == {torch.float32}


@pytest.mark.parametrize(
    ("content", "because"),
    [
        ({"net.centers": CENTERS}, "nothing else"),
        ({"net.centers": CENTERS, "net.bias": BIAS, "more": BIAS}, "nothing else"),
        ([CENTERS, BIAS], "nothing else"),
        (CENTERS, "nothing else"),
        ({"net.centers": CENTERS, "net.bias": torch.zeros(4)}, "4 biases"),
        ({"net.centers": CENTERS, "net.bias": torch.zeros(3, 1)}, "1 axes"),
        ({"net.centers": BIAS, "net.bias": BIAS}, "2 axes"),
        ({"net.centers": CENTERS.int(), "net.bias": BIAS}, "floating-point"),
        ({"net.centers": CENTERS.to(torch.complex64), "net.bias": BIAS}, "floating-point"),
        ({"net.centers": CENTERS.to_sparse(), "net.bias": BIAS}, ""),
        ({"net.centers": [[0.0, 0.0]], "net.bias": BIAS}, "floating-point"),
        ({"net.centers": CENTERS / 0, "net.bias": BIAS}, "finite"),
        ({"net.centers": CENTERS, "net.bias": BIAS + torch.inf}, "finite"),
        ({"net.centers": torch.zeros(0, 2), "net.bias": torch.zeros(0)}, "0 funnels"),
        ({"net.centers": torch.zeros(3, 0), "net.bias": BIAS}, "0 dimensions"),
        # a view of one number that would be 40 GB written out
        ({"net.centers": torch.zeros(1).expand(100_000, 100_000), "net.bias": BIAS}, "100000 funnels"),
    ],
)
def test_other_tensors_are_refused(tmp_path: Path, content: Any, because: str) -> None:
    assert because in refused(save(tmp_path / "pair.pt", content))


class Harm:
    """Runs when unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (self.path,)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    mark = tmp_path / "harm"
    path = save(tmp_path / "pair.pt", {"net.centers": CENTERS, "net.bias": Harm(str(mark))})
    assert "something other than tensors" in refused(path)
    plain = tmp_path / "plain.pt"
    plain.write_bytes(pickle.dumps(Harm(str(mark))))
    assert "not a .pt file" in refused(plain)
    old = tmp_path / "old.pt"
    torch.save({"net.centers": Harm(str(mark))}, old, _use_new_zipfile_serialization=False)
    refused(old)
    assert not mark.exists()


def rezip(source: Path, target: Path, compression: int, **members: bytes) -> Path:
    """The archive with other compression and more members."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(f"archive/{name}", content)
    return target


def test_what_expands_is_refused_before_it_does(tmp_path: Path) -> None:
    good = save(tmp_path / "pair.pt", {"net.centers": CENTERS, "net.bias": BIAS})
    bomb = rezip(good, tmp_path / "bomb.pt", zipfile.ZIP_DEFLATED, bomb=bytes(300 << 20))
    assert bomb.stat().st_size < 1 << 20
    assert "is compressed and was refused" in refused(bomb)


def test_a_long_list_of_instructions_is_refused(tmp_path: Path) -> None:
    assert "far more than two tensors" in refused(
        save(tmp_path / "pair.pt", {str(k): k for k in range(50_000)})
    )


def test_a_member_that_claims_another_size_is_refused(tmp_path: Path) -> None:
    good = save(tmp_path / "pair.pt", {"net.centers": CENTERS, "net.bias": BIAS})
    raw = bytearray(good.read_bytes())
    place = raw.index(b"PK\x01\x02")  # the directory's first entry: compressed size at 20, size at 24
    raw[place + 24 : place + 28] = (1 << 30).to_bytes(4, "little")
    lying = tmp_path / "lying.pt"
    lying.write_bytes(raw)
    refused(lying)


@pytest.mark.parametrize("cut", [0, 1, 100, -1, -30])
def test_a_damaged_file_is_refused(tmp_path: Path, cut: int) -> None:
    buffer = io.BytesIO()
    torch.save({"net.centers": CENTERS, "net.bias": BIAS}, buffer)
    path = tmp_path / "pair.pt"
    path.write_bytes(buffer.getvalue()[:cut])
    refused(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(tmp_path / "nowhere.pt")
    assert "is a folder" in refused(tmp_path)
    text = tmp_path / "text.pt"
    text.write_text("net.centers = [0, 0]\n")
    assert "not a .pt file" in refused(text)
    refused(Path("null\0byte.pt"))


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    large = tmp_path / "large.pt"
    with large.open("wb") as file:
        file.truncate(1 << 34)  # sparse: 16 GiB that are not there
    assert "larger than 64 MiB" in refused(large)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pt")
    assert "not a regular file" in refused(tmp_path / "pipe.pt")
