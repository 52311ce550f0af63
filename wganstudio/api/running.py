"""`run`: train one critic in this process, and return everything about it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from wganstudio.api.choice import chosen_experiment
from wganstudio.api.progress import RunBar
from wganstudio.api.recorded import RecordedRun
from wganstudio.experiment import Experiment, Preset, trusted_code
from wganstudio.experiment.files import user_path
from wganstudio.session import Document, RunRecord
from wganstudio.training.events import Event, Failed
from wganstudio.training.job import STATE_SECONDS, Job

if TYPE_CHECKING:
    from torch import nn

    from wganstudio.critics.base import Critic
    from wganstudio.training.networks import Networks


class RunFailed(RuntimeError):
    """A run ended with an error; the message says why and what to do.

    `detail` holds the traceback, `cause` one of "input", "numbers", "memory", "device" and "error".
    """

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.message)
        self.detail, self.cause = failed.detail, failed.cause


class Result(RecordedRun):
    """A finished run: `estimates` beside `truths`, the networks, the curves and the figures."""

    @property
    def critic(self) -> "Critic":
        """The trained critic: a module of torch on the CPU, in evaluation mode."""
        return self._networks.critic

    @property
    def generator(self) -> "nn.Module | None":
        """The trained generator; None for a run without one."""
        return self._networks.generator

    @cached_property
    def _networks(self) -> "Networks":
        from wganstudio.training.networks import networks_of

        assert self._record.checkpoint is not None  # every finished run has one
        return networks_of(self.experiment, self._record.checkpoint)


def run(
    experiment: Experiment | Preset | str | Path,
    *,
    steps: int | None = None,
    seed: int | None = None,
    session: str | Path | None = None,
    progress: bool = True,
    **changes: Any,
) -> Result:
    """Train a critic, and compute the reference costs of its pair.

    The numbers are those of `wganstudio run`, bit for bit. The run takes place in this process; it neither
    draws from the random generators of the caller nor changes them.

    Parameters
    ----------
    experiment : Experiment, Preset, str or Path
        An experiment, the name of a preset or of a kind of pair, or a TOML file.
    steps, seed : int, optional
        Length and random seed of the run, instead of those of the experiment.
    session : str or Path, optional
        A .wgs file that the run is recorded in; by default it is kept in memory alone. After an interruption
        `wganstudio resume` continues the run from there.
    progress : bool
        Show a progress bar, in terminals and notebooks alike.
    **changes
        Further settings to change, such as ``**{"pair.dim": 8, "solver.kind": "lp"}``.

    Returns
    -------
    Result
        The estimates, truths, networks, curves and figures.

    Raises
    ------
    BadExperiment
        If the settings describe no experiment.
    RunFailed
        If the run ends with an error, or needs more memory than is available.
    SessionError
        If the session cannot be written.

    Examples
    --------
    >>> import torch
    >>> import wganstudio as ws
    >>> result = ws.run("first-look", steps=20, seed=1, progress=False, **{"pair.dim": 3})
    >>> sorted(result.estimates)
    ['gap', 'gap_se', 'value', 'value_se', 'w1_left', 'w1_left_lower', 'w1_left_se']
    >>> result.truths["w1"].lower <= result.truths["w1"].upper
    True
    >>> result.curves().columns[:3]
    ('step', 'gap', 'gap_se')
    >>> u, gradient = result.critic.gradient(torch.zeros(5, 3))
    >>> u.shape, gradient.shape
    (torch.Size([5]), torch.Size([5, 3]))
    """
    numbers = {"training.steps": steps, "training.seed": seed}
    given = {name: value for name, value in numbers.items() if value is not None}
    choose = partial(chosen_experiment, experiment, {**changes, **given})
    with _recording(choose, session) as (record, among, take), RunBar(record.name, shown=progress) as bar:
        _allow_named(record.requested, changes)
        failed = _train(record.requested, session is not None, take, bar)
        if failed is not None:
            raise RunFailed(failed)
    return Result(record, among)


def _allow_named(experiment: Experiment, changes: dict[str, Any]) -> None:
    """Consent to the code that the caller names."""
    for group in ("critic", "generator"):
        if changes.keys() & {f"{group}.script_file", f"{group}.module"}:
            for name in getattr(experiment, group).code:
                trusted_code.allow(name)


def _train(
    experiment: Experiment, resumable: bool, take: Callable[[Event], None], bar: RunBar
) -> Failed | None:
    """Train, then compute the truths; return the failure if the run fails."""
    from wganstudio.training.device import threads_kept
    from wganstudio.training.worker import perform

    period = STATE_SECONDS if resumable else None
    with threads_kept():
        for event in perform(Job(1, "train", experiment, state_period=period), SimpleQueue()):
            take(event)
            bar.show(event)
            if isinstance(event, Failed):
                return event
        bar.tell("truths")
        for event in perform(Job(1, "truths", experiment), SimpleQueue()):
            take(event)
    return None


Recording = tuple[RunRecord, Callable[[], list[RunRecord]], Callable[[Event], None]]
"""The record of a run, the runs of its session, and what takes its events."""


@contextmanager
def _recording(choose: Callable[..., Experiment], session: str | Path | None) -> Iterator[Recording]:
    """Record a run in a session, which is closed at the end of the block, or in memory.

    `choose` returns the experiment, given the earlier runs of its session by name.
    """
    experiment = choose()  # which a mistake ends before there is a file
    if session is None:
        record = RunRecord(1, experiment)
        yield record, lambda: [record], record.apply
        return
    document = Document.open_or_create(user_path(session), "python")
    try:
        number = document.add_run(choose([(other.name, other.requested) for other in document.records()]))
        recorded = document.record(number)
        assert recorded is not None
        yield recorded, document.records, lambda event: document.append(number, event)
        document.flush()
    finally:
        document.close()
