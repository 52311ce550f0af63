"""Networks as files: safetensors hold every weight, and onnxruntime computes what torch does."""

import contextlib
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open

from wganstudio.experiment import override, preset, read, trusted_code
from wganstudio.experiment.registry import kinds
from wganstudio.training.events import Ended, TrainingState
from wganstudio.training.network_export import NetworkRequest, NetworksWritten
from wganstudio.training.network_files import write_networks
from wganstudio.training.run import Run

TINY = [
    ("training.steps", 4),
    ("training.batch", 32),
    ("evaluation.samples", 64),
    ("evaluation.final_samples", 1024),
    ("evaluation.resolution", 8),
    ("evaluation.frame_memory", 0),
]
IMAGES = [("pair.kind", "gaussians"), ("pair.dim", 64)]
CRITICS: dict[str, list[tuple[str, Any]]] = {
    "mlp": [("critic.width", 8)],
    "conv": [*IMAGES, ("critic.width", 4)],
    "sll": [("critic.width", 8), ("solver.kind", "plain")],
    "funnel": [("critic.cones", 3), ("solver.kind", "plain")],
    **{kind: [("solver.kind", "convex")] for kind in ("quadratic", "max-affine", "icnn")},
    "conv-icnn": [*IMAGES, ("critic.width", 4), ("solver.kind", "convex")],
    "own": [("critic.module", "plain_torch:PlainCritic"), ("critic.arguments", '{"dim": 2}')],
}
GENERATORS: dict[str, list[tuple[str, Any]]] = {
    "mlp": [("generator.widths", [8, 8])],
    "dcgan": [*IMAGES, ("generator.width", 4)],
    "affine": [],
    "particles": [],
    "own": [("generator.module", "plain_torch:PlainGenerator")],
    "composite": [("solver.kind", "w2-mm"), ("generator.stage_steps", 2)],
}
MAPS: dict[str, list[tuple[str, Any]]] = {
    "w2-mm": [],
    "w2-pair": [("critic.kind", "icnn"), ("critic.width", 8)],
    "w2-cycle": [("critic.kind", "icnn"), ("critic.width", 8)],
    "semi-discrete": [("pair.kind", "points"), ("solver.epsilon", 0.1)],
    "regularized": [("pair.kind", "points")],
}
VALUES_ALONE = {"sll", "conv-icnn"}
"""Critics whose gradient the exporter cannot trace."""
NO_ONNX = {"convex"}
"""Solvers whose map is solved for at each point."""
slow = pytest.mark.slow


@pytest.fixture(autouse=True)
def plain_torch_allowed() -> None:
    """Consent to the networks of the kind `own`."""
    trusted_code.allow("plain_torch")


@pytest.fixture(autouse=True)
def no_thread_of_tqdm(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exporter of torch shows its progress with tqdm, which would leave a thread behind."""
    with contextlib.suppress(ImportError):
        tqdm = importlib.import_module("tqdm")
        monkeypatch.setattr(tqdm.tqdm, "monitor_interval", 0)


def request(folder: Path, changes: list[tuple[str, Any]], formats: tuple[str, ...]) -> NetworkRequest:
    """Train for a few steps, and return what the export needs."""
    base = {"pair": preset("first-look").settings["pair"]}
    experiment = read(override(base, [*TINY, *changes]))
    state, checkpoint = None, {}
    for event in Run(experiment, state_period=0.0).events():
        if isinstance(event, TrainingState):
            state = event
        elif event.name == "checkpoint":
            checkpoint = event.arrays
        assert not isinstance(event, Ended) or event.reason == "done"
    assert state is not None
    return NetworkRequest(experiment, state, checkpoint, folder, "run-1", formats=formats)


def written(asked: NetworkRequest) -> NetworksWritten:
    *_, last = write_networks(asked)
    assert isinstance(last, NetworksWritten)
    return last


def require_same_tensors(asked: NetworkRequest, result: NetworksWritten) -> None:
    networks = Run(asked.experiment, resume=asked.state).networks(asked.checkpoint)
    names = {path.stem.rpartition("-")[2] for path in result.files}
    assert names == set(networks)
    for path in result.files:
        name = path.stem.rpartition("-")[2]
        with safe_open(path, "pt") as file:
            for key, weight in networks[name].named_parameters():
                torch.testing.assert_close(file.get_tensor(key), weight.detach())
            description = json.loads(file.metadata()["wganstudio"])
            assert description["network"] == name and description["class"].startswith("wganstudio.")
            assert "[solver]" in file.metadata()["experiment"]


def require_same_values(asked: NetworkRequest, result: NetworksWritten, name: str) -> int:
    """Compare an ONNX model with its network at other points; return the number of its outputs."""
    runtime = pytest.importorskip("onnxruntime")
    (path,) = (path for path in result.files if path.stem.endswith(f"-{name}"))
    run = Run(asked.experiment, resume=asked.state)
    network = run.networks(asked.checkpoint)[name].eval()
    points = run.latent(9) if name == "generator" else run.pair.p.sample(9, torch.Generator().manual_seed(3))
    session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    outputs = session.run(None, {session.get_inputs()[0].name: points.numpy()})
    if name == "critic":
        values, gradients = network.gradient(points)
        expected = [values.detach().numpy(), gradients.detach().numpy()]
    else:
        expected = [network(points).detach().numpy()]
    for output, array in zip(outputs, expected, strict=False):
        np.testing.assert_allclose(output, array, rtol=1e-5, atol=1e-5)
    return len(outputs)


def test_every_kind_of_network_is_tested() -> None:
    assert set(kinds("critic")) == set(CRITICS)
    assert set(kinds("generator")) == {"none", *GENERATORS}
    assert {name for name, options in kinds("solver").items() if options().maps} == {*MAPS, *NO_ONNX}


@pytest.mark.parametrize("kind", CRITICS)
def test_safetensors_hold_every_critic(kind: str, tmp_path: Path) -> None:
    asked = request(tmp_path, [("critic.kind", kind), *CRITICS[kind]], ("safetensors",))
    require_same_tensors(asked, written(asked))


@pytest.mark.parametrize("kind", GENERATORS)
def test_safetensors_hold_every_generator(kind: str, tmp_path: Path) -> None:
    asked = request(tmp_path, [("generator.kind", kind), *GENERATORS[kind]], ("safetensors",))
    require_same_tensors(asked, written(asked))


@pytest.mark.parametrize("kind", [*MAPS, *NO_ONNX])
def test_safetensors_hold_every_map(kind: str, tmp_path: Path) -> None:
    changes = MAPS.get(kind, [("critic.kind", "icnn"), ("critic.width", 8)])
    asked = request(tmp_path, [("solver.kind", kind), *changes], ("safetensors",))
    require_same_tensors(asked, written(asked))


@pytest.mark.parametrize(
    "kind", [kind if kind == "mlp" else pytest.param(kind, marks=slow) for kind in CRITICS]
)
def test_onnxruntime_reproduces_critics_and_their_gradients(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    asked = request(tmp_path, [("critic.kind", kind), *CRITICS[kind]], ("onnx",))
    outputs = require_same_values(asked, written(asked), "critic")
    assert outputs == (1 if kind in VALUES_ALONE else 2)


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=slow) for kind in GENERATORS])
def test_onnxruntime_reproduces_generators(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    asked = request(tmp_path, [("generator.kind", kind), *GENERATORS[kind]], ("onnx",))
    require_same_values(asked, written(asked), "generator")


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=slow) for kind in MAPS])
def test_onnxruntime_reproduces_maps(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    asked = request(tmp_path, [("solver.kind", kind), *MAPS[kind]], ("onnx",))
    result = written(asked)
    require_same_values(asked, result, "map")
    require_same_values(asked, result, "critic")


@slow
def test_a_map_that_is_solved_for_is_named_in_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    changes = [("solver.kind", "convex"), ("critic.kind", "icnn"), ("critic.width", 8)]
    result = written(request(tmp_path, changes, ("onnx",)))
    assert "The transport map to P (ConjugateMap) cannot be written as ONNX" in " ".join(result.missing)


def test_missing_packages_are_one_sentence_that_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "onnx", None)
    result = written(request(tmp_path, [("critic.width", 8)], ("safetensors", "onnx")))
    assert [path.suffix for path in result.files] == [".safetensors"]
    assert any("`pip install wganstudio[onnx]`" in sentence for sentence in result.missing)
    assert "The run has no generator." in result.missing
