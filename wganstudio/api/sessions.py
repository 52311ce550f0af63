"""Sessions: the runs in a .wgs file, also while another program writes it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, overload

from wganstudio.api.recorded import RecordedRun
from wganstudio.experiment.files import user_path
from wganstudio.session import Document, RunRecord

if TYPE_CHECKING:
    from torch import nn

    from wganstudio.critics.base import Critic
    from wganstudio.training.networks import Networks


class SessionRun(RecordedRun):
    """A run of a session."""

    def critic(self) -> "Critic":
        """Return the critic as of the last checkpoint: a module of torch on the CPU, in evaluation mode.

        Returns
        -------
        Critic
            ``critic(points)`` is u [n] at points [n, D], ``critic.gradient(points)`` u and its gradient.
        """
        return self._networks().critic

    def generator(self) -> "nn.Module":
        """Return the generator as of the last checkpoint; ValueError for a run without one."""
        generator = self._networks().generator
        if generator is None:
            raise ValueError(f"The run {self.name!r} has no generator.")
        return generator

    def _networks(self) -> "Networks":
        checkpoint = self._record.checkpoint
        if checkpoint is None:
            raise ValueError(f"The run {self.name!r} has no checkpoint yet.")
        from wganstudio.training.networks import networks_of  # imports torch

        return networks_of(self.experiment, checkpoint)


class Runs(Sequence[SessionRun]):
    """The runs of a session, oldest first; also by name."""

    def __init__(self, records: Sequence[RunRecord]) -> None:
        self._records = list(records)

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self._records)

    def __iter__(self) -> Iterator[SessionRun]:
        """Iterate over the runs, oldest first."""
        return map(self._run, self._records)

    @overload
    def __getitem__(self, key: int | str) -> SessionRun: ...
    @overload
    def __getitem__(self, key: slice) -> "Runs": ...
    def __getitem__(self, key: int | str | slice) -> "SessionRun | Runs":
        """Return a run by its place or its name, or several by their places.

        Raises
        ------
        KeyError
            If no run, or more than one, has the name.
        """
        if isinstance(key, slice):
            return Runs(self._records[key])
        if isinstance(key, int):
            return self._run(self._records[key])
        named = [record for record in self._records if record.name == key]
        if len(named) == 1:
            return self._run(named[0])
        if named:
            numbers = ", ".join(str(record.run) for record in named)
            raise KeyError(f"{len(named)} runs are named {key!r}; choose one by numbered(), of {numbers}")
        raise KeyError(f"there is no run {key!r}; choose from {', '.join(map(repr, self.names)) or 'none'}")

    def numbered(self, number: int) -> SessionRun:
        """Return the run with a number, which it keeps; KeyError if there is none."""
        for record in self._records:
            if record.run == number:
                return self._run(record)
        numbers = ", ".join(str(record.run) for record in self._records) or "none"
        raise KeyError(f"there is no run {number}; choose one of {numbers}")

    @property
    def names(self) -> list[str]:
        """The names of the runs."""
        return [record.name for record in self._records]

    def __repr__(self) -> str:
        """Return the runs, a line each."""
        return "\n".join(map(repr, self)) or "<Runs: none>"

    def _run(self, record: RunRecord) -> SessionRun:
        return SessionRun(record, lambda: self._records)


class Session:
    """An open session, which is only read. A context manager; what was read stays usable after it."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def path(self) -> Path:
        """The file."""
        return self._document.path

    @property
    def runs(self) -> Runs:
        """The runs that are not in the trash, oldest first."""
        return Runs(self._document.records())

    def refresh(self) -> bool:
        """Read what another program has added; return True if anything has changed."""
        return self._document.follow()

    def close(self) -> None:
        """Close the file."""
        self._document.close()

    def __enter__(self) -> "Session":
        """Return the session."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def __repr__(self) -> str:
        """Return the file and the number of runs."""
        return f"<Session {self.path}: {len(self.runs)} runs>"


def open_session(path: str | Path) -> Session:
    """Open a session to read it, also while a window, a terminal or a notebook writes it.

    Parameters
    ----------
    path : str or Path
        A .wgs file.

    Returns
    -------
    Session
        Its `runs`; `refresh` reads what was added.

    Raises
    ------
    SessionError
        If there is no such file, or it is no session.

    Examples
    --------
    >>> import torch
    >>> import wganstudio as ws
    >>> result = ws.run("first-look", steps=20, session="look.wgs", progress=False)
    >>> with ws.open_session("look.wgs") as session:
    ...     run = session.runs[0]
    ...     curves = run.curves()
    ...     critic = run.critic()
    >>> run.state, run.settings["training.steps"], int(curves["step"][-1])
    ('ended', 20, 20)
    >>> critic(torch.zeros(3, run.settings["pair.dim"])).shape
    torch.Size([3])
    >>> run.figure("landscape", step=10).savefig("landscape.png")
    """
    return Session(Document.open(user_path(path)))
