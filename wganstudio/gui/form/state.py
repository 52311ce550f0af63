"""FormState: all that the experiment form shows, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wganstudio.experiment.parsing import Settings


@dataclass(frozen=True)
class FormState:
    """The settings that were loaded, and what has been made of them. Forms of equal states are equal."""

    loaded: Settings
    """The settings to which a reset returns."""
    origin: str
    """Their name in the preset chooser."""
    name: str
    """The name of the next run, as it is typed."""
    groups: Mapping[str, Mapping[str, Any]]
    """The values in the editors of each group."""
