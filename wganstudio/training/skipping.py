"""Skipping: final estimates that the user may give up between two parts of them."""

from collections.abc import Generator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

from wganstudio.critics.parts import Parts
from wganstudio.training.commands import Command, SkipEstimates
from wganstudio.training.events import Event, Progress
from wganstudio.training.frame_rate import FrameLimiter

T = TypeVar("T")

Told = Generator[Event, None, T]
"""Yields the events of a work, and returns its result."""


def take_skip(inbox: "SimpleQueue[Command]") -> bool:
    """Return True if the inbox holds SkipEstimates, which is taken out; other commands stay in order."""
    others: list[Command] = []
    with suppress(Empty):
        while True:
            others.append(inbox.get_nowait())
    for command in others:
        if not isinstance(command, SkipEstimates):
            inbox.put(command)
    return any(isinstance(command, SkipEstimates) for command in others)


def until_skipped(parts: Parts[T], inbox: "SimpleQueue[Command]") -> Parts[T | None]:
    """Do all parts, and yield the share that is done now and then; None once SkipEstimates has come."""
    limiter = FrameLimiter()
    while not take_skip(inbox):
        try:
            share = next(parts)
        except StopIteration as end:
            result: T = end.value
            return result
        if limiter.progress_due():
            limiter.rate(0)
            yield share
    parts.close()
    return None


def with_progress(parts: Parts[T], step: int, steps: int) -> Told[T]:
    """Do all parts of the final estimates of a run, and yield its progress after each."""
    while True:
        try:
            share = next(parts)
        except StopIteration as end:
            result: T = end.value
            return result
        yield Progress(step=step, steps=steps, rate=0.0, eta=0.0, final_share=share)
