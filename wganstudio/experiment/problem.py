"""Problem and BadExperiment: the mistakes in an experiment or a file, one sentence for each."""

from dataclasses import dataclass

MAX_PROBLEMS = 20
"""Mistakes that are explained, of a file with more."""
_MAX_LENGTH = 1000
"""Characters of a path or sentence, which may quote a file."""


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


def shortened(text: str, most: int = _MAX_LENGTH) -> str:
    """Return a text, cut where it is far longer than any sentence."""
    return text if len(text) <= most else f"{text[: most - 1]}\u2026"


class BadExperiment(ValueError):
    """The settings do not describe an experiment; `problems` holds one entry per field."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems[:MAX_PROBLEMS]
        super().__init__("; ".join(str(problem).removesuffix(".") for problem in self.problems))
