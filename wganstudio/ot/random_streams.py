"""Positions of random streams, which a resumed run returns to. It knows torch's generators, but not torch."""

import hashlib
from typing import Any, Protocol


class Stream(Protocol):
    """The part of torch.Generator that is used here."""

    def get_state(self) -> Any:
        """Return the position, as a tensor of bytes."""

    def set_state(self, new_state: Any) -> Any:
        """Continue at a position."""

    def manual_seed(self, seed: int) -> Any:
        """Begin anew."""


def restore_stream(stream: Stream, state: Any) -> None:
    """Continue at a position of a random stream; a stream of another kind of device begins anew instead.

    Its seed is then made of the old position, so that it depends on nothing but the saved state.
    """
    if state.numel() == stream.get_state().numel():
        stream.set_state(state)
    else:
        digest = hashlib.sha256(state.cpu().numpy().tobytes()).digest()
        stream.manual_seed(int.from_bytes(digest[:8], "big") >> 1)
