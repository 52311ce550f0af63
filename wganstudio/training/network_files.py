"""Trained networks as files: safetensors with a description, and ONNX."""

import json
import logging
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn

from wganstudio import temporary
from wganstudio.critics.base import Critic
from wganstudio.experiment import Experiment, to_toml
from wganstudio.training.network_export import (
    NetworkMessage,
    NetworkProgress,
    NetworkRequest,
    NetworksWritten,
)
from wganstudio.training.run import Run

LOGGER = logging.getLogger("wganstudio.training")
ONNX_MISSING = "ONNX needs packages that are not installed; install them with `pip install wganstudio[onnx]`."
SAMPLES = 5
"""Points of the example with which a network is traced."""


def write_networks(request: NetworkRequest) -> Iterator[NetworkMessage]:
    """Write the networks of a run, yielding the progress and at last the files."""
    training = request.experiment.training.model_copy(update={"device": "cpu"})
    run = Run(request.experiment.model_copy(update={"training": training}), resume=request.state)
    networks = run.networks(request.checkpoint)
    chosen = {name: networks[name] for name in request.networks if name in networks}
    missing = [f"The run has no {_noun(name)}." for name in request.networks if name not in networks]
    files: list[Path] = []
    parts = [(name, file_format) for name in chosen for file_format in request.formats]
    rng = torch.Generator().manual_seed(0)
    request.folder.mkdir(parents=True, exist_ok=True)
    for number, (name, file_format) in enumerate(parts):
        yield NetworkProgress(number, len(parts))
        network = chosen[name].eval()
        path = request.folder / f"{request.stem}-{name}.{file_format}"
        example = run.latent(SAMPLES) if name == "generator" else run.pair.p.sample(SAMPLES, rng)
        try:
            content = _WRITERS[file_format](network, name, example, run.experiment)
        except _CannotExport as error:
            missing.append(str(error))
        else:
            temporary.write(path, content)
            files.append(path)
    yield NetworksWritten(tuple(files), tuple(missing))


class _CannotExport(Exception):
    """A network has no file of this format; the message says why."""


def _noun(name: str) -> str:
    return {"map": "transport map to P"}.get(name, name)


def _safetensors(network: nn.Module, name: str, example: Tensor, experiment: Experiment) -> bytes:
    """Return the tensors of a network with its description as metadata."""
    tensors = {
        key: value.detach().contiguous().clone()
        for key, value in (*network.named_parameters(), *network.named_buffers())
        if not key.rpartition(".")[2].startswith("_")
    }
    description = {
        "network": name,
        "class": f"{type(network).__module__}.{type(network).__qualname__}",
        "architecture": str(network),
        "input": ["n", *example.shape[1:]],
        "options": experiment.settings().get({"map": "solver"}.get(name, name), {}),
        "parameters": sum(value.numel() for value in network.parameters()),
    }
    metadata = {"wganstudio": json.dumps(description, sort_keys=True), "experiment": to_toml(experiment)}
    return bytes(save(tensors, metadata))


def _onnx(network: nn.Module, name: str, example: Tensor, experiment: Experiment) -> bytes:
    """Return an ONNX model: of a critic its values and, where these can be traced, its gradients."""
    try:
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise _CannotExport(ONNX_MISSING) from error
    attempts: list[tuple[Callable[..., Any], tuple[str, ...]]] = [(_unchanged, (_OUTPUTS[name],))]
    if name == "critic":
        attempts.insert(0, (_ValuesAndGradients, ("u", "gradient")))
    for traced, outputs in attempts:
        try:
            return _converted(traced(network), example, outputs, name)
        except Exception as error:  # the exporter has no common class for what it cannot translate
            LOGGER.info("%s is not written as ONNX with %s: %s", name, outputs, error)
    kind = f"{_noun(name)} ({type(network).__name__})"
    raise _CannotExport(f"The {kind} cannot be written as ONNX, which lacks a part of its computation.")


def _unchanged(network: nn.Module) -> nn.Module:
    return network


class _ValuesAndGradients(nn.Module):
    """Computes u [n] and grad u [n, D] at points [n, D]."""

    def __init__(self, network: Critic) -> None:
        super().__init__()
        self.network = network

    def forward(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Return u [n] and grad u [n, D] at points [n, D]."""
        with torch.no_grad():
            return self.network.gradient(points)


def _converted(module: nn.Module, example: Tensor, outputs: tuple[str, ...], name: str) -> bytes:
    """Return the ONNX model of a module; ValueError if it takes one number of points only."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it warns of libraries that are not needed
    file = temporary.file(".onnx")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                module,
                (example,),
                dynamo=True,
                input_names=[INPUTS[name]],
                output_names=list(outputs),
                dynamic_shapes=({0: torch.export.Dim("n")},),
                external_data=False,
                verbose=False,
            )
            assert program is not None  # as dynamo is asked for
            program.save(str(file), external_data=False)
        shape = program.model.graph.inputs[0].shape
        if shape is None or isinstance(shape[0], int):
            raise ValueError("the number of points is fixed")
        return file.read_bytes()
    finally:
        file.unlink(missing_ok=True)


INPUTS = {"critic": "x", "generator": "latent", "map": "x"}
_OUTPUTS = {"critic": "u", "generator": "points", "map": "points"}
_WRITERS: dict[str, Callable[..., bytes]] = {"safetensors": _safetensors, "onnx": _onnx}
