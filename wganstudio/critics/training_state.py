"""The training state: what a run needs, beside its experiment, to continue bit for bit.

Objects of a run that change while it trains name their changing attributes in `state_names`. A state consists
of tensors, numbers, text, None, lists and dicts; torch's own objects contribute their state dict.
"""

from typing import Any, ClassVar

import torch
from torch import Tensor

from wganstudio.ot.random_streams import restore_stream

State = dict[str, Any]


class Stateful:
    """Base of objects whose training state is that of a few attributes."""

    state_names: ClassVar[tuple[str, ...]] = ()
    """The attributes that change after construction, in the order in which they are restored."""

    def training_state(self) -> State:
        """Return the present state; its tensors may be those in use, and change with the next step."""
        return {name: capture(getattr(self, name)) for name in self.state_names}

    def load_training_state(self, state: State) -> None:
        """Continue from a state of an object that was constructed in the same way."""
        for name in self.state_names:
            setattr(self, name, restore(getattr(self, name, None), state[name]))


def capture(value: Any) -> Any:
    """Return the state of an object, a random stream or the parts of a value; else the value itself."""
    if hasattr(value, "training_state"):
        return value.training_state()
    if hasattr(value, "state_dict"):
        return capture(value.state_dict())
    if isinstance(value, torch.Generator):
        return value.get_state()
    if isinstance(value, Tensor):
        return value.detach()
    if isinstance(value, dict):
        return {name: capture(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [capture(part) for part in value]
    return value


def restore(value: Any, state: Any) -> Any:
    """Restore an object, a random stream, or those in a list or dict, from a state and return it.

    In place of any other value the state itself is returned.
    """
    if hasattr(value, "load_training_state"):
        value.load_training_state(state)
    elif hasattr(value, "load_state_dict"):
        value.load_state_dict(state)
    elif isinstance(value, torch.Generator):
        restore_stream(value, state)
    elif isinstance(value, dict) and value:
        return {name: restore(part, state[name]) for name, part in value.items()}
    elif isinstance(value, list | tuple) and value:
        return type(value)(restore(part, saved) for part, saved in zip(value, state, strict=True))
    else:
        return state
    return value
