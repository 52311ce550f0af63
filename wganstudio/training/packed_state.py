"""A training state as text and arrays, as sessions keep it: nothing of it is executed when it is read."""

import json
from typing import Any

import torch
from torch import Tensor

from wganstudio.critics.training_state import State
from wganstudio.training.snapshot import Arrays


def pack(state: State) -> tuple[str, Arrays]:
    """Return the structure of a state as JSON, and copies of its tensors as arrays."""
    packer = _Packer()
    return json.dumps(packer.encoded(state)), packer.arrays


def unpack(body: str, arrays: Arrays, device: torch.device) -> State:
    """Return the state that was packed; what was on an accelerator is put on `device`.

    Raises LookupError, ValueError, TypeError or RuntimeError where it is damaged.
    """
    state = _decoded(json.loads(body), arrays, device)
    if not isinstance(state, dict):
        raise ValueError("not a training state")
    return state


class _Packer:
    """Collects the tensors of a state; those that share their memory become one array."""

    def __init__(self) -> None:
        self.arrays: Arrays = {}
        self._names: dict[object, str] = {}

    def encoded(self, value: Any) -> Any:
        """Return a value as JSON can hold it."""
        if isinstance(value, Tensor):
            # The order of the axes in memory is kept: sums over another one round differently.
            order = sorted(range(value.dim()), key=value.stride, reverse=True)
            return {"tensor": self._name(value, order), "axes": order, "cpu": value.device.type == "cpu"}
        if isinstance(value, dict):
            return {"items": [[key, self.encoded(part)] for key, part in value.items()]}
        return [self.encoded(part) for part in value] if isinstance(value, list | tuple) else value

    def _name(self, value: Tensor, order: list[int]) -> str:
        memory = value.device, value.data_ptr(), value.shape, value.stride(), value.dtype
        if value.numel() and memory in self._names:
            return self._names[memory]
        name = self._names[memory] = str(len(self.arrays))
        self.arrays[name] = value.permute(order).contiguous().cpu().numpy().copy()
        return name


def _decoded(value: Any, arrays: Arrays, device: torch.device) -> Any:
    if isinstance(value, list):
        return [_decoded(part, arrays, device) for part in value]
    if not isinstance(value, dict):
        return value
    if "items" in value:
        return {key: _decoded(part, arrays, device) for key, part in value["items"]}
    axes = value["axes"]
    tensor = torch.tensor(arrays[value["tensor"]], device="cpu" if value["cpu"] else device)
    return tensor.permute(sorted(range(len(axes)), key=lambda axis: axes[axis]))
