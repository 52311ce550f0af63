"""TorchScript files: what a network needs is read, all else is refused, and nothing of it runs."""

import io
import os
import pickle
import threading
import zipfile
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from own_files import script
from plain_torch import PlainCritic
from wganstudio.critics.own.script import checked_archive, load_script
from wganstudio.experiment import BadExperiment, trusted_code


class Writer(nn.Module):
    """A network that writes a file when it is called."""

    def forward(self, x: Tensor) -> Tensor:
        torch.save([x], "stolen.bin")
        return x.sum(1)


class Reader(nn.Module):
    """A network that maps a file into memory."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.from_file("/etc/hostname", False, 4).sum() + x.sum(1)


class Quantizing(nn.Module):
    """A network with an operator of another namespace."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.ops.quantized.linear_dynamic_fp16_unpacked_weight(x, x, x[0]).sum(1)


class Bomb:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> object:
        return os.system, ("touch exploded",)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load_allowed(path: Path) -> nn.Module:
    trusted_code.allow(str(path))
    return load_script(str(path))


def test_the_network_is_the_one_that_was_saved(here: Path) -> None:
    network = PlainCritic(3)
    points = torch.randn(20, 3)
    loaded = load_allowed(script(network, here / "critic.pt"))
    torch.testing.assert_close(loaded(points), network(points), rtol=0, atol=0)


def test_without_consent_nothing_is_read_by_torch(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(PlainCritic(3), here / "critic.pt")
    monkeypatch.setattr(torch.jit, "load", lambda *a, **k: pytest.fail("it was loaded"))
    trusted_code.adopt({})
    with pytest.raises(BadExperiment, match=r"critic\.pt is code that you have not allowed"):
        load_script(str(path))


@pytest.mark.parametrize(("network", "word"), [(Writer(), "save"), (Reader(), "from_file")])
def test_a_program_that_reaches_files_is_refused(here: Path, network: nn.Module, word: str) -> None:
    path = script(network, here / "critic.pt")
    with pytest.raises(BadExperiment, match=f"uses '{word}' in its program"):
        load_allowed(path)
    assert not (here / "stolen.bin").exists()


def edited(path: Path, edit: bytes) -> Path:
    """Append text to every program of an archive."""
    with zipfile.ZipFile(path) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in entries:
            archive.writestr(name, body + edit if name.endswith(".py") else body)
    return path


@pytest.mark.parametrize("text", [b"\nops.quantized.f(x)", b"\nops .\\\naten.x", b"\n'''\rops.c10d.send'''"])
def test_operators_of_other_namespaces_are_refused(here: Path, text: bytes) -> None:
    with pytest.raises(BadExperiment, match="uses 'ops' in its program"):
        load_allowed(edited(script(PlainCritic(3), here / "critic.pt"), text))


def test_what_a_network_does_not_need_is_left_out(here: Path) -> None:
    path = script(PlainCritic(3), here / "critic.pt")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("critic/extra/note.txt", b"hello")
        archive.writestr("critic/bytecode.pkl", pickle.dumps(Bomb()))
    content = checked_archive(path, path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "extra" in name or "bytecode" in name]
    assert isinstance(load_allowed(path), nn.Module)
    assert not (here / "exploded").exists()


def damaged_files(folder: Path) -> dict[str, Path]:
    whole = script(PlainCritic(3), folder / "whole.pt").read_bytes()
    contents = {
        "empty.pt": b"",
        "cut.pt": whole[: len(whole) // 2],
        "pickle.pt": pickle.dumps(Bomb()),
        "text.pt": b"import os\n",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    torch.save(PlainCritic(3).state_dict(), folder / "weights.pt")
    with zipfile.ZipFile(folder / "reduce.pt", "w") as archive:
        archive.writestr("reduce/data.pkl", pickle.dumps(Bomb()))
    with zipfile.ZipFile(folder / "bomb.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb/code/a.py", b" " * (1 << 24))
    with zipfile.ZipFile(folder / "two.pt", "w") as archive:
        archive.writestr("one/code/a.py", b"")
        archive.writestr("two/data.pkl", b"")
    with zipfile.ZipFile(folder / "program.pt", "w") as archive:
        archive.writestr("program/code/a.py", b"def f(")
        archive.writestr("program/data.pkl", pickle.dumps(Bomb()))
    (folder / "exported.pt2").write_bytes(whole)
    (folder / "folder.pt").mkdir()
    return {path.name: path for path in folder.iterdir()}


SENTENCES = {
    "empty.pt": "is no TorchScript file, or damaged",
    "cut.pt": "is no TorchScript file, or damaged",
    "pickle.pt": "is no TorchScript file, or damaged",
    "text.pt": "is no TorchScript file, or damaged",
    "weights.pt": "holds no TorchScript but a pickle, which can run any code",
    "reduce.pt": "holds no TorchScript but a pickle, which can run any code",
    "bomb.pt": "would expand to far more than its size",
    "two.pt": "is no TorchScript file",
    "program.pt": "is a damaged TorchScript file",
    "exported.pt2": "is a file of torch.export, which can run any code while it is read",
    "folder.pt": "is a folder; choose a file",
    "missing.pt": "cannot be read: No such file or directory",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_other_files_are_refused_in_one_sentence(here: Path, name: str) -> None:
    path = damaged_files(here).get(name, here / name)
    with pytest.raises(BadExperiment, match=SENTENCES[name]):
        load_allowed(path)
    assert not (here / "exploded").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in the file system here")
def test_a_pipe_keeps_nobody_waiting(here: Path) -> None:
    os.mkfifo(here / "critic.pt")

    def refuse() -> None:
        with pytest.raises(BadExperiment, match="is not a regular file"):
            load_allowed(here / "critic.pt")
        refused.set()

    refused = threading.Event()
    thread = threading.Thread(target=refuse)
    thread.start()
    thread.join(20)
    assert refused.is_set() and not thread.is_alive()
