"""Isolation: what a probe does leaves random generators, modes, buffers and gradients as they were."""

import random
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


class Isolation:
    """Contexts in which a critic and samplers are called without a trace in the loop.

    Parameters
    ----------
    critic : nn.Module
        It is called in evaluation mode.
    others : iterable of nn.Module
        Modules that the samplers call, in the mode that they are in.
    devices : iterable of torch.device
        Devices whose random generators the samplers may use, besides the CPU.
    """

    def __init__(
        self, critic: nn.Module, others: Iterable[nn.Module], devices: Iterable[torch.device]
    ) -> None:
        self._critic = tuple(critic.modules())
        self._modules = tuple({id(module): module for module in (*self._critic, *others)}.values())
        self._devices = tuple({device for device in devices if device.type not in ("cpu", "meta")})

    @contextmanager
    def entered(self, seed: int) -> Iterator[None]:
        """Run the block with random generators of its own, which the seed sets, and restore everything."""
        with ExitStack() as stack:
            for device_type in {"cpu", *(device.type for device in self._devices)}:
                stack.enter_context(_without_autocast(device_type))
            stack.enter_context(torch.inference_mode(False))
            stack.enter_context(torch.no_grad())
            stack.enter_context(default_dtype(torch.float32))
            stack.enter_context(_eager())
            stack.enter_context(_random_states(self._devices, seed))
            stack.enter_context(_kept_buffers(self._modules))
            stack.enter_context(_in_evaluation(self._critic))
            yield


@contextmanager
def default_dtype(dtype: torch.dtype) -> Iterator[None]:
    """Set torch's default type of floating-point numbers during the block."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _without_autocast(device_type: str) -> AbstractContextManager[Any]:
    if not torch.amp.is_autocast_available(device_type):
        return nullcontext()
    return torch.autocast(device_type, enabled=False)


def _eager() -> AbstractContextManager[Any]:
    """Return a context in which compiled modules run as they were before: their graphs stay."""
    return torch.compiler.set_stance("force_eager") if "torch._dynamo" in sys.modules else nullcontext()


@contextmanager
def _random_states(devices: Iterable[torch.device], seed: int) -> Iterator[None]:
    """Seed the global random generators of torch, numpy and Python, and restore their states."""
    python, arrays = random.getstate(), np.random.get_state()
    cpu = torch.random.get_rng_state()
    accelerators = [(device, _get_state(device)) for device in devices]
    try:
        random.seed(seed)
        np.random.seed(seed % 2**32)
        torch.default_generator.manual_seed(seed)
        for device, _ in accelerators:
            _set_state(device, torch.Generator(device).manual_seed(seed).get_state())
        yield
    finally:
        random.setstate(python)
        np.random.set_state(arrays)
        torch.random.set_rng_state(cpu)
        for device, state in accelerators:
            _set_state(device, state)


def _get_state(device: torch.device) -> Tensor:
    module = torch.get_device_module(device)
    return module.get_rng_state() if device.type == "mps" else module.get_rng_state(device)


def _set_state(device: torch.device, state: Tensor) -> None:
    module = torch.get_device_module(device)
    if device.type == "mps":
        module.set_rng_state(state)
    else:
        module.set_rng_state(state, device)


@contextmanager
def _kept_buffers(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Let modules change copies of their buffers: the tensors themselves stay untouched."""
    kept: list[tuple[dict[str, Tensor | None], str, Tensor]] = []
    copies: dict[int, Tensor] = {}  # a buffer that two modules share is one in the block as well
    try:
        for module in modules:
            for name, buffer in module._buffers.items():
                if buffer is not None:
                    kept.append((module._buffers, name, buffer))
                    module._buffers[name] = copies.setdefault(id(buffer), buffer.detach().clone())
        yield
    finally:
        for buffers, name, buffer in kept:
            buffers[name] = buffer


@contextmanager
def _in_evaluation(modules: Iterable[nn.Module]) -> Iterator[None]:
    """Set modules to evaluation mode, each by itself, and restore the mode of each."""
    modes = [(module, module.training) for module in modules]
    try:
        for module, _ in modes:
            module.training = False
        yield
    finally:
        for module, mode in modes:
            module.training = mode
