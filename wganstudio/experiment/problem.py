"""Problem and BadExperiment: the mistakes in an experiment or a file, one sentence for each."""

from dataclasses import dataclass

from wganstudio.bad_input import BadInput
from wganstudio.plain_text import shortened

MAX_PROBLEMS = 20
"""Mistakes that are explained, of a file with more."""


@dataclass(frozen=True)
class Problem:
    """A mistake in one field: the path of the field ("pair.dim"; "" for the whole) and a sentence."""

    path: str
    message: str

    def __post_init__(self) -> None:
        for field in ("path", "message"):
            object.__setattr__(self, field, shortened(getattr(self, field)))

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class BadExperiment(BadInput, ValueError):
    """The settings do not describe an experiment; `problems` holds one entry per field."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems[:MAX_PROBLEMS]
        super().__init__("; ".join(str(problem).removesuffix(".") for problem in self.problems))
