"""The builds of PyTorch: from which index, and what serves without it."""

import pytest

from wganstudio_setup import torch_build


@pytest.mark.parametrize(
    ("wanted", "system", "reachable", "build", "index"),
    [
        ("cpu", "linux", True, "cpu", torch_build.CPU_INDEX),
        ("cpu", "linux", False, "cuda", None),
        ("cuda", "linux", True, "cuda", None),
        ("cpu", "win32", True, "cpu", None),
        ("cuda", "win32", True, "cuda", torch_build.CUDA_INDEX),
        ("cuda", "win32", False, "cpu", None),
        ("cpu", "darwin", True, "cpu", None),
    ],
)
def test_torch_comes_from_its_own_index_where_pypi_has_the_other_build(
    wanted, system, reachable, build, index, capsys
):
    source = torch_build.find(wanted, system, lambda address: reachable or address == torch_build.PYPI)
    assert source == torch_build.Source(build, ("--extra-index-url", index) if index else ())
    out = capsys.readouterr().out
    assert ("download.pytorch.org does not answer" in out and "Ctrl-C" in out) == (build != wanted)


def test_without_network_nothing_is_announced_that_cannot_be_had(capsys):
    torch_build.find("cpu", "linux", lambda _: False)
    out = capsys.readouterr().out
    assert out == "Neither https://download.pytorch.org nor https://pypi.org answers.\n"


def test_every_build_has_its_size_and_its_time():
    assert torch_build.SPACE["cuda"] > torch_build.SPACE["cpu"]
    assert torch_build.SPACE.keys() == torch_build.DURATION.keys()


def test_an_index_that_does_not_exist_is_not_reachable():
    assert not torch_build.is_reachable("http://127.0.0.1:9/whl/cpu/torch/")
