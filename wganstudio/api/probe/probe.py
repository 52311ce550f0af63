"""`Probe`: the critic of a training loop of one's own beside certified bounds of W1."""

import subprocess
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from wganstudio.api.figures import PrintableFigure
from wganstudio.api.recorded import RecordedRun
from wganstudio.api.tables import DataTable
from wganstudio.api.truths import Truths
from wganstudio.experiment.files import user_path
from wganstudio.session import Document, RunRecord, SessionError

if TYPE_CHECKING:
    from torch import nn

    from wganstudio.training.events import Event


class Probe:
    """Records the critic of a training loop, and changes nothing in it.

    Call ``probe.step(k)`` after each step k of the loop. Nothing is hooked into the networks: `real` and
    `fake` are asked for samples, and the critic for its values and gradients there. Recorded are gap and
    value with standard errors, bounds of W1 between fresh samples, the critic on the plane of the samples,
    and its gradient norms at samples of P, Q and sigma. The first step is always recorded, and `close`
    records the last one. In between, a recording that is due waits until the budget allows it.

    The loop computes the same bits with and without a probe. Gradients, modes, buffers (batch norm, spectral
    norm) and the global random generators of torch (on the CPU and on the critic's device), numpy and Python
    are as they were after each call, whatever the samplers draw. The critic is called in evaluation mode,
    uncompiled, outside of autocast, in the type that its weights have, and stays where it is. Random
    generators and iterators of one's own are not restored: a sampler should not use those of the loop.

    With distributed training each process makes its probe, and the one of rank 0 records. Critics that are
    sharded over processes (FSDP) cannot be probed.

    Parameters
    ----------
    critic : nn.Module
        It maps samples [n, ...] to [n] or [n, 1]. DistributedDataParallel, DataParallel and compiled modules
        are unwrapped.
    real, fake : callable
        ``real(n)`` returns n fresh samples of P, and ``fake(n)`` n of Q: a tensor or an array [n, D], on any
        device. Samples of another shape [n, ...], such as images, are given to the critic in this shape.
    penalty : float, optional
        Coefficient lambda of the gradient penalty of the loop, as in WGAN-GP. With it the value, gap minus
        penalty, is recorded as well.
    one_sided : bool
        The loop penalizes only norms above 1: (|grad u| - 1)_+^2 in place of (|grad u| - 1)^2.
    session : str or Path, optional
        A .wgs file to record in, which the window and `open_session` can read meanwhile. By default what is
        recorded is kept in memory.
    every : int
        Steps between two points of the curves.
    budget : float
        Share of the loop's time, by the clock, that the recordings may take. The first one, the constructor
        and `close` come on top.
    name : str
        Name of the run in its session (default: the class of the critic).
    seed : int
        Seed of the global random generators while the probe draws samples.
    modules : sequence of nn.Module
        Networks whose buffers the samplers change and that they do not refer to directly. Those that a
        sampler refers to by a variable, an attribute or an argument are found.

    Raises
    ------
    TypeError, ValueError
        If the critic or a sampler does not return what is stated here.
    SessionError
        If the session cannot be written.

    Examples
    --------
    >>> import torch
    >>> import wganstudio as ws
    >>> critic = torch.nn.Sequential(torch.nn.Linear(2, 64), torch.nn.ReLU(), torch.nn.Linear(64, 1))
    >>> optimizer = torch.optim.RMSprop(critic.parameters(), lr=1e-3)
    >>> real = lambda n: torch.randn(n, 2) + torch.tensor([2.0, 0.0])
    >>> fake = lambda n: torch.randn(n, 2)
    >>> with ws.Probe(critic, real=real, fake=fake, session="loop.wgs", every=10) as probe:
    ...     for step in range(1, 31):
    ...         loss = critic(fake(64)).mean() - critic(real(64)).mean()
    ...         optimizer.zero_grad()
    ...         loss.backward()
    ...         optimizer.step()
    ...         probe.step(step)
    >>> steps = probe.curves()["step"]
    >>> int(steps[0]), int(steps[-1])
    (1, 30)
    >>> w1 = probe.truths["w1"]
    >>> w1.lower <= 2.0 <= w1.upper
    True
    >>> probe.figure("costs").savefig("costs.png")
    """

    def __init__(
        self,
        critic: "nn.Module",
        *,
        real: Callable[[int], Any],
        fake: Callable[[int], Any],
        penalty: float | None = None,
        one_sided: bool = False,
        session: str | Path | None = None,
        every: int = 100,
        budget: float = 0.05,
        name: str = "",
        seed: int = 0,
        modules: "Sequence[nn.Module]" = (),
    ) -> None:
        _check(critic, every, budget)
        from wganstudio.api.probe.observer import Observer  # imports torch and POT

        self._document: Document | None = None
        self._window: subprocess.Popen[bytes] | None = None
        self._warned = self._closed = False
        settings = {"one_sided": one_sided} | ({} if penalty is None else {"penalty": penalty})
        observer = Observer(
            critic,
            real,
            fake,
            settings,
            modules=modules,
            every=every,
            budget=budget,
            seed=seed,
            name=name or f"Probe of {type(critic).__name__}",
        )
        self._record = RunRecord(1, observer.experiment)
        self._observer: Observer | None = observer if _is_first_process() else None
        if self._observer is None:
            return
        if session is not None:
            self._open(user_path(session))
        observer.begin(self._take)

    def step(self, k: int) -> None:
        """Tell that step k of the loop is done; record it if that is due and within the budget.

        Parameters
        ----------
        k : int
            The number of the step; it ascends from call to call.
        """
        if self._closed:
            raise ValueError("The probe is closed; make another one.")
        if self._observer is not None:
            self._observer.step(k)

    def close(self) -> None:
        """Record the last step, the final estimates and W1 between many samples, and close the session."""
        self._close(interrupted=False)

    @property
    def run(self) -> RecordedRun:
        """Everything that is recorded so far, as of a run of a session."""
        return RecordedRun(self._record, self._among)

    @property
    def truths(self) -> Truths:
        """W1 between the newest fresh samples, within bounds, under "w1"."""
        return self.run.truths

    def curves(self) -> DataTable:
        """Return gap, value and bounds of W1 over the steps, with standard errors."""
        return self.run.curves()

    def figure(self, name: str, step: int | None = None, **options: Any) -> PrintableFigure:
        """Return a figure of what is recorded, as `RecordedRun.figure` does."""
        return self.run.figure(name, step, **options)

    def show(self) -> None:
        """Open the window in a process of its own; it follows the session, and stays when the loop ends."""
        if self._observer is None:
            return
        if self._document is None:
            raise ValueError('The window shows a session: give the probe session="FILE.wgs".')
        self._document.flush()
        command = [sys.executable, "-m", "wganstudio", "follow", str(self._document.path.resolve())]
        self._window = subprocess.Popen(command, start_new_session=True)

    def __enter__(self) -> Self:
        """Return the probe."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the probe; after an error of the loop without a last recording."""
        self._close(interrupted=kind is not None)

    def __repr__(self) -> str:
        """Return the newest step and the session."""
        place = "in memory" if self._document is None else f"in {self._document.path}"
        return f"<Probe {self._record.name!r}: {self._record.state} at step {self._record.step:,}, {place}>"

    def _close(self, *, interrupted: bool) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            if self._observer is not None:
                self._observer.close(interrupted=interrupted)
        finally:
            if self._document is not None:
                self._document.close()

    def _open(self, path: Path) -> None:
        """Record in a session from now on."""
        self._document = Document.open_or_create(path, "python")
        number = self._document.add_run(self._record.requested)
        recorded = self._document.record(number)
        assert recorded is not None
        self._record = recorded

    def _take(self, event: "Event") -> None:
        """Record an event; a session that cannot be written does not end the loop."""
        if self._document is None:
            self._record.apply(event)
            return
        try:
            self._document.append(self._record.run, event)
        except SessionError as error:
            if not self._warned:
                self._warned = True
                warnings.warn(f"{error} The probe keeps its numbers in memory.", RuntimeWarning, stacklevel=2)

    def _among(self) -> list[RunRecord]:
        return [self._record] if self._document is None else self._document.records()


def _check(critic: object, every: int, budget: float) -> None:
    from torch import nn

    if not isinstance(critic, nn.Module):
        raise TypeError(f"critic is a {type(critic).__name__}; give a torch.nn.Module.")
    if every < 1:
        raise ValueError(f"every is {every}; give a whole number of steps from 1.")
    if not 0 < budget <= 1:
        raise ValueError(f"budget is {budget:g}; give a share of the loop's time above 0, at most 1.")


def _is_first_process() -> bool:
    """Return True unless this is a process of distributed training other than that of rank 0."""
    from torch import distributed

    return not (distributed.is_available() and distributed.is_initialized() and distributed.get_rank() > 0)
