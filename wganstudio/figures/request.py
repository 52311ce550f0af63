"""FigureRequest: all that a figure is built from, so that it can be built again elsewhere."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wganstudio.figures.base import Figure
from wganstudio.figures.registry import figure_class
from wganstudio.session import RunRecord


@dataclass(frozen=True, eq=False)
class FigureRequest:
    """The name of a figure, the runs that it draws, the step, and its options."""

    name: str
    records: Sequence[RunRecord]
    """The selected runs, the main one first."""
    step: int | None = None
    """A recorded step; None: the newest."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of the figure's `from_record`, of `figure_options`."""

    @property
    def draws_several(self) -> bool:
        """True if the further selected runs are drawn as well."""
        return len(self.records) > 1 and figure_class(self.name).several

    def build(self, among: Sequence[RunRecord] = ()) -> Figure | None:
        """Build the figure; None while there is nothing to show. `among` are the runs of the session."""
        return figure_class(self.name).from_records(self.records, self.step, among, **self.options)


def figure_options(name: str) -> dict[str, Any]:
    """Return the options of a figure by name, with their defaults."""
    parameters = inspect.signature(figure_class(name).from_record).parameters.values()
    return {one.name: one.default for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY}
