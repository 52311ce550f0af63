"""Refusals of a mode that is to go missing."""

from wganstudio.experiment import BadExperiment, Problem


def require_mode(mode: int, count: int, kind: str) -> None:
    """Raise BadExperiment unless there are more than `mode` components or clusters, as `kind` calls them."""
    if mode >= count:
        message = f"P has no such mode; its {kind} are counted from 0 to {count - 1}"
        raise BadExperiment(Problem("perturbation.mode", message))


def require_mass(anything_left: bool) -> None:
    """Raise BadExperiment unless some mass is left."""
    if not anything_left:
        raise BadExperiment(Problem("perturbation.share", "nothing would be left of P; give less than 1"))
